"""Which tracks a class's wants do not explain, and why."""
