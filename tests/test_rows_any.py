"""Any bytes: the promises of tools/fuzz for what Hypothesis draws and for what others collected.

This is row 37 of docs/hostile-input.md; atheris feeds the same functions, `tools/fuzz/run.py`.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from test_frontmatter import plain
from typed import Tracker

from conftest import ROOT
from fuzz.promises import BrokenPromiseError, harmless
from fuzz.seeds import WORDS, dictionary, seeds
from fuzz.targets import targets
from incident_tracker.examples import good_files
from incident_tracker.text.document import read_document
from incident_tracker.text.yaml_reader import read_yaml

CORPORA = ROOT / "tests" / "corpora"
NAUGHTY: Sequence[str] = json.loads((CORPORA / "naughty-strings.json").read_text("ascii"))
YAML: dict[str, str] = json.loads((CORPORA / "yaml-test-suite.json").read_text("ascii"))
RECORD = "incidents/2026/2026-03-02-good.md"
GOOD = good_files()[RECORD].decode()
FOUND = {
    # What fuzzing found, and what is asked for since: by target, as the bytes that did it.
    "timeline": (b"Sre\xb7r24:0\x00\x19#Seer\n |dataes\n |dtes\n 10:55 - Detected|",),
    "rendering": (
        b"`b`sh[x](\x00\x01![](\x00\x96h\xf4g)\n```[ onclick=a)\n\xabs\x00[x](@\x00\x01",
    ),
}
PIECES = [word.encode("utf-8", "surrogateescape") for words in WORDS.values() for word in words]


def anything(target: str) -> st.SearchStrategy[bytes]:
    """Good inputs with pieces of the language put in and cut out, and plain bytes."""
    good = list(seeds(target))
    changes = st.lists(
        st.tuples(
            st.integers(0, 5_000),
            st.integers(0, 20),
            st.sampled_from(PIECES) | st.binary(max_size=9),
        ),
        max_size=6,
    )

    def changed(seed: bytes, made: list[tuple[int, int, bytes]]) -> bytes:
        for at, length, piece in made:
            place = at % (len(seed) + 1)
            seed = seed[:place] + piece + seed[place + length :]
        return seed

    return st.binary(max_size=200) | st.builds(changed, st.sampled_from(good), changes)


@pytest.mark.parametrize("target", targets())
def test_row_37_every_promise_is_kept_for_whatever_is_drawn(target: str) -> None:
    @settings(max_examples=settings().max_examples // 4, database=None)
    @given(anything(target))
    def drawn(data: bytes) -> None:
        targets()[target](data)

    drawn()


@pytest.mark.parametrize("target", targets())
def test_row_37_every_promise_is_kept_for_the_seeds_and_for_what_was_found(target: str) -> None:
    few = [seed for number, seed in enumerate(seeds(target)) if number % 5 == 0]
    for data in (*few, *FOUND.get(target, ()), b"", b"\xff", b"\x00"):
        targets()[target](data)
    assert dictionary(target).count("\n") >= 20


@pytest.mark.parametrize(
    "text", ["<img src=x onerror=y>", "[x](javascript:y)", "<script>x</script>"]
)
def test_row_37_a_promise_can_be_broken(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fuzz.promises.through_the_gate", str)
    with pytest.raises(BrokenPromiseError):
        harmless(text)


def test_row_37_naughty_strings_are_read_in_each_place_of_a_record(good_tracker: Tracker) -> None:
    assert len(NAUGHTY) > 500
    parts = [NAUGHTY[at : at + 3] for at in range(0, len(NAUGHTY) - 2, 3)] + [NAUGHTY[-3:]]
    for number, (title, line, text) in enumerate(parts):
        typed = json.dumps(title) if number % 2 else " ".join(title.split())
        record = GOOD.replace("Search shows an error for every visitor", typed)
        record = record.replace("first error in the log", " ".join(line.split()))
        record = record.replace("Searching fails for everybody.", text)
        day = f"2026-{number % 12 + 1:02d}-{number % 28 + 1:02d}"
        good_tracker.write(f"incidents/2026/{day}-n{number}.md", record)
    said = good_tracker.incident("check", "--format", "json")
    assert (said.status, said.err) == (1, "")
    read = json.loads(said.out)
    assert read["summary"]["files"] == len(parts) + len(good_files()) - 1
    assert "CFG000" not in {finding["code"] for finding in read["findings"]}
    assert good_tracker.incident("check", "--fix").status in {0, 1}
    assert "fixed" not in good_tracker.incident("check", "--fix").out


@pytest.mark.parametrize("number", range(0, 515, 5))
def test_row_37_a_naughty_string_is_logged_as_one_entry_or_refused(number: int) -> None:
    for text in NAUGHTY[number : number + 5]:
        targets()["timeline"](text.encode("utf-8", "surrogatepass"))
        targets()["editing"](text.encode("utf-8", "surrogatepass"))
        targets()["rendering"](text.encode("utf-8", "surrogatepass"))


def test_row_37_each_case_of_the_yaml_test_suite_is_read_alike_or_refused() -> None:
    alike = 0
    for name, text in YAML.items():
        document = read_document(RECORD, f"---\n{text}\n---\n".encode())
        assert document.readable or document.faults, name
        root, faults = read_yaml(text)
        assert root is not None or faults, name
        if root is not None and not faults:
            assert plain(root) == _by_loader(text), name
            alike += 1
    assert len(YAML) > 400
    assert alike > 70  # what others read and records do not need is refused


def _by_loader(text: str) -> object:
    """What libyaml makes of a text, every scalar left as it is."""
    return yaml.load(text, Loader=yaml.CBaseLoader) or {}  # noqa: S506 # builds texts, lists and mappings


def test_row_37_fuzzing_can_be_started_by_anybody() -> None:
    run = ROOT / "tools" / "fuzz" / "run.py"
    done = subprocess.run(
        [sys.executable, str(run), "--list"], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == list(targets())
    wrong = subprocess.run(
        [sys.executable, str(run), "nothing"], capture_output=True, text=True, check=False
    )
    assert wrong.returncode == 2
    assert "no such target: nothing" in wrong.stdout
