"""A second opinion: python-frontmatter reads records as we do; where it is silent, we are not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import frontmatter
import pytest
import yaml
from frontmatter.default_handlers import YAMLHandler

from conftest import ROOT
from incident_tracker.text.document import read_document
from incident_tracker.text.yaml_nodes import Mapping, Node, Scalar, Sequence

RECORDS = sorted(
    path for folder in ("incidents", "pir", "runbooks") for path in (ROOT / folder).rglob("*.md")
)
PATH = "incidents/2026/2026-11-03-site-down.md"
# What a loader reads without a word, and what it makes of it.
SILENT = {
    "a duplicate key, of which the last one wins": "---\nseverity: P0\nseverity: P3\n---\n",
    "a block that is not closed": "---\nseverity: P0\n",
    "a block that ends with dots": "---\nseverity: P0\n...\n",
    "text above the block": "x\n---\nseverity: P0\n---\n",
    "a byte order mark": "\ufeff---\nseverity: P0\n---\n",
    "a list": "---\n- severity: P0\n---\n",
    "a scalar": "---\nP0\n---\n",
    "four dashes": "----\nseverity: P0\n----\n",
    "TOML": "+++\nseverity = 'P0'\n+++\n",
    "a merge key": "---\na: &a {severity: P0}\n<<: *a\n---\n",
    "a hidden second key": "---\ntitle: x\x85severity: P0\n---\n",
}


def plain(node: Node | None) -> object:
    """A node as a loader that knows no types gives it."""
    if isinstance(node, Scalar):
        return node.text
    if isinstance(node, Sequence):
        return [plain(item) for item in node.items]
    if isinstance(node, Mapping):
        return {entry.key.text: plain(entry.value) for entry in node.entries}
    return None


class Texts(YAMLHandler):
    """The handler that leaves every scalar the text that it is."""

    def load(self, fm: str, **_: Any) -> Any:  # noqa: ANN401 # its signature
        """The front matter of a text."""
        return yaml.load(fm, Loader=yaml.BaseLoader)  # noqa: S506 # builds texts, lists and mappings


@pytest.mark.parametrize("path", RECORDS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_both_read_a_record_alike(path: Path) -> None:
    ours = read_document(path.relative_to(ROOT).as_posix(), path.read_bytes())
    theirs = frontmatter.loads(path.read_text("utf-8"), handler=Texts())
    assert plain(ours.front) == theirs.metadata
    assert "\n".join(ours.lines[ours.body_start :]).strip() == theirs.content


@pytest.mark.parametrize("text", SILENT.values(), ids=SILENT)
def test_row_02_what_a_loader_takes_in_silence_is_a_finding(text: str) -> None:
    frontmatter.loads(text)  # no word of it
    assert read_document(PATH, text.encode()).faults
