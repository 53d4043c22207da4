"""``motive fit``: what they want, and how sure that is."""

from __future__ import annotations

import argparse
import difflib
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from irlcore.analysis.roaming import usual_gamma
from irlcore.analysis.study import fit_record, staleness, with_fit
from irlcore.cli.opening import Opened, opened, written
from irlcore.cli.voice import Voice, table_lines
from irlcore.errors import DataError, FitError
from irlcore.fitting.estimators import ESTIMATORS, made_by
from irlcore.fitting.result import FitResult
from irlcore.project.project import FitRecord, Project
from irlcore.project.project_file import save_project
from irlcore.project.split import need_world
from irlcore.rationality.models import MODELS, models_of, named, plan_name, usual_model
from irlcore.report.fit_cautions import cautions
from irlcore.report.fit_words import fit_provenance, how_ended, own_sentences, weights_table
from irlcore.report.worth_words import usual_unit, worth
from irlcore.tracks.attributes import column_of, label_counts


def run(asked: argparse.Namespace, voice: Voice) -> int:
    """Fit, print the weights, and save the project where that is asked for."""
    found = opened(asked.data, asked.settings, voice)
    project = fitted(studied(found, asked), found, asked, voice)
    assert project.fit is not None
    record = project.fit
    tell_fit(project, record, voice)
    saved = saved_to(project, asked.save, voice)
    voice.give({"command": "fit", **told(project, record), "assumed": voice.assumed, "saved": saved})
    return 0


def saved_to(project: Project, path: str, voice: Voice) -> str:
    """The project in a file, where one is named."""
    if not path:
        return ""
    file = Path(path)
    if file.suffix.lower() != ".motive":
        raise DataError(f"{file.name} is no name of a project file.", 'Let it end with ".motive".')
    written(file, save_project(project))
    voice.say(f"Saved to {file}.")
    return str(file)


def studied(found: Opened, asked: argparse.Namespace) -> Project:
    """The project with the class and the features that the command line names. DataError where there is none called so."""
    project = found.project
    need_world(project)
    if asked.agent_class:
        assert project.tracks is not None
        column = column_of(project.tracks.attributes, project.class_column)
        classes = {} if column is None else label_counts(column)
        if asked.agent_class not in classes:
            raise DataError(f'No tracks are of a class called "{asked.agent_class}".', _instead(asked.agent_class, [*classes]))
        project = replace(project, agent_class=asked.agent_class)
    if asked.features:
        names = [one.strip() for one in asked.features.split(",") if one.strip()]
        known = [spec.name for spec in project.features]
        if unknown := [name for name in names if name not in known]:
            raise DataError(f'There is no feature called "{unknown[0]}".', _instead(unknown[0], known))
        project = replace(project, features=tuple(replace(spec, enabled=spec.name in names) for spec in project.features))
    return project


def _instead(name: str, known: list[str]) -> str:
    near = difflib.get_close_matches(name, known, 1)
    there = f"There are: {', '.join(known)}." if known else "There are none."
    return f'Did you mean "{near[0]}"? {there}' if near else there


def asked_fit(project: Project, found: Opened, asked: argparse.Namespace) -> tuple[str, float, str]:
    """Model, discount and estimator: of the command line, else of the settings, else of the newest fit, else the usual ones. FitError where
    there is no such one."""
    world, told, before = need_world(project)[0], found.settings.fit, project.fit
    estimator = asked.estimator or (told.estimator if told is not None else before.result.estimator if before else "maximum_likelihood")
    if estimator not in ESTIMATORS:
        raise FitError(f'There is no estimator "{estimator}".', _instead(estimator, [*ESTIMATORS]))
    gamma = asked.gamma if asked.gamma is not None else told.gamma if told is not None and told.gamma is not None else None
    model = asked.model or (told.model if told is not None else "")
    if gamma is None:
        gamma = before.result.gamma if told is None and before is not None else usual_gamma(project)
    if not 0.0 < gamma <= 1.0:
        raise FitError(f"A discount of {gamma:g} is not possible.", "Choose gamma above 0 and up to 1.")
    if not model:
        model = before.result.rationality if told is None and before is not None else usual_model(world, gamma)
    if plan_name(model) not in MODELS:
        raise FitError(f'No model is called "{model}".', _instead(model, models_of(world)))
    named(model)
    return model, gamma, estimator


def fitted(project: Project, found: Opened, asked: argparse.Namespace, voice: Voice) -> Project:
    """The project with one more fit."""
    model, gamma, estimator = asked_fit(project, found, asked)
    record = fit_record(project, model, gamma, voice.doing("Fitting"), estimator)
    voice.clear()
    return with_fit(project, record)


def with_a_fit(found: Opened, asked: argparse.Namespace, voice: Voice) -> Project:
    """The project with the fit that it has, where that still holds and no other is asked for; else fitted now."""
    project = studied(found, asked)
    if project.fit is None:
        voice.tell("There is no fit yet, so one is made.")
    else:
        made = project.fit.result
        stale = staleness(project)
        if not stale and asked_fit(project, found, asked) == (made.rationality, made.gamma, made.estimator):
            return project
        voice.tell(f"{stale} It is made anew." if stale else "Another fit is asked for than the project has.")
    project = fitted(project, found, asked, voice)
    assert project.fit is not None
    voice.tell(f"Fitted: {fit_provenance(project.fit.result)}")
    return project


def tell_fit(project: Project, record: FitRecord, voice: Voice) -> None:
    """The table of weights, and what has to be known of them."""
    world, result = need_world(project)[0], record.result
    table = weights_table(result)
    rows = [[_cell(one) for one in row] for row in table.itertuples(index=False)]
    voice.say(f"{project.name}: {record.agent_class or 'all tracks'}")
    for line in table_lines([str(one) for one in table.columns], rows, right=range(1, 5)):
        voice.say(line)
    voice.say("low and high are the ends of the 95 % interval.")
    for sentence in own_sentences(result):
        voice.say(sentence)
    for sentence in worth(record, world, usual_unit(record)).sentences:
        voice.say(f"- {sentence}")
    held = f"; held out {result.held_out:.4f} a track" if np.isfinite(result.held_out) else ""
    voice.say(f"Log-likelihood {result.loglik:,.2f}{held}. {how_ended(result)}")
    for one in cautions(result):
        voice.warn(f"{one.what} {one.fix}".strip())
    voice.say(fit_provenance(result))


def _cell(value: object) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def told(project: Project, record: FitRecord) -> dict[str, Any]:
    """A fit for programs: every number as it is, to the last bit."""
    result = record.result
    return {"project": project.name, "class": record.agent_class, "model": result.rationality, "estimator": result.estimator,
            "made_by": made_by(result), "gamma": result.gamma, "settings": dict(result.settings), "loglik": result.loglik,
            "held_out": result.held_out, "tracks": result.n_paths, "ended": how_ended(result), "seconds": result.seconds,
            "data_hash": result.data_hash, "weights": _weights(result), "parameters": _own(result),
            "warnings": [{"what": one.what, "fix": one.fix} for one in cautions(result)]}


def _weights(result: FitResult) -> list[dict[str, Any]]:
    return [{"feature": name, "weight": weight, "standard_error": error, "low": low, "high": high}
            for name, weight, error, (low, high) in zip(result.names, result.theta, result.se, result.interval(), strict=True)]


def _own(result: FitResult) -> list[dict[str, Any]]:
    return [{"name": name, "value": value, "low": low, "high": high}
            for name, value, (low, high) in zip(result.own_names, result.own, result.own_interval(), strict=True)]
