"""Prices in words: "as if the toll cost it nothing", "pays 5 times as much to stay out of the old town (between 3 and 9 times)".

Nothing is said of a weight that is not sure to differ, and of one that the tracks tell nothing of only that.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.stats import norm

from irlcore.quantities import listed, plain
from irlcore.review.prices.agent_prices import LEVEL, Prices, WeightTest
from irlcore.review.prices.coverage import unsure
from irlcore.review.reasons import Yardstick

ZONES = ("zone",)
"""Kinds of features that one can stay out of."""
MEASURES = ("length", "duration")
"""Kinds of features that amounts are told in: of these a share is said, and no amount of another."""
MOST_TIMES = 1000.0
SURE = float(norm.ppf(0.975))


def sentences(prices: Prices, kinds: Sequence[str], yardstick: Yardstick | None = None, named: bool = True) -> tuple[str, ...]:
    """What is to be said of an agent, the joint test first. kinds: (K,) of the features. yardstick: what utility is told in. named: whether
    agents are named by the data; where not, each track is of its own."""
    said = [joint_sentence(prices.test, named)]
    if prices.impossible:
        many = "one of its tracks makes a choice" if prices.impossible == 1 else f"{prices.impossible:,} of its tracks make choices"
        said.append(f"Its own weights cannot be told: {many} that the class's model cannot make.")
        return tuple(said)
    said += [difference(prices, k, kinds[k], yardstick) for k in prices.differs]
    amounts = int(np.isfinite(prices.own[list(prices.differs)]).sum())
    if amounts and not prices.sure:
        said.append(unsure(amounts, prices.known))
    if not prices.differs:
        said.append("Together its weights are unlike the class's, but no single one is sure to differ." if prices.test.joint <= LEVEL else
                    "Nothing says that its weights differ from the class's.")
    silent = [f'"{prices.names[k]}"' for k in np.flatnonzero(~prices.test.told) if k not in prices.differs]
    if silent:
        its = "tracks do" if len(prices.tracks) > 1 else "track does"
        said.append(f"Its {its} not tell what {listed(silent)} {'is' if len(silent) == 1 else 'are'} worth to it.")
    return tuple(said)


def joint_sentence(test: WeightTest, named: bool = True) -> str:
    """The test of all weights at once, by what it was made."""
    what = "agent" if named else "track"
    if test.how == "law of many tracks":
        return (f"Weights at least as unlike the class's have a chance of {plain(test.joint, 2)} by a law that holds for many tracks: it "
                "is a guide, no promise.")
    kind = "known as normal" if test.how == "normal agents" else "drawn from the model of the class"
    as_strange = round(test.joint * (test.agents + 1)) - 1
    are = "has" if as_strange == 1 else "have"
    count = "none has" if as_strange == 0 else f"{as_strange:,} {are}"
    some = f"{test.agents:,} {what}s" if test.agents != 1 else f"one {what}"
    return f"Of {some} {kind}, {count} weights at least as unlike the class's (p-value {plain(test.joint, 2)})."


def difference(prices: Prices, k: int, kind: str, yardstick: Yardstick | None = None) -> str:
    """How one weight differs from the class's, with its interval."""
    name, theta, own = f'"{prices.names[k]}"', float(prices.theta[k]), float(prices.own[k])
    low, high = (float(x) for x in prices.interval[k])
    if not np.isfinite(own):
        return f"What {name} is worth to it differs from the class, but its tracks do not tell by how much."
    sure = bool(abs(theta) > SURE * float(prices.class_se[k]))
    if not prices.sure:
        return _about(name, kind, theta, own, yardstick, sure)
    amounts = "" if kind in MEASURES or yardstick is None else _amounts(yardstick, theta, own, low, high, sure)
    if not sure:
        if low <= 0.0 <= high:
            return (f"It weighs {name} otherwise than the class, which neither surely avoids nor surely seeks it, but its tracks leave "
                    "open which way.")
        verb = "avoids" if own < 0.0 else "seeks"
        return f"It {verb} {name}, which the class neither surely avoids nor surely seeks{amounts}."
    if low <= theta <= high:
        return f"It weighs {name} otherwise than the class, but its tracks leave open by how much."
    edge = [bool(one) for one in prices.edge[k]]
    costs = theta < 0.0
    if not costs:  # told as a cost of the opposite sign
        low, high, own, theta, edge = -high, -low, -own, -theta, edge[::-1]
    if low > 0.0:
        return f"It {'likes' if costs else 'avoids'} {name}, which the class {'avoids' if costs else 'seeks'}{amounts}."
    if high >= 0.0:
        share = low / theta
        nothing = f"As if {name} cost it nothing" if costs else f"As if it did not care for {name}"
        return f"{nothing} (at most {_share(share)} of what it is to the class)." if share < 1.0 else f"{nothing}."
    least, most = (np.nan if edge[1] else high / theta), (np.nan if edge[0] else low / theta)
    told = _told(own / theta, least, most)
    if costs and own < theta and kind in ZONES:
        return f"It pays {told[0]} as much as the class to stay out of {name}{told[1]}{amounts}."
    return f"{name} {'costs it' if costs else 'is worth to it'} {told[0]} as much as the class{told[1]}{amounts}."


