"""The two ways to cover a plane with cells, each with its moves, outlines and straight lines: squares and hexagons."""
