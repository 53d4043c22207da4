"""How long agents of a class usually take at each step of their way, with its spread."""
