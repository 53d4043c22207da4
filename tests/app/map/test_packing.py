"""What goes to the page comes out there as it was."""

from __future__ import annotations

import gc
import weakref
from dataclasses import replace

import numpy as np
import pytest

from app.map.packing import as_bytes, count, message, packed, packet
from benchmarks.screens import scenes
from irlcore.maps.palette import COLOURS
from irlcore.maps.scene import Areas, Cells, Dots, Layer, Lines, Moves, Names, Scene, Style
from tests.app.map.unpacking import DIGEST, layers, unpacked

HOSTILE = ("</script><script>alert(1)</script>", "𝔘𝔫𝔦 🚢 \u202e", 'a "quote" \\ and \n a line', "\ud800 half a pair", "\x00", "")
STYLE = (Style("road"),)


def lines(xy: np.ndarray, ids: tuple[str, ...] = ()) -> Lines:
    return Lines("streets", xy, np.array([0, len(xy)]), STYLE, np.zeros(1, np.uint8), ids=ids)


def test_every_array_and_head_comes_back() -> None:
    town = scenes.town(200, 900)
    made = scenes.town_scene(town, (scenes.flow(town), *scenes.track_layers(town, 3), scenes.moves(town, 20)))
    sent = message(made)
    for layer, got in zip(made.layers, layers(sent), strict=True):
        assert got["kind"] == type(layer).__name__ and got["name"] == layer.name and got["n"] == count(layer)
        assert np.abs(got["xy"].reshape(-1, 2) + np.array(got["origin"]) - layer.xy).max() < 0.01
        if isinstance(layer, Lines | Areas | Moves):
            assert (got["offsets"] == layer.offsets).all()
        if isinstance(layer, Lines):
            assert (got["style"] == layer.style).all() and got["ids"] == list(layer.ids) and got["texts"] == list(layer.texts)
            assert got["arrows"] is layer.arrows and got["shift_px"] == layer.shift_px and got["picks"] == layer.picks
            assert len(got["begun"]) == len(layer.begun)
            assert np.allclose(got["begun"].astype(float) + got["begun0"], layer.begun, atol=0.01)
            assert [one["colour"] for one in got["styles"]] == [one.colour for one in layer.styles]
        if isinstance(layer, Moves):
            assert np.abs(got["t"].astype(float) + got["t0"] - layer.t).max() < 0.01 and got["timed"]
        if isinstance(layer, Names):
            assert got["texts"] == list(layer.texts) and np.allclose(got["angle"], layer.angle)
        if isinstance(layer, Dots):
            assert got["labels"] == list(layer.labels) and got["symbol"] == "star" and (got["radius"] == layer.radius).all()
    assert sent.head["colours"]["flagged"] == [*COLOURS["flagged"]] and sent.head["ground"] == "town"
    assert [key["text"] for key in sent.head["keys"]] == [key.text for key in made.keys]


@pytest.mark.parametrize("east", [0.0, 351_000.0, 833_000.0, -2.0e7])
def test_centimetres_are_kept_wherever_the_world_lies(east: float) -> None:
    """A town of 80 km beside an origin that is far away, in which float32 would keep half a metre at best."""
    rng = np.random.default_rng(5)
    xy = rng.uniform(-40_000.0, 40_000.0, (5000, 2)) + np.array([east, 9_328_000.0])
    got = unpacked(packed(lines(xy)).data[DIGEST:])
    assert np.abs(got["xy"].astype(float).reshape(-1, 2) + np.array(got["origin"]) - xy).max() < 0.005


