"""What pages ask is written down: a page that is kept is the page that would be made."""

from __future__ import annotations

import json
import random
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bench.building import LOGGED, logged
from bench.many import write
from incident_tracker import pages
from incident_tracker.asking import trace
from incident_tracker.asking.clock import AskedMoment
from incident_tracker.asking.digests import UntoldError, digest
from incident_tracker.asking.records import asked_tracker, unread_record
from incident_tracker.asking.trace import SAID, Asking, value_of
from incident_tracker.asking.values import read, written
from incident_tracker.audience import Audience, seen_by
from incident_tracker.changes import Revision
from incident_tracker.due import Due
from incident_tracker.exports.published import begun_files, site_files
from incident_tracker.formats.home import home
from incident_tracker.mkdocs_made import known
from incident_tracker.model import Incident, Review, Runbook, Tracker
from incident_tracker.page_store import opened
from incident_tracker.pages.redirects import redirects
from incident_tracker.pages.remembered import KINDS
from incident_tracker.workspace import Workspace

NOW = datetime(2025, 12, 31, 16, 53, tzinfo=UTC)
Made = Mapping[str, object]


@dataclass
class Build:
    """A tracker on disk, and what a build of its site knows besides."""

    root: Path
    audience: Audience = Audience.INTERNAL
    now: datetime = NOW
    site: Mapping[str, Any] = field(default_factory=dict)

    def facts(self) -> pages.Site:
        return pages.Site(now=self.now, audience=self.audience, **self.site)

    def anew(self) -> Made:
        whole = Workspace(self.root).load_with_evidence()
        seen = seen_by(self.audience, whole)
        made = {page.path: page for page in pages.build(seen, self.facts())}
        files = site_files(seen, self.facts(), self.audience)
        return {**made, **files, **dict(redirects(seen, folders=False))}

    def kept(self) -> tuple[Made, Sequence[str]]:
        """What a build makes that knows the one before, and the names of what it made anew."""
        store = opened(f"test {self.audience}", self.root)
        assert store.is_lasting
        found = known(Workspace(self.root), self.audience, self.now, store)
        memo = found.memo
        assert memo is not None
        files = begun_files(found.tracker, self.facts(), self.audience, memo, lambda work: work)
        made = {p.path: p for p in pages.build(found.tracker, self.facts(), one_by_one, memo)}
        every = {**made, **files(), **dict(found.redirects(folders=False))}
        store.close(found.finish())
        return every, [name for name in memo.fresh if not name.startswith("kind ")]


def one_by_one(count: int, work: Callable[[int], bytes]) -> Iterator[tuple[int, bytes]]:
    return ((number, work(number)) for number in range(count))


@pytest.fixture
def build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, own_pages: None) -> Build:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv("INCIDENT_NO_CACHE", raising=False)
    monkeypatch.setattr(trace, "MANY", 6)  # so that few records are many
    root = tmp_path / "tracker"
    list(write(root, 18, git=False))
    return Build(root)


def incidents(build: Build) -> Sequence[Path]:
    return sorted(build.root.glob("incidents/*/*.md"))


def edited(path: Path, edit: Callable[[str], str]) -> None:
    text = path.read_text("utf-8")
    new = edit(text)
    assert new != text
    path.write_text(new, "utf-8")


def field_of(path: Path, name: str, value: str) -> None:
    lines = path.read_text("utf-8").split("\n")
    kept = [line for line in lines if not line.startswith(f"{name}:")]
    path.write_text("\n".join([kept[0], f"{name}: {value}", *kept[1:]]), "utf-8")


def add_a_sentence(build: Build, pick: random.Random) -> None:
    edited(pick.choice(incidents(build)), lambda text: f"{text}\nLooked at by {pick.random()}.\n")


def log_a_line(build: Build, pick: random.Random) -> None:
    path = pick.choice(incidents(build))
    path.write_text(logged(path), "utf-8")


