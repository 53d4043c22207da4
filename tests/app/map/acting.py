"""Acts on a map, as its page sends them, for AppTest, which shows no components."""

from __future__ import annotations

import json
from typing import Any

from streamlit.components.v2.bidi_component.main import _make_trigger_id
from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.testing.v1 import AppTest


def maps(at: AppTest) -> list[Any]:
    """The maps of the page as they were sent: ``.id``, ``.bytes``."""
    return [one.proto for one in at.get("bidi_component") if one.proto.component_name == "motive_map"]


def act(at: AppTest, *acts: dict[str, Any], which: int = 0, times: int = 1) -> AppTest:
    """Run the page with acts on its ``which``-th map, sent together. times: how often the browser sends the same."""
    for _ in range(times):
        states = at._tree.get_widget_states()
        states.widgets.append(WidgetState(id=_make_trigger_id(maps(at)[which].id, "events"),
                                          json_trigger_value=json.dumps([{"event": "acts", "value": list(acts)}])))
        at._run(states)
    return at
