"""How it is told: figures, one offline HTML file, CSV and GeoJSON."""