def log_what_it_says(build: Build, pick: random.Random) -> None:
    said = pick.choice(("Impact: all orders", "Assigned: ada, look at it", "Severity changed: P2"))
    path = pick.choice(incidents(build))
    path.write_text(logged(path).replace(LOGGED, said), "utf-8")


def push_all_lines_down(build: Build, pick: random.Random) -> None:
    above = f"## Remarks {pick.random()}\nSlow.\n\n## Timeline\n"
    path = pick.choice(incidents(build))
    edited(path, lambda text: text.replace("## Timeline\n", above, 1))


def tell_an_update(build: Build, pick: random.Random) -> None:
    text = "\n## Updates\n\n### 2025-06-01 10:00 - Monitoring\nWe look on.\n"
    edited(pick.choice(incidents(build)), lambda old: old + text)


def change_a_title(build: Build, pick: random.Random) -> None:
    field_of(pick.choice(incidents(build)), "title", f"Once more {pick.random()}")


def change_a_severity(build: Build, pick: random.Random) -> None:
    field_of(pick.choice(incidents(build)), "severity", pick.choice(("P0", "P1", "P2", "P3")))


def open_one_again(build: Build, pick: random.Random) -> None:
    field_of(pick.choice(incidents(build)), "status", pick.choice(("fixing", "monitoring")))


def give_two_one_cause(build: Build, pick: random.Random) -> None:
    for path in pick.sample(incidents(build), 2):
        field_of(path, "root_cause", "certificate-expired")


def give_one_a_zone(build: Build, pick: random.Random) -> None:
    field_of(pick.choice(incidents(build)), "zone", "Europe/Vienna")


def break_one(build: Build, pick: random.Random) -> None:
    pick.choice(incidents(build)).write_bytes(b"---\nid: [\n---\n\xff")


def take_one_away(build: Build, pick: random.Random) -> None:
    pick.choice(incidents(build)).unlink()


def bring_one_back(build: Build, pick: random.Random) -> None:
    """Write a record as it was in the beginning, be it gone, broken or changed."""
    other = build.root.parent / f"other {pick.random()}"
    paths = [path for path in write(other, 18, git=False) if path.startswith("incidents")]
    path = pick.choice(paths)
    (build.root / path).write_bytes((other / path).read_bytes())


def rename_one(build: Build, pick: random.Random) -> None:
    old = pick.choice(incidents(build))
    new = f"{old.stem}-again"
    field_of(old, "formerly", f"[{old.stem}]")
    edited(old, lambda text: text.replace(f"id: {old.stem}\n", f"id: {new}\n") + "\n")
    old.rename(old.with_name(f"{new}.md"))


def edit_a_review(build: Build, pick: random.Random) -> None:
    path = pick.choice(sorted(build.root.glob("pir/*/*.md")))
    edited(path, lambda text: f"{text}\n## Lessons Learned\n\nSomething {pick.random()}.\n")


def edit_a_runbook(build: Build, pick: random.Random) -> None:
    field_of(pick.choice(sorted(build.root.glob("runbooks/*.md"))), "owner", f"bo {pick.random()}")


def rename_the_components(build: Build, pick: random.Random) -> None:
    path = build.root / "protocol/components.yml"
    edited(path, lambda text: text.replace("name: ", f"name: N{pick.randrange(10**6)} "))


def change_a_contact(build: Build, pick: random.Random) -> None:
    path = build.root / "protocol/contacts.yml"
    text = path.read_text("utf-8") if path.is_file() else "people:\n"
    day = date(2025, 1, 1) + timedelta(days=pick.randrange(300))
    lines = [line for line in text.split("\n") if not line.startswith("confirmed:")]
    path.write_text("\n".join([f"confirmed: {day}", *lines]), "utf-8")


