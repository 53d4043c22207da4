"""Made-up agents: trips drawn from a model, and agents who hold uncertain beliefs about costs."""
