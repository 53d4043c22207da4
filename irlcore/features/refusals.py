"""What is refused below features, in their own kind of error: whoever reads zones and features expects ``FeatureError``."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from irlcore.budget import TooLarge
from irlcore.errors import DataError, FeatureError


class FeatureTooLarge(FeatureError, TooLarge):
    """A zone, a feature or a file of them costs more than the limits allow; ``limit`` is the name of the one that it meets."""

    def __init__(self, error: TooLarge) -> None:
        FeatureError.__init__(self, error.what, error.fix)
        self.limit = error.limit


@contextmanager
def as_feature_errors() -> Iterator[None]:
    """Raise a ``DataError`` of what is done within as a ``FeatureError`` of the same words; a ``TooLarge`` stays one as well."""
    try:
        yield
    except FeatureError:
        raise
    except TooLarge as error:
        raise FeatureTooLarge(error) from error
    except DataError as error:
        raise FeatureError(error.what, error.fix) from error