def change_the_protocol(build: Build, pick: random.Random) -> None:
    path = build.root / "protocol/protocol.yml"
    edited(path, lambda text: text.replace("organisation: ", f"organisation: A{pick.random()} ", 1))


def let_time_pass(build: Build, pick: random.Random) -> None:
    build.now += pick.choice((timedelta(minutes=1), timedelta(days=1), timedelta(days=40)))


def commit(build: Build, pick: random.Random) -> None:
    path = pick.choice(incidents(build)).relative_to(build.root).as_posix()
    made = Revision(commit=f"{pick.random()}", at=build.now, author="Asha")
    before = build.site.get("revisions", {})
    build.site = {
        **build.site,
        "commit": f"{pick.randrange(16**8):08x}",
        "revisions": {**before, path: (made, *before.get(path, ()))},
    }


def move_the_site(build: Build, pick: random.Random) -> None:
    where = f"https://{pick.randrange(10**6)}.example.org/"
    build.site = {**build.site, "edit_url": f"{where}edit/", "home": home(where, folders=False)}


EDITS = (
    add_a_sentence,
    log_a_line,
    log_what_it_says,
    push_all_lines_down,
    tell_an_update,
    change_a_title,
    change_a_severity,
    open_one_again,
    give_two_one_cause,
    give_one_a_zone,
    break_one,
    take_one_away,
    bring_one_back,
    rename_one,
    edit_a_review,
    edit_a_runbook,
    rename_the_components,
    change_a_contact,
    change_the_protocol,
    let_time_pass,
    commit,
    move_the_site,
)


@pytest.mark.parametrize("seed", range(2))
def test_after_any_edits_what_is_kept_is_what_would_be_made(build: Build, seed: int) -> None:
    pick = random.Random(seed)  # noqa: S311 # as below
    build.kept()
    for edit in pick.sample(EDITS, 6):
        edit(build, pick)

        made, _ = build.kept()

        assert made == build.anew(), edit.__name__


@pytest.mark.parametrize("edit", EDITS, ids=lambda edit: edit.__name__)
def test_after_one_edit_what_is_kept_is_what_would_be_made(
    build: Build, edit: Callable[[Build, random.Random], None]
) -> None:
    build.kept()
    edit(build, random.Random(7))  # noqa: S311 # no secret is made of it

    made, _ = build.kept()

    assert made == build.anew()
    assert build.kept() == (made, [])


def test_the_public_site_is_what_would_be_made(build: Build) -> None:
    build.audience = Audience.PUBLIC
    pick = random.Random(1)  # noqa: S311 # as above
    for path in incidents(build)[:9]:
        field_of(path, "visibility", "public")
        field_of(path, "public_summary", "It was slow.")
    for edit in (add_a_sentence, change_a_title, open_one_again, take_one_away, let_time_pass):
        made, _ = build.kept()
        assert made == build.anew()
        assert [path for path in made if path.startswith("incidents/")]
        edit(build, pick)


def test_a_line_makes_its_own_page_anew_and_what_holds_all_texts(build: Build) -> None:
    build.kept()
    record = incidents(build)[3]
    record.write_text(logged(record), "utf-8")

    _, names = build.kept()

    path = record.relative_to(build.root).as_posix()
    assert sorted(names) == ["export json", f"text {path}"]


def test_lines_that_only_stand_lower_are_nothing_to_other_pages(build: Build) -> None:
    build.kept()
    record = incidents(build)[3]
    edited(
        record, lambda text: text.replace("\n## Timeline\n", "\n## Remarks\nSlow.\n\n## Timeline\n")
    )

    _, names = build.kept()

    path = record.relative_to(build.root).as_posix()
    assert sorted(names) == ["export json", f"text {path}"]


