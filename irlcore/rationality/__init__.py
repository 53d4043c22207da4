"""How well an agent chooses: where the noise sits, and what it makes of the same rewards."""
