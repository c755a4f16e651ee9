"""A folder of broken records, one fault each: one finding each, at the right line and column.

A file's name says what is expected: ``FMT004-severity-twice.5.1.md`` is FMT004 at line 5, column 1.
"""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from test_rules import NOT_BY_FILES, PROTOCOL

from conftest import ROOT
from incident_tracker.catalogue import by_family
from incident_tracker.check import Report
from incident_tracker.examples import good_files, verdict

FOLDER = ROOT / "tests" / "broken"
PLACES = {
    "incidents": "incidents/2026/2026-03-01-broken.md",
    "pir": "pir/2026/2026-03-02-good.md",
    "runbooks": "runbooks/broken.md",
}
BROKEN = sorted(FOLDER.glob("*/*.md"))
# Faults of a file's name or kind, and of the protocol's files, cannot be shown by a record's text.
NOT_BY_TEXT = {"FMT014", "FMT015", "CFG001", *NOT_BY_FILES}


def _verdict(path: str, data: bytes) -> Report:
    return verdict({**good_files(), path: data}, PROTOCOL)


@pytest.mark.parametrize("file", BROKEN, ids=lambda file: f"{file.parent.name}-{file.stem}")
def test_a_broken_record_has_one_finding_at_its_place(file: Path) -> None:
    code, line, column = file.name[:6], *map(int, file.stem.rsplit(".", 2)[1:])
    found = _verdict(PLACES[file.parent.name], file.read_bytes()).findings
    assert [(f.code, f.line, f.column) for f in found] == [(code, line, column)]
    assert found[0].path == PLACES[file.parent.name]
    assert found[0].help


def test_every_fault_that_a_reader_finds_has_a_broken_record() -> None:
    read = {
        rule.code for _, rules in by_family() for rule in rules if rule.function is None
    } - NOT_BY_TEXT
    assert read - {file.name[:6] for file in BROKEN} == set()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        pytest.param("---\ntitle: " + "[" * 100_000 + "\n---\n", "FMT012", id="100,000 brackets"),
        pytest.param("---\ntitle: " + "1:" + "59:" * 30_000 + "\n---\n", "FMT008", id="sixties"),
        pytest.param("---\ntitle: x\n---\n" + "a " * 5_000_000, "FMT012", id="10 MB"),
        pytest.param("---\n" + "a: 1\n" * 40_000 + "---\n", "FMT004", id="40,000 times a"),
    ],
)
def test_row_03_a_huge_record_is_refused_at_once(text: str, code: str) -> None:
    begin = time.process_time()
    found = _verdict("incidents/2026/2026-03-01-broken.md", text.encode()).findings
    assert {finding.code for finding in found} == {code}
    assert time.process_time() - begin < 2


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("incidents/2026/2026-03-15-Good.md", "is not YYYY-MM-DD-slug"),
        ("incidents/2026/2026-03-15-.md", "is not YYYY-MM-DD-slug"),
        ("incidents/2026/2026-03-15.md", "is not YYYY-MM-DD-slug"),
        ("incidents/2026/2026-3-15-good.md", "is not YYYY-MM-DD-slug"),
        ("incidents/2026/٢٠٢٦-03-15-good.md", "is not YYYY-MM-DD-slug"),
        ("incidents/2026/2026-03-15-good\n.md", "is not YYYY-MM-DD-slug"),
        ("incidents/2026/2026-03-15-go\x1b[31mod.md", "is not YYYY-MM-DD-slug"),
        ("incidents/2026/2026-03-15-a:b.md", "is not YYYY-MM-DD-slug"),
        ("incidents/2026/-rf.md", "is not YYYY-MM-DD-slug"),
        ("incidents/2026/con.md", "is not YYYY-MM-DD-slug"),
        ("incidents/2026/2026-03-15-good..md", "is not YYYY-MM-DD-slug"),
        ("incidents/2026/2026-03-15-café.md", "is not YYYY-MM-DD-slug"),
        ("incidents/2026/2026-03-15-cafe\u0301.md", "is not YYYY-MM-DD-slug"),
        ("incidents/2026/2026-02-30-good.md", "which is no date"),
        (f"incidents/2026/2026-03-15-{'x' * 51}.md", "a slug of 51 characters"),
        ("incidents/2025/2026-03-15-good.md", "lies in incidents/2025/"),
        ("incidents/2026-03-15-good.md", "lies in incidents/"),
        ("incidents/2026/deep/2026-03-15-good.md", "lies in incidents/2026/deep/"),
    ],
)
def test_row_11_a_record_with_a_wrong_name_is_refused_by_its_name(path: str, says: str) -> None:
    files = dict(good_files())
    files[path] = files.pop("incidents/2026/2026-03-15-good.md")
    found = verdict(files, PROTOCOL).findings
    assert [(f.code, f.line, f.column) for f in found] == [("FMT014", 1, 1)]
    assert says in found[0].message
