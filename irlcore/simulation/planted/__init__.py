"""Anomalies of every kind that analysts name, planted into ordinary tracks: made-up, so that what finds them can be counted."""
