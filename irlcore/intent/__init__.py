"""What one agent is after."""
