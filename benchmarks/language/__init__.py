"""The second source's method on text: what the temporal-difference term does to a small transformer, and what it costs.

Data: the language reference that comes with Python, paragraph by paragraph, topics held out. Models: 1.1 million weights, trained from
scratch at lam = 0 (maximum likelihood), .01 and .1, and at .1 with a tenth of the term over the model's own samples, three seeds each; and
from 300 paragraphs, since the paper sees the term help where there is little to learn from. Needs the extra ``motive[language]``.

Measures: ``heldout_nats``, -log chance a token of held-out texts, and a character; ``train_nats``, the same of the texts learned from;
``self_bleu`` of 200 samples, beside that of held-out texts as they are, as many where there are, cut off where samples are; ``copied``, the
share of samples that stand in the texts word for word; ``ended``, that came to an end; ``reward``, ``reward_sd`` and ``reward_square``:
mean, spread and mean square of r over held-out tokens, nats; processor ms of one step of learning on one batch with and without the term.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from benchmarks.language.runs import LAMS, SEEDS, SMALL, SMALL_LAMS, SMALL_STEPS, STEPS, controls, measured, step_times, told
from benchmarks.language.texts import Texts, load_texts

if TYPE_CHECKING:
    from irlcore.language.network.sequence_model import SequenceModel

SHORT = 120
"""Characters of the text whose rewards are shown, at most."""

PAPER_MS = {"without": 189.0, "with": 196.0}
"""Table 1 of Wulfmeier et al. 2024, T5-base on their accelerators."""


def run(steps: int = STEPS, seeds: tuple[int, ...] = SEEDS, texts: Texts | None = None) -> dict[str, Any]:
    """Every measure by what was trained, on all texts and on few; the controls, the times, and the rewards of one held-out text.

    ``lambda`` and ``small`` hold [mean, standard error, by seed] of each measure. MotiveError without torch.
    """
    import irlcore.language.network  # noqa: F401 (says what to install, before anything else is done)

    texts = texts or load_texts()
    out: dict[str, Any] = {"texts": {"train": len(texts.train), "test": len(texts.test), "characters": texts.characters},
                           "steps": steps, "seeds": len(seeds), "controls": controls(texts)}
    print(f"{len(texts.train):,} paragraphs to learn from, {len(texts.test):,} held out; {steps} steps, {len(seeds)} seeds; in brackets "
          "the standard error over seeds")
    print(f"Held-out texts: Self-BLEU {out['controls']['self_bleu']:.3f}; unigram {out['controls']['unigram_nats']:.3f} nats a token")
    out["lambda"], models = _table(texts, LAMS, steps, seeds)
    few = texts.fewer(SMALL)
    print(f"\nThe same from {len(few.train)} paragraphs, {SMALL_STEPS * steps // STEPS} steps")
    out["small"], _ = _table(few, SMALL_LAMS, SMALL_STEPS * steps // STEPS, seeds)
    model = models[".1"]
    out["parameters"] = model.network.n_weights
    shown = model.rewards([max((text for text in texts.test if len(text) < SHORT), key=len)])[0]
    print(f"\nRewards of a held-out text at lam .1, nats against their mean of {shown.baseline:.2f} (known up to shaping):")
    print("\n".join(shown.table()))
    tokens = zip(shown.pieces, shown.reward, shown.log_chance, strict=True)
    out["rewards"] = {"baseline": shown.baseline, "tokens": [[piece, float(reward), float(chance)] for piece, reward, chance in tokens]}
    ms = step_times(texts)
    out["step_ms"] = {**ms, "paper": PAPER_MS}
    print(f"\nOne step of learning, processor ms: {ms['without']:.0f} without the term, {ms['with']:.0f} with it "
          f"({ms['ratio'] - 1:+.1%}; the paper: {PAPER_MS['without']:.0f} and {PAPER_MS['with']:.0f}, +3.7%)")
    return out


def _table(texts: Texts, lams: dict[str, tuple[float, float]], steps: int, seeds: tuple[int, ...],
           ) -> tuple[dict[str, Any], dict[str, SequenceModel[str]]]:
    """The measures of each, printed as they come, and the model of the first seed of each."""
    out, models = dict[str, Any](), dict[str, Any]()
    print(f"{'lam, own share':<16}{'held-out nats':>16}{'a character':>16}{'learned nats':>16}{'Self-BLEU':>16}{'copied':>8}{'ended':>8}"
          f"{'mean r':>9}{'sd r':>8}{'s':>7}")
    for name, (lam, own) in lams.items():
        found, models[name] = measured(texts, lam, own, steps, seeds)
        out[name] = found
        print(f"{name:<16}{told(found, 'heldout_nats')}{told(found, 'heldout_nats_a_character')}{told(found, 'train_nats')}"
              f"{told(found, 'self_bleu')}{found['copied'][0]:8.3f}{found['ended'][0]:8.2f}{found['reward'][0]:9.2f}"
              f"{found['reward_sd'][0]:8.2f}{found['seconds'][0]:7.0f}", flush=True)
    return out, models
