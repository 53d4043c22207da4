"""How long a text and how large a number may be that a project keeps.

One set, for every door that takes something in (readers of tables, forms, files of zones and features) and for the rules of a project
file: what a door lets in can be saved, and what was saved opens again. Doors are narrower where there is a reason, never wider.
"""

from __future__ import annotations

LONGEST_NAME = 10_000
"""Characters of a name: an id of a track or link, a value of an attribute (a class is one), a column, a feature, a zone."""

LONGEST_TYPED = 1000
"""Characters of a name that is typed: others are made of it ("distance to ...")."""

LONGEST_WORDS = 1_000_000
"""Characters of what an analyst writes: notes, reasons."""

LONGEST_READING = 200_000
"""Letters of what a project says of how its files were read: 200 of them, with all their columns, are 50,000."""

LONGEST_UNIT = 100

FAR = 1e100
"""What any number may be that stands for a place, a length, a turn or a time: squares of these, and sums of those, stay numbers."""

FARTHEST_CORNER = 1e30
"""In any unit, of the lines of links and the corners of areas; products of four such numbers are still finite."""

FARTHEST_POINT = 1e15
"""In any unit, of points of tracks: to the nearest star in metres is 4e16, and the span of two places must stay a number."""

LATEST = 1e20
"""In seconds, of points of tracks: 60 times what nanoseconds since 1970 are today, and days of it are whole numbers still."""

LARGEST_WHOLE = 2**64
"""Among the parameters of a feature."""

MOST_SLIP, LEAST_CELL, MOST_SHIFT_H = 0.9, 1e-9, 24.0
MOST_EDGES = 1440  # hours at which bands of time begin: the minutes of a day
