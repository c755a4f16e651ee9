"""What belongs to a label that is not for everybody is left out, however it is written."""

from __future__ import annotations

import pytest
from poison import public

from builder import PROTOCOL
from incident_tracker.audience import published
from incident_tracker.log.blocks import near_keys
from incident_tracker.text.apart import Labels, is_labelled, without_labels

LABELS = Labels(("sent", "Sent", "approved-by", "Approved by"), near_keys(PROTOCOL))
FORMS = (
    "- Sent:\n  - SECRET",
    "- Sent: x\n  - SECRET\n    - SECRET",
    "- Sent: x\n  * SECRET",
    "- Sent:\n  + SECRET",
    "- Sent:\n  1. SECRET",
    "- Sent: x\n\t- SECRET",
    "- Sent: x\r\n  - SECRET\r",
    "- Sent:\n- SECRET",
    "- Sent:\n\n  SECRET",
    "- Sent: x\n\n      SECRET",
    "- Sent: x,\nSECRET",
    "- Sent: x,\n  SECRET",
    "- Sent: x\n  ```\n  SECRET\n\n  SECRET\n  ```",
    "- Sent: x\n```\nSECRET\n\nSECRET\n```",
    "- Sent: x <!-- a\n- Impact: SECRET\n\nSECRET -->",
    "- Impact: x\n  Approved by: SECRET",
    "- Impact: x\n  - Approved by: SECRET",
    "- Impact: x\nApproved by: SECRET",
    "- Impact: x\n\n  Sent: SECRET",
    "- Impact: x; Approved by: SECRET",
    "- Next steps: x (Sent: SECRET)",
    "- Impact: x\n  - Sent: SECRET\n  SECRET",
    "Approved by:\nSECRET",
    "Approved by:\n\nSECRET",
    "Approved by:\n- SECRET\n- SECRET",
    "**Approved by:**\nSECRET",
    "- **Sent**:\n  SECRET",
    "> Sent: x\n> SECRET",
    "> - Sent: SECRET",
    "- > Sent: SECRET",
    "- - Sent: SECRET",
    "_Approved by: SECRET_",
    "- _Approved by: SECRET_",
    "__Sent__: SECRET",
    "- [x] Approved by: SECRET",
    "- [ ] Sent: SECRET",
    "Approved by \u2013 \nSECRET",
    "Approved by \u2013 SECRET",
    "\u2014Approved by: SECRET",
    "a) Sent: SECRET",
    "(c) Sent: SECRET",
    "iv. Sent:\n   SECRET",
    "(Approved by: SECRET)",
    "<b>Sent:</b> SECRET",
    "Sent<!-- x -->: SECRET",
    "Sent&#58; SECRET",
    "Sent\\: SECRET",
    "[Sent](https://example.org): SECRET",
    "| Sent | SECRET |",
    "| Sent |\n|---|\n| SECRET |",
    "| Who | Approved by: SECRET |",
    "Sent\n: SECRET",
    "Sent\nto: SECRET",
    "Approved\nby: SECRET",
    "- ApprovedBy: SECRET",
    "- approvedby: SECRET",
    "- approved_by: SECRET",
    "- Approved-by: SECRET",
    "- Approved: SECRET",
    "- **Sent:** SECRET",
    "* **Approved by**: SECRET",
    "Approved  by: SECRET",
    "- `Sent`: SECRET",
    "-Sent: SECRET",
    "- Sent - SECRET",
    "- SENT\uff1a SECRET",
    "- Sent to: SECRET",
    "- SentTo: SECRET",
    "- Sent by mail to: SECRET",
    "- Sent (by mail): SECRET",
    "- Sent/approved: SECRET",
    "- Sent, approved by: SECRET",
    "1. Approved by : SECRET",
    "```\nSent: SECRET\n```",
)
NEAR = (
    "- Aproved by: SECRET",
    "- Approve by: SECRET",
    "- Approvd by: SECRET",
    "- Approuved by: SECRET",
    "- Approved bye: SECRET",
    "- \u0410pproved by: SECRET",
    "- Aprovedby: SECRET",
    "- Sendt: SECRET",
    "- Approved by SECRET",
    "- Approvedby SECRET",
    "- Approvedd by SECRET",
    "Aproved by SECRET",
    "- Snet: SECRET",
    "- Snet to: SECRET",
    "- Sendt by mail to: SECRET",
    "- Snet \u2013 SECRET",
    "- Sendt - SECRET",
    "- Sendt = SECRET",
    "- \u0405\u0435nt \u2013 SECRET",
    "- S\u00e9nt: SECRET",
    "- Se\u03b7t: SECRET",
    "- Impact: x; Aproved by: SECRET",
    "- Impact: x\n  Aproved by: SECRET",
    "| Aproved by | SECRET |",
    "- **Aproved by**: SECRET",
    "- [x] Aproved by: SECRET",
    "> Aproved by: SECRET",
    "- Sendt:\n  - SECRET",
    "Sendt:\nSECRET",
)


