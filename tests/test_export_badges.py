"""Badges: what they say, what they never say, and that no text breaks out of the picture."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from xml.etree.ElementTree import fromstring

import pytest
from poison import public, with_records_of
from test_plugin import VECTORS

from builder import incident, tracker
from incident_tracker.audience import Audience
from incident_tracker.exports.badge_svg import LONGEST, cut, svg, width
from incident_tracker.exports.declare import Settings, exports
from incident_tracker.model import Tracker
from incident_tracker.pages.drawings import State
from incident_tracker.registers import Component
from incident_tracker.site.colour import contrast
from incident_tracker.site.tokens import GROUNDS, INKS, READABLE, STATES

NOW = datetime(2026, 3, 20, 12, tzinfo=UTC)
AS_OF = "as of 20 Mar 2026, 12:00 UTC"
COMPONENTS = (Component(id="website", name="Website"), Component(id="search", name="Search"))
DOWN = {"components": "{website: major_outage}", "severity": "P0"}


def said(records: Tracker, audience: Audience = Audience.INTERNAL) -> dict[str, str]:
    """What each endpoint says, by its path below badges/."""
    whole = replace(records, components=COMPONENTS)
    files = exports()["badges"].files(whole, NOW, Settings(audience=audience))
    return {
        path.removeprefix("badges/").removesuffix(".json"): json.loads(data)["message"]
        for path, data in files.items()
        if path.endswith(".json")
    }


def test_where_nothing_is_open_nothing_more_is_said_and_the_moment() -> None:
    assert said(tracker(incident("old", **DOWN, closed="2026-03-01T12:00Z"))) == {
        "incidents": f"No open incident {AS_OF}",
        "components/search": f"No open incident {AS_OF}",
        "components/website": f"No open incident {AS_OF}",
    }


def test_the_public_is_told_of_what_was_published_and_that_this_is_all() -> None:
    found = said(tracker(incident("secret", **DOWN)), Audience.PUBLIC)
    assert set(found.values()) == {f"No open incident published {AS_OF}"}


def test_what_is_open_is_counted_and_a_component_says_its_level() -> None:
    records = tracker(incident("one", **DOWN), incident("two", severity="P3"))
    assert said(records) == {
        "incidents": f"2 open incidents {AS_OF}",
        "components/search": f"No open incident {AS_OF}",
        "components/website": f"Major outage {AS_OF}",
    }


def test_a_component_that_is_well_again_still_says_that_somebody_works_on_it() -> None:
    found = said(tracker(incident("one", **DOWN, resolved="2026-03-01T12:00Z")))
    assert found["components/website"] == f"1 open incident {AS_OF}"


def test_no_badge_ever_says_that_something_works() -> None:
    for records in (tracker(), public(), tracker(incident("one", **DOWN))):
        for data in exports()["badges"].files(records, NOW, Settings()).values():
            assert b"operational" not in data.lower()
            assert AS_OF.encode() in data


@pytest.mark.parametrize("text", [*VECTORS, "\x1b[31m\x00 \ud800 ]]> &amp; \u202e", "x" * 10_000])
def test_no_text_breaks_out_of_the_picture(text: str) -> None:
    for path, data in (
        exports()["badges"].files(with_records_of(public(), text), NOW, Settings()).items()
    ):
        if path.endswith(".svg"):
            root = fromstring(data.decode())  # noqa: S314 # what we wrote ourselves
            tags = {one.tag.rpartition("}")[2] for one in root.iter()}
            assert tags <= {"svg", "title", "style", "path", "g", "text", "circle"}
            attributes = {name for one in root.iter() for name in one.attrib}
            assert not [name for name in attributes if name.startswith("on") or "href" in name]
            assert int(root.attrib["width"]) < 1_000


def test_whatever_a_component_is_called_its_files_stay_in_their_folder() -> None:
    for name in ("../../etc/passwd", "A", "a b", "", "x" * 100, "con/aux"):
        records = replace(tracker(), components=(Component(id=name, name="N"),))
        for form in ("badges", "atom"):
            for path in exports()[form].files(records, NOW, Settings()):
                assert path.count("/") <= 2
                assert ".." not in path
                assert path == path.lower()


def test_every_state_can_be_read_light_and_dark() -> None:
    for look in State:
        state = STATES[look.value]
        pairs = (
            [(INKS["ink"], GROUNDS["surface"])] if look is State.OK else [(state.text, state.tint)]
        )
        for words, ground in pairs:
            assert contrast(words.light, ground.light) >= READABLE
            assert contrast(words.dark, ground.dark) >= READABLE
            assert f".t{{fill:{words.light}}}".encode() in svg("a", "b", look)


def test_a_name_is_cut_and_a_text_has_its_room() -> None:
    assert len(cut("long " * 100)) == LONGEST
    assert cut("two\nlines") == "two lines"
    assert width("iiii") < width("WWWW")
    assert width("事件") == 22
