"""Report: what do I hand over?"""

from dataclasses import replace

import numpy as np
import streamlit as st

from app import session
from app.review_controls import review_from_controls
from app.shell import errors_as_words, need
from irlcore.project_file import save_project
from irlcore.report.export import review_csv, review_geojson, review_table
from irlcore.report.figures import FLAGGED, ORDINARY, add_paths, base_map, weights_figure
from irlcore.report.html import HONEST, Section, report_html
from irlcore.review.calibration import control_sentence
from irlcore.study import MODELS, reasons_study

st.title("What do I hand over?")
project = session.project()
st.download_button("Save project", save_project(project), "project.motive", key="save", icon=":material/save:")
need(project.fit is not None, "There is no fit yet, so there is nothing to report.", "fit", "Fit first")
world, record = project.world, project.fit
assert world is not None and record is not None
with errors_as_words():
    review = review_from_controls()
    assert review is not None
    result = record.result
    notes = st.text_area("Your notes", project.notes, key="notes")
    if notes != project.notes:
        project = replace(project, notes=notes)
        session.put(project)
    st.info(HONEST)
    figure = base_map(world, project.zones)
    add_paths(figure, world, review.parts.paths, review.parts.review, ORDINARY, 1, 0.3)
    add_paths(figure, world, review.parts.paths, np.flatnonzero(review.flagged), FLAGGED, 2, 0.9, name="flagged")
    weights = weights_figure(result.names, result.theta, result.interval())
    table = review_table(project, review)
    flagged = table[table["flagged"]]
    provenance = (f"{project.name}, class {record.agent_class or 'all'}; {MODELS[result.rationality].title}; gamma {result.gamma}; "
                  f"{result.n_paths} tracks fitted; data {result.data_hash}; made {result.made}.")
    st.subheader("Preview")
    st.plotly_chart(weights, width="stretch", key="report_weights")
    st.dataframe(flagged, hide_index=True, width="stretch")
    st.caption(provenance)
    if st.button("Prepare the report", type="primary"):
        sections: list[Section] = [("What the class wants", [result.status.value], result.table(), weights),
                    ("Tracks that deserve a look", [control_sentence(review.control, len(review.parts.review))], flagged,
                     figure if world.has_coordinates else None)]
        for i in [int(i) for i in review.order if review.flagged[i]][:30]:
            reasons = reasons_study(project, review, i)
            sections.append((f"Track {reasons.track}", reasons.sentences, None, None))
        page = report_html(project.name, provenance, sections, notes)
        st.download_button("Download HTML", page, "report.html", "text/html", key="html", icon=":material/download:")
    a, b = st.columns(2)
    a.download_button("Download CSV", review_csv(project, review), "review.csv", "text/csv", key="csv")
    b.download_button("Download GeoJSON", review_geojson(project, review, world), "review.geojson", key="geojson")
