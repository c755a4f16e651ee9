"""Hostile files in a whole tracker: one finding each at its place, and every other file is judged.

The rows are those of docs/hostile-input.md; what the reader says of single texts stands beside it.
"""

from __future__ import annotations

import gc
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from gitting import begin, git
from mkdocs.utils import meta
from test_yaml_reader import laughs, merge_bomb
from typed import Tracker

from builder import PROTOCOL
from incident_tracker.examples import good_files, verdict
from incident_tracker.formats.declare import report_formats
from incident_tracker.text.document import read_document
from incident_tracker.text.yaml_nodes import Mapping
from runner import RAW

RECORD = "incidents/2026/2026-03-02-good.md"
GOOD = good_files()[RECORD].decode()
PATH = "incidents/2026/2026-03-20-odd.md"
REST = "detected_at: 2026-03-20T10:00Z\n---\n"
FRONT = f"---\ntitle: Site down\nseverity: P2\nstatus: investigating\n{REST}"
MEMORY = 400_000_000
"""Bytes of address space for a check; 100,000 nested lists of a loader with nodes take more."""


def findings(tracker: Tracker, path: str = PATH) -> list[tuple[str, int, int]]:
    """What the check says of one file; it has judged all others, and ended as it should."""
    said = tracker.incident("check", "--format", "json")
    assert said.status in {0, 1}, said.err
    read = json.loads(said.out)
    assert read["summary"]["files"] == len(good_files())  # the register is none, this one is
    return [(f["code"], f["line"], f["column"]) for f in read["findings"] if f["path"] == path]


# --- row 3


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(f"---\n{merge_bomb()}\n---\n", id="merge keys"),
        pytest.param(f"---\n{laughs()}\n---\n", id="laughs"),
        pytest.param("---\na: " + "[" * 100_000 + "\n---\n", id="brackets"),
        pytest.param(FRONT + "x" * 10_000_000, id="10 MB"),
    ],
)
def test_row_03_a_bomb_takes_little_memory(good_tracker: Tracker, text: str) -> None:
    good_tracker.write(PATH, text)
    done = subprocess.run(
        [sys.executable, "-m", "incident_tracker", "check", "--format", "json"],
        cwd=good_tracker.root,
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY)),
    )
    assert done.returncode == 1, done.stderr
    assert {f["path"] for f in json.loads(done.stdout)["findings"]} == {PATH}


SHAPES: dict[str, Callable[[int], str]] = {
    "fields": lambda n: "---\n" + "".join(f"k{i}: v\n" for i in range(n)) + "---\n",
    "the same field": lambda n: "---\n" + "k: v\n" * n + "---\n",
    "entries": lambda n: FRONT + "## Timeline\n" + "- 10:05 - Looked again\n" * n,
    "brackets": lambda n: FRONT + "[" * n,
    "open comments": lambda n: FRONT + "<!-- a\n" * n,
    "fences": lambda n: FRONT + "```\n" * n,
    "quotes": lambda n: FRONT + "> " * n,
    "stars": lambda n: FRONT + "*a " * n,
    "colons": lambda n: "---\na: " + "1:59:" * n + "\n---\n",
}


@pytest.mark.parametrize("shape", SHAPES)
def test_row_03_four_times_the_text_takes_about_four_times_as_long(shape: str) -> None:
    def seconds(count: int) -> float:
        data = SHAPES[shape](count).encode()
        taken = []
        gc.disable()  # what other tests keep is no part of it
        for _ in range(5):
            begin_ = time.process_time()
            read_document(PATH, data)
            taken.append(time.process_time() - begin_)
        gc.enable()
        return min(taken)

    # What grows with the square takes sixteen times as long; a hundredth of a second is noise.
    assert seconds(8_000) < 9 * seconds(2_000) + 0.01


# --- rows 4 to 6, and 8: one line of front matter that is no good


def with_line(line: str) -> str:
    """A record whose fourth line is this one."""
    return f"---\ntitle: Site down\nseverity: P2\n{line}\nstatus: investigating\n{REST}"


