"""What an estimator can be told: a field for each of its settings that means something here, and none for the others."""

from __future__ import annotations

import streamlit as st

from app import session
from app.callbacks import clicked
from irlcore.analysis.choosing import with_setting
from irlcore.errors import FitError
from irlcore.fitting.estimators import ESTIMATORS
from irlcore.fitting.settings import Setting
from irlcore.project.project import Project
from irlcore.project.split import need_world
from irlcore.rationality.models import named
from irlcore.report.text import as_markdown
from irlcore.worlds.called import called


def ask_settings(project: Project, model: str, estimator: str) -> list[str]:
    """The fields, those of plans in lines of their own and the others side by side. What was typed and cannot be, in sentences: then
    nothing is to be fitted."""
    world, _ = need_world(project)
    offered = ESTIMATORS[estimator].offered(named(model), world.mdp)
    rest = [one for one in offered if not one.of_plans]
    places = [st.container() for one in offered if one.of_plans] + (st.columns(len(rest)) if rest else [])
    trouble = []
    for column, setting in zip(places, sorted(offered, key=lambda one: not one.of_plans), strict=True):
        value = project.settings.get(estimator, {}).get(setting.name, setting.usual)
        key = _show(estimator, setting, value)
        unit = f" ({setting.unit})" if setting.unit else ""
        text = column.text_input(f"{setting.title}{unit}", key=key, persist_state="session", help=called(world).say(setting.help),
                                 on_change=clicked(_take), args=(estimator, setting, key), max_chars=20)
        try:
            setting.read(text)
        except FitError as error:
            trouble.append(f"{error.what} {error.fix}")
    for sentence in trouble:
        st.error(as_markdown(sentence), icon=":material/error:")
    return trouble


def _show(estimator: str, setting: Setting, value: float) -> str:
    """The key of a field, which shows the project's value whenever that has changed (undo, an earlier fit), and else what was typed."""
    key = f"setting_{estimator}_{setting.name}"
    if session.chosen(key, None) is None or session.chosen(f"{key}_of", None) != value:
        session.choose(**{key: f"{value:g}", f"{key}_of": value})
    return key


def _take(estimator: str, setting: Setting, key: str) -> None:
    """What was typed, into the project where it can be; where it cannot, the page says so."""
    try:
        value = setting.read(session.chosen(key, ""))
    except FitError:
        return
    project = session.project()
    if value != project.settings.get(estimator, {}).get(setting.name, setting.usual):
        session.put(with_setting(project, estimator, setting.name, value))
    else:
        session.choose(**{key: f"{value:g}"})
