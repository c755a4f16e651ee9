"""What fuzzing begins with: small good inputs of each target, and the words of each language."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from fuzz.ground import RECORDS, protocol_text
from incident_tracker.examples import good_files
from incident_tracker.importers.mapping import preset_names, preset_text

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
ALERTS = {
    "groupKey": "{}:{}",
    "alerts": [
        {
            "status": "firing",
            "fingerprint": "a1b2",
            "labels": {"alertname": "SearchFails", "severity": "error", "component": "website"},
            "annotations": {"summary": "Search fails"},
            "startsAt": "2026-03-02T16:02:03.123Z",
            "endsAt": "0001-01-01T00:00:00Z",
        }
    ],
}
BASELINE = (
    b'{"version": 1, "findings": [{"path": "incidents/2026/a.md", "code": "INC012",'
    b' "level": "error", "about": "x", "count": 2}]}'
)
LINES = (
    b"\x08\x00\x2d- 12:55 - Looked at the queue\xff\x04\x00\x2d- 12:56 - Called the vendor",
    b"\x09\x00\x02severity: P2\xff\x05\x00\x03status: closed",
    b"\x0a\x00\x10## Timeline\n\xff\x0c\x00\x09A line that both had",
)
MANY = ((52, b"the fourth"), (51, b"the third"), (50, b"the second"), (49, b"the first"))
WORDINGS = (
    b"Subject: {{ title }}\n{% for a in audiences %}{{ a|upper }}{% endfor %}",
    b"{% macro f(n) %}{% if n %}{{ f(n - 1) }}{% endif %}{% endmacro %}{{ f(3) }}",
    b"{% for n in range(9) %}{{ loop.index * n }}{% endfor %}{{ title|replace('a', 'b') }}",
    b"{% set x = [1, 2] %}{{ x|join(', ') }}{{ title[0:3] }}{{ '%s' }}{{ severity ~ id }}",
)
SEEDS: Mapping[str, tuple[bytes, ...]] = {
    "rendering": TEXTS,
    "timeline": SAID,
    "adding": (*SAID, *(b"We look.\xff" + line for line in LINES)),
    "merging": (
        *(bytes([n]) + line for n in range(5) for line in LINES),
        b"\x00" + LINES[0] + b"".join(b"\xff\x08\x00\x2d- 12:%c0 - Saw %s" % one for one in MANY),
    ),
    "registers": (
        *(kind + b"\x01\x00\x04  - x: 1" for kind in (b"\x01", b"\x81")),
        b"\x00components:\n  - id: a\n    name: A\n",
        b"\x80confirmed: 2026-02-03\npeople: []\n",
    ),
    "wordings": WORDINGS,
    "alerts": (json.dumps(ALERTS).encode(),),
    "issues": (b"### Severity\n\nP0\n", b"```\n### Kind", b"body:\n  - type: input\n    id: a\n"),
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
    "setting": (
        *(
            "id: ",
            "name: ",
            "- ",
            "  ",
            ": ",
            "[]",
            "{}",
            "null",
            "true",
            "P0",
            "1h",
            "0 min",
            "-1",
        ),
        *("99999999 days", "Europe/Prague", "2026-02-03", "'", '"', "#", "\n", "yes", "website"),
        *("severities:", "owes:", "phrases:", "text:", "words:", "shape: ", "sets: ", "count"),
    ),
    "wording": (
        *(
            "{{ ",
            " }}",
            "{% for x in ",
            " %}",
            "{% endfor %}",
            "{% macro f(n) %}",
            "{% endmacro %}",
        ),
        *("{% set x = ", "{% if ", "{% endif %}", "range(", "|join", "|map(", "|replace(", "|list"),
        *(
            "~",
            "**",
            "title",
            "audiences",
            "loop.",
            ".__class__",
            "f(n - 1)",
            "{% call",
            "|indent(",
        ),
        *("{% include ", "{% raw %}", "|urlize", "|wordwrap(", "|tojson", "|pprint", "|xmlattr"),
    ),
}
KINDS: Mapping[str, tuple[str, ...]] = {
    "rendering": ("markup",),
    "pages": ("record", "markup"),
    "notices": ("record", "markup"),
    "exports": ("record", "markup"),
    "protocol": ("setting",),
    "registers": ("setting",),
    "settings": ("setting", "feed"),
    "wordings": ("wording",),
    "issues": ("record", "setting"),
    **dict.fromkeys(("alerts", *(name for name in SEEDS if name.startswith("import-"))), ("feed",)),
}


def seeds(target: str) -> Iterator[bytes]:
    """Yield good inputs of a target to begin with."""
    if target in SEEDS:
        yield from SEEDS[target]
    elif target == "editing":
        yield from (b"a: #b" + b"\xff" + good_files()[path] for path in RECORDS)
    elif target == "protocol":
        yield from _without_words()
    elif target == "settings":
        yield from (preset_text(name).encode() for name in sorted(preset_names()))
        yield BASELINE
    else:
        good = (bytes([n, 0, 0]) + good_files()[path] for n, path in enumerate(RECORDS))
        broken = (file.read_bytes() for file in sorted(BROKEN.rglob("*.md")))
        yield from (data for data in (*good, *broken) if len(data) < SMALL)
        yield from (b"\x00\x02\x00" + text for text in TEXTS)


def _without_words() -> Iterator[bytes]:
    """Yield changes to the protocol: a line is gone, a list is empty, another value is there."""
    text = protocol_text()
    for number in range(0, text.count(b"\n"), 7):
        yield bytes([1, *divmod(number, 256)])
    for found in re.finditer(rb"\[([^\[\]]{1,31})\]", text):
        if found.start() % 3 == 0 and found.start(1) < 1 << 16:
            yield bytes([0x80 + len(found[1]), *divmod(found.start(1), 256)])
    yield b"\x01\x00\x04zone: Europe/Prague\xff\x01\x00\x20 x: 1"
    yield b"\x00version: 1.0.0\nseverities: {P0: {name: x}}\n"


def dictionary(target: str) -> str:
    """Return the words of a target's language, as libFuzzer reads them."""
    words = (word for kind in KINDS.get(target, ("record",)) for word in WORDS[kind])
    return "".join(f'"{_escaped(word)}"\n' for word in (*words, "\udcff"))


def _escaped(word: str) -> str:
    return "".join(f"\\x{byte:02X}" for byte in word.encode("utf-8", "surrogateescape"))
