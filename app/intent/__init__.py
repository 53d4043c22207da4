"""Parts of the Intent page."""
