"""Who is called when and how, the list kept true, and what is due of it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from typed import ROOT, Tracker

from incident_tracker.due import Due, due
from incident_tracker.escalation import on_call_at
from incident_tracker.examples import good_files, tracker_of
from incident_tracker.lifecycle.contacts import begun, with_confirmed, with_tested
from incident_tracker.lifecycle.training import with_training
from incident_tracker.protocol import PATH as PROTOCOL
from incident_tracker.protocol import Protocol, read_protocol
from incident_tracker.registers import Contacts, read_register
from incident_tracker.text.document import Document, read_document

CHICAGO = ZoneInfo("America/Chicago")
CONTACTS = "protocol/contacts.yml"
PEOPLE = "people:\n" + "".join(
    f"  - {{id: {name}, name: {name.title()}, role: on-call}}\n" for name in ("bo", "gil", "finn")
)
ROTA = (
    "on_call:\n"
    "  - {from: 2026-03-02T09:00, every: 14d, person: bo}\n"
    "  - {from: 2026-03-09T09:00, every: 14d, person: gil}\n"
)


def contacts(text: str) -> Contacts:
    table, faults = read_register(Contacts, text)
    assert table is not None
    assert not faults, faults
    return table


def held(text: str, at: str) -> tuple[str, str]:
    """Who is on call at a local time, and until when."""
    moment = datetime.fromisoformat(at).replace(tzinfo=CHICAGO)
    found = on_call_at(contacts(text), moment, CHICAGO)
    if found is None:
        return "nobody", ""
    return found.person.id, f"{found.until:%Y-%m-%dT%H:%M}" if found.until else ""


def test_a_shift_lasts_until_the_next_one_and_comes_again() -> None:
    rota = ROTA + PEOPLE
    assert held(rota, "2026-03-02T08:59") == ("nobody", "")
    assert held(rota, "2026-03-02T09:00") == ("bo", "2026-03-09T09:00")
    assert held(rota, "2026-03-09T08:59") == ("bo", "2026-03-09T09:00")
    assert held(rota, "2026-03-09T09:00") == ("gil", "2026-03-16T09:00")
    # The clocks go forward on 8 March and back on 1 November: a shift begins at nine all the same.
    assert held(rota, "2026-11-09T08:59") == ("gil", "2026-11-09T09:00")
    assert held(rota, "2026-11-09T09:00") == ("bo", "2026-11-16T09:00")


def test_somebody_stands_in_for_a_day() -> None:
    stand_in = (
        "  - {from: 2026-03-04T09:00, person: finn}\n  - {from: 2026-03-05T09:00, person: bo}\n"
    )
    rota = ROTA + stand_in + PEOPLE
    assert held(rota, "2026-03-04T12:00") == ("finn", "2026-03-05T09:00")
    assert held(rota, "2026-03-05T09:00") == ("bo", "2026-03-09T09:00")
    assert held(rota, "2026-03-18T12:00")[0] == "bo"


def test_without_a_rota_nobody_is_on_call_and_a_last_shift_has_no_end() -> None:
    assert held(PEOPLE, "2026-03-04T12:00") == ("nobody", "")
    assert held(
        "on_call: [{from: 2026-03-02T09:00, person: bo}]\n" + PEOPLE, "2030-01-01T12:00"
    ) == (
        "bo",
        "",
    )
    far = (
        "on_call:\n"
        "  - {from: 9000-01-01T09:00, every: 999999d, person: bo}\n"
        "  - {from: 2026-01-01T09:00, person: gil}\n"
    )
    assert held(far + PEOPLE, "9999-01-01T12:00") == ("bo", "")


def test_a_stranger_on_call_is_a_fault_at_its_place() -> None:
    _, faults = read_register(Contacts, ROTA.replace("gil", "gill") + PEOPLE)
    assert [(f.position.line, f.help) for f in faults] == [(3, 'did you mean "gil"?')]


@pytest.mark.parametrize("wrong", ["2026-03-02", "2026-03-02T25:00", "monday"])
def test_a_shift_that_begins_at_no_time_is_a_fault(wrong: str) -> None:
    _, faults = read_register(Contacts, ROTA.replace("2026-03-02T09:00", wrong) + PEOPLE)
    assert (
        faults[0].message == f'"from: {wrong}" is not a date with a time such as 2026-11-03T09:00'
    )


# --- the list, changed by a few lines ----------------------------------------------------

LIST = """\
# mine
confirmed: 2026-01-02   # by all
people:
  - id: bo
    name: Bo
    role: on-call
    methods:
      - kind: phone
        value: 555-0101
        tested: [2026-01-05, 2026-06-05]  # by hand
      - {kind: chat, value: "@bo"}
      - kind: email
        value: bo@example.org
        tested:
          - 2026-01-05
