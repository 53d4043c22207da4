"""The contract of a model of rationality: what a subclass of ``Rationality`` must keep for fits, residuals, reviews and intent to hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from irlcore.contracts import choices, sameness, slopes
from irlcore.contracts.checking import Checked, Part, check_parts, chosen, made
from irlcore.contracts.walks import Ground, ground_in, made_grounds, problem_of, tied_ground, tied_problem
from irlcore.rationality.base import Rationality
from irlcore.rationality.boltzmann import Boltzmann
from irlcore.worlds.world import World

SHAPES = ((0.0, 1.0), (0.0, 0.9), (0.2, 1.0), (0.2, 0.9))
"""(slip, gamma) of the made-up worlds in which every part is looked at; TIED_SHAPES: of those in which most ways tie."""
TIED_SHAPES = ((0.0, 1.0), (0.0, 0.9), (0.2, 1.0))
DISCOUNTS = (1.0, 0.98)
"""Of a world that is given: by less, agents would not find their way in a large one."""

ModelPart = Part[Rationality, Ground]

ONCE: Mapping[str, ModelPart] = {
    "it says what it is": choices.says_what_it_is,
    "what does not lead to the goal has no chance": choices.out_of_reach,
    "trips drawn from it are as frequent as it says": choices.samples,
    "the number of workers changes no bit": choices.any_number_of_workers,
}
"""Parts for which one ground is enough."""

ANYWHERE: Mapping[str, ModelPart] = {
    "chances of a state sum to 1": choices.chances_sum_to_one,
    "its own parameters may be all they are said to": choices.in_their_range,
    "what cannot be is refused": choices.refusals,
    "it goes to other processes and back": choices.goes_to_other_processes,
    "trips, steps and scores agree": slopes.trips_steps_and_scores,
    "trips and steps agree where ways tie": slopes.ties,
    "rewards may change after they were used": slopes.rewards_may_change,
    "jvp is the derivative of log chances": slopes.forward,
    "vjp is jvp turned round": slopes.backward,
    "own_jvp is the derivative by its own parameters": slopes.own_forward,
    "residuals are the slope of each trip": slopes.residuals,
}
TIED: Mapping[str, ModelPart] = {
    "the last bits of rewards change nothing": sameness.last_bits,
    "the order of states and choices changes nothing": sameness.order_of_states,
    "the unit of a column changes nothing": sameness.units_of_columns,
}
"""Parts that are looked at where most ways tie."""
PARTS: Mapping[str, ModelPart] = {**ONCE, **ANYWHERE, **TIED}


def check_rationality(model: Rationality | type[Rationality], world: World | None = None, *, parts: Iterable[str] | None = None) -> Checked:
    """Check a model of rationality against the whole contract, as Motive's own tests do with every model that comes with it.

    model: an object, or a class that needs no arguments; it need not be registered. world: where it is looked at, of up to some thousand
    choices; small made-up grids (with and without chance and discount) where none is given. parts: of ``PARTS``, all where None. The
    statistical one fails a true claim at most once in ten million runs. Returns what was checked; raises ContractBroken at the first part
    that is broken, with the case and the two numbers that should agree, and WorldError where no trips can be drawn in the world.

    >>> import irlcore as ir
    >>> from irlcore.rationality.boltzmann import Boltzmann
    >>> len(ir.check_rationality(Boltzmann(), parts=["jvp is the derivative of log chances"]).cases)
    4
    """
    one, wanted = made(model, "it says what it is"), chosen(PARTS, parts)
    subject = f"Model of rationality {getattr(one, 'name', '')!r}"
    anywhere, tied = made_grounds(SHAPES), [tied_ground(slip, gamma) for slip, gamma in TIED_SHAPES]
    if world is not None:
        said = f"the given {world.kind} of {world.mdp.n_states:,} states"
        anywhere = tied = [ground_in(world.mdp, said, gamma) for gamma in DISCOUNTS]
        for ground in anywhere:  # a world in which trips do not end says nothing of the model
            problem_of(Boltzmann(), ground)
            tied_problem(Boltzmann(), ground)
    told: list[str] = []
    for name, look in wanted.items():
        grounds = anywhere[:1] if name in ONCE else tied if name in TIED else anywhere
        checked = check_parts(subject, {name: look}, one, [(str(ground), ground) for ground in grounds])
        told += [case for case in checked.cases if case not in told]
    return Checked(subject, tuple(wanted), tuple(told))