def test_lines_of_several_phrases_are_asked_for_in_their_order(build: Build) -> None:
    record = incidents(build)[3]
    lines = ["Hypothesis confirmed: the disk is full", "Hypothesis rejected: the disk is full"]
    phrases = ("hypothesis-confirmed", "hypothesis-rejected")
    text, logs = record.read_text("utf-8"), []
    for said in (lines, lines[::-1]):
        record.write_text(text, "utf-8")
        for line in said:
            record.write_text(logged(record).replace(LOGGED, line), "utf-8")
        logs.append(Workspace(build.root).load().incident_by_id[record.stem].log)
    said_last = [[e.said.phrase for e in log.of(*phrases) if e.said][-2:] for log in logs]
    assert said_last == [list(phrases), list(phrases[::-1])]

    for phrase in phrases:
        asked = [digest(value_of({"log": log}, SAID + phrase)) for log in logs]
        assert asked[0] != asked[1]


def test_a_page_that_says_what_repeats_is_made_anew_when_another_record_says_so(
    build: Build,
) -> None:
    earlier, later = incidents(build)[-2:]
    field_of(earlier, "detected_at", "2025-06-01T10:00-05:00")
    field_of(earlier, "root_cause", "disk-full")
    field_of(later, "root_cause", "certificate-expired")
    build.kept()
    field_of(earlier, "root_cause", "certificate-expired")

    made, _ = build.kept()

    assert made == build.anew()


def test_whatever_a_record_or_a_tracker_works_out_once_is_asked_each_time() -> None:
    asking, unread = Asking(NOW), pytest.fail
    kinds = (Incident, Review, Runbook)
    made: list[object] = [unread_record(kind, {"path": ""}, unread, asking) for kind in kinds]
    lists: dict[str, object] = dict.fromkeys((row.name for row in fields(Tracker)), ())
    for one in (*made, asked_tracker(lists, asking)):
        its_own = vars(type(one))
        for above in type(one).__mro__:
            for name, value in vars(above).items():
                assert name in its_own or not isinstance(value, cached_property), name


def test_a_page_holds_until_the_next_moment_that_it_asks_for(build: Build) -> None:
    build.kept()
    build.now += timedelta(minutes=1)

    _, names = build.kept()

    records = [name for name in names if name.startswith("text incidents/")]
    # Those that are open, and those with an action that is late by so and so long.
    assert 0 < len(records) < len(incidents(build)) / 2
    assert "text status.md" in names  # it tells when it was made


