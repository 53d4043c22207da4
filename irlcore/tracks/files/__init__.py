"""Files into tables, whatever they are written in, refused before they cost memory."""
