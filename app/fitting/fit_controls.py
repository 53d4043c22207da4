"""What a fit is made with, in plain words: the model of rationality, the estimator and the discount."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import streamlit as st

from app import session
from app.fitting.estimator_settings import ask_settings
from app.fitting.held_out_choice import choose_on_held_out
from app.fitting.value_features import set_value_features, with_value_features
from app.shell import in_its_words, terms_explained
from irlcore.analysis.roaming import MOST_GAMMA, ROAMING_GAMMA, horizon, usual_gamma
from irlcore.fitting.compare import short_title
from irlcore.fitting.direction import NO_PLANS
from irlcore.fitting.estimators import ESTIMATORS
from irlcore.fitting.settings import words_of
from irlcore.project.project import Project, remember
from irlcore.project.split import need_world
from irlcore.rationality.models import MODELS, models_of, named, usual_model
from irlcore.rationality.noisy_value import UNSURE
from irlcore.report.text import told_apart
from irlcore.worlds.world import World

NOISY = "noisy_value"
LIKELIHOOD = "maximum_likelihood"
ROAMING_KEY = "gamma_roaming"  # of its own: 1, which is usual for tracks that go somewhere, is no choice for those that do not
ABOUT = {str(kind): said for kind, said in UNSURE.items()} | {"replanned": "later costs, and plan by what they believe"}
ABOUT_HELP = ("Steps: two ways share their errors where they run together. Places: every place is misjudged for itself. Things: the same "
              "kind of step is misjudged everywhere alike. Choose by comparing models below.")


def variant(name: str) -> tuple[str, bool]:
    """What a NoisyValue model is unsure of, and whether it keeps one error for a whole trip."""
    return str(getattr(named(name), "covariance", "")), bool(getattr(named(name), "persistent", False))


def long_words(models: Iterable[str], gamma: float) -> str:
    """What is to be known before minutes are spent: empty unless one of the models takes them at this discount."""
    if gamma == 1.0 or not any(model.startswith(NOISY) for model in models):
        return ""
    return ("Below gamma = 1 NoisyValue takes minutes, not seconds: it plans for every place, for ever, and replanned once for each "
            "belief. On the sample town one fit took 160 to 260 s, where MaxEnt took 2.5 s.")


def representatives(project: Project, gamma: float = 1.0) -> list[str]:
    """One model for each idea, the usual one for the project's world where there are variants: what a comparison begins with. Below
    gamma = 1 without those that take minutes, which can be added."""
    if gamma < 1.0:
        return [model for model in families(project.world) if model != NOISY]
    usual = NOISY if project.world is None else usual_model(project.world)
    return [usual if model == NOISY else model for model in families(project.world)]


def families(world: World | None) -> list[str]:
    """One model for each idea of how agents choose in a world, in the registry's order: variants of NoisyValue are a matter of detail."""
    return [m for m in models_of(world) if not m.startswith(NOISY) or m == NOISY]


def choose_settings(project: Project) -> tuple[str, str, float, list[str]]:
    """Model, estimator and discount, folded away: the common case needs none of them touched; and what was typed there and cannot be, in
    sentences. In a new window they are those of the newest fit: a fit that took seconds must not come back as another one that takes
    minutes."""
    if project.fit is not None and not session.chosen("model", ""):
        made = project.fit.result
        set_choice(made.rationality, made.gamma, made.estimator)
    with st.expander("Settings", icon=":material/tune:"):
        model = with_value_features(project, choose_model(project), gamma_to_begin(project))
        told = st.empty()  # beside the model, though the discount is asked for below
        estimator = choose_estimator(project.world, model)
        trouble, gamma = ask_settings(project, model, estimator), choose_gamma(project)
        choose_on_held_out(project, model, estimator, gamma, gamma_key(project), not trouble)
        if long_words((model,), gamma):
            told.caption(f":material/hourglass_top: {long_words((model,), gamma)}")
        choose_agents(project)
        st.caption("Signs and features are set on the Features page.")
    return model, estimator, gamma, trouble


def said_settings(project: Project, model: str, estimator: str, gamma: float) -> str:
    """The settings in a line."""
    one = ESTIMATORS[estimator]
    asked = one.asked(project.settings.get(estimator, {}), named(model), need_world(project)[0].mdp)
    how = ", ".join([f"{one.title[:1].lower()}{one.title[1:]}", *words_of(one.settings, asked)])
    return f"{short_title(named(model))}; {how}; gamma {gamma:g}."


