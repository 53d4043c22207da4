"""What the p-values of a review rest on, where it is not the usual: for the method and the settings of a report."""

from __future__ import annotations

from irlcore.analysis.ranking import Review
from irlcore.quantities import counted
from irlcore.review.calibration.controls import share_of_normal
from irlcore.review.calibration.words import one_in

GROUPED = {"distance": "distance from start to end", "hour": "hour of the day", "ended": "kind, ended or still running"}
TIES = {"counted": "all count", "finer": "told apart by a finer score", "random": "a share is drawn for each track"}
"""The ``ties`` of a basis -> in words."""

BASIS_REFERENCES: dict[str, tuple[str, ...]] = {
    "groups": ("vovk2005",), "weighted": ("tibshirani2019",), "crossed": ("vovk2015", "vovk2020"), "random": ("vovk2005",),
    "finer": ("vovk2005",), "adaptive": ("storey2002", "marandon2024")}
"""What a basis can have beside the usual -> what it goes back to."""


def compared_with(review: Review) -> str:
    """Whom the reviewed tracks are compared with, for a table of settings."""
    basis = review.control.basis
    if basis.crossed:
        return f"every normal track, by {review.ground.folds} fits"
    if basis.groups:
        return f"normal tracks of the same {GROUPED[basis.groups]}"
    return "normal tracks, weighted by how much they are like the reviewed ones" if basis.weighted else "all that calibrate, alike"


def basis_settings(review: Review) -> dict[str, str]:
    """Name -> value of what was chosen; nothing where no track is known to be normal."""
    if review.control.kind == "strangest":
        return {}
    said = {"compared with": compared_with(review), "ties": TIES[review.control.basis.ties]}
    if review.control.kind == "share_of_flags":
        said["share of normal tracks"] = "estimated, and allowed for" if allows(review) else "taken as all of them"
    return said


def basis_method(review: Review) -> list[tuple[str, tuple[str, ...]]]:
    """Sentences of what was done beside the usual, each with the keys of its references."""
    basis, said = review.control.basis, []
    if review.control.kind == "strangest":
        return []
    if basis.groups:
        said.append((f"Each track is compared with normal ones of the same {GROUPED[basis.groups]} alone.", BASIS_REFERENCES["groups"]))
    if basis.weighted:
        said.append(("Normal tracks count by how much they are like the reviewed ones in where and when they start and how far they go; "
                     "these weights are estimates.", BASIS_REFERENCES["weighted"]))
    if basis.crossed:
        said.append((f"Each track is compared with every normal one, {review.ground.n:,} in all, by the one of "
                     f"{counted(review.ground.folds, 'fit')} that has not seen that one, each begun at the weights shown.",
                     BASIS_REFERENCES["crossed"]))
    if basis.ties == "finer":
        said.append(("Tracks that the score finds equally strange are told apart by a second score.", BASIS_REFERENCES["finer"]))
    if basis.ties == "random":
        said.append(("Of normal tracks that are as strange as a reviewed one a share counts that is drawn for it from its id.",
                     BASIS_REFERENCES["random"]))
    if allows(review):
        said.append((allowed_for(review), BASIS_REFERENCES["adaptive"]))
    return said


def allows(review: Review) -> bool:
    """Whether the share of abnormal tracks is estimated, and flags are raised for it."""
    basis = review.control.basis
    return basis.adaptive and basis.plain and review.control.kind == "share_of_flags"


def allowed_for(review: Review) -> str:
    """What was estimated, and what follows."""
    normal = share_of_normal(review.p[review.parts.review], len(review.parts.calibration))
    if normal >= 1.0:
        return ("Nothing in the p-values says that the reviewed tracks are not all normal, so the list is made as if "
                f"{one_in(review.control.rate / normal)} were allowed: an estimate never makes a promise larger than asked for.")
    return (f"By how many look ordinary about {100.0 * normal:.0f} % of the reviewed tracks are normal, so the list is made as if "
            f"{one_in(min(review.control.rate / normal, 1.0))} were allowed, which keeps the promise.")
