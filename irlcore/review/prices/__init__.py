"""Prices of one agent: its own weights against those of its class, whether they differ, and what that means in words."""
