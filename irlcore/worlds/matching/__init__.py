"""Points matched to a network of links: where the agent drove, how sure that is, and where it cannot be said."""