providers:
  - id: hostco
    name: Hostco
    kind: hosting
    tested: []"""


def doc(text: str) -> Document:
    return read_document(CONTACTS, text.encode())


def changed(text: str, *typed: str, on: str = "2026-03-04") -> list[tuple[str, str]]:
    """The lines that a test of somebody changes: before and after."""
    name, method = (*typed, "")[:2]
    after, _ = with_tested(doc(text), name, method, date.fromisoformat(on))
    contacts(after)
    before, behind = text.splitlines(), after.splitlines()
    gone = [line for line in before if line not in behind]
    new = [line for line in behind if line not in before]
    return [
        (old.strip(), fresh.strip())
        for old, fresh in zip(gone or [""] * len(new), new, strict=True)
    ]


def test_a_test_changes_the_line_of_its_method_alone() -> None:
    assert changed(LIST, "bo", "phone") == [
        (
            "tested: [2026-01-05, 2026-06-05]  # by hand",
            "tested: [2026-01-05, 2026-03-04, 2026-06-05]  # by hand",
        )
    ]
    assert changed(LIST, "Bo", "bo@example.org") == [("", "- 2026-03-04")]
    assert changed(LIST, "bo", "chat") == [
        ('- {kind: chat, value: "@bo"}', '- {kind: chat, value: "@bo", tested: [2026-03-04]}')
    ]
    assert changed(LIST, "hostco") == [("tested: []", "tested: [2026-03-04]")]
    assert changed(LIST, "bo", "phone", on="2026-06-05") == []


def test_the_days_of_a_list_stay_in_their_order() -> None:
    for on, lines in (
        ("2025-12-01", ["2025-12-01", "2026-01-05"]),
        ("2026-02-01", ["2026-01-05", "2026-02-01"]),
    ):
        after, _ = with_tested(doc(LIST), "bo", "email", date.fromisoformat(on))
        assert [f"{day}" for day in contacts(after).people[0].methods[2].tested] == lines


def test_a_method_without_a_test_gets_the_line_behind_it() -> None:
    text = (
        "people:\n  - id: bo\n    name: Bo\n    role: on-call\n"
        "    methods:\n      - kind: phone\n        value: 1\n"
    )
    after, tried = with_tested(doc(text.replace("\n", "\r\n")), "bo", "", date(2026, 3, 4))
    assert after == (text + "        tested: [2026-03-04]\n").replace("\n", "\r\n")
    assert tried == ("phone 1",)


def test_a_confirmed_list_keeps_its_comment_and_one_without_gets_the_line() -> None:
    assert with_confirmed(doc(LIST), date(2026, 3, 4), date(2026, 3, 4)) == LIST.replace(
        "2026-01-02", "2026-03-04"
    )
    assert with_confirmed(doc("# mine\n" + PEOPLE), date(2026, 3, 4), date(2026, 3, 4)) == (
        "# mine\nconfirmed: 2026-03-04\n" + PEOPLE
    )


def test_a_new_list_was_begun_and_nothing_of_it_tried() -> None:
    new = contacts(begun(doc(LIST), date(2026, 3, 4)))
    assert (new.since, new.confirmed) == (date(2026, 3, 4), None)
    assert {m.tested for m in new.people[0].methods} | {new.providers[0].tested} == {()}
    shipped = (ROOT / CONTACTS).read_text("utf-8")
    ours, theirs = contacts(shipped), contacts(begun(doc(shipped), date(2026, 3, 4)))
    assert all(person.trained for person in ours.people)
    assert [person.trained for person in theirs.people] == [{} for _ in ours.people]
    assert [person.methods[0].value for person in theirs.people] == [
        person.methods[0].value for person in ours.people
    ]


def test_who_is_trained_in_a_new_list_is_written_as_ever() -> None:
    shipped = (ROOT / CONTACTS).read_text("utf-8")
    new = begun(doc(shipped), date(2026, 3, 4))
    for person, topic in (("gil", "process"), ("gil", "runbooks"), ("erin", "reporting")):
        new = with_training(doc(new), person, topic, date(2026, 4, 5), date(2026, 4, 5))
    trained = {p.id: p.trained for p in contacts(new).people if p.trained}
    day = date(2026, 4, 5)
    assert trained == {"gil": {"process": day, "runbooks": day}, "erin": {"reporting": day}}


# --- what is due -------------------------------------------------------------------------


def protocol(text: str = "") -> Protocol:
    read, faults = read_protocol(text or (ROOT / PROTOCOL).read_text("utf-8"))
    assert read is not None, faults
    return read


def owed(text: str, at: str, **files: str) -> list[Due]:
    """What is owed beside the clocks of incidents, at noon of a day."""
    given = {**good_files(), CONTACTS: text.encode(), **{k: v.encode() for k, v in files.items()}}
    moment = datetime.fromisoformat(at).replace(tzinfo=UTC)
    return [item for item in due(tracker_of(given, protocol()), moment) if item.id == "contacts"]


def tried(day: str) -> str:
    return (
        f"confirmed: {day}\npeople:\n  - id: bo\n    name: Bo\n    role: on-call\n    methods:\n"
        f"      - {{kind: phone, value: 1, tested: [{day}]}}\n"
    )


def test_a_way_is_due_in_the_quarter_after_its_last_test_and_overdue_behind_it() -> None:
    assert owed(tried("2026-01-02"), "2026-06-09T12:00") == []
    for moment, late in (
        ("2026-06-10T12:00", False),
        ("2026-07-01T04:59", False),
        ("2026-07-01T05:01", True),
    ):
        found = owed(tried("2026-01-02"), moment)
        assert [(item.clock, item.is_overdue) for item in found] == [
            ("contact-test", late),
            ("contact-list", late),
        ]
        assert {item.when for item in found} == {datetime(2026, 7, 1, 5, tzinfo=UTC)}
    assert owed(tried("2026-06-30"), "2026-09-01T12:00") == []


def test_the_first_day_of_a_list_owes_nothing_and_its_first_quarter_everything() -> None:
    new = begun(doc(tried("2026-01-02")), date(2026, 5, 5))
    assert owed(new, "2026-05-05T12:00") == []
    assert [item.is_overdue for item in owed(new, "2026-06-20T12:00")] == [False, False]
    assert [item.is_overdue for item in owed(new, "2026-07-02T12:00")] == [True, True]


def test_what_was_never_tried_and_begun_nobody_knows_when_is_overdue() -> None:
    never = PEOPLE.replace("role: on-call}", "role: on-call, methods: [{kind: phone, value: 1}]}")
    found = owed(never, "2026-05-05T12:00")
    assert len(found) == 4
    assert all(item.is_overdue for item in found)
    assert {item.when.date() for item in found} == {date(2026, 4, 1)}


def test_only_the_ways_that_are_behind_are_asked_for() -> None:
    text = tried("2026-01-02").replace(
        "      - {kind: phone",
        "      - {kind: chat, value: 2, tested: [2026-04-02]}\n      - {kind: phone",
    )
    found = [item for item in owed(text, "2026-06-20T12:00") if item.clock == "contact-test"]
    assert [(item.what, item.command) for item in found] == [
        ("Bo: to be tried by phone", "incident contacts tested bo phone")
    ]


# --- silence, authorities ----------------------------------------------------------------


def silent(*lines: str, severity: str = "P1", at: str = "2026-03-02T17:00") -> list[str]:
    """What is owed because of silence in an open incident with these lines, at a time in UTC."""
    text = (
        f"---\ntitle: Search fails\nseverity: {severity}\nstatus: investigating\nkind: outage\n"
        "components: [search]\n---\n## Timeline\n- 10:00 - Incident detected via team\n"
        + "".join(f"- {line}\n" for line in lines)
    )
    parties = "providers: [{id: hostco, name: Hostco Ltd, kind: hosting}]\n" + PEOPLE
    given = {
        **good_files(),
        CONTACTS: parties.encode(),
        "incidents/2026/2026-03-02-search-fails.md": text.encode(),
    }
    moment = datetime.fromisoformat(at).replace(tzinfo=UTC)
    found = due(tracker_of(given, protocol()), moment)
    return [
        f"{item.when.astimezone(CHICAGO):%H:%M} {item.is_overdue} {item.what}"
        for item in found
        if item.clock == "silence"
    ]


def test_a_party_that_was_contacted_and_says_nothing_is_to_be_asked_again() -> None:
    asked = "10:05 - Contacted: hostco, ticket 7: network down"
    what = "no answer of Hostco Ltd, ticket 7 since 10:05: escalate there"
    assert silent(asked, at="2026-03-02T18:05") == [f"12:05 False {what}"]
    assert silent(asked, at="2026-03-02T18:06") == [f"12:05 True {what}"]
    assert silent(asked, severity="P0")[0].startswith("10:35 True")
    assert silent(asked, severity="P2") == []


def test_a_later_line_that_names_the_party_is_its_answer_and_a_later_contact_begins_anew() -> None:
    asked = "10:05 - Contacted: hostco: network down"
    assert silent(asked, "10:20 - Hostco Ltd answers: a switch") == []
    assert len(silent(asked, "10:20 - the hostcompany is quiet")) == 1
    assert silent(asked, "10:20 - Hostco answers", "10:50 - Contacted: Hostco Ltd: and now?")[
        0
    ] == ("12:50 False no answer of Hostco Ltd since 10:50: escalate there")
    assert len(silent("10:05 - Contacted: the registrar")) == 1
    assert silent("10:05 - Contacted: gil, team lead") == []


REGULATED = (
    "  # regulators:\n  #   - {name: Data protection authority",
    "  regulators:\n    - {name: Data protection authority",
)


def authorities(text: str, *changes: tuple[str, str]) -> list[Due]:
    """What is owed to authorities for the known-good security incident, changed."""
    given = dict(good_files())
    path = "incidents/2026/2026-03-09-good.md"
    body = given[path].decode()
    for old, new in changes:
        assert body.count(old) == 1
        body = body.replace(old, new)
    given[path] = body.encode()
    found = due(tracker_of(given, protocol(text)), datetime(2026, 3, 20, tzinfo=UTC))
    return [item for item in found if item.clock == "authorities"]


def test_an_authority_is_told_in_its_time_until_the_box_is_answered() -> None:
    text = (ROOT / PROTOCOL).read_text("utf-8")
    assert text.count(REGULATED[0]) == 1
    named = text.replace(*REGULATED)
    box = "- [x] Reported to authorities (n/a: no personal data)"
    assert authorities(named) == []
    assert authorities(text, (box, "")) == []
    (item,) = authorities(named, (box, ""))
    assert item.when == datetime(2026, 3, 12, 13, tzinfo=UTC)
    assert item.is_overdue
    assert authorities(named, (box, "- [x] Reported to authorities (2026-03-10 09:00)")) == []
    later = named.replace("within: 72h, from: detected", "within: 72h, from: assessed")
    (item,) = authorities(later, (box, ""))
    assert item.when == datetime(2026, 3, 12, 13, 55, tzinfo=UTC)
    assert (
        authorities(
            later,
            (box, ""),
            ("- 08:55 - Scope assessed: one account, no personal data\n", ""),
        )
        == []
    )


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('begin: "09:00"', 'begin: "9am"', '"escalation.working_hours.begin" is "9am"'),
        ("days: [mon,", "days: [moon,", '"escalation.working_hours.days" names "moon"'),
        ("leads: [P0, P1]", "leads: [P9]", '"escalation.levels.leads" names "P9"'),
        ("silent_after: {P0", "silent_after: {P8", '"escalation.silent_after" names "P8"'),
        ("proof: contained", "proof: containd", '"security.steps.proof" names "containd"'),
        ("contact_test_every: quarter", "contact_test_every: moon", 'names "moon"'),
        ("role: technical_lead}\n  went", "role: technical}\n  went", 'names "technical"'),
    ],
)
def test_a_name_that_nothing_defines_is_a_fault(old: str, new: str, message: str) -> None:
    text = (ROOT / PROTOCOL).read_text("utf-8")
    assert text.count(old) == 1
    read, faults = read_protocol(text.replace(old, new))
    assert read is None
    assert message in faults[0].message


def test_a_protocol_without_escalation_calls_everybody() -> None:
    bare = replace(protocol(), escalation=type(protocol().escalation)())
    assert bare.escalation.leader("P0") is None
    given = {**good_files(), CONTACTS: PEOPLE.encode()}
    assert due(tracker_of(given, bare), datetime(2026, 3, 20, tzinfo=UTC))


# --- as it is typed ----------------------------------------------------------------------


@pytest.fixture
def listed(good_tracker: Tracker) -> Tracker:
    for name in ("contacts", "components"):
        good_tracker.write(f"protocol/{name}.yml", (ROOT / "protocol" / f"{name}.yml").read_bytes())
    return good_tracker


def test_outside_working_hours_the_ways_that_work_come_first(listed: Tracker) -> None:
    asked = ("contacts", "--severity", "P0", "--component", "donations", "--format", "json")
    night = json.loads(listed.incident(*asked, "--at", "2026-11-29T03:00").out)
    assert night["summary"] == {
        "contacts": 8,
        "at": "2026-11-29T03:00:00-06:00",
        "severity": "P0",
        "components": ["donations"],
        "working_hours": False,
    }
    first = night["contacts"][0]
    assert (first["id"], first["about"]) == ("gil", "on call until 2026-11-30 09:00")
    assert [(way["kind"], way["works"]) for way in first["methods"]] == [
        ("phone", True),
        ("chat", False),
        ("email", False),
    ]
    host = night["contacts"][-1]
    assert [way["kind"] for way in host["methods"]] == ["emergency line", "support"]
    day = json.loads(listed.incident(*asked, "--at", "2026-11-27T12:00").out)
    assert all(way["works"] for one in day["contacts"] for way in one["methods"])


def test_a_new_incident_is_offered_to_who_is_on_call(listed: Tracker) -> None:
    said = listed.incident(
        "new", "Down", "--severity", "P1", "--component", "website", "--now", "2026-11-26T12:00"
    )
    assert "on call: Gil (incident contacts --severity P1)" in said.out
    assert "incident ack --by gil" in said.out


def test_a_list_with_a_mistake_is_said_and_kept_as_it_is(listed: Tracker) -> None:
    listed.change(CONTACTS, "person: gil", "person: gill")
    before = (listed.root / CONTACTS).read_bytes()
    said = listed.incident("contacts")
    assert (said.status, "Bo, on call" in said.out or "Bo\n" in said.out) == (1, True)
    assert 'did you mean "gil"?' in said.err
    said = listed.incident("contacts", "tested", "bo")
    assert said.status == 1
    assert "is on call, but is none of the people" in said.err
    assert (listed.root / CONTACTS).read_bytes() == before


def test_wrong_use_names_the_way_out(listed: Tracker) -> None:
    for typed, status, hint in (
        (("tested", "boo"), 3, "did you mean bo?"),
        (("tested", "bo", "fax"), 3, "there are: phone, chat, email"),
        (("tested", "hostco", "phone"), 2, "incident contacts tested hostco"),
        (("tested", "bo", "--on", "soon"), 2, "write it as 2026-11-26"),
        (("tested", "bo", "--on", "2999-01-01"), 2, "write the day on which it was"),
    ):
        said = listed.incident("contacts", *typed)
        assert (said.status, hint in said.err) == (status, True), said.err


def test_bytes_that_are_no_text_are_never_written_back(listed: Tracker) -> None:
    path = listed.root / CONTACTS
    path.write_bytes(path.read_bytes().replace(b"name: Bo", b"name: B\xf6"))
    before = path.read_bytes()
    assert listed.incident("contacts", "tested", "gil").status == 1
    assert path.read_bytes() == before


def test_a_tracker_without_a_list_says_so(good_tracker: Tracker) -> None:
    assert "nobody is in protocol/contacts.yml" in good_tracker.incident("contacts").out
    said = good_tracker.incident("contacts", "confirmed")
    assert (said.status, f"there is no {CONTACTS}" in said.err) == (3, True)
