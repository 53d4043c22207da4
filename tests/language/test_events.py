"""Events as tokens: none is taken for the end, however many there are, and what was never seen is said to be something else."""

from __future__ import annotations

import pytest

from irlcore.errors import DataError
from irlcore.language.events import OTHER, EventVocabulary, learn_events
from irlcore.language.vocabulary import END


@pytest.mark.parametrize("many", [1, 255, 256, 257, 600])
def test_every_event_is_read_again_and_none_is_the_end(many: int) -> None:
    names = [f"e{k:03d}" for k in range(many)]
    vocabulary = learn_events([names[::-1]])
    assert vocabulary.names == tuple(names)
    found = vocabulary.sequences([names, ["e000", "what"]], many)
    inside = found.inside(0).tolist()
    assert END not in inside and len(set(inside)) == many and max(*inside, END) < vocabulary.size
    assert vocabulary.pieces(inside) == tuple(f"{name} " for name in names)
    other = found.inside(1).tolist() if many > 1 else vocabulary.sequences([["what"]], 1).inside(0).tolist()
    assert other[-1] not in inside and other[-1] != END and vocabulary.decode(other[-1:]) == OTHER
    assert vocabulary.amount(inside) == many


def test_a_sequence_without_events_is_refused() -> None:
    with pytest.raises(DataError, match="Sequence 2 has no event"):
        EventVocabulary(("a",)).sequences([["a"], []], 3)
