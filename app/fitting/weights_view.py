"""What a fit found: weights as dots with intervals in the unit of one feature, and each of them in a sentence."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from app.shell import terms_explained
from irlcore.project.project import FitRecord
from irlcore.report.charts import weights_figure
from irlcore.report.text import NAME, as_line, as_markdown, told_apart
from irlcore.report.worth_words import measure_of, usual_unit, worth
from irlcore.worlds.world import World

SUITED, UTILITY = -2, -1  # choices of the unit that are no feature
MOST_SENTENCES = 8


def weights(record: FitRecord, world: World) -> None:
    """The figure and the sentences, the most important first; in the first length, duration or step that surely costs unless another
    unit is chosen."""
    result = record.result
    chosen = unit_of(record, world)
    k = usual_unit(record) if chosen == SUITED else chosen if chosen >= 0 else None
    told = worth(record, world, k)
    if not told.labels:  # the unit is the only feature
        told = worth(record, world)
    costs = bool(told.unit) and k is not None and bool(result.theta[k] < 0.0)
    st.plotly_chart(weights_figure(told.labels, told.value, told.interval, told.unit, costs), width="stretch", key="weights",
                    alt="Weights with their intervals", config={"displayModeBar": False})  # it would cover the first row
    if not told.unit:
        st.caption("Below 0: avoided. Above 0: sought.")
    elif costs:
        st.caption("Above 0: it counts against a way, as much as that. Below 0: it is sought.")
    else:
        name = as_markdown(measure_of(record.features[k or 0], world).name, NAME)
        st.caption(f"How much of {name} weighs as much. Above 0: it counts the same way.")
    st.markdown(listed(told.sentences[:MOST_SENTENCES]))
    if more := told.sentences[MOST_SENTENCES:]:
        with st.expander(f"{len(more)} more"):
            st.markdown(listed(more))


def listed(sentences: Sequence[str]) -> str:
    """Sentences as a list in Markdown."""
    return "\n".join(f"- {as_markdown(sentence)}" for sentence in sentences)


def unit_of(record: FitRecord, world: World) -> int:
    """The choice of the unit: ``SUITED``, ``UTILITY`` or the index of a feature with a weight. A length and a time are named without the
    unit that their feature is counted in: the figure has the one that suits its numbers."""
    plain = [measure_of(spec, world).name for spec in record.features]
    names = [one if plain.count(one) == 1 else spec.name for one, spec in zip(plain, record.features, strict=True)]
    usual = usual_unit(record)
    weighed = [k for k, weight in enumerate(record.result.theta) if weight != 0.0]
    read = told_apart([names[k] for k in weighed])
    suited = f"what suits best: {'utility' if usual is None else as_line(names[usual], NAME)}"
    said = {SUITED: suited, UTILITY: "utility (no unit)"} | {k: read[names[k]] for k in weighed}
    return int(st.selectbox("Weights in the unit of", [*said], key="unit_of", persist_state="session", format_func=said.__getitem__,
                            help=terms_explained("weight", "utility", "interval")))
