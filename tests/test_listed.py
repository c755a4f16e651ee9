"""What lists say without whole records is what the whole records say."""

from __future__ import annotations

import random
import re
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from remembered import BY_EDITS, copied, edits, remembering, run
from typed import Tracker

from bench.many import write
from incident_tracker.errors import BrokenProtocolError
from incident_tracker.lifecycle.listing import Listed, Order, Side, Wanted, chosen, people_of
from incident_tracker.listed import Lists, Told, list_files, listed, read, written
from incident_tracker.memory import OFF, ROWS
from incident_tracker.model import Incident
from incident_tracker.model import Tracker as Records
from incident_tracker.workspace import Workspace

CAUSE = "root_cause: full-disk\n"


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copied(tmp_path_factory.mktemp("listed") / "demo")


def said_of(whole: Records) -> object:
    """What whole records say in lists."""
    actions = [action for incident in whole.incidents for action in incident.actions]
    actions += [action for review in whole.reviews for action in review.actions]
    texts = {record.path: record.document.text for record in whole.records}
    unread = [unread.path for unread in whole.unread]
    return [listed(incident) for incident in whole.incidents], actions, unread, texts


def said(lists: Lists) -> object:
    return [*lists.incidents], [*lists.actions], [*lists.unread], dict(lists.texts)


def all_ways(tracker: Path) -> Iterator[Lists]:
    """The lists in one process, in two, from a memory that is made, and from one that is there."""
    workspace, memory = Workspace(tracker), remembering(tracker, ROWS)
    yield list_files(workspace)
    yield list_files(workspace, processes=2)
    yield list_files(workspace, remembered=memory, fewest=0)
    yield list_files(workspace, remembered=memory, fewest=0)


@settings(BY_EDITS, max_examples=5)
@given(seed=st.integers(0, 1 << 30))
def test_after_every_edit_lists_say_what_the_whole_records_say(
    demo: Path, tmp_path: Path, seed: int
) -> None:
    folder = tmp_path / str(seed)
    shutil.rmtree(folder, ignore_errors=True)
    tracker = Path(shutil.copytree(demo, folder / "tracker"))
    chance = random.Random(seed)  # noqa: S311 - a test
    for _ in range(3):
        try:
            whole = said_of(Workspace(tracker).load())
        except BrokenProtocolError:
            with pytest.raises(BrokenProtocolError):
                list_files(Workspace(tracker))
        else:
            assert all(said(lists) == whole for lists in all_ways(tracker))
        list(edits(chance, tracker))


def is_wanted(wanted: Wanted, incident: Incident) -> bool:
    """Whether a whole incident is wanted, by what the record itself says."""
    values: list[tuple[tuple[str, ...], set[str]]] = [
        (wanted.severities, {incident.severity}),
        (wanted.components, {*incident.components}),
        (wanted.kinds, {*incident.kinds}),
        (wanted.statuses, {incident.status}),
        (wanted.root_causes, {incident.root_cause}),
        (wanted.people, {*people_of(incident)}),
    ]
    sides = ((wanted.drills, incident.is_drill), (wanted.maintenance, incident.is_maintenance))
    text = wanted.text
    return (
        all(not asked or {*asked} & there for asked, there in values)
        and wanted.since <= date.fromisoformat(incident.id[:10]) <= wanted.until
        and not (wanted.is_open and not incident.is_open)
        and all(side is Side.IN or (side is Side.ONLY) == is_such for side, is_such in sides)
        and (text is None or bool(text.search(incident.document.text)))
    )


def ordered(found: list[Incident], order: Order) -> list[Incident]:
    """Whole incidents in order, by what the records say."""
    found = sorted(found, key=lambda i: (i.id, i.path), reverse=order is not Order.OLDEST)
    if order is Order.SEVERITY:
        return sorted(found, key=lambda i: [*i.protocol.severities, i.severity].index(i.severity))
    if order is Order.STATUS:
        return sorted(found, key=lambda i: i.protocol.status_order.get(i.status, 0))
    return found


@pytest.fixture(scope="module")
def both(demo: Path) -> tuple[Records, Lists]:
    """The whole records, and what is remembered of them."""
    *_, lists = all_ways(demo)
    return Workspace(demo).load(), lists


