"""The words of the screens, each with one meaning: the glossary page and the help marks beside widgets and numbers take them from here."""

from __future__ import annotations

from dataclasses import dataclass

from irlcore.elicitation.suggestions import LEVEL
from irlcore.fitting.compare import FOLDS, TOLD_APART
from irlcore.intent.goals import CERTAIN
from irlcore.report.intent_words import LIKELY, POSSIBLE


@dataclass(frozen=True, slots=True)
class Term:
    """One word: what it means in two sentences, an example, other names that screens and papers use, and the pages where it is met."""

    name: str
    meaning: str
    example: str
    also: tuple[str, ...] = ()
    pages: tuple[str, ...] = ()


TERMS: tuple[Term, ...] = (
    Term("Feature", "Something about a step that may matter to the agents: its length, a turn, a road class, a zone. A model knows of the "
         "world only what its features tell it.",
         "\"left turn\" is 1 for each left turn and 0 elsewhere.", (), ("Features",)),
    Term("Weight", "How much one more of a feature counts for the agents, found by the fit. Below 0 they avoid it, above 0 they seek it.",
         "A weight of -0.5 for \"left turn\": a way with one more of them loses 0.5 in utility.", ("theta",), ("Fit",)),
    Term("Utility", "What a way is worth to the agents: its features times their weights, added up. Agents choose ways of high utility "
         "more often; only differences between ways count.",
         "A way 1 km longer may cost 3 in utility, a left turn 0.5: they would drive about 170 m round it.", ("reward", "cost"),
         ("Fit", "Review")),
    Term("Zone", "An area that you drew or loaded, with a name. It can be a feature, a reason in the list of tracks, and a place in words.",
         "\"Old harbour\": drivers of this class seem to keep out of it."),
    Term("Goal", "Where a track ends, or may end: what the agent is after as far as the model sees it. Neighbouring ends can be joined to "
         "one goal with a name.", "All tracks that end at one of the three piers are after \"ferry terminal\".", (), ("Tracks", "Intent")),
    Term("Nat", "A measure of how well a track was foreseen; higher log-likelihoods mean better. One nat more a track makes each about 2.7 "
         "times as likely under the model.",
         "0.1 nats a track better: each is about 10 % more likely; 0.7: about twice as likely.", (), ("Fit", "Features")),
    Term("No destination", "Said of tracks that are after nothing in particular: patrols, fishing, round trips. They are kept whole, "
         "nothing ends their walk, and what lies far ahead counts little.", "A vessel that fishes all day and comes back to where it left.",
         ("roaming",), ("Tracks", "Intent")),
    Term("Unfinished", "Said of a track that was cut off before it arrived, by the edge of what is observed or of a day. Its last place is "
         "not its goal: it is judged over all goals that it may have had.", "A lorry that leaves the camera's view half way along a road.",
         ("cut off",), ("Tracks", "Review", "Intent")),
    Term("Log-likelihood", "How probable the tracks are under the model, as a logarithm, in nats. It compares models on the same tracks; "
         "alone it says little.",
         "-2,100 on 53 tracks under one model and -2,050 under another: the second foresaw them better.", ("likelihood",), ("Fit",)),
    Term("Held out",
         "Judged on tracks that the fit did not see. Close to the number for the tracks that it saw: nothing was learned by heart.",
         "-12.1 a track fitted to and -12.3 held out is fine; -12.1 and -25 is not.", ("held-out",), ("Fit", "Features")),
    Term("Interval", "Where the true value probably lies; 95 of 100 such intervals hold it. Where it holds 0, these tracks cannot tell "
         "whether the feature matters.", "A left turn costs as much as 230 m (160 to 300 m).", ("95 % interval",
         "standard error"), ("Fit",)),
    Term("AIC", "The log-likelihood with a fine for each weight, so that more features do not win by number alone; lower is better. It "
         "compares fits to the same tracks.", "4,210 with six features against 4,230 with five: the sixth is worth having.",
         ("Akaike's criterion",), ("Fit",)),
    Term("Gamma", "The discount per step: how much what comes a step later still counts. At 1 the whole way to the goal counts; below 1 "
         "what is far away counts less.", "At 0.99 a cost 100 steps ahead counts about a third.", ("discount",), ("Fit",)),
    Term("Rationality model", "An idea of how well agents choose, since nobody always takes the best way. Which of them fits your agents "
         "is told by comparing models on tracks held out.",
         "MaxEnt: the better a whole way, the likelier. NoisyValue: they misjudge what ways cost.",
         ("rationality", "MaxEnt", "Boltzmann", "NoisyValue"), ("Fit",)),
    Term("Value feature", "What agents go by beside their plan when they judge what comes next: how well a step heads for the goal, say. "
         "It is no want, and costs nothing: it says how they find their way.",
         "People on foot turn into the street that heads for their goal, though another way is as short.", ("value features",), ("Fit",)),
    Term("Estimator", "The way in which weights are found from tracks. Maximum likelihood is the usual one: it alone says how sure every "
         "weight is.", "\"Widest margin\" finds weights under which the tracks lose least against the best ways.",
         ("maximum likelihood",), ("Fit",)),
    Term("Comparison of models", f"Each model is fitted to some of the tracks and judged on the others, {FOLDS} times over. One counts as "
         f"clearly ahead from {TOLD_APART:g} standard errors on.", "MaxEnt 0.12 nats a trip ahead, standard error 0.02: clearly ahead.",
         (), ("Fit",)),
    Term("Residual", "What the model misses: how much more or less a place was used than the model expects. It points to features that you "
         "may want to add.", "A street in blue is used less than expected: perhaps it is closed to lorries.",
         ("unexplained",), ("Features",)),
    Term("By luck", "How often so good a result would come about where nothing is there, all candidates counted in that were looked at. A "
         f"candidate counts from {LEVEL:.0%} down, which is 1 chance in {round(1 / LEVEL)}.",
         "1 chance in 140 by luck, with 213 candidates looked at: that is enough.", ("luck",
         "Lagrange multiplier statistic"), ("Features",)),
    Term("Surprise", "How improbable a track is under the model, set against what is usual for tracks from its start to its goal. High: "
         "hardly anybody of this class goes like that.", "A driver who circles a block three times.", ("improbability",), ("Review",)),
    Term("Extra cost", "What a track lost in utility against the best way to its goal, told in the unit of a feature where that is sound. "
         "It asks what a way costs, not how usual it is.", "Lost as much as 1.2 km of length is worth.", ("utility gap",), ("Review",)),
    Term("Worst stretch", "The part of a track, short or long, that the model expects least: where it went most as if it chose at random. "
         "The map shows it bright.",
         "Steps 12 to 16: a turn back into the street that it came from.", (), ("Review",)),
    Term("p-value", "The share of normal tracks that look at least as strange as this one. Small: hardly any normal track is like it.",
         "0.01: of 100 normal tracks about one is as strange.", ("p",), ("Review",)),
    Term("False alarm control", "How many normal tracks may be flagged by mistake, as a share of those flagged or of all normal ones. It "
         "needs tracks that are known as normal.", "At most 10 % of the flagged: of 30 flagged about three are normal.",
         ("false alarms", "reference"), ("Review",)),
    Term("Certain from", f"The moment from which on one goal stays at {CERTAIN:.0%} or more until the end. Before it the track could still "
         "have been after something else.", "\"Last certain from step 14 of 20\".", ("last certain from",), ("Intent",)),
    Term("Likely", f"A goal with {LIKELY:.0%} or more after the steps seen so far. Possible is one with {POSSIBLE:.0%} or more, and "
         "where the likeliest has less, it is unclear.", "\"Possible: 49% after 16 of 33 steps\".", ("possible", "unclear"), ("Intent",)),
    Term("Entropy", "How spread the candidate goals are at a moment, in nats: 0 when one is certain. The most it can be is the logarithm "
         "of their number.", "Two goals alike: 0.69 nats.", (), ("Intent",)),
    Term("Precision", "The share of flagged tracks that were operational events by your verdicts. It is known only for those that you have "
         "decided.", "8 of 10 decided were operational events: 80 %.", (), ("Review",)),
)
"""Every term, in the order in which an analyst meets them."""

BY_NAME = {name.lower(): term for term in TERMS for name in (term.name, *term.also)}
"""Name or other name, in small letters -> term."""


def found_terms(asked: str) -> tuple[Term, ...]:
    """The terms that speak of what was asked, by name first; all where nothing was asked."""
    word = asked.strip().lower()
    by_name = [term for term in TERMS if any(word in name.lower() for name in (term.name, *term.also))]
    inside = [term for term in TERMS if word in f"{term.meaning} {term.example}".lower()]
    return tuple(dict.fromkeys([*by_name, *inside])) if word else TERMS


def explained_terms(*names: str) -> str:
    """The meanings of some terms for a help mark, in Markdown, a paragraph each. KeyError where one is not in the glossary."""
    found = [BY_NAME[name.lower()] for name in names]
    return "\n\n".join(f"**{term.name}**: {term.meaning}" for term in dict.fromkeys(found))