@pytest.mark.parametrize("form", [*FORMS, *NEAR])
def test_who_was_told_is_no_part_of_an_update_however_it_is_written(form: str) -> None:
    written = f"Searching works.\n\n{form}\n- ETA: none\n\nMore to come.\n"
    tracker = public(("incident", "Searching works again.", written))
    update = published(tracker).incidents[0].log.updates[-1]
    assert "SECRET" not in repr(update)
    assert update.text.startswith("Searching works.")
    assert update.text.endswith("More to come.")
    assert update.value("eta") == "none"
    assert is_labelled(form, LABELS) or any(is_labelled(x, LABELS) for x in form.split("\n"))


@pytest.mark.parametrize("line", ["S\u200bent: x", "x\u2028Sent: x"])
def test_what_nobody_sees_in_a_label_changes_nothing(line: str) -> None:
    assert is_labelled(line, LABELS)


@pytest.mark.parametrize(
    "sentence",
    [
        "We sent an engineer - he is there.",
        "The fix was sent to all servers: done.",
        "Sent off the fix: it works.",
        "Consent: given.",
        "They sent a fix - good.",
        "What we sent: the right page.",
        "- Sentries: three of them.",
        "- Approved the change: it is live.",
        "Mails sent since noon (all of them) are late.",
        "| Mails sent | 12 |",
        "- Impact: mails are sent late",
        "Sent mail is delayed.",
        "- Sent mail is delayed",
        "- Sent e-mails are delivered late",
        "- Set: three of them",
        "- Seen: two errors",
        "- Improved by 30 percent",
        "- Improved by: caching",
        "- Approaches: two",
        "- Approval is pending",
        "- Send us a mail: we answer.",
        "- Sentry: down",
        "- Resent mails: many",
        "approved by the board, as every change",
        "- Next step: look",
    ],
)
def test_a_sentence_is_no_label(sentence: str) -> None:
    assert without_labels([sentence], LABELS) == [sentence]


def test_what_follows_a_label_stays() -> None:
    lines = [
        "We look.",
        "- Sent: x",
        "- Impact: y",
        "- Sent:",
        "- Next steps: z",
        "  Approved by: x",
        "- more",
        "",
        "Sent: x",
        "",
        "- ETA: soon",
        "```",
        "Sent: x",
        "```",
        "The end.",
    ]
    assert [line for line in without_labels(lines, LABELS) if line] == [
        "We look.",
        "- Impact: y",
        "- Next steps: z",
        "- more",
        "- ETA: soon",
        "```",
        "```",
        "The end.",
    ]


def test_a_comment_that_was_open_before_a_label_ends_where_it_did() -> None:
    lines = ["`<!--` a", "", "Sent: x", "y --> z", "", "More."]
    assert without_labels(lines, LABELS) == ["`<!--` a", "", "", "-->", "", "More."]


def test_nothing_is_left_out_where_no_label_is_internal() -> None:
    assert without_labels(["Sent: x"], Labels(())) == ["Sent: x"]


@pytest.mark.parametrize(
    "sign",
    ["|", ">", "(", "- ", "Sent", "sent to ", ". Sent ", "1.", "<", "&#58;", "`", " ", "- Sent:\n"],
)
def test_long_lines_of_one_sign_are_read_to_their_end(sign: str) -> None:
    long = sign * (100_000 // len(sign))
    assert without_labels(["We look.", "", f"{long}; Sent: x"], LABELS) == ["We look.", "", ""]
    assert without_labels([*long.split("\n"), "", "We look."], LABELS)[-1] == "We look."
