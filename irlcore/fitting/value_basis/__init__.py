"""A basis for the value: weights found by a conditional logit on features to go, with no planner inside the fit."""
