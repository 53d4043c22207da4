"""Columns of times of any kind into seconds: read right, or asked about, or refused."""
