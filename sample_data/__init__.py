"""The sample projects: a made-up port town."""
