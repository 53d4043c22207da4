"""Where an agent can be and what it can do there."""
