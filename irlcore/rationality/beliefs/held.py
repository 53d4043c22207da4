"""What agents who keep one draw of errors for a whole trip believe that steps bring, draw by draw."""

from __future__ import annotations

import numpy as np

from irlcore.rationality.base import Rationality
from irlcore.rationality.beliefs.beliefs import Beliefs
from irlcore.rationality.noise.draws import state_errors, want_errors
from irlcore.rationality.noise.errors import root_of
from irlcore.rationality.noise.size import sigma_of
from irlcore.rationality.noisy_value import NoisyValue
from irlcore.rationality.replanned import Replanned
from irlcore.rationality.solution import Prepared


def believed_rewards(model: Rationality, prepared: Prepared, choices: np.ndarray) -> np.ndarray | None:
    """(n, R) float64: what each of ``choices`` (n,) brings under each draw; None under models that keep none for a trip, and where an error
    is one of a place's worth and not of any step.

    ``Replanned`` plans on these; ``NoisyValue`` carries the errors of steps (``noise.errors``) along its plan, so there they are what its
    errors come from."""
    if isinstance(model, Replanned) and model.persistent:
        beliefs: Beliefs = prepared.shared
        of_all = beliefs.reward[:, choices, :]
        return np.asarray(of_all.transpose(1, 0, 2).reshape(len(choices), -1), np.float64)
    if isinstance(model, NoisyValue) and model.persistent and model.covariance != "independent":
        error = np.zeros((len(choices), model.draws))
        if "path" in model.covariance:
            z = state_errors(prepared.mdp, model.draws // 2)[prepared.mdp.likeliest[choices]]
            error += root_of(prepared.reward[choices])[:, None] * np.concatenate((z, -z), axis=1)
        if "weights" in model.covariance and prepared.parts is not None:
            error += prepared.parts[choices] @ want_errors(model.draws, prepared.parts.shape[1])
        return prepared.reward[choices][:, None] + sigma_of(prepared) * error
    return None
