"""What needs torch. Without it every file here is skipped, and says why."""

import pytest

pytest.importorskip("torch", reason="torch is not installed: it is the optional extra motive[language]", exc_type=ImportError)
