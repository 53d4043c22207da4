"""How long the map's canvas takes to draw many links, and how many frames a second it shows while it is moved."""
