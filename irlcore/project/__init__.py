"""What an analyst keeps: a project, its file, its split into fitted and held-out tracks, and the samples."""
