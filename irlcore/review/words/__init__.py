"""Every sentence on a track: words alone, from plain numbers and names, so that all of them are tried out in one place."""
