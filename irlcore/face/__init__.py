"""``import irlcore as ir``: the dozen names of a script, thin over the parts that the pages use too, so that the numbers are the same."""
