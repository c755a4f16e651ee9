"""What fuzzing begins with: small good inputs of each target, and the words of each language."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from incident_tracker.examples import good_files

BROKEN = Path(__file__).parents[2] / "tests" / "broken"
SMALL = 8_000
"""Bytes; what breaks a limit by its size is no good beginning."""
AT = "2026-02-03T10:00:00Z"
END = "2026-02-03T11:30:00Z"
ROW = {
    "id": "77",
    "title": "Sign-up form answers slowly",
    "impact": "minor",
    "started_at": AT,
    "resolved_at": END,
    "components": ["Event sign-up"],
    "updates": [{"at": AT, "status": "Investigating", "message": "We look."}],
}
PAGE = {
    "incidents": [
        {
            "id": "a1",
            "name": "Sign-up form fails",
            "status": "resolved",
            "impact": "critical",
            "created_at": AT,
            "resolved_at": END,
            "incident_updates": [
                {"id": "u1", "status": "resolved", "body": "<p>It works.</p>", "created_at": END},
                {"id": "u2", "status": "investigating", "body": "We look.", "created_at": AT},
            ],
            "components": [{"id": "c1", "name": "Sign-up", "status": "operational"}],
        }
    ]
}
CLOUD = [
    {
        "id": "Ab1",
        "begin": AT,
        "end": END,
        "external_desc": "Buckets answer slowly",
        "updates": [{"when": AT, "text": "# Summary\nWe look", "status": "AVAILABLE"}],
        "severity": "medium",
        "affected_products": [{"title": "Buckets"}],
    }
]
ISSUE = b"""---
title: Form answers slowly
date: 2026-02-03 10:00:00
resolved: true
resolvedWhen: 2026-02-03T11:30:00+01:00
severity: disrupted
affected: [Donation form]
section: issue
---
*Resolved* - It is fast again. {{< track "2026-02-03 11:30:00" >}}

**Investigating**: We look.
"""
SITE = b"timeZone: Europe/Prague\nparams:\n  systems:\n    - name: Donation form\n"
CHECKS = b"""commit_at,site,state,http_code,response_ms,commit
2026-02-01T00:00:00Z,Donation form,up,200,120,a1
2026-02-01T10:00:00Z,Donation form,down,503,80,a2
2026-02-01T10:40:00Z,Donation form,up,200,120,a4
"""
DAYS = b'[{"name": "Donation form", "slug": "d", "dailyMinutesDown": {"2026-02-01": 40}}]'
TEXTS = (
    b"**bold** `code` [a](b.md) <b>x</b>",
    b"- [x] done (10:20, asha)\n\n| a | b |\n| - | - |\n| 1 | 2 |",
    b"```sh\nls\n```\n\n> quoted\n\n!!! note\n    words",
    b"[x]: javascript:alert(1)\n\n<a href=javascript:x onclick=y>z</a>",
)
SAID = (
    b"14:05 Decision: take it down",
    b"Severity changed: P1 \xe2\x86\x92 P0 because x",
    b"a\xff- 10:00 - Detected\n- 10:05 - Incident acknowledged by asha\n",
)
FEEDS: Mapping[str, tuple[bytes, ...]] = {
    "import-csv": (b"Slow,2026-02-03T10:00Z\n", b'"a ""b""\nc",2026-02-03T10:00Z\n'),
    "import-jsonl": (json.dumps(ROW).encode() + b"\n",),
    "import-json": (json.dumps([ROW]).encode(),),
    "import-statuspage": (json.dumps(PAGE).encode(),),
    "import-gcp": (json.dumps(CLOUD).encode(),),
    "import-cstate": (ISSUE + b"\xff\xff" + SITE,),
    "import-upptime": (CHECKS + b"\xff\xff" + DAYS,),
}
WORDS: Mapping[str, tuple[str, ...]] = {
    "record": (
        *("---\n", "title: ", "severity: P1", "status: closed", "waive: {", "kind: security"),
        *("## Timeline\n", "## Updates\n", "### ", "- 10:05 - ", "- [ ] ", "- [x] ", "```", "<!--"),
        *("-->", "&a", "*a", "<<: ", "!!str ", "|\n", ">-\n", "2026-02-30", "24:00", "+99:99"),
        *("\u202e", "\x85", "\u2028", "\ufeff", "\x1b[", "\r\n", "<<<<<<< a\n", "# "),
        *("Severity changed: P1 → P0", "Incident closed by ", "Update sent: "),
    ),
    "markup": (
        *("<script>", "</", " onclick=", "javascript:", "data:text/html,", "[x](", "![](", "[x]: "),
        *("```", "~~~", "{: .x }", "{{", "--8<--", "\x02wzxhzdk:0\x03", "<!--", "&#106;", "!!! "),
        *("<svg", "<style>", "<img src=x", "[^1]", "https://", "| a | b |", "***", "<a href='"),
    ),
    "feed": (
        *('{"', '":', "[]", "{}", "null", "1e999", "NaN", "\\u0000", "\\ud800", '"id"', '"title"'),
        *('"name"', '"updates"', '"incident_updates"', '"status"', "<p>", "&amp;", '""', "\r\n"),
        *(
            "2026-02-03T10:00:00Z",
            "9999-12-31T23:59:59Z",
            "0001-01-01",
            "-11:30",
            "---\n",
            "date: ",
        ),
        *("{{< track", "resolved: true", ","),
    ),
}


def seeds(target: str) -> Iterator[bytes]:
    """Yield good inputs of a target to begin with."""
    records = [data for path, data in good_files().items() if path.endswith(".md")]
    if target in FEEDS:
        yield from FEEDS[target]
    elif target == "rendering":
        yield from TEXTS
    elif target == "timeline":
        yield from SAID
    elif target == "editing":
        yield from (b"a: #b" + b"\xff" + record for record in records)
    else:
        before = b"" if target == "reading" else b"\x00\x00"
        broken = (file.read_bytes() for file in sorted(BROKEN.rglob("*.md")))
        yield from (before + data for data in (*records, *broken) if len(data) < SMALL)
        yield from (before + text for text in TEXTS)


def dictionary(target: str) -> str:
    """Return the words of a target's language, as libFuzzer reads them."""
    kinds = {"rendering": ("markup",), "pages": ("record", "markup")}
    usual: Iterable[str] = ("feed",) if target.startswith("import-") else ("record",)
    words = (word for kind in kinds.get(target, usual) for word in WORDS[kind])
    return "".join(f'"{_escaped(word)}"\n' for word in (*words, "\udcff"))


def _escaped(word: str) -> str:
    return "".join(f"\\x{byte:02X}" for byte in word.encode("utf-8", "surrogateescape"))
