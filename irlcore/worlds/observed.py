"""A network that nobody has drawn: the links that tracks passed, and the steps that they made. So processes become worlds."""

from __future__ import annotations

import numpy as np
import pandas as pd

from irlcore.tracks.tracks import LinkTracks
from irlcore.tracks.trips.regroup import owners
from irlcore.worlds.network import Built, build


def built_from(tracks: LinkTracks) -> Built:
    """The links and steps of the tracks as a world. What nobody did is no choice in it, which is said."""
    code, links = pd.factorize(tracks.links)
    own = np.diff(owners(tracks)) == 0
    steps = np.unique(np.column_stack((code[:-1], code[1:]))[own], axis=0)
    transitions = pd.DataFrame({"from_link": links[steps[:, 0]], "to_link": links[steps[:, 1]]})
    made = build(pd.DataFrame({"link": links}), transitions)
    said = f"There is no table of links: the network is the {len(links):,} links that tracks passed and their {len(steps):,} steps. " \
           "What nobody did is no choice in it."
    return Built(made.world, made.problems, (said, *made.said))
