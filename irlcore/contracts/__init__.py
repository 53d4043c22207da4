"""What every world, kind of feature and model of rationality keeps to, as checks that anybody who adds one can run.

Motive's own tests run the same on all that come with it. Nothing here needs a test runner.
"""
