"""Sparse linear systems of one pattern and many values: I - W over the states of a world."""
