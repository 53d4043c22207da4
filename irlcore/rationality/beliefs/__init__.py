"""What agents believe that steps cost, and the plans that they make of it, many beliefs side by side."""
