"""Pictures of event logs, which have no map: a sequence as a band of events, and the process as a graph."""