def test_what_was_kept_by_other_sources_is_not_asked(
    build: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    build.kept()
    assert build.kept()[1] == []
    monkeypatch.setattr("incident_tracker.mkdocs_made.programs", lambda: ["another version"])
    assert f"text {incidents(build)[0].relative_to(build.root).as_posix()}" in build.kept()[1]


@pytest.mark.parametrize("column", ["facts", "output"])
def test_rows_that_are_whole_and_say_something_else_are_not_believed(
    build: Build, column: str
) -> None:
    build.kept()
    (file,) = (build.root.parent / "cache").rglob("*.pages")
    with sqlite3.connect(file) as connection:
        for path, key, facts, output in connection.execute(
            "SELECT path, key, facts, output FROM pages"
        ).fetchall():
            row = {"facts": facts, "output": output}
            row[column] = {"facts": '{"asked": [], "files": 3, "nodes": 7}', "output": b"{}"}[
                column
            ]
            connection.execute(
                f"UPDATE pages SET {column} = ?, sum = ? WHERE path = ?",  # noqa: S608 # two words
                (row[column], "", path),
            )
            assert key
    connection.close()

    assert build.kept()[0] == build.anew()


# --- the moment ----------------------------------------------------------------------------------

AT = datetime(2026, 3, 4, 5, 6, tzinfo=ZoneInfo("America/Chicago"))
HOUR = timedelta(hours=1)


def asked_after(ask: Callable[[AskedMoment], object]) -> trace.Trace:
    asking = Asking(AT)
    now = AskedMoment.of(AT, asking)
    with asking.listening() as found:
        ask(now)
    return found


@pytest.mark.parametrize(
    "ask",
    [
        lambda now: now < AT + HOUR,
        lambda now: AT + HOUR > now,  # noqa: SIM300 # the moment stands behind
        lambda now: max(now, AT + HOUR),
        lambda now: sorted([AT + HOUR, now, AT + 2 * HOUR]),
        lambda now: now.astimezone(UTC) <= AT + HOUR,
        lambda now: now != AT + HOUR,
    ],
)
def test_a_comparison_tells_on_which_side_it_is(ask: Callable[[AskedMoment], object]) -> None:
    found = asked_after(ask)
    assert (found.after, found.before, found.is_exact) == (None, AT + HOUR, False)


def test_the_day_holds_until_midnight() -> None:
    found = asked_after(lambda now: now.date())
    zone = AT.tzinfo
    assert found.after == datetime(2026, 3, 4, tzinfo=zone)
    assert found.before == datetime(2026, 3, 5, tzinfo=zone)
    assert not found.is_exact


@pytest.mark.parametrize(
    "ask",
    [
        lambda now: now - AT,
        lambda now: AT - now,
        lambda now: now + HOUR,
        lambda now: f"{now:%H:%M}",
        lambda now: f"{now}",
        repr,
        lambda now: now.year,
        lambda now: now.isoformat(),
        lambda now: now.timestamp(),
        lambda now: now.replace(hour=1),
        lambda now: now.weekday(),
        lambda now: now.timetuple(),
        lambda now: now.utcoffset(),
        lambda now: {now: 1},
        lambda now: now == AT,
        lambda now: datetime.isoformat(now.astimezone(UTC).replace(microsecond=0)),
    ],
)
def test_whatever_else_is_asked_tells_all_of_it(ask: Callable[[AskedMoment], object]) -> None:
    assert asked_after(ask).is_exact


@pytest.mark.parametrize("name", sorted(n for n in dir(datetime) if not n.startswith("_")))
def test_nothing_of_a_moment_goes_unnoticed(name: str) -> None:
    """Nothing is asked of it that is answered by the kind that it is derived from."""
    its_own = name in vars(AskedMoment)
    of_the_kind = getattr(getattr(datetime, name), "__self__", None) is datetime
    assert its_own or of_the_kind or name in ("min", "max", "resolution")


# --- values --------------------------------------------------------------------------------------

VALUES = (
    {"a": (1, "b", None, [True, 2.5])},
    {"day": date(2026, 1, 2), "at": AT, "late": datetime(2026, 1, 2, 3, tzinfo=UTC)},
    (datetime(2026, 11, 1, 1, 30, fold=1, tzinfo=ZoneInfo("America/Chicago")),),
    (
        Due(
            id="i", what="w", when=AT, is_overdue=False, who="bo", command="c", record="i", start=AT
        ),
    ),
)


@pytest.mark.parametrize("value", VALUES)
def test_a_value_that_is_kept_comes_back_the_same(value: object) -> None:
    again = read(json.loads(json.dumps(written(value, KINDS))), KINDS, {})
    assert again == value
    assert digest(again) == digest(value)


@pytest.mark.parametrize(
    "pair",
    [
        (1, True),
        ("1", 1),
        ((1, 2), (12,)),
        (AT, AT.astimezone(UTC)),
        (VALUES[2], (VALUES[2][0].replace(fold=0),)),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}),
        (VALUES[3], (replace(VALUES[3][0], who="asha"),)),
    ],
)
def test_values_that_differ_have_digests_that_differ(pair: tuple[object, object]) -> None:
    assert digest(pair[0]) != digest(pair[1])
    assert digest(MappingProxyType({"a": 1})) == digest({"a": 1})


@pytest.mark.parametrize("value", [object(), lambda: 1, (iter(()),)])
def test_what_cannot_be_told_apart_has_no_digest(value: object) -> None:
    with pytest.raises(UntoldError):
        digest(value)
