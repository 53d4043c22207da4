"""Small made-up inputs on which weights have no limit, or nothing can be learned."""

from __future__ import annotations

from pathlib import Path

CASES = Path(__file__).parent
