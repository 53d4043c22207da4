"""Trips of agents who keep one draw of errors, or one belief, throughout: what chance to expect of them."""
