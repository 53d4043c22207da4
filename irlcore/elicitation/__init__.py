"""What does the model miss? Residuals on the map, candidate features judged without a refit, and what a refit changed."""
