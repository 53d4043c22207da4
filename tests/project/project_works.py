"""Whether a project that was opened can be used: what the pages ask of it, without the pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace

import numpy as np

from irlcore.analysis.changes import fit_change
from irlcore.analysis.comparison import comparison_staleness
from irlcore.analysis.onward import intent_study
from irlcore.analysis.ranking import Review, review_study
from irlcore.analysis.reasons import headlines, reasons_study
from irlcore.analysis.study import fit_key, staleness
from irlcore.errors import MotiveError
from irlcore.features.base import kind_of
from irlcore.features.exchange import features_to_json
from irlcore.features.feature_set import feature_column
from irlcore.features.zones import zones_to_geojson
from irlcore.fitting.compare import explained_best, short_title
from irlcore.fitting.estimators import ESTIMATORS
from irlcore.maps.compose import scene
from irlcore.maps.flow import flow
from irlcore.maps.lines import path_places
from irlcore.maps.moves import moves
from irlcore.maps.svg import scene_svg
from irlcore.maps.tracks import selected
from irlcore.project.project import Project, remember
from irlcore.project.project_file import load_project, save_project
from irlcore.project.split import agents_of_paths, context_of, matrix_of, split_paths
from irlcore.rationality.models import MODELS
from irlcore.report.appendix import problem_sentences
from irlcore.report.charts import changes_figure, comparison_figure, uses_figure, weights_figure
from irlcore.report.contents import SECTIONS, chosen_tracks, contents_of
from irlcore.report.export import report_json, review_csv, review_geojson
from irlcore.report.file_names import file_name
from irlcore.report.findings import findings_study
from irlcore.report.fit_words import (
    comparison_provenance,
    fit_provenance,
    how_ended,
    interval_sentences,
    model_words,
    own_sentences,
    said_time,
    weights_table,
)
from irlcore.report.html import report_html
from irlcore.report.lab_book import lab_book_lines, lab_book_markdown, lab_book_table
from irlcore.report.summary import period_of
from irlcore.report.thumbnail import thumbnail
from irlcore.review.calibration.controls import FalseAlarmControl
from irlcore.tracks.attributes import column_names, column_of, in_order, label_counts
from irlcore.tracks.tracks import Tracks
from irlcore.worlds.clock import clock_of
from irlcore.worlds.start_times import start_times, time_sources

Work = Callable[[], object]


def use(project: Project, deep: bool = False) -> None:
    """Raise what a page would end with: anything but an error in words. deep: scores, reasons and intents too (solves the world)."""
    for work in (*_kept(project), *_tracks(project), *_features(project), *_fits(project), *(_review(project) if deep else ())):
        with suppress(MotiveError):  # told on the page
            work()


def _kept(project: Project) -> Iterator[Work]:
    """What the sidebar and the report do, whatever is on the page."""
    yield lambda: [f"{step.made[11:16]} {step.what.strip()}" for step in reversed(project.history[-30:])]
    yield lambda: (lab_book_lines(project), lab_book_table(project), lab_book_markdown(project).encode())
    yield lambda: (problem_sentences(project), file_name(project.name, project.agent_class, "review", "csv"))
    yield lambda: period_of(project, split_paths(project).paths)
    yield lambda: load_project(save_project(remember(replace(project, notes=f"{project.notes}!"), "Wrote notes")))
    yield lambda: sum(project.tried.values()) + project.tried.get(project.agent_class, 0)


def _tracks(project: Project) -> Iterator[Work]:
    world, tracks, paths = project.world, project.tracks, project.paths
    if world is None or tracks is None or paths is None:
        return
    for name in column_names(tracks.attributes):
        column = column_of(tracks.attributes, name)
        assert column is not None
        yield lambda column=column: in_order(label_counts(column))  # type: ignore[misc]
    yield lambda: [start_times(tracks, source) for source in time_sources(tracks)]
    yield lambda: agents_of_paths(project, paths)
    yield lambda: (clock_of(world), world.settings.get("clock", {}).get("shift_h", 0.0) + 1.0)
    yield lambda: tracks.take(np.arange(len(tracks))[::-1])
    if isinstance(tracks, Tracks):
        yield lambda: (float(world.settings["cell"]), [np.asarray(ring)[:, :2] for ring in world.settings.get("blocked", [])])
    if world.has_coordinates:
        everyone, nothing = np.arange(len(paths)), np.zeros(0, np.int64)
        drawn = flow(world, paths, everyone)
        if len(paths):
            drawn += selected(project, paths, 0, nothing, nothing)
        yield lambda: scene_svg(scene(project, drawn), 320, 200)
        yield lambda: moves(project, paths, everyone[:1])
    yield lambda: thumbnail(world, np.bincount(path_places(world, paths)[0], minlength=world.n_places).astype(float))
    yield lambda: zones_to_geojson(project.zones, world.crs)
    yield lambda: features_to_json(project.features, project.zones, project.spots, world)


def _features(project: Project) -> Iterator[Work]:
    world = project.world
    if world is None:
        return
    yield lambda: matrix_of(project, split_paths(project))
    for spec in project.features:
        yield lambda spec=spec: kind_of(spec).describe(spec.params, world.unit)  # type: ignore[misc]
        yield lambda spec=spec: feature_column(spec, world, context_of(project, split_paths(project)))  # type: ignore[misc]


def _fits(project: Project) -> Iterator[Work]:
    yield lambda: (staleness(project), comparison_staleness(project))
    for record in project.fits:
        result = record.result
        yield lambda result=result: (own_sentences(result), interval_sentences(result), how_ended(result),  # type: ignore[misc]
                                     fit_provenance(result).encode(), weights_table(result))  # type: ignore[misc]
        yield lambda result=result: weights_figure(result.names, result.theta, result.interval()).to_json()  # type: ignore[misc]
        yield lambda result=result: (said_time(result.made), short_title(MODELS[result.rationality]), model_words(result.rationality),  # type: ignore[misc]
                                     ESTIMATORS[result.estimator].title, f"{result.aic:,.1f} {result.bic:,.1f} {result.held_out:.3f}")
        change = fit_change(project.fits[0], record)
        yield lambda change=change: changes_figure([(w.feature, w.before, w.after) for w in change.weights if w.before and w.after])  # type: ignore[misc]
    for compared in project.comparisons:
        found = compared.result
        yield lambda found=found: (explained_best(found), comparison_provenance(found), found.table(), found.models[found.best])  # type: ignore[misc]
        yield lambda found=found: comparison_figure(found).to_json()  # type: ignore[misc]


def _review(project: Project) -> Iterator[Work]:
    yield lambda: fit_key(project)
    with suppress(MotiveError):
        review = review_study(project, FalseAlarmControl("strangest", 0.5))
        yield lambda: headlines(project, review)
        yield lambda: _reported(project, review)
        yield lambda: _told(project, review)
        yield lambda: intent_study(project, str(review.parts.paths.ids[0]))
        assert project.world is not None
        world = project.world
        yield lambda: (review_csv(project, review, None), review_geojson(project, review, world, None))


def _reported(project: Project, review: Review) -> None:
    chosen = chosen_tracks(project, review)
    made = contents_of(project, review, findings_study(project, review, chosen.cards[:1], chosen.cards[:1]), SECTIONS)
    report_html(made).encode()
    report_json(made).encode()


def _told(project: Project, review: Review) -> None:
    reasons = reasons_study(project, review, int(review.order[0]))
    uses_figure([use.name for use in reasons.features], np.array([use.z for use in reasons.features]))
