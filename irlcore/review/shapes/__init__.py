"""The shape of a way: loops, stretches passed again, turning; tracks as lines, and stretches of these."""
