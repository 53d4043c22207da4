"""The card of what a refit changed belongs to that refit, and to no other."""

from __future__ import annotations

from dataclasses import replace

from tests.app.studio.on_the_map import fine, project_of, said, studio


def test_the_card_of_a_refit_goes_with_the_next_one_even_of_the_same_second() -> None:
    """A small fit takes a few hundredths of a second; the time that one was made is no name for it."""
    app = studio()
    project = project_of(app)
    first = project.fits[0]
    second, third = (replace(first, result=replace(first.result, theta=first.result.theta * (1.0 + k / 8.0))) for k in (1, 2))
    app.session_state["project"] = replace(project, fits=(first, second))
    app.run()
    app.button(key="show_change").click().run()
    assert "What the refit changed" in said(fine(app))
    app.session_state["project"] = replace(project, fits=(first, second, third))
    app.run()
    assert "What the refit changed" not in said(fine(app))
    assert app.button(key="show_change")
