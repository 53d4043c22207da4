"""What a map shows, as plain layers: drawn on a canvas by the app and as SVG by the report."""
