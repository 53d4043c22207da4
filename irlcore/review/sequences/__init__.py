"""What sequences of events did that others do not: in order, in number, one after the other."""
