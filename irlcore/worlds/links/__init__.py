"""Tables of links, nodes and transitions read into the parts of a network."""
