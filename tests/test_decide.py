"""The decision tree: every way through it, and what is written."""

from __future__ import annotations

import pytest
from typed import Tracker

INCIDENT = "2026-03-02-good"
WITH_BACKUP = (
    "components:\n  - {id: search, name: Search, backup: the second server}\n"
    "  - {id: admin, name: Administration}\n"
)


def offered(out: str) -> list[str]:
    return [line.split(",")[0] for line in out.splitlines() if line.startswith(("option:", "or:"))]


@pytest.mark.parametrize(
    ("answers", "plain", "with_backup"),
    [
        (("recent deployment=yes",), ["option: rollback"], ["option: rollback"]),
        (
            ("recent deployment=no", "quick fix=yes"),
            ["option: fix-forward"],
            ["option: fix-forward"],
        ),
        (
            ("Recent-Deployment=No", "quick=NO"),
            ["option: workaround"],
            ["option: failover", "or: workaround"],
        ),
    ],
)
def test_each_way_leads_to_its_option_and_failover_needs_a_backup(
    good_tracker: Tracker, answers: tuple[str, ...], plain: list[str], with_backup: list[str]
) -> None:
    typed = [word for answer in answers for word in ("--answer", answer)]
    before = (good_tracker.root / f"incidents/2026/{INCIDENT}.md").read_bytes()

    assert offered(good_tracker.incident("decide", INCIDENT, *typed).out) == plain
    good_tracker.write("protocol/components.yml", WITH_BACKUP)
    assert offered(good_tracker.incident("decide", INCIDENT, *typed).out) == with_backup

    assert (good_tracker.root / f"incidents/2026/{INCIDENT}.md").read_bytes() == before


def test_with_a_reason_the_decision_is_logged_and_its_facts_are_read(good_tracker: Tracker) -> None:
    because = ("--because", "release 7 is the only change", "--at", "2026-03-02T10:41-06:00")
    said = good_tracker.incident("decide", INCIDENT, "--answer", "recent=yes", *because)

    assert said.status == 0, said.err
    text = (good_tracker.root / f"incidents/2026/{INCIDENT}.md").read_text("utf-8")
    line = (
        "- 10:41 - Decision: rollback (recent deployment: yes) because release 7 is the only change"
    )
    assert line in text
    assert good_tracker.incident("check").status == 0


def test_an_open_question_is_printed_and_stands_in_the_way_of_a_decision(
    good_tracker: Tracker,
) -> None:
    said = good_tracker.incident("decide", INCIDENT, "--answer", "recent deployment=no")
    assert said.status == 0
    assert "Can we quickly fix?" in said.out

    refused = good_tracker.incident("decide", INCIDENT, "--because", "I say so")
    assert refused.status == 2
    assert "not decided yet: Is there a recent deployment?" in refused.err


def test_a_fact_has_one_answer(good_tracker: Tracker) -> None:
    both = ("--answer", "recent deployment=yes", "--answer", "recent=no")
    said = good_tracker.incident("decide", INCIDENT, *both)
    assert said.status == 2
    assert '"recent deployment" is answered both yes and no' in said.err
    same = ("--answer", "recent deployment=yes", "--answer", "recent=yes")
    assert good_tracker.incident("decide", INCIDENT, *same).status == 0


def test_nothing_is_decided_in_a_cancelled_record(good_tracker: Tracker) -> None:
    now = ("--now", "2026-11-23T10:00-06:00")
    declared = (
        "new",
        "A probe fails",
        "--severity",
        "P2",
        "--component",
        "search",
        "--slug",
        "probe",
    )
    assert good_tracker.incident(*declared, *now).status == 0
    ended = ("cancel", "probe", "--as", "false-alarm", "--because", "the probe broke")
    assert good_tracker.incident(*ended, *now).status == 0
    yes = ("--answer", "recent deployment=yes")
    said = good_tracker.incident("decide", "probe", *yes, "--because", "it is new", *now)
    assert said.status == 2
    assert "2026-11-23-probe is cancelled, so nothing is decided in it" in said.err
    assert "incident reopen 2026-11-23-probe" in said.err


def test_another_way_out_may_be_taken(good_tracker: Tracker) -> None:
    said = good_tracker.incident(
        "decide", INCIDENT, "--answer", "recent deployment=yes", "--option", "fix-forward"
    )
    assert offered(said.out) == ["option: fix-forward", "or: rollback"]
    assert "Decision: fix forward (recent deployment: yes) because" in said.out


def test_the_tree_is_that_of_the_protocol(good_tracker: Tracker) -> None:
    good_tracker.change(
        "protocol/protocol.yml",
        "  - {question: Is there a recent deployment?, fact: recent deployment, yes: rollback}\n",
        "  - {question: Is it the vendor?, fact: vendor, yes: workaround}\n",
    )
    assert "Is it the vendor?" in good_tracker.incident("decide", INCIDENT).out


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ("moon=full", "no fact of the decision tree"),
        ("=yes", "no fact of the decision tree"),
        ("quick fix", "has no answer"),
        ("quick fix=perhaps", "is no answer"),
    ],
)
def test_a_wrong_answer_is_refused_with_a_remedy(
    good_tracker: Tracker, answer: str, message: str
) -> None:
    said = good_tracker.incident("decide", INCIDENT, "--answer", answer)
    assert said.status == 2
    assert message in said.err
    assert "help:" in said.err
