"""A report as one HTML file that opens offline and prints: no script, no font and no picture from elsewhere; maps and charts are SVG.

It carries a content-security policy of its own: the browser that opens it, from wherever, loads nothing and runs nothing, so a text that
should escape its place all the same does nothing. The page previews the same body (``report_body``).
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Hashable, Iterable, Mapping, Sequence

import numpy as np
import pandas as pd

from irlcore.analysis.silencing import NO_PROMISE
from irlcore.project.verdicts import as_sentence
from irlcore.quantities import counted
from irlcore.report.contents import Card, Contents
from irlcore.report.fit_words import said_time
from irlcore.report.hindsight_words import CAUTION as LOOKED_BACK
from irlcore.report.hindsight_words import hindsight_sentences, ranking_table, wrong_table
from irlcore.report.intent_words import AFTER, CAUTION, SENTENCE
from irlcore.report.style import STYLE
from irlcore.report.summary import NONE_FLAGGED
from irlcore.report.text import NAME, as_html
from irlcore.report.weights_svg import weights_svg
from irlcore.worlds.called import Called

HONEST = ("This report ranks what deserves a look. \"Unusual under this model\" is not guilt: the model knows only the "
          "features named here, and people must decide.")
MOST_ASKED = 40
"""Tracks whose goals a report lists: those with a card, as a rule."""
MORE = "; the JSON and the table of intents that go with this report have all"
WHOLE = 5000
"""Characters of a sentence: the longest names every feature of a fit."""
POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
FIGURE = re.compile(r'<figure>(<svg [^>]*aria-label="([^"]*)" width="(\d+)" height="(\d+)".*?)</figure>', re.DOTALL)
"""A picture as this file writes it: no text holds a "<" that is not escaped, so none ends one or begins another."""


def report_html(contents: Contents) -> str:
    """The whole file. Texts are shown as text."""
    return (f'<!doctype html><html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="{POLICY}">'
            '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="referrer" content="no-referrer">'
            f"<title>{as_html(contents.title, NAME)}</title><style>{STYLE}</style></head><body>{report_body(contents)}</body></html>")


def report_body(contents: Contents, most_cards: int | None = None) -> str:
    """What stands in the file, as one element. most_cards: cards that are shown, and the others only counted; all where it is None."""
    parts = [_head(contents)]
    for key in contents.sections:
        if body := _part(key, contents, most_cards):
            parts.append(f'<section class="{key}"><h2>{as_html(contents.heading(key))}</h2>{body}</section>')
    made = ", ".join(f"{name} {number}" for name, number in contents.versions.items())
    parts.append(f'<footer><p>{as_html(f"Data {contents.data_hash}. {made}.", WHOLE)}</p></footer>')
    return f'<main class="motive-report">{"".join(parts)}</main>'


def with_images(body: str) -> str:
    """The same body with each picture as an image that carries itself: for a page that takes SVG out of its HTML. What a picture says to
    those who cannot see it stays its name."""
    return FIGURE.sub(lambda found: f'<figure><img src="data:image/svg+xml;base64,{b64encode(found[1].encode()).decode()}" '
                                    f'alt="{found[2]}" width="{found[3]}" height="{found[4]}"></figure>', body)


def _part(key: str, contents: Contents, most_cards: int | None) -> str:
    """A section below its heading, "" where there is nothing to say."""
    if key == "map":
        return f"<figure>{contents.overview}</figure>" if contents.overview else ""
    if key == "cards":
        return "".join(_cards(contents, most_cards))
    if key == "intent":
        return _intents(contents, most_cards) if len(contents.intents) else ""
    if key == "history":
        return _list(contents.history, ordered=True) if contents.history else ""
    return {"sure": _sure, "wants": _wants, "apart": _apart, "hindsight": _hindsight, "method": _method}[key](contents)


def _head(contents: Contents) -> str:
    facts = "".join(f"<div><dt>{as_html(name)}</dt><dd>{as_html(value)}</dd></div>" for name, value in contents.facts)
    said = [f"<h1>{as_html(contents.title, 2 * NAME)}</h1>", f'<dl class="facts">{facts}</dl>',
            f'<div class="lead">{_paragraphs(contents.summary)}</div>']
    said.append(f'<p class="honest">{as_html(HONEST)}</p>')
    if contents.caution:
        said.append(f'<p class="caution">{as_html(contents.caution)} What follows rests on the fit before.</p>')
    if contents.notes.strip():
        said.append(f'<div class="notes">{_paragraphs(line for line in contents.notes.splitlines() if line.strip())}</div>')
    return f"<header>{''.join(said)}</header>"


def _cards(contents: Contents, most: int | None) -> Iterable[str]:
    if not contents.cards:
        yield f"<p>{contents.words.say(NONE_FLAGGED) if not len(contents.understood) + len(contents.discarded) else 'None is left.'}</p>"
    shown = contents.cards if most is None else contents.cards[:most]
    yield from (_card(one, contents.words) for one in shown)
    if len(shown) < len(contents.cards):
        yield f"<p>{counted(len(contents.cards) - len(shown), 'more card')} in the file.</p>"
    if len(contents.more):
        rest = contents.more if most is None else contents.more.head(most)
        here = "" if len(rest) == len(contents.more) else f", the first {len(rest)} here"
        what = counted(len(contents.more), f"more {contents.words.track}")
        yield (f"<h3>{what}</h3><p>The first {len(contents.cards)} have a card above; the others in one line each{here}.</p>"
               f"{_table(rest.rename(columns={'track': contents.words.track}), contents.heading('cards') + ', without a card')}")


def _card(card: Card, words: Called) -> str:
    one = card.finding
    scores = " \u00b7 ".join(card.scores)
    did, strange = (one.reasons.did, one.reasons.strange) if one.reasons is not None else ((one.trouble,), ())
    said = [f"<h3>{words.track.capitalize()} {as_html(one.track, NAME)}</h3>",
            f'<p class="scores">No. {card.rank} in the list \u00b7 {as_html(scores)}</p>',
            f'<p class="parts">{as_html(card.parts, WHOLE)}</p>' if card.parts else "",
            f"<figure>{one.picture}</figure>" if one.picture else "", _list(did or strange[:1])]
    if rest := strange if did else strange[1:]:
        said.append(f'<p class="strange">{as_html(" ".join(rest), WHOLE)}</p>')
    if card.verdict is not None:
        note = f" {as_html(card.verdict.reason, WHOLE)}" if card.verdict.reason.strip() else ""
        said.append(f'<p class="verdict"><strong>{as_html(as_sentence(card.verdict.outcome))}.</strong>{note} '
                    f"<small>{as_html(said_time(card.verdict.made))}</small></p>")
    if card.note.strip():
        said.append(f'<p class="note">{as_html(card.note, WHOLE)}</p>')
    if card.seen is not None:
        said.append(f'<p class="seen">{as_html(card.seen.said())} <small>A hint only: the model does not explain this track.</small></p>')
    return f"<article>{''.join(said)}</article>"


def _intents(contents: Contents, most: int | None) -> str:
    shown = contents.intents.head(MOST_ASKED if most is None else most)
    left = f" Of {counted(contents.intents_left, 'more track')} it was not asked." if contents.intents_left else ""
    if len(shown) < len(contents.intents):
        left += f" Here for the first {len(shown):,} of {counted(len(contents.intents), 'track')}{MORE if most is None else ''}."
    return (f'<p class="caution">{as_html(CAUTION)}</p><p>{as_html(SENTENCE)}{left}</p>'
            + _table(pd.DataFrame([_in_short(row) for row in shown.to_dict("records")]), "Likeliest goals along the way"))


def _in_short(row: Mapping[Hashable, object]) -> dict[str, object]:
    """A row of ``intent_words.seen_row`` with each goal and its probability in one cell."""
    after = {f"after {said}": f"{row[f'after {said}']} ({row[f'probability ({said})']:.0%})" for said in AFTER}
    return {"track": row["track"], "steps": row["steps"], **after,
            **{name: row[name] for name in ("certain from step", "ended at")}}


def _apart(contents: Contents) -> str:
    said, what = [], contents.words.track
    if len(contents.understood):
        said.append(f"<h3>Understood: {counted(len(contents.understood), what)}</h3><p>Looked at and found ordinary after all, no "
                    f"reason to be alerted.</p>{_in_a_line(contents, contents.understood.drop(columns='verdict'), 'Understood')}")
    if len(contents.discarded):
        said.append(f"<h3>Discarded: {counted(len(contents.discarded), what)}</h3><p>Bad data, or not of this class.</p>"
                    f"{_in_a_line(contents, contents.discarded.drop(columns='verdict'), 'Discarded')}")
    if contents.rules:
        said.append(f"<h3>Silenced: {counted(len(contents.silenced), what)}</h3><p>{as_html(contents.words.say(NO_PROMISE))}</p>"
                    f"{_list(contents.rules)}")
        said.append(_in_a_line(contents, contents.silenced.drop(columns="verdict"), "Silenced") if len(contents.silenced) else "")
    return "".join(said)


def _in_a_line(contents: Contents, rows: pd.DataFrame, which: str) -> str:
    """Tracks in one line each, called as they are in the world."""
    return _table(rows.rename(columns={"track": contents.words.track}), f"{which} {contents.words.tracks}")


def _wants(contents: Contents) -> str:
    chart = weights_svg(contents.worth)
    warned = f'<div class="caution">{_paragraphs(contents.cautions)}</div>' if contents.cautions else ""
    return f"{_list(contents.worth.sentences)}{f'<figure>{chart}</figure>' if chart else ''}{warned}"


def _sure(contents: Contents) -> str:
    sure = contents.sure
    if not sure.sentences or not any(sure.sentences):
        return ""
    table = _table(sure.evidence.rename(columns=lambda name: f"{name} (%)" if name in sure.evidence.columns[2:] else name).round(),
                   "Oddities planted, and the percentage of them that each score finds") if len(sure.evidence) else ""
    return f"{_list(sure.sentences)}{table}{_list([f'Not measured. {one}' for one in sure.missing]) if sure.missing else ''}"


def _hindsight(contents: Contents) -> str:
    found = contents.looked_back
    if found is None:
        return ""
    tables = [f"<h3>{title}: {len(rows):,}</h3>{_table(rows, title)}" for title, rows in
              (("Missed", wrong_table(found.missed)), ("False alarms", wrong_table(found.false_alarms))) if len(rows)]
    return (f'{_list(hindsight_sentences(found))}<p class="caution">{as_html(LOOKED_BACK, WHOLE)}</p>{"".join(tables)}'
            f"<h3>Scores</h3>{_table(ranking_table(found.rankings), 'How well each score ranks the labelled tracks')}")


def _method(contents: Contents) -> str:
    said = ["<h3>How it was done</h3>", _list(contents.method.sentences)]
    if contents.method.references:
        said += ["<h3>References</h3>", _list(contents.method.references, ordered=True)]
    said += ["<h3>Settings</h3>", _pairs(contents.settings, "Settings"), "<h3>Weights</h3>", _table(contents.weights, "Weights"),
             "<h3>Problems of the data</h3>", _list(contents.problems)]
    return "".join(said)


def _paragraphs(lines: Iterable[str]) -> str:
    return "".join(f"<p>{as_html(line, WHOLE)}</p>" for line in lines if line)


def _list(lines: Sequence[str], ordered: bool = False) -> str:
    tag = "ol" if ordered else "ul"
    return f"<{tag}>{''.join(f'<li>{as_html(line, WHOLE)}</li>' for line in lines if line)}</{tag}>"


def _pairs(pairs: Mapping[str, str], caption: str) -> str:
    rows = "".join(f'<tr><th scope="row">{as_html(name)}</th><td>{as_html(value, WHOLE)}</td></tr>' for name, value in pairs.items())
    return f"<table><caption>{as_html(caption)}</caption><tbody>{rows}</tbody></table>"


def _table(frame: pd.DataFrame, caption: str) -> str:
    """Every row; numbers to four figures, aligned at their right."""
    columns = [(str(name), bool(pd.api.types.is_numeric_dtype(kind) and not pd.api.types.is_bool_dtype(kind)))
               for name, kind in zip(frame.columns, frame.dtypes, strict=True)]
    head = "".join(f'<th scope="col"{_aligned(number)}>{as_html(name)}</th>' for name, number in columns)
    rows = "".join("<tr>" + "".join(f"<td{_aligned(number)}>{as_html(_cell(value), WHOLE)}</td>"
                                    for value, (_, number) in zip(row, columns, strict=True)) + "</tr>"
                   for row in frame.itertuples(index=False))
    return (f'<div class="table"><table><caption>{as_html(caption)}</caption><thead><tr>{head}</tr></thead>'
            f"<tbody>{rows}</tbody></table></div>")


def _aligned(number: bool) -> str:
    return ' class="number"' if number else ""


def _cell(value: object) -> str:
    if isinstance(value, bool | np.bool_):
        return "yes" if value else "no"
    if isinstance(value, float | np.floating):
        return f"{value:.4g}" if np.isfinite(value) else "not known" if np.isnan(value) else "no limit"
    return str(value)