@given(data=st.data())
def test_every_filter_finds_what_it_finds_in_whole_records(
    both: tuple[Records, Lists], data: st.DataObject
) -> None:
    whole, lists = both
    protocol, every = whole.protocol, whole.incidents

    def some(values: set[str]) -> tuple[str, ...]:
        few = st.lists(st.sampled_from(sorted(values - {""})), max_size=3)
        return tuple(data.draw(st.one_of(st.just([]), few)))

    days = st.dates(date(2026, 1, 1), date(2026, 12, 31))
    words = ["", "", "disk", r"status: \w+ed", "^- 1", "(drill|vendor)"]
    typed = data.draw(st.sampled_from(words))
    wanted = Wanted(
        severities=some({*protocol.severities}),
        components=some({name for incident in every for name in incident.components}),
        kinds=some({*protocol.kinds}),
        statuses=some({*protocol.statuses, *protocol.maintenance_statuses}),
        root_causes=some({incident.root_cause for incident in every} | {"none-such"}),
        people=some({name for incident in every for name in people_of(incident)}),
        since=data.draw(st.one_of(st.just(date.min), days)),
        until=data.draw(st.one_of(st.just(date.max), days)),
        text=re.compile(typed, re.IGNORECASE) if typed else None,
        is_open=data.draw(st.booleans()),
        drills=data.draw(st.sampled_from(Side)),
        maintenance=data.draw(st.sampled_from(Side)),
    )
    order = data.draw(st.sampled_from(Order))
    found = chosen(lists.incidents, wanted, lists.texts, order)
    expected = ordered([incident for incident in every if is_wanted(wanted, incident)], order)
    assert [*found] == [listed(incident) for incident in expected]


def test_a_line_that_tells_nothing_is_none() -> None:
    told = Told(
        Listed(
            {"title": "\udcff", "kinds": ["a"]},
            ("=1",),
            "closed",
            is_open=False,
            people=("bo",),
            severity_rank=1,
            status_rank=2,
        )
    )
    assert read(written(told)) == told
    for line in (
        b"",
        b"{}",
        b"[]",
        b"[null,[],true]",
        b"[[1],[],false,true]",
        b"[null,[1],false,1]",
    ):
        assert read(line) is None
    assert read(b"[" * 100_000) is None


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("large") / "tracker"
    write(folder, 230)  # enough that a command remembers them
    (folder / "incidents" / "2026" / "2026-01-01-no-record.md").write_text("nothing\n")
    return folder


def test_a_list_says_the_same_whatever_it_remembers(large: Path, tmp_path: Path) -> None:
    now = ("--now", "2026-11-24T09:00Z")
    for command in (("list", "--format", "json"), ("list", "--grep", "disk"), ("action", "list")):
        expected = run(large, tmp_path / "off", *command, *now, **{OFF: "1"})
        assert (expected[0], "2026-01-01-no-record.md cannot be read" in expected[2]) == (0, True)
        for seed in ("1", "2"):
            cache = tmp_path / "cache"
            assert run(large, cache, *command, *now, PYTHONHASHSEED=seed) == expected
    assert not (tmp_path / "off").exists()
    (kept,) = (tmp_path / "cache" / "incident-tracker").iterdir()
    assert (kept.suffix, kept.stat().st_size < 1_000_000) == (".rows", True)


def with_cause(tracker: Tracker, day: str, cause: str = CAUSE) -> None:
    fields = ("title: It broke", "severity: P2", "status: fixing", "components: [website]")
    front = "\n".join([*fields, f"detected_at: {day}T10:00:00Z", cause])
    tracker.write(f"incidents/2026/{day}-broke.md", f"---\n{front}---\n\n## Timeline\n")


@pytest.mark.parametrize(
    "cause", [CAUSE, 'root_cause: "full-\\x64isk"\n', "root_cause:\n  full-disk\n"]
)
def test_a_repeat_is_found_however_the_earlier_cause_is_written(
    good_tracker: Tracker, cause: str
) -> None:
    with_cause(good_tracker, "2026-07-01", cause)
    with_cause(good_tracker, "2026-07-09")
    with_cause(good_tracker, "2026-07-10", "root_cause: full\n")
    asked = ("show", "2026-07-09-broke", "--now", "2026-07-10T10:00Z")
    assert "repeats: 2026-07-01-broke" in good_tracker.incident(*asked).out
    asked = ("show", "2026-07-10-broke", "--now", "2026-07-10T10:00Z")
    assert "repeats" not in good_tracker.incident(*asked).out


def test_a_command_about_one_record_names_only_files_that_may_concern_it(
    good_tracker: Tracker,
) -> None:
    with_cause(good_tracker, "2026-07-09")
    good_tracker.write("incidents/2026/2026-07-02-other.md", "no record\n")
    good_tracker.write("incidents/2026/2026-07-03-maybe.md", "full-disk, but no record\n")
    for command in ("checklist", "show"):
        told = good_tracker.incident(command, "2026-07-09-broke", "--now", "2026-07-10T10:00Z")
        assert "2026-07-03-maybe.md cannot be read" in told.err
        assert "other" not in told.err
