"""Which places on links lie near a point."""
