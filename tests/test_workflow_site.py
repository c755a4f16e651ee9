"""The workflow Site publishes what everybody may read, and the rest only where Pages is private."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from steps import Ran, Runner, jobs, runs

PAGES = "gh api repos/team/records/pages --jq .public"
PUBLIC = "plugins:\n  - incident-tracker:\n      audience: public\n"

RECORD = """\
---
title: About {0}
severity: P2
status: investigating
detected_at: 2026-11-03T14:05-06:00
components: [website]
visibility: {1}
public_summary: It is slow.
protocol: 2.0.0
---
"""


@pytest.fixture
def machine(tmp_path: Path, committed: Path) -> Runner:
    return Runner(tmp_path / "machine", committed, recorded=("gh", "mkdocs"))


def context(private: str = "", ref: str = "refs/heads/main", folder: str = "") -> dict[str, Any]:
    return {
        "github": {"ref": ref, "token": "t"},
        "vars": {"INCIDENT_PAGES_ARE_PRIVATE": private},
        "needs": {"build": {"outputs": {"folder": folder}}},
    }


def built(machine: Runner, private: str = "") -> Ran:
    ran = machine.job("site.yml", "build", context(private))
    assert ran is not None
    return ran


def test_without_a_public_site_nothing_is_published(machine: Runner, committed: Path) -> None:
    (committed / "mkdocs-public.yml").unlink()
    ran = built(machine)
    assert (ran.status, ran.outputs["choose"]) == (0, {"folder": ""})
    assert "nothing is published" in ran.summary
    assert "internal-site" in ran.summary
    assert [call.argv for call in ran.calls] == [("mkdocs", "build", "--site-dir", "site")]


def test_the_public_site_is_built_and_published(machine: Runner) -> None:
    machine.answers = [(PAGES, "true", 0)]
    ran = built(machine)
    assert (ran.status, ran.outputs["choose"]) == (0, {"folder": "site-public"})
    assert ran.of("mkdocs build --config-file mkdocs-public.yml --site-dir site-public")


@pytest.mark.parametrize("text", ["site_name: Status\n", PUBLIC.replace("audience", "# audience")])
def test_what_does_not_say_that_it_is_public_is_not_published(
    machine: Runner, committed: Path, text: str
) -> None:
    (committed / "mkdocs-public.yml").write_text(text, encoding="utf-8")
    ran = built(machine)
    assert ran.status == 1
    assert "does not say audience: public" in ran.out
    assert not ran.of("mkdocs build --config-file mkdocs-public.yml")


@pytest.mark.parametrize(
    ("answer", "status", "said"),
    [
        ("gh: Not Found (HTTP 404)", 0, "Pages is not switched on"),
        ("gh: Server Error (HTTP 502)", 1, "does not say whether Pages is switched on"),
    ],
)
def test_where_pages_is_not_switched_on_the_public_site_is_built_all_the_same(
    machine: Runner, answer: str, status: int, said: str
) -> None:
    machine.answers = [(PAGES, answer, 1)]
    ran = built(machine)
    assert ran.status == status
    assert said in ran.summary + ran.out
    assert ran.of("mkdocs build --config-file mkdocs-public.yml --site-dir site-public")
    assert ran.outputs.get("choose", {"folder": ""}) == {"folder": ""}


def test_a_new_tracker_publishes_its_published_records_and_no_guide(
    tmp_path: Path, committed: Path
) -> None:
    for name, visibility in (("open", "public"), ("kept", "internal")):
        record = committed / "incidents" / "2026" / f"2026-11-03-{name}.md"
        record.parent.mkdir(parents=True, exist_ok=True)
        record.write_text(RECORD.format(name, visibility), encoding="utf-8")
    real = Runner(tmp_path / "real", committed, extra={"NO_MKDOCS_2_WARNING": "1"})
    real.answers = [(PAGES, "true", 0)]
    ran = built(real)
    assert (ran.status, ran.outputs["choose"]) == (0, {"folder": "site-public"}), ran.err
    pages = {path.stem for path in (committed / "site-public").rglob("*.html")}
    assert pages == {"404", "about", "2026", "2026-11-03-open", "index", "subscribe"}


def test_the_internal_site_is_published_where_pages_is_private(machine: Runner) -> None:
    machine.answers = [(PAGES, "false", 0)]
    ran = built(machine, private="true")
    assert (ran.status, ran.outputs["choose"]) == (0, {"folder": "site"})


@pytest.mark.parametrize(("answer", "status"), [("true", 0), ("", 1), ("null", 0)])
def test_a_variable_alone_publishes_nothing(machine: Runner, answer: str, status: int) -> None:
    machine.answers = [(PAGES, answer, status)]
    ran = built(machine, private="true")
    assert ran.status == 1
    assert "Nothing was published" in ran.out
    assert "choose" not in ran.outputs


@pytest.mark.parametrize(
    ("ref", "folder", "deploys"),
    [
        ("refs/heads/main", "site-public", True),
        ("refs/heads/main", "", False),
        ("refs/heads/try", "site-public", False),
        ("refs/pull/1/merge", "site-public", False),
    ],
)
def test_only_main_is_deployed_and_only_where_something_is_chosen(
    *, ref: str, folder: str, deploys: bool
) -> None:
    assert runs("site.yml", "deploy", context(ref=ref, folder=folder)) == deploys


def test_the_internal_site_goes_nowhere_but_into_an_artifact() -> None:
    uploads = [step for step in jobs("site.yml")["build"]["steps"] if "upload" in str(step)]
    artifact, pages = (step for step in uploads if "uses" in step)
    assert artifact["with"]["path"] == "site"
    assert artifact["uses"].startswith("actions/upload-artifact@")
    assert pages["with"]["path"] == "${{ steps.choose.outputs.folder }}"
    assert pages["if"] == "steps.choose.outputs.folder != ''"


def test_a_deploy_waits_for_no_check() -> None:
    assert jobs("site.yml")["deploy"]["needs"] == "build"
    assert "incident check" not in str(jobs("site.yml"))


def test_a_broken_record_stops_no_build(tmp_path: Path, committed: Path) -> None:
    record = committed / "incidents" / "2026" / "2026-11-03-broken.md"
    record.parent.mkdir(parents=True)
    record.write_text("---\ntitle: a\ntitle: b\n", encoding="utf-8")
    steps = [s for s in jobs("site.yml")["build"]["steps"] if s.get("name", "").startswith("Build")]
    ran = Runner(tmp_path / "real", committed, extra={"NO_MKDOCS_2_WARNING": "1"}).steps(steps, {})
    assert ran.status == 0, ran.err
    assert list((committed / "site").rglob("2026-11-03-broken.html"))
