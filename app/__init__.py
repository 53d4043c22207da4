"""Motive's window: thin pages over irlcore."""

from app.server.kernel_cache import place

place()  # before anything imports numba, which reads it once
