"""Tests of the Intent page."""