def _about(name: str, kind: str, theta: float, own: float, yardstick: Yardstick | None, sure: bool) -> str:
    """How one weight differs where nothing says how sure it is."""
    amounts = "" if kind in MEASURES or yardstick is None or yardstick.weight == 0.0 else (
        f": about as much as {yardstick.said(abs(own))}" + (f", to the class {yardstick.said(abs(theta))}" if sure else ""))
    if not sure:
        return f"It seems to {'avoid' if own < 0.0 else 'seek'} {name}, which the class neither surely avoids nor surely seeks{amounts}."
    if own * theta <= 0.0:
        return (f"It seems to {'like' if theta < 0.0 else 'avoid'} {name}, which the class {'avoids' if theta < 0.0 else 'seeks'}"
                f"{amounts}.") if own != 0.0 else f"{name} seems to be worth nothing to it."
    ratio = own / theta
    times = f"about {_share(ratio)}" if ratio < 1.0 else f"{'about ' if ratio < MOST_TIMES else ''}{_plain_times(ratio)} times"
    if theta < 0.0 and ratio > 1.0 and kind in ZONES:
        return f"It pays {times} as much as the class to stay out of {name}{amounts}."
    return f"{name} {'costs it' if theta < 0.0 else 'is worth to it'} {times} as much as the class{amounts}."


def _told(ratio: float, least: float, most: float) -> tuple[str, str]:
    """A ratio of two weights and its interval. least, most: NaN where the model allows no other, most infinite where nothing limits it."""
    few = ratio < 1.0
    say = _share if few else lambda x: f"{_plain_times(x)} times"
    if np.isnan(least) and np.isnan(most):
        return say(ratio), " (the model allows no other)"
    if np.isnan(least):
        return f"at most {say(most)}" if np.isfinite(most) else say(ratio), " (the model allows no less)"
    if np.isnan(most):
        return f"at least {say(least)}", " (the model allows no more)"
    if not np.isfinite(most):
        return (f"at least {say(least)}", " (its tracks set no upper limit)") if least > 0.0 else ("many times", "")
    between = f"{_share(least)} and {_share(most)}" if few else f"{_plain_times(least)} and {_plain_times(most)} times"
    return say(ratio), f" (between {between})"


def _plain_times(ratio: float) -> str:
    return plain(ratio, 2) if ratio < MOST_TIMES else f"more than {plain(MOST_TIMES)}"


def _share(share: float) -> str:
    return f"{plain(100.0 * share, 2)} %"


def _amounts(yardstick: Yardstick, theta: float, own: float, low: float, high: float, sure: bool) -> str:
    """Both weights in the unit of the yardstick: ": as much as 2.3 km of length, to the class 400 m of length"."""
    if yardstick.weight == 0.0:
        return ""
    ends = sorted((abs(low), abs(high)))
    if low < 0.0 < high:
        return ""
    told = f"as much as {yardstick.said(abs(own))}" if np.isfinite(ends[1]) else f"at least as much as {yardstick.said(ends[0])}"
    return f": {told}" + (f", to the class {yardstick.said(abs(theta))}" if sure else "")


def in_short(names: Sequence[str], theta: np.ndarray, class_se: np.ndarray, away: np.ndarray, z: np.ndarray, adjusted: np.ndarray,
             joint_p: float, flagged: bool) -> str:
    """One line on an agent of a list: in what it differs most, where one feature is sure to. away: (K,) one-step differences, z: (K,) how
    many of their errors they are."""
    k = int(np.lexsort((-np.abs(z), adjusted))[0]) if len(adjusted) else -1
    if k < 0 or adjusted[k] > LEVEL:
        return "Unlike the class in all its weights together" if flagged or joint_p <= LEVEL else "As the class"
    name, more = f'"{names[k]}"', bool(away[k] < 0.0) == bool(theta[k] < 0.0)
    if not abs(theta[k]) > SURE * class_se[k]:  # nor where no error is known
        return f"{'Avoids' if away[k] < 0.0 else 'Seeks'} {name}, which the class does not surely"
    return f"{'Avoids' if theta[k] < 0.0 else 'Seeks'} {name} {'more' if more else 'less'} than the class"
