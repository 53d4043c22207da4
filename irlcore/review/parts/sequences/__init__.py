"""Scores of event sequences: which events they have, how these follow each other, and which sequences are most like them."""
