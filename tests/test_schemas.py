"""The editors' schemas: they take what the reader takes, and refuse what it calls wrong in form."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from functools import cache
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft7Validator
from typed import Tracker as Typed

from conftest import ROOT
from incident_tracker import schemas
from incident_tracker.assemble import Registers, Source, assemble
from incident_tracker.check import check
from incident_tracker.examples import PATHS, good_files, outcome
from incident_tracker.fields import INCIDENT, REVIEW, RUNBOOK, Row
from incident_tracker.model import Record, Tracker
from incident_tracker.registers import COMPONENTS, ComponentFile, read_register
from incident_tracker.registry import Example, rules
from incident_tracker.text.front_matter import find_front_matter
from incident_tracker.text.yaml_reader import Mapping as MappingNode
from incident_tracker.text.yaml_reader import Node, Scalar, read_yaml
from incident_tracker.workspace import Workspace

HERE = Workspace.find(ROOT).load()
FOLDERS = MappingProxyType({"incidents": "incident", "pir": "review", "runbooks": "runbook"})
ROWS = MappingProxyType({"incident": INCIDENT, "review": REVIEW, "runbook": RUNBOOK})
OF_FORM = ("FMT002", "FMT011", "FMT016", "FMT017", "FMT030", "FMT031")
OF_FIELDS = (*OF_FORM, "REL002")
# What a pattern cannot say: which days there are, and which zones a machine knows.
BEYOND_A_SCHEMA = ("does not exist", "is no date", "is no time zone")
# YAML 1.2's core schema, which editors read by unless they are told otherwise.
CORE = (
    (re.compile(r"~|null|Null|NULL|"), lambda _: None),
    (re.compile(r"true|True|TRUE"), lambda _: True),
    (re.compile(r"false|False|FALSE"), lambda _: False),
    (re.compile(r"[-+]?[0-9]+"), int),
    (re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+"), lambda text: int(text, 0)),
    (re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?"), float),
)


def typed(node: Node) -> Any:  # noqa: ANN401 # what YAML may hold
    """A value as an editor's YAML reads it: plain numbers, truths and nothings are no texts."""
    if isinstance(node, MappingNode):
        return {entry.key.text: typed(entry.value) for entry in node.entries}
    if not isinstance(node, Scalar):
        return [typed(item) for item in node.items]
    if node.quoted:
        return node.text
    return next((read(node.text) for form, read in CORE if form.fullmatch(node.text)), node.text)


def as_yaml(text: str) -> Any:  # noqa: ANN401 # as above
    node, faults = read_yaml(text)
    assert node is not None, faults
    return typed(node)


def front(data: bytes) -> Any:  # noqa: ANN401 # as above
    """The front matter of a record, as an editor's YAML reads it."""
    lines = data.decode().split("\n")
    return as_yaml("\n".join(lines[1 : find_front_matter(lines).closing]))


def kind_of(path: str) -> str:
    """The name of the schema that a record is written by."""
    return FOLDERS[path.partition("/")[0]]


@cache
def known_good() -> Tracker:
    """The tracker of the known-good records, which has components of its own."""
    register, _ = read_register(ComponentFile, good_files()[COMPONENTS].decode())
    assert register is not None
    return replace(HERE, components=register.components)


def wrong(name: str, value: object, tracker: Tracker = HERE) -> list[str]:
    schema = Draft7Validator(schemas.schema_of(name, tracker))
    return [error.message for error in schema.iter_errors(value)]


@pytest.mark.parametrize("name", schemas.SCHEMAS)
def test_a_schema_is_one(name: str) -> None:
    Draft7Validator.check_schema(schemas.schema_of(name, HERE))


@pytest.mark.parametrize("name", schemas.SCHEMAS)
def test_a_pattern_is_one_in_javascript_too(name: str) -> None:
    """Its strict mode takes a backslash only where it has a meaning; editors compile it so."""
    text = json.dumps(schemas.schema_of(name, HERE))
    patterns = set(re.findall(r'"pattern": ("(?:[^"\\]|\\.)*")', text))
    assert patterns
    for pattern in map(json.loads, patterns):
        assert re.findall(r"\\[^sSdDwWbB.*+?^$(){}|\[\]\\/-]|\(\?[P<#]|\\[AZ]", pattern) == []


@pytest.mark.parametrize("record", HERE.records, ids=lambda record: record.path)
def test_every_record_of_this_repository_validates(record: Record) -> None:
    assert wrong(kind_of(record.path), front(record.document.text.encode())) == []


@pytest.mark.parametrize("path", [path for path in good_files() if path != COMPONENTS])
def test_every_known_good_record_validates(path: str) -> None:
    assert wrong(kind_of(path), front(good_files()[path]), known_good()) == []


