"""How often events follow others in a log, and how likely that makes each of them: n-grams."""
