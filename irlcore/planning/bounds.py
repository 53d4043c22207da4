"""How far the optimal value can be from what one Bellman backup shows, for every state.

Let d = T V - V over every state that chooses and every usable choice of it, l = min d and u = max d. States whose value
is given (goals) have d = 0 for good.

**gamma < 1** (MacQueen 1966; Porteus 1971; Puterman 1994, theorem 6.6.3). T is monotone, and T (V + c) = T V + gamma c
for a constant c where every state that has a value chooses. V + l <= T V gives T V + gamma l <= T T V, hence
T V + (gamma + ... + gamma^n) l <= T^(n + 1) V, in the limit T V + gamma / (1 - gamma) l <= V*; from above likewise with u. So

    V* = T V + gamma / (1 - gamma) (l + u) / 2  +- gamma / (1 - gamma) (u - l) / 2.

Where some values are given, adding c moves them too: T (V + c) <= T V + gamma c only for c >= 0. With l = min(0, l) and
u = max(0, u) both steps hold again, so the same interval holds for the states that choose.

**gamma = 1, towards a goal, every choice costs** (ours). Write C = -V >= 0, c = the least positive cost, e = max |d|, and L =
1 if every usable choice costs, otherwise S: no cycle is free, so of any L choices in a row one costs at least c.
A plan of cost C_pi from a state then takes N <= L C_pi / c + (L - 1) choices in expectation. With V = r_pi + P V - d along
the optimal plan, C - e N* <= C*; with the greedy plan, which arrives for sure when e L < c (otherwise C would fall
for ever), C* <= C_greedy <= C + e N_greedy. Put together, with k = e L / c < 1:

    (C - e (L - 1)) / (1 + k) <= C* <= (C + e (L - 1)) / (1 - k),  so  |V - V*| <= (k max C + e (L - 1)) / (1 - k).

T V is within e of V. No bound is proven where k >= 1: it is infinite.

Rounding: a backup of w products in double precision is off by at most (w + 4) u (max|r| + max|V|), u = 2^-53 (Higham 2002,
section 3.1); twice that is added to u - l and e.
"""

from __future__ import annotations

import numpy as np


def rounding_of(widest: int, reward_size: float, value_size: float) -> float:
    """How far a computed T V - V may be from the true one, for choices of at most ``widest`` successors."""
    return (widest + 4) * 2.0**-53 * (reward_size + value_size)


def discounted_bound(least: float, largest: float, gamma: float, closed: bool, rounding: float) -> tuple[float, float]:
    """(shift, bound): V* lies within ``bound`` of T V + ``shift`` at every state that chooses.

    least, largest: of T V - V. closed: no state's value is given (one that is -inf is
    no state: no usable choice leads there). (inf, -inf) stands for no state that chooses.
    """
    if least > largest:
        return 0.0, 0.0
    if not closed:
        least, largest = min(least, 0.0), max(largest, 0.0)
    factor = gamma / (1.0 - gamma)
    return factor * 0.5 * (least + largest), factor * (0.5 * (largest - least) + rounding) + rounding


def goal_bound(least: float, largest: float, cost_size: float, cheapest: float, free_run: int, rounding: float) -> float:
    """Bound on |T V - V*| at gamma = 1. cost_size: max C. cheapest: least positive cost (inf if there is none).
    free_run: L, 1 where every usable choice costs, otherwise S."""
    if least > largest:
        return 0.0
    e = max(abs(least), abs(largest)) + rounding
    k = e * free_run / cheapest
    if not (k < 1.0 and np.isfinite(cheapest)):
        return float("inf")
    return float((k * cost_size + e * (free_run - 1)) / (1.0 - k) + e)