@pytest.mark.parametrize(
    ("line", "code", "column"),
    [
        ("owner: &x bo", "FMT009", 8),
        ("owner: *x", "FMT009", 8),
        ("owner: !!str bo", "FMT009", 8),
        ("owner: !!python/object/apply:os.system [x]", "FMT009", 8),
        ("<<: {severity: P0}", "FMT009", 1),
        ("%YAML 1.1", "FMT008", 1),
        ("--- second: document", "FMT009", 1),
    ],
)
def test_row_04_what_yaml_can_but_no_record_needs_is_refused(
    good_tracker: Tracker, line: str, code: str, column: int
) -> None:
    good_tracker.write(PATH, with_line(line))
    assert findings(good_tracker) == [(code, 4, column)]


@pytest.mark.parametrize("key", ["on", "1", "content", "handler", "null", "~", "yes", "1.5", "=="])
def test_row_05_a_key_that_loaders_stumble_over_is_an_unknown_field(
    good_tracker: Tracker, key: str
) -> None:
    good_tracker.write(PATH, with_line(f"{key}: x"))
    assert findings(good_tracker) == [("FMT002", 4, 1)]


@pytest.mark.parametrize(
    "value",
    [
        "2026-13-01T10:00Z",
        "2026-02-29T10:00Z",
        "0000-03-20T10:00Z",
        "2026-03-20T10:00:60Z",
        "2026-03-20T24:00Z",
        "2026-03-20T10:00+99:99",
        "2026-03-20T10:00+0530",
        "2026-03-20T10:00",
        "2026-W12-5",
        "12:30:45",
        "0755",
        ".nan",
        "1.0e+400",
        pytest.param("9" * 5_000, id="5,000 digits"),
        pytest.param("0x" + "f" * 10_000, id="10,000 digits in hexadecimal"),
    ],
)
def test_row_06_a_value_that_loaders_turn_into_something_else_is_no_time(
    good_tracker: Tracker, value: str
) -> None:
    good_tracker.write(PATH, with_line(f"closed_at: {value}"))
    assert findings(good_tracker) == [("FMT011", 4, 12)]


@pytest.mark.parametrize("sign", "\x85\u2028\x1b\x00\u202e\u2066\u200b\ufeff", ids=ascii)
def test_row_08_a_character_that_nobody_sees_is_refused_by_its_number(
    good_tracker: Tracker, sign: str
) -> None:
    good_tracker.write(PATH, with_line(f"owner: b{sign}o"))
    assert findings(good_tracker) == [("FMT007", 4, 9)]
    for form in report_formats():
        said = good_tracker.incident("check", "--format", form)
        assert sign not in said.out
        assert f"U+{ord(sign):04X}" in said.out


# --- row 7: what MkDocs would read in a file, had we not read it before

PROBES = {
    "as it should be": GOOD,
    "CRLF": GOOD.replace("\n", "\r\n"),
    "no last line end": GOOD.rstrip("\n"),
    "byte order mark": "\ufeff" + GOOD,
    "four dashes": GOOD.replace("---\n", "----\n"),
    "dots": GOOD.replace("\n---\n", "\n...\n"),
    "blank line in front": "\n" + GOOD,
    "blank in front": " " + GOOD,
    "text in front": "x\n" + GOOD,
    "blanks behind": GOOD.replace("---\n", "--- \n", 1),
    "tab behind": GOOD.replace("\n---\n", "\n---\t\n"),
    "no close": GOOD.replace("\n---\n", "\n"),
    "closed at once": GOOD.replace("---\n", "---\n---\n", 1),
    "no delimiters": GOOD.replace("---\n", ""),
    "not opened": GOOD.removeprefix("---\n"),
    "TOML": "+++\ntitle = 'x'\n+++\n",
    "a list": "---\n- title: x\n---\n",
    "a scalar": "---\nx\n---\n",
    "two documents": GOOD.replace("severity", "---\nseverity"),
    "duplicate": GOOD.replace("severity", "title: Other\nseverity", 1),
    "merge key": GOOD.replace("severity", "<<: {title: Other}\nseverity", 1),
}


