"""Goals named and adjusted by the analyst: neighbouring ends are suggested as one."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from app import session
from app.callbacks import clicked
from app.intent.finding import parts_of
from irlcore.analysis.goals import ClassGoals, as_groups, class_goals, merged, renamed, split_up, with_goals, without_end
from irlcore.project.project import GoalGroup, Project
from irlcore.report.text import NAME, as_line, as_markdown, printable, told_apart
from irlcore.tracks.bounds import LONGEST_NAME

MOST = 40  # goals that are offered for adjusting, the most used ones


def goal_fold(project: Project) -> None:
    """A fold with the goals of the class: how often each is used, its ends, and what can be done with them."""
    parts = parts_of(project)
    goals = session.derived("class goals", lambda: class_goals(project, parts))
    groups = as_groups(project, parts, goals)
    if not goals.names:
        st.caption("No track of this class is known to have arrived anywhere, so there are no goals to name or adjust.")
        return
    with st.expander(f"Goals of this class: {len(goals.names):,}", icon=":material/flag:"):
        st.caption("Neighbouring ends of the class's known tracks count as one goal. " + (
            "These are suggested; name and adjust them as you know the place." if goals.suggested else "You have adjusted them."))
        shown = [f"{name} ({int(goals.counts[k]):,} tracks, {len(goals.ends[k])} end{'' if len(goals.ends[k]) == 1 else 's'})"
                 for k, name in enumerate(goals.names[:MOST])]
        labels = told_apart(shown)
        number = {labels[one]: k for k, one in enumerate(shown)}
        which = number[st.selectbox("Goal", [labels[one] for one in shown], key=f"goal_{session.changes()}")]
        _name(project, groups, which)
        _ends(project, goals, groups, which)
        rest = [label for label, k in number.items() if k != which]
        others = st.multiselect("Merge with", rest, key=f"merge_{session.changes()}_{which}")
        left, right = st.columns(2)
        chosen = [which, *(number[one] for one in others)]
        left.button("Merge", key="merge_goals", disabled=not others, width="stretch", on_click=clicked(_put), args=(
            project, lambda: merged(_first(groups, which), _moved(chosen, which)), f"Merged {len(chosen)} goals"))
        right.button("Back to the suggestion", key="suggested_goals", disabled=goals.suggested, width="stretch", on_click=clicked(_suggest),
                     args=(project,))


def _name(project: Project, groups: tuple[GoalGroup, ...], which: int) -> None:
    left, right = st.columns([3, 1], vertical_alignment="bottom")
    was = printable(groups[which].name)
    key = f"name_{session.changes()}_{which}"
    left.text_input("Name", was, LONGEST_NAME, key=key)
    right.button("Rename", key="rename_goal", width="stretch", on_click=clicked(_rename), args=(project, groups, which, key))


def _ends(project: Project, goals: ClassGoals, groups: tuple[GoalGroup, ...], which: int) -> None:
    ends = groups[which].ends
    st.caption(f"Its ends, the most used first: {as_markdown(', '.join(as_line(one, NAME) for one in ends))}")
    if len(ends) < 2:
        return
    left, middle, right = st.columns([2, 1, 1], vertical_alignment="bottom")
    labels = told_apart(ends)
    end = {label: own for own, label in labels.items()}[left.selectbox("End", [labels[one] for one in ends],
                                                                      key=f"end_{session.changes()}_{which}")]
    middle.button("Take it out", key="take_out", width="stretch", on_click=clicked(_put),
                  args=(project, lambda: without_end(groups, end), f"Took the end {end} out of {groups[which].name}"))
    right.button("Split up", key="split_goal", width="stretch", on_click=clicked(_put), help="Each of its ends becomes a goal of its own.",
                 args=(project, lambda: split_up(groups, which), f"Split {groups[which].name} up"))


def _first(groups: tuple[GoalGroup, ...], which: int) -> tuple[GoalGroup, ...]:
    """The goals with the chosen one first, whose name a merged one keeps."""
    return (groups[which], *(one for k, one in enumerate(groups) if k != which))


def _moved(chosen: list[int], which: int) -> list[int]:
    """The numbers of goals once that one stands first."""
    return [0 if k == which else k + 1 if k < which else k for k in chosen]


def _rename(project: Project, groups: tuple[GoalGroup, ...], which: int, typed: str) -> None:
    """As the widget of that key says now: it may have been typed since the page was drawn. An empty name, or the old one, does nothing."""
    name = str(session.chosen(typed, "")).strip()
    if name not in ("", printable(groups[which].name)):
        _put(project, lambda: renamed(groups, which, name), f"Named a goal {name}")


def _put(project: Project, change: Callable[[], tuple[GoalGroup, ...]], what: str) -> None:
    session.put(with_goals(project, change(), what))


def _suggest(project: Project) -> None:
    session.put(with_goals(project, None, "Goals as they are suggested"))
