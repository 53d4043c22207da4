"""The kinds of strangeness that a track is scored by: its way, its pace, its gaps, where it ended, its shape."""