@pytest.mark.parametrize("name", ["protocol", "components", "contacts"])
def test_the_files_of_the_protocol_validate(name: str) -> None:
    assert wrong(name, as_yaml((ROOT / "protocol" / f"{name}.yml").read_text("utf-8"))) == []


def bad_in_form() -> list[Any]:
    return [
        pytest.param(code, example, id=f"{code}-{number}")
        for code in OF_FIELDS
        for number, example in enumerate(rules()[code].bad)
        if example.set
    ]


@pytest.mark.parametrize(("code", "example"), bad_in_form())
def test_what_is_wrong_in_form_does_not_validate(code: str, example: Example) -> None:
    seen = outcome(rules()[code], example, HERE.protocol)
    messages = [found.message for found in seen.report.findings if found.code == code]
    said = wrong(kind_of(seen.path), front(seen.data), known_good())
    beyond = all(any(words in message for words in BEYOND_A_SCHEMA) for message in messages)
    assert bool(said) != beyond, (messages, said)


SCALARS = [
    *("P0", "p0", "investigating", "outage", "maintenance", "internal", "website", "major_outage"),
    *("rollback", "monitoring", "site-down", "ic", "published", "gil", "Ann-Marie O'Neil", "7"),
    *("404", "1.10", "2.0.0", "0x1F", "1e3", ".5", "true", "False", "yes", "on", "~x", "'quoted'"),
    *('"5"', '" padded  text "', '"null"', "10:20", "2026-03-02", "2026-03-02T11:09Z"),
    *("2026-03-02 9:05 -06:00", "2026-03-02t11:09:30+05:45", "2026-02-30", "Europe/Berlin"),
    *("a" * 501, '"' + " a" * 250 + '"', "a:b", "x y", "it's"),
]
ATOMS = st.sampled_from(SCALARS)
VALUES = st.one_of(
    ATOMS,
    st.lists(ATOMS, max_size=3).map(lambda items: f"[{', '.join(items)}]"),
    st.dictionaries(
        st.sampled_from(["website", "search", "ic", "scribe", "INC020", "system", "id", "404"]),
        ATOMS,
        max_size=3,
    ).map(lambda found: f"{{{', '.join(f'{key}: {value}' for key, value in found.items())}}}"),
)
FIELDS = st.sampled_from([(name, row) for name, rows in ROWS.items() for row in rows.values()])


# Without a register of components any id will do, for the reader as for the schema.
JUDGES = MappingProxyType(
    {name: Draft7Validator(schemas.schema_of(name, replace(HERE, components=()))) for name in ROWS}
)


@given(FIELDS, VALUES)
@settings(max_examples=1500, deadline=None)
def test_what_the_reader_takes_validates(field: tuple[str, Row], value: str) -> None:
    name, row = field
    text = f"{row.key}: {value}\n"
    source = Source(path=PATHS[name], data=f"---\n{text}---\n".encode())
    found = check(assemble([source], HERE.protocol, Registers())).findings
    if not {finding.code for finding in found} & set(OF_FORM):
        errors = JUDGES[name].iter_errors(as_yaml(text))
        assert [error.message for error in errors] == []


def test_a_set_of_numbers_is_taken_quoted_and_plain() -> None:
    levels = {name: replace(HERE.protocol.severities["P0"], name=name) for name in ("1", "2")}
    tracker = replace(HERE, protocol=replace(HERE.protocol, severities=levels))
    assert wrong("incident", as_yaml("severity: 1"), tracker) == []
    assert wrong("incident", as_yaml('severity: "1"'), tracker) == []
    assert wrong("incident", as_yaml("severity: 3"), tracker) != []


def test_the_words_of_a_superseded_protocol_are_taken_after_todays() -> None:
    old = {"SEV1": replace(HERE.protocol.severities["P0"], name="Highest")}
    older = replace(HERE.protocol, version="1.0.0", severities=old)
    protocol = replace(HERE.protocol, superseded={"1.0.0": older})
    schema: Any = schemas.schema_of("incident", replace(HERE, protocol=protocol))
    assert schema["properties"]["severity"]["enum"] == ["P0", "P1", "P2", "P3", "SEV1"]


def test_a_word_is_offered_with_what_it_means() -> None:
    schema: Any = schemas.schema_of("incident", HERE)
    severity, parts = schema["properties"]["severity"], schema["properties"]["components"]
    meaning = dict(zip(severity["enum"], severity["enumDescriptions"], strict=True))
    assert meaning["P1"] == "High: major functionality broken"
    told = parts["anyOf"][0]["properties"]["news"]["description"]
    assert told == "News: Posts, press releases and their feed"
    code = schema["properties"]["waive"]["properties"]["INC020"]["description"]
    assert code == rules()["INC020"].summary