def choose_model(project: Project) -> str:
    """How well they choose: the model of rationality, by name; at first the usual one for the project's world."""
    gamma = gamma_to_begin(project)
    offered = families(project.world)
    begin = offered[0] if gamma == 1.0 or project.world is None else usual_model(project.world, gamma)
    family = st.radio("How well do they choose?", offered, offered.index(begin), format_func=lambda m: named(m).title,
                      captions=[named(m).sentence for m in offered], key="model", persist_state="session",
                      help=terms_explained("rationality model"))
    if family != NOISY:
        return str(family)
    known = {variant(m): m for m in MODELS if m.startswith(NOISY)}
    usual = "" if project.world is None else usual_model(project.world)
    kinds = sorted(dict.fromkeys(about for about, _ in known), key=lambda about: about != variant(usual or NOISY)[0])
    about = st.selectbox("What are they unsure of?", kinds, format_func=lambda k: ABOUT.get(str(k), str(k)).capitalize(), key="about",
                         help=ABOUT_HELP, persist_state="session")
    kept = (about, True) in known and st.toggle(
        "They keep the same error for a whole trip", variant(usual or NOISY)[1], key="kept_error", persist_state="session",
        help="Off: they judge the way afresh at every step. On: who is wrong stays wrong.")
    return known[about, bool(kept)]


def choose_estimator(world: World | None, model: str) -> str:
    """How the weights are found: the estimator, by name, with when to use it and when not."""
    titles = {name: in_its_words(one.title) for name, one in ESTIMATORS.items()}
    chosen = st.selectbox("How are the weights found?", list(ESTIMATORS), format_func=titles.__getitem__, key="estimator",
                          persist_state="session", help=terms_explained("estimator"))
    one = ESTIMATORS[chosen]
    if one.plans and world is not None and world.kind == "log":
        st.warning(f"{one.title} {NO_PLANS} Use maximum likelihood, or the value basis.", icon=":material/block:")
    elif one.single_steps and getattr(named(model), "persistent", False):
        st.warning(f"{one.title}: it takes each step for a choice of its own, and these agents keep one error for a whole trip. Let them "
                   "err afresh at every step, or use maximum likelihood.", icon=":material/block:")
    else:
        st.caption(in_its_words(f"{one.when} {one.when_not}"))
    return str(chosen)


def gamma_to_begin(project: Project) -> float:
    """The usual discount of the class: below 1 where some track has no destination."""
    return session.derived("usual gamma", lambda: usual_gamma(project))


def gamma_key(project: Project) -> str:
    """The widget that the discount is asked for with."""
    return ROAMING_KEY if gamma_to_begin(project) < 1.0 else "gamma"


def choose_gamma(project: Project) -> float:
    """The discount per step; below 1 where nothing ends a walk."""
    if gamma_to_begin(project) < 1.0:
        gamma = asked_for_gamma(gamma_key(project), MOST_GAMMA, ROAMING_GAMMA, "%.3f")
        st.caption(f"These tracks have no destination, so nothing ends their walk and gamma has to be below 1: about the next "
                   f"{horizon(gamma):,.0f} steps count.")
        return gamma
    return asked_for_gamma(gamma_key(project), 1.0, 1.0)


def asked_for_gamma(key: str, most: float, usual: float, digits: str | None = None) -> float:
    """The number that is asked for. What it begins with is set as if it had been chosen: a widget that is given a value as well as one from
    an earlier fit is warned of."""
    session.choose(**{key: session.chosen(key, usual)})
    return float(st.number_input(in_its_words("Discount per step (gamma)"), 0.5, most, step=0.01, format=digits, key=key,
                                 persist_state="session",
                                 help=terms_explained("gamma")))


def choose_agents(project: Project) -> None:
    """Which tracks are of one agent: a setting of the project, since the tracks are what they are whatever is fitted."""
    if project.tracks is None or not len(project.tracks.attributes.columns):
        return
    columns = ["", *[str(c) for c in project.tracks.attributes.columns]]
    now = project.agent_column if project.agent_column in columns else ""
    of_log = project.world is not None and project.world.kind == "log"
    chosen = st.selectbox(in_its_words("Tracks of one agent: column"), columns, index=columns.index(now), key=f"agents_{session.changes()}",
                          format_func=told_apart(columns, in_its_words("(every track is of another)")).__getitem__,
                          help=f"{'Person, account, machine' if of_log else 'Vehicle, driver, MMSI'}. " + in_its_words(
                              "Trips of one agent are alike, so twenty of them say less than twenty agents: the intervals are then worked "
                              "out by agent. Where a reference has many agents, none of them is both fitted to and calibrated on: a fit "
                              "made before the column was chosen is then out of date."))
    if chosen != now:
        told = in_its_words("Tracks of one agent are known by ") + chosen if chosen else in_its_words(
            "Every track counts as of an agent of its own")
        session.put(remember(replace(project, agent_column=chosen), told))
        st.rerun()


def set_choice(model: str, gamma: float, estimator: str = LIKELIHOOD) -> None:
    """Set the widgets above as if the analyst had; before they are drawn."""
    model = set_value_features(model)
    session.choose(model=NOISY if model.startswith(NOISY) else model, gamma=gamma, estimator=estimator)
    if gamma < 1.0:
        session.choose(**{ROAMING_KEY: min(max(gamma, 0.5), MOST_GAMMA)})
    if model.startswith(NOISY):
        about, kept = variant(model)
        session.choose(about=about, kept_error=kept)
