"""What agents want: weights of the features, with their uncertainty."""
