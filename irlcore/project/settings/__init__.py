"""A settings file: all that is needed to do with the same files what the pages did."""
