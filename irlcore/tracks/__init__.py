"""What was observed: tracks, and the tables they are read from."""
