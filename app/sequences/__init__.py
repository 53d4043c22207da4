"""Event logs on the pages: a sequence as a band of events, the process as a graph, what is likely next."""
