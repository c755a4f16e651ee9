"""No number of the protocol stands in code: change any of them, and some output changes."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from incident_tracker import pages
from incident_tracker.check import check
from incident_tracker.due import due
from incident_tracker.examples import good_files, tracker_of
from incident_tracker.formats import terminal
from incident_tracker.pages.declare import DECLARED
from incident_tracker.protocol import Protocol, read_protocol
from incident_tracker.text.yaml_reader import Mapping, Node, Scalar, read_yaml

TEXT = (Path(__file__).parent.parent / "protocol" / "protocol.yml").read_text(encoding="utf-8")
NUMBER = re.compile(r"[0-9]+(\.[0-9]+)?[smhd]?")
NOW = datetime(2026, 3, 20, 12, tzinfo=UTC)
NOT_A_NUMBER = {"version", "value"}


def numbers() -> list[tuple[str, Scalar]]:
    root, faults = read_yaml(TEXT)
    assert root is not None, faults
    return list(_numbers(root, ""))


def _numbers(node: Node, path: str) -> Iterator[tuple[str, Scalar]]:
    if isinstance(node, Scalar):
        if NUMBER.fullmatch(node.text) and path.rpartition(".")[2] not in NOT_A_NUMBER:
            yield path, node
    elif isinstance(node, Mapping):
        for entry in node.entries:
            yield from _numbers(entry.value, f"{path}.{entry.key.text}".lstrip("."))
    else:
        for place, item in enumerate(node.items):
            yield from _numbers(item, f"{path}[{place}]")


def changed(number: Scalar) -> str:
    """The protocol with a number that is a little larger, or smaller where that is too much."""
    match = re.fullmatch(r"([0-9.]+)([smhd]?)", number.text)
    assert match is not None
    step = 0.1 if "." in match[1] else 1
    texts = [_with(number, f"{float(match[1]) + by:g}{match[2]}") for by in (step, -step)]
    return next(text for text in texts if read_protocol(text)[0] is not None)


def _with(number: Scalar, written: str) -> str:
    lines = TEXT.split("\n")
    line, start = number.position.line - 1, number.position.column - 1
    lines[line] = lines[line][:start] + written + lines[line][start + len(number.text) :]
    return "\n".join(lines)


def _protocol(text: str) -> Protocol:
    protocol, faults = read_protocol(text)
    assert protocol is not None, faults
    return protocol


def output(text: str) -> str:
    tracker = tracker_of(good_files(), _protocol(text))
    shown = [page.markdown for page in pages.build(tracker, pages.Site(now=NOW))]
    verdict = terminal.report_text(check(tracker))
    return "\n".join([*shown, verdict, *map(str, due(tracker, NOW))])


@pytest.fixture(scope="module")
def usual() -> Iterator[str]:
    pages.build(tracker_of(good_files(), _protocol(TEXT)), pages.Site(now=NOW))
    with pytest.MonkeyPatch.context() as patch:
        # The catalogue judges each rule's examples: slow, and no number shows there alone.
        for name in [name for name in DECLARED if "rule" in name]:
            patch.delitem(DECLARED, name)
        yield output(TEXT)


@pytest.mark.parametrize("path", [path for path, _ in numbers()])
def test_changing_a_number_changes_some_output(path: str, usual: str) -> None:
    assert output(changed(dict(numbers())[path])) != usual
