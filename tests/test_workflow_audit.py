"""The weekly audit of the lock, and what is said about security."""

from __future__ import annotations

import re

import yaml

from conftest import ROOT
from steps import WORKFLOWS


def test_the_lock_is_audited_each_week_and_with_each_change_of_it() -> None:
    # YAML 1.1 reads the key `on` as true.
    read = yaml.safe_load((WORKFLOWS / "audit.yml").read_text("utf-8"))
    assert read[True]["pull_request"]["paths"] == ["requirements.lock"]
    assert re.fullmatch(r"[0-9]+ [0-9]+ \* \* [0-6]", read[True]["schedule"][0]["cron"])
    (job,) = read["jobs"].values()
    assert job["steps"][-1]["run"] == "make audit"


def test_an_audit_that_could_not_look_is_no_success() -> None:
    recipe = (ROOT / "Makefile").read_text("utf-8").split("\naudit:\n")[1].split("\n\n")[0]
    assert "pip-audit --strict --require-hashes" in recipe
    assert recipe.rstrip().endswith("--requirement requirements.lock")


def test_security_says_where_to_report_and_its_links_lead_somewhere() -> None:
    text = (ROOT / "SECURITY.md").read_text("utf-8")
    assert re.findall(r"^## (.+)$", text, re.MULTILINE)[:3] == [
        "Where to report",
        "What is supported",
        "What we promise",
    ]
    for target in re.findall(r"\]\(([^)#]+)", text):
        assert (ROOT / target).is_file(), target
