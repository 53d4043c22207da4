"""Event logs into sequences of events."""
