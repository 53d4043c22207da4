"""How the pages of this folder become a site: what ``make docs`` runs.

``conf`` is what Sphinx reads. ``contents`` is the order of the pages, ``kinds`` and ``reference`` make parts of pages from the library
itself, ``docstrings`` and ``formulas`` say how plain text and LaTeX are shown.
"""
