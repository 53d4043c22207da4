"""What a fit is made with, in plain words: the model of rationality and the discount."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from app import session
from irlcore.rationality.models import MODELS

NOISY = "noisy_value"
UNSURE = {"": "What each step ahead costs", "independent": "What each next place is worth", "weights": "How much each feature counts"}
UNSURE_HELP = ("Steps: two ways share their errors where they run together. Places: every place is misjudged for itself. "
               "Features: the same kind of step is misjudged everywhere alike.")


def variant(name: str) -> tuple[str, bool]:
    """What a NoisyValue model is unsure of, and whether it keeps one error for a whole trip."""
    rest = name.removeprefix(NOISY)
    return rest.removesuffix("_persistent").strip("_"), rest.endswith("_persistent")


def families() -> list[str]:
    """One model for each idea of how agents choose, NoisyValue first: its variants are a matter of detail."""
    return sorted((m for m in MODELS if not m.startswith(NOISY) or m == NOISY), key=lambda m: m != NOISY)


def choose_model() -> str:
    """How well they choose: the model of rationality, by name."""
    family = st.radio("How well do they choose?", families(), format_func=lambda m: MODELS[m].title,
                      captions=[MODELS[m].sentence for m in families()], key="model", persist_state="session")
    if family != NOISY:
        return str(family)
    known = {variant(m): m for m in MODELS if m.startswith(NOISY)}
    kinds = [k for k in UNSURE if (k, False) in known] + [k for k, kept in known if not kept and k not in UNSURE]
    unsure = st.selectbox("What are they unsure of?", kinds, format_func=lambda k: UNSURE.get(k, k), key="unsure", help=UNSURE_HELP,
                          persist_state="session") if len(kinds) > 1 else ""
    kept = (unsure, True) in known and st.toggle(
        "They keep the same error for a whole trip", key="kept_error", persist_state="session",
        help="Off: they judge the way afresh at every step. On: who is wrong stays wrong; a fit takes several times as long.")
    return known[unsure, bool(kept)]


def choose_gamma() -> float:
    """The discount per step."""
    return float(st.number_input("Discount per step (gamma)", 0.5, 1.0, 1.0, 0.01, key="gamma", persist_state="session",
                                 help="1: the whole way to the goal counts. Below 1: what is far away counts less."))


def set_choice(model: str, gamma: float) -> None:
    """Set the widgets above as if the analyst had; in a callback only."""
    unsure, kept = variant(model) if model.startswith(NOISY) else ("", False)
    session.choose(model=NOISY if model.startswith(NOISY) else model, gamma=gamma, unsure=unsure, kept_error=kept)


def model_names(models: Sequence[str]) -> list[str]:
    """What to call models on a button or pill."""
    return [MODELS[m].title.split(":")[0] for m in models]
