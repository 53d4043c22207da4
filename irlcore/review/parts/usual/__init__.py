"""How others went: what tracks from near the same start to near the same goal did at each step."""
