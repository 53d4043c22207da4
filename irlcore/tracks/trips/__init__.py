"""One id's points as trips: which rows belong together, where an id is split, what is a wrong fix."""