def test_texts_are_data_whatever_they_say() -> None:
    xy = np.arange(12.0).reshape(-1, 2)
    layer = Dots("goals", xy, np.ones(6, np.float32), STYLE, np.zeros(6, np.uint8), ids=HOSTILE, texts=HOSTILE, labels=HOSTILE)
    got = unpacked(packed(layer).data[DIGEST:])
    whole = [text for text in HOSTILE if "\ud800" not in text]
    assert [text for text in got["ids"] if "half a pair" not in text] == whole and len(got["labels"]) == 6
    sent = message(Scene((0, 0, 1, 1), "m", "</script>", (layer,), alt=HOSTILE[0]))
    head = unpacked(as_bytes([sent], titles=[HOSTILE[3]]))
    assert head["scenes"][0]["alt"] == HOSTILE[0] and head["scenes"][0]["ground"] == "</script>"


EMPTY: tuple[Layer, ...] = (
    Lines("a", np.zeros((0, 2)), np.zeros(1, np.int64), (), np.zeros(0, np.uint8)),
    Areas("b", np.zeros((0, 2)), np.zeros(1, np.int64), (), np.zeros(0, np.uint8)),
    Cells("c", np.zeros((0, 2)), 1.0, (), np.zeros(0, np.uint8)),
    Dots("d", np.zeros((0, 2)), np.zeros(0), (), np.zeros(0, np.uint8)),
    Names("e", np.zeros((0, 2)), (), np.zeros(0), np.zeros(0)),
    Moves("f", np.zeros((0, 2)), np.zeros(0), np.zeros(1, np.int64), (), Style("flagged")),
)


def test_empty_layers_and_an_empty_scene() -> None:
    assert [one["n"] for one in layers(message(Scene((0, 0, 1, 1), "m", "g", EMPTY)))] == [0] * 6
    assert unpacked(as_bytes([message(Scene((0, 0, 1, 1), "m", "g", ()))]))["scenes"][0]["layers"] == []


def test_coordinates_that_are_missing_do_not_spoil_the_origin() -> None:
    got = unpacked(packed(lines(np.array([[5e6, 5e6], [np.nan, np.nan], [5e6 + 2, 5e6]]))).data[DIGEST:])
    assert got["origin"] == [5e6 + 1, 5e6] and np.isnan(got["xy"]).sum() == 2
    head = message(Scene((np.nan,) * 4, "m", "g", (), focus=(np.inf, 0, 1, 1))).head
    assert head["bounds"] == [0, 0, 1, 1] and head["focus"] == []


def test_a_layer_is_packed_once_and_let_go_with_its_last_user() -> None:
    layer = lines(np.arange(40_000.0).reshape(-1, 2))
    first = packed(layer)
    assert packed(layer) is first and first.heavy
    same, other = replace(layer), lines(np.arange(40_000.0).reshape(-1, 2) * 2.0)
    assert packed(same).digest == first.digest != packed(other).digest
    kept = [weakref.ref(one) for one in (layer, same, other)]
    del layer, same, other
    gc.collect()
    assert [one() for one in kept] == [None] * 3


def test_the_digest_tells_scenes_apart_by_all_that_is_seen() -> None:
    layer = lines(np.arange(8.0).reshape(-1, 2))
    scene = Scene((0, 0, 1, 1), "m", "g", (layer,))
    digest = message(scene).head["digest"]
    assert message(replace(scene)).head["digest"] == digest
    for other in (replace(scene, layers=()), replace(scene, unit="px"), replace(scene, y_down=True), replace(scene, focus=(0, 0, 1, 1))):
        assert message(other).head["digest"] != digest


def test_small_layers_of_several_scenes_are_found_in_one_message() -> None:
    one, two = lines(np.arange(8.0).reshape(-1, 2), ("a",)), lines(np.arange(4.0).reshape(-1, 2), ("b",))
    head = unpacked(as_bytes([message(Scene((0, 0, 1, 1), "m", "g", (layer,))) for layer in (one, two)]))
    for scene, name in zip(head["scenes"], "ab", strict=True):
        [told] = scene["layers"]
        data = head["blob"].tobytes()[told["at"]:told["at"] + told["bytes"]]
        assert unpacked(data[DIGEST:])["ids"] == [name]


def test_what_is_no_number_is_refused() -> None:
    with pytest.raises(ValueError):
        packet({"x": float("nan")}, {})