@pytest.mark.parametrize("text", PROBES.values(), ids=PROBES)
def test_row_07_mkdocs_reads_the_same_or_the_file_is_refused(text: str) -> None:
    ours = read_document(RECORD, text.encode())
    body, theirs = meta.get_data(text.replace("\r\n", "\n"))  # as MkDocs opens a file
    agree = isinstance(ours.front, Mapping) and (
        [*theirs] == [entry.key.text for entry in ours.front.entries]
        and body.strip() == "\n".join(ours.lines[ours.body_start :]).strip()
    )
    assert agree or verdict({**good_files(), RECORD: text.encode()}, PROTOCOL).exit_status(
        strict=False
    )


# --- rows 10 and 11: what a file is, and what it is called


def test_row_10_whatever_a_file_is_it_is_named_and_never_read(
    good_tracker: Tracker, tmp_path: Path
) -> None:
    secret = tmp_path / "secret.md"
    secret.write_text(GOOD.replace("Search shows", "CANARY"))
    folder = good_tracker.root / "incidents" / "2026"
    (folder / "2026-03-20-a.md").symlink_to(secret)
    (folder / "2026-03-20-b.md").symlink_to("2026-03-20-b.md")
    (folder / "2026-03-20-c.md").symlink_to("/dev/zero")
    (folder.parent / "2025").symlink_to(tmp_path)
    os.mkfifo(folder / "2026-03-20-d.md")
    (folder / "2026-03-20-e.md").write_bytes(GOOD.encode().replace(b"visitor", b"caf\xe9"))
    (folder / "sub").mkdir()
    (folder / "sub" / ".git").write_text("gitdir: /elsewhere\n")
    said = good_tracker.incident("check", "--format", "json")
    assert said.status == 1
    found = {f["path"]: f["code"] for f in json.loads(said.out)["findings"]}
    assert found == {
        "incidents/2025": "FMT015",
        "incidents/2026/2026-03-20-a.md": "FMT015",
        "incidents/2026/2026-03-20-b.md": "FMT015",
        "incidents/2026/2026-03-20-c.md": "FMT015",
        "incidents/2026/2026-03-20-d.md": "FMT015",
        "incidents/2026/2026-03-20-e.md": "FMT005",
        "incidents/2026/sub": "FMT015",
    }
    assert "CANARY" not in said.out


@pytest.mark.parametrize("kind", ["link", "submodule"])
def test_row_10_a_link_or_a_submodule_in_the_index_is_a_finding(
    good_tracker: Tracker, kind: str
) -> None:
    begin(good_tracker.root)
    head = git(good_tracker.root, "rev-parse", "HEAD")
    target = good_tracker.root / "target"
    target.write_text("/etc/hostname")
    blob = git(good_tracker.root, "hash-object", "-w", str(target))
    mode = {"link": f"120000,{blob}", "submodule": f"160000,{head}"}[kind]
    git(good_tracker.root, "update-index", "--add", "--cacheinfo", f"{mode},{PATH}")
    said = good_tracker.incident("check", "--staged", "--format", "json")
    assert said.status == 1, said.err
    assert [(f["path"], f["code"]) for f in json.loads(said.out)["findings"]] == [(PATH, "FMT015")]


def test_row_11_names_that_are_one_name_elsewhere_are_found(good_tracker: Tracker) -> None:
    for name in ("2026-03-02-GOOD", "2026-03-20-caf\u00e9", "2026-03-20-cafe\u0301"):
        good_tracker.write(f"incidents/2026/{name}.md", GOOD)
    said = good_tracker.incident("check", "--format", "json")
    found = [f["code"] for f in json.loads(said.out)["findings"]]
    assert found == ["FMT014"] * 3


@pytest.mark.parametrize("name", ["a\nb", "a\x1b]0;own\x07b", "-rf", "a:b", "con", "a\u202eb"])
def test_row_11_no_name_reaches_a_terminal_as_it_is(good_tracker: Tracker, name: str) -> None:
    good_tracker.write(f"incidents/2026/{name}.md", GOOD)
    said = good_tracker.incident("check")
    assert said.status == 1
    assert not RAW.search(said.out)
    assert len(said.out.strip().split("error[")) == 2
