"""Event logs as worlds: a state is what has happened so far."""