def test_nobody_is_called_nothing(good_tracker: Typed) -> None:
    record = "incidents/2026/2026-03-02-good.md"
    good_tracker.change(record, "roles: {ic: ", "roles: {ic: null, technical_lead: ")
    said = good_tracker.incident("check", record)
    assert "error[FMT017" in said.out


def test_a_comment_for_editors_is_no_fault_and_stays(good_tracker: Typed) -> None:
    record = "incidents/2026/2026-03-02-good.md"
    line = "# yaml-language-server: $schema=../../schema/incident.json"
    path = good_tracker.root / record
    path.write_text(path.read_text("utf-8").replace("---\n", f"---\n{line}\n", 1), "utf-8")
    assert good_tracker.incident("check").status == 0
    assert good_tracker.incident("set", "2026-03-02-good", "ticket=OPS-1").status == 0
    after = path.read_text("utf-8")
    assert after.startswith(f"---\n{line}\n")
    assert "\nticket: OPS-1\n" in after


def test_a_new_tracker_has_its_schemas_and_they_are_up_to_date(
    good_tracker: Typed, tmp_path: Path
) -> None:
    folder = tmp_path / "new"
    assert good_tracker.incident("init", str(folder)).status == 0
    said = good_tracker.incident("-C", str(folder), "schema", "--check")
    assert (said.status, said.out) == (0, "every schema is up to date\n")
    for name in ("protocol", "components", "contacts"):
        path = folder / "protocol" / f"{name}.yml"
        first = path.read_text("utf-8").partition("\n")[0]
        assert first == f"# yaml-language-server: $schema=../schema/{name}.json"
        assert (path.parent / first.partition("=")[2]).is_file()
    for settings_path in json.loads((folder / ".vscode/settings.json").read_text())["yaml.schemas"]:
        assert (folder / settings_path).is_file()


def test_init_writes_over_no_schema(good_tracker: Typed, tmp_path: Path) -> None:
    theirs = tmp_path / "new" / "schema" / "incident.json"
    theirs.parent.mkdir(parents=True)
    theirs.write_text("{}")
    assert good_tracker.incident("init", str(tmp_path / "new")).status == 2
    assert [path.name for path in theirs.parents[1].rglob("*")] == ["schema", "incident.json"]


def test_what_is_written_is_up_to_date_until_the_protocol_changes(good_tracker: Typed) -> None:
    missing = good_tracker.incident("schema", "--check")
    assert (missing.status, missing.out.count("is missing")) == (1, len(schemas.SCHEMAS))
    assert good_tracker.incident("schema", "--write").out.count("wrote ") == len(schemas.SCHEMAS)
    assert good_tracker.incident("schema", "--check").status == 0
    assert good_tracker.incident("schema", "--write").out.count("nothing to change in ") == 6
    good_tracker.change("protocol/protocol.yml", "name: Critical", "name: Catastrophic")
    stale = good_tracker.incident("schema", "--check")
    assert (stale.status, stale.out.count("is out of date")) == (1, 1)
    assert good_tracker.incident("schema", "--write").out.count("wrote ") == 1
    assert "Catastrophic" in (good_tracker.root / "schema/incident.json").read_text()


def test_one_schema_is_printed_as_it_is_written(good_tracker: Typed) -> None:
    good_tracker.incident("schema", "--write")
    for name, path in schemas.paths():
        printed = good_tracker.incident("schema", name)
        assert (printed.status, printed.out) == (0, (good_tracker.root / path).read_text("utf-8"))


@pytest.mark.parametrize("arguments", [(), ("incident", "--write"), ("--write", "--check")])
def test_one_thing_is_asked_of_schema_at_a_time(
    good_tracker: Typed, arguments: tuple[str, ...]
) -> None:
    assert good_tracker.incident("schema", *arguments).status == 2


def test_the_task_of_an_editor_finds_each_finding_in_what_check_prints(
    good_tracker: Typed,
) -> None:
    (task,) = json.loads((ROOT / ".vscode/tasks.json").read_text("utf-8"))["tasks"]
    head, place = (part["regexp"] for part in task["problemMatcher"]["pattern"])
    good_tracker.change("incidents/2026/2026-03-02-good.md", "severity: P1", "severity: P9")
    lines = good_tracker.incident(*task["command"].split()[1:]).out.splitlines()
    found = [(re.match(head, one), re.match(place, two)) for one, two in pairwise(lines)]
    said = [(one[1], one[2], two[1], two[2], two[3]) for one, two in found if one and two]
    assert said == [("error", "FMT017", "incidents/2026/2026-03-02-good.md", "3", "11")]
