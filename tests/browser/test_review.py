"""Review by keyboard alone, in a real browser: verdicts that show at once and are never lost, undo, several rows, and fields that keep
their keys."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from irlcore.analysis.study import fit_study
from irlcore.project.project import Outcome, Project
from irlcore.project.project_file import load_project, save_project
from irlcore.project.samples import sample_project
from irlcore.project.verdicts import CALLED
from tests.browser.resting import at_rest
from tests.browser.test_line import go, open_file

pytestmark = pytest.mark.browser
OUTCOMES: dict[str, Outcome] = {"1": "understood", "2": "discarded", "3": "misunderstood", "4": "operational event"}


def review(page: Page, file: Path, shown: str = "All") -> Locator:
    open_file(page, file)
    go(page, "Review", "Who does not behave like the rest")
    found = page.locator(".review-list")
    expect(found.locator(".row.current")).to_be_visible(timeout=120_000)
    expect(page.get_by_role("button", name="Cancel", exact=True)).to_have_count(0, timeout=120_000)
    at_rest(page)
    if shown != "Flagged":
        show(page, found, shown)
    return found


def show(page: Page, found: Locator, shown: str) -> None:
    page.get_by_text(shown, exact=True).click()
    expect(found.locator(".count")).to_have_text("1 of 68")


def current(found: Locator) -> str:
    return found.get_attribute("data-current") or ""


def outcome(found: Locator, track: str) -> str:
    return found.locator(f".row[data-track='{track}']").get_attribute("data-outcome", timeout=1000) or ""


def saved(page: Page, found: Locator, folder: Path) -> Project:
    """The project as the server has it, once it has confirmed what was done."""
    expect(found).to_have_attribute("data-pending", "0")
    at_rest(page)
    page.wait_for_timeout(1000)
    with page.expect_download() as download:
        page.get_by_role("button", name="Save project").click()
    file = folder / "reviewed.motive"
    download.value.save_as(file)
    return load_project(file.read_bytes())


def all_in_view(page: Page, found: Locator) -> None:
    """At 1280 by 800, without scrolling."""
    buttons = found.get_by_role("group", name="What it is").get_by_role("button")
    picture, reasons = page.locator("canvas.picture").first, page.locator(".st-key-review_why h3")
    for part in (picture, found.locator(".rows"), buttons.first, buttons.nth(3), reasons):
        expect(part).to_be_visible()
        box = part.bounding_box()
        assert box is not None and box["x"] >= 0 and box["x"] + box["width"] <= 1280 and box["y"] + box["height"] <= 800
    row = found.locator(".row.current")
    assert row.evaluate("row => row.scrollWidth <= row.clientWidth")
    for name in ("track", "score", "why"):
        assert row.locator(f".{name}").inner_text()


def test_all_is_in_view_and_twenty_verdicts_by_keyboard_alone_show_at_once_and_none_is_lost(page: Page, fitted_town: Path,
                                                                                            tmp_path: Path) -> None:
    page.set_viewport_size({"width": 1280, "height": 800})
    found = review(page, fitted_town, "Flagged")
    all_in_view(page, found)
    show(page, found, "All")
    given: dict[str, Outcome] = {}
    for k in range(20):
        track, key = current(found), "2413"[k % 4]
        assert track and track not in given, "on to the next undecided one by itself"
        page.keyboard.press(key)
        given[track] = OUTCOMES[key]
        assert outcome(found, track) == OUTCOMES[key], "before the server has answered"
    last = current(found)
    page.keyboard.press("u")
    undone = current(found)
    assert undone == [*given][-1] and outcome(found, undone) == "" and undone != last
    given.pop(undone)
    project = saved(page, found, tmp_path)
    assert {track: v.outcome for track, v in project.verdicts.items()} == given
    assert [step.what for step in project.history[-19:]] == [f"{track}: {CALLED[one]}" for track, one in given.items()]
    page.reload()
    expect(page.locator(".review-list .row").first).to_be_visible(timeout=120_000)
    expect(page.get_by_text(re.compile(r"^7 of 7 flagged decided;"))).to_be_visible()


def test_keys_step_mark_several_and_leave_fields_alone(page: Page, fitted_town: Path, tmp_path: Path) -> None:
    found = review(page, fitted_town)
    first = current(found)
    page.keyboard.press("n")
    second = current(found)
    assert second != first
    page.keyboard.press("p")
    assert current(found) == first
    found.locator(".row").nth(0).click()
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("Shift+ArrowDown")
    expect(found.locator(".count")).to_have_text("3 marked")
    page.keyboard.press("2")
    expect(found.locator(".row[data-outcome='discarded']")).to_have_count(3)
    page.keyboard.press("/")
    expect(found.get_by_label("Search by id")).to_be_focused()
    page.keyboard.type("1234nup")
    expect(found.get_by_text("No reviewed track has such an id.")).to_be_visible()
    page.keyboard.press("Escape")
    found.get_by_label("Your reason").fill("seen in 1 of 4, nup")
    page.keyboard.press("Control+a")
    page.keyboard.press("Enter")
    project = saved(page, found, tmp_path)
    assert len(project.verdicts) == 3 and "1 more" not in project.history[-1].what
    target = second.split("-")[-1]
    page.keyboard.press("/")
    page.keyboard.type(target)
    page.keyboard.press("Enter")
    assert current(found) == second
    expect(page.get_by_role("heading", name=second)).to_be_visible()
    page.keyboard.press("u")
    expect(found.locator(".row[data-outcome='discarded']")).to_have_count(0)
    assert not saved(page, found, tmp_path).verdicts


def test_all_is_in_view_under_the_notices_of_a_stale_fit_and_of_one_that_knows_only_the_way(page: Page, tmp_path: Path) -> None:
    page.set_viewport_size({"width": 1280, "height": 800})
    town, file = sample_project("town"), tmp_path / "noticed.motive"
    bare = fit_study(replace(town, features=tuple(replace(s, enabled=s.kind == "length") for s in town.features)), "maxent")
    file.write_bytes(save_project(replace(bare, features=town.features)))
    found = review(page, file, "Flagged")
    for key in ("only_length", "stale_fit"):
        expect(page.locator(f".st-key-{key}")).to_be_visible()
    all_in_view(page, found)


def test_a_track_that_is_selected_but_not_listed_stands_above_the_list_and_shows_its_verdict(page: Page, fitted_town: Path) -> None:
    """Its picture is in sight, so a verdict falls on it: that must be seen."""
    found = review(page, fitted_town, "Flagged")
    alone, track = found.locator(".alone"), current(found)
    expect(alone).to_be_hidden()
    page.get_by_text("Understood", exact=True).first.click()
    expect(found.locator(".empty")).to_be_visible()
    expect(alone).to_contain_text(f"Selected, and not in this list{track}")
    page.keyboard.press("2")
    expect(alone.locator(".row")).to_have_attribute("data-outcome", "discarded")
    page.get_by_text("Flagged", exact=True).click()
    expect(found.locator(".rows .row")).to_have_count(7)
    expect(alone).to_be_hidden()
    assert outcome(found, track) == "discarded" and current(found) == track


def test_a_verdict_falls_on_rows_in_sight_alone_and_a_double_click_gives_one(page: Page, fitted_town: Path, tmp_path: Path) -> None:
    found = review(page, fitted_town)
    found.locator(".row").nth(0).click()
    page.keyboard.press("Control+a")
    expect(found.locator(".count")).to_have_text("68 marked")
    page.get_by_text("Flagged", exact=True).click()
    expect(found.locator(".count")).to_have_text("7 marked")
    found.locator(".rows").focus()
    page.keyboard.press("4")
    assert len(saved(page, found, tmp_path).verdicts) == 7
    page.get_by_text("Undecided", exact=True).click()
    expect(found.locator(".rows")).to_have_attribute("data-rows", "61")
    found.locator(".rows .row").nth(0).click()
    first = current(found)
    found.get_by_role("button", name="Discarded").dblclick()
    given = saved(page, found, tmp_path).verdicts
    assert len(given) == 8 and given[first].outcome == "discarded"


def test_what_is_done_outlives_its_element_its_session_and_a_lost_message(page: Page, fitted_town: Path, tmp_path: Path) -> None:
    found = review(page, fitted_town)
    anew = "here => { const [list] = here.lists.values(), { last } = list; here.gone(last.parentElement); here.show(last); }"
    given = {}
    former = "here => { const [list] = here.lists.values(); list.data = { ...list.data, session: 'former' }; list.update(list.last); }"
    for key, happens in (("1", anew), ("2", former)):
        page.evaluate("() => { const [list] = window.motiveReview.lists.values(); list.send = () => {}; }")
        track = current(found)
        page.keyboard.press(key)
        given[track] = OUTCOMES[key]
        expect(found).to_have_attribute("data-pending", "1")
        page.evaluate(f"() => ({happens})(window.motiveReview)")
        assert outcome(found, track) == OUTCOMES[key] and current(found) not in given
        assert {i: v.outcome for i, v in saved(page, found, tmp_path).verdicts.items()} == given
    page.keyboard.press("u")
    assert current(found) == track and outcome(found, track) == "", "shown before the server has answered"
    expect(found).to_have_attribute("data-pending", "0")
    found.get_by_label("Your reason").fill("about this one")
    page.evaluate("() => { const [list] = window.motiveReview.lists.values(), { last } = list; "
                  "list.update({ ...last, data: { ...last.data, selected: list.current + 1 } }); }")
    expect(found.get_by_label("Your reason")).to_have_value("")
