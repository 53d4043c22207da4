"""Files read whole and once, and made a project; how they were read is kept, so that it can be repeated."""
