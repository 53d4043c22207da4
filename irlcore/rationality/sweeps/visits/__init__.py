"""What trips from known states meet on their way to one of the goals that were swept."""
