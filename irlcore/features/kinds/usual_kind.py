"""How usual each kind of an event is, by what events are told apart by, counted on the training tracks alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from irlcore.errors import FeatureError
from irlcore.features.base import Context, FeatureKind, FeatureParameter, register
from irlcore.features.log_events import NO_LOG, event_count, recent_of
from irlcore.features.ngrams.witten_bell import AFTER, ALONE, kind_shares, kind_shares_after
from irlcore.tracks.cells import shown
from irlcore.worlds.history.classes import NO_KINDS, aspects_of, class_count, class_of_choice, world_classes
from irlcore.worlds.world import World


@register
class UsualKind(FeatureKind):
    """Natural log of the share that an event has at that hour, after that wait, by that person, of all times that it comes (see
    ``ngrams.witten_bell``).

    With a weight of 1, beside a usual next event with 1, a conditional logit gives each kind its share of the event's chance.
    """

    kind = "usual_kind"
    title = "Usual kind of event"
    sentence = "How often others have this event at such an hour, after such a wait, by such a person: 0 where always, lower where less."
    parameters = (FeatureParameter("of", "Told apart by", "text", "",
                                   help="One of the things that tell events apart, such as hour. Empty: all of them together."),
                  FeatureParameter("given", "Given that", "choice", ALONE, options=(ALONE, AFTER)))

    def column(self, world: World, context: Context, params: Mapping[str, Any]) -> np.ndarray:
        if why := self.available(world):
            raise FeatureError(why, "Say what tells events apart where the log is read.")
        name, known = str(params.get("of", "") or ""), aspects_of(world)
        if name and name not in known:
            raise FeatureError(f"Events are not told apart by {shown(name)!r} here.", f"Choose one of: {', '.join(map(shown, known))}.")
        if context.training is None:
            raise FeatureError("Usual kinds of events need training tracks.", "Map tracks to the world first.")
        classes, n_events = world_classes(world), event_count(world)
        codes = {one: pd.factorize(values, sort=True)[0].astype(np.int64) for one, values in classes.labels.items()}
        kind = class_of_choice(world, context.training.choices)
        inner = kind < class_count(world)
        before, kind = world.choice_from[context.training.choices[inner]], kind[inner]
        event, label = classes.event, list(codes.values())
        if name:  # kinds are then the events with this label, whatever else tells them apart
            _, which = np.unique(classes.event * np.int64(len(classes)) + codes[name], return_inverse=True)
            first = np.unique(which, return_index=True)[1]
            event, label, kind = classes.event[first], [codes[name][first]], which[kind]
        shares = kind_shares(event, label, kind)
        if self.option(params, "given") == AFTER:
            whole = kind_shares_after(event, kind, before, n_events + 1, shares)[recent_of(world)[:, -1]]
        else:
            whole = np.broadcast_to(shares, (world.mdp.n_states - 1, len(shares)))
        logs = np.log(whole if not name else whole[:, which])
        return np.ascontiguousarray(np.column_stack((logs, np.zeros(len(logs))))).ravel()

    def describe(self, params: Mapping[str, Any], unit: str) -> str:
        name = str(params.get("of", "") or "")
        after = " after the event before" if params.get("given") == AFTER else ""
        return (f"Natural log of the share of this {name or 'kind'} of all times that this event comes{after} in the training sequences; "
                "0 for the end (no unit).")

    def counts_tracks(self, params: Mapping[str, Any]) -> bool:
        return True

    def available(self, world: World) -> str:
        if world.kind != "log":
            return NO_LOG
        return "" if aspects_of(world) else NO_KINDS

