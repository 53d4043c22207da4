"""What an analyst could name in a log: single events after single others, the end among them, what was remembered before, and what tells
events apart: an hour, a wait, a value, by itself and of single events."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from irlcore.features.base import Context, FeatureSpec
from irlcore.features.checks import embedded
from irlcore.features.log_basis import usual_kind_name, usual_name
from irlcore.features.log_events import THEN, counted_ngrams
from irlcore.features.ngrams.witten_bell import AFTER, ALONE
from irlcore.tracks.bounds import LONGEST_NAME
from irlcore.worlds.history.build import END, events_of
from irlcore.worlds.history.classes import world_classes
from irlcore.worlds.world import World

MOST_GRAMS = 300
"""Of the patterns of each length, the commonest: a score test looks at every one."""
LEAST_SEEN = 5
PATTERNS = (1, 2)
"""Events that a pattern has before the one that comes."""


def log_candidates(world: World, context: Context) -> list[FeatureSpec]:
    """Usual next events by how far one looks back, each event and the end by itself, again, right after one and right after two events that
    are seen so often enough, and each event once a remembered one has happened. A pattern is tried whether it is commoner or rarer than a
    fit expects: that is what its score tells."""
    names = list(events_of(world))
    found = [*_usual(world), FeatureSpec("same event again", "again"), FeatureSpec("the end", "sequel"),
             *(FeatureSpec(name, "sequel", {"event": name}) for name in names), *_remembered(world, names), *_kinds(world)]
    if context.training is not None and len(context.training):
        found += _patterns(world, context, names)
    return [spec for spec in found if len(spec.name) <= LONGEST_NAME]


def _usual(world: World) -> Iterator[FeatureSpec]:
    for k in range(int(world.settings["order"]) + 1):
        yield FeatureSpec(usual_name(k), "usual_event", {"back": k})


def _kinds(world: World) -> Iterator[FeatureSpec]:
    """How usual each kind of event is by each of what tells kinds apart, each label, and each label of each event that has it."""
    classes = world_classes(world)
    for given in (ALONE, AFTER) if classes.labels else ():
        yield FeatureSpec(usual_kind_name(world, given), "usual_kind", {"given": given})
    for name, labels in classes.labels.items():
        if len(classes.labels) > 1:
            yield FeatureSpec(f"usual {name} of the event", "usual_kind", {"of": name})
        of_label = {label: FeatureSpec(f"{name}: {label}", "attribute", {"attribute": name, "equals": label})
                    for label in sorted(set(labels.tolist()))}
        yield from of_label.values()
        for number, label in sorted(set(zip(classes.event.tolist(), labels.tolist(), strict=True)))[:MOST_GRAMS]:
            event = str(world.place_names[number])
            named = FeatureSpec(event[:LONGEST_NAME], "sequel", {"event": event})
            yield FeatureSpec(f"{event}, {name} {label}", "combine", {
                "first": embedded(named), "how": "and", "second": embedded(of_label[label])})


def _remembered(world: World, names: list[str]) -> Iterator[FeatureSpec]:
    for remembered in map(str, world.settings["remembered"]):
        yield FeatureSpec(f"{remembered} once more", "happened", {"remembered": remembered})
        for event in ("", *names):
            if event != remembered and event:
                yield FeatureSpec(f"{event} once {remembered} has happened", "happened", {"remembered": remembered, "event": event})


def _patterns(world: World, context: Context, names: list[str]) -> Iterator[FeatureSpec]:
    """The commonest events right after one and two others in the training tracks."""
    assert context.training is not None
    order = min(max(PATTERNS), int(world.settings["order"]))
    counts = counted_ngrams(world, context.training)
    width = counts.n_events + 1
    shorter: list[list[int]] = [[]]  # the events of each context, by level
    for k, level in enumerate(counts.levels[:order + 1]):
        contexts = [[]] if k == 0 else [[int(code % width), *shorter[int(code // width)]] for code in level.codes]
        shorter = contexts
        if k not in PATTERNS:
            continue
        owner = np.repeat(np.arange(len(level.codes)), np.diff(level.offsets))
        often = np.flatnonzero((level.times >= LEAST_SEEN) & ~level.begins[owner])
        best = often[np.argsort(-level.times[often], kind="stable")][:MOST_GRAMS]
        for at in best.tolist():
            before, after = [names[e] for e in contexts[int(owner[at])]], int(level.follower[at])
            event = "" if after == counts.n_events else names[after]
            yield FeatureSpec(f"{event or END} right after {' then '.join(before)}", "sequel",
                              {"after": f" {THEN} ".join(before), "event": event})
