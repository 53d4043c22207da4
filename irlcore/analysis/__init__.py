"""One turn of the work, as pages and scripts call it: fit, review, intent, proposals, comparison, changes."""
