"""Noise on the value of what comes next: its covariance, and what it makes of choices, step by step or for whole trips."""
