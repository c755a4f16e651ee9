"""Text that runs from right to left, in the HTML of a page that does not."""

from __future__ import annotations

import pytest

from incident_tracker.pages.directions import directed
from incident_tracker.text.unseen import VOID

PIECES = {
    # A block of prose that begins so runs its way; what is in it needs nothing.
    "<h1>טופס (503), ב-HTTP/2!</h1>": '<h1 dir="rtl">טופס (503), ב-HTTP/2!</h1>',
    "<p>טופס <code>x</code> עוד</p>": '<p dir="rtl">טופס <code>x</code> עוד</p>',
    "<p>«تعذّر» 5.</p>": '<p dir="rtl">«تعذّر» 5.</p>',
    "<ul><li>טופס <a>ב</a></li></ul>": '<ul><li dir="rtl">טופס <a>ב</a></li></ul>',
    # Elsewhere it keeps to itself, and our words before it stay where they are.
    "<p>Impact: טופס PR #12.</p>": "<p>Impact: <bdi>טופס PR #12.</bdi></p>",
    "<p><b>P0</b> טופס.</p>": "<p><b>P0</b> <bdi>טופס.</bdi></p>",
    "<td>טופס<span>detect · from ב</span></td>": "<td><bdi>טופס</bdi>"
    "<span>detect · from <bdi>ב</bdi></span></td>",
    "<p>Event «יום»: 25 %</p>": "<p><bdi>Event «יום»: 25 %</bdi></p>",
    # Rows of columns are no prose: their first column stays on the left.
    '<ol role="list"><li><span>דנה</span></li></ol>': '<ol role="list"><li>'
    "<span><bdi>דנה</bdi></span></li></ol>",
    # Some elements hold text only, and code is as it was typed.
    "<select><option>טופס</option></select>": '<select><option dir="auto">טופס</option></select>',
    "<pre><code>טופס</code></pre>": "<pre><code>טופס</code></pre>",
    '<p dir="ltr">טופס</p>': '<p dir="ltr">טופס</p>',
    # What looks like a tag in an attribute is none; entities have no direction of their own.
    '<a title="<b>">ב</a><br>x': '<a title="<b>"><bdi>ב</bdi></a><br>x',
    # What has no end of its own holds nothing that follows.
    **{
        f"<p>ב{tag}</p><p>Impact: ב</p>": f'<p dir="rtl">ב{tag}</p><p>Impact: <bdi>ב</bdi></p>'
        for tag in (*(f"<{name}>" for name in sorted(VOID)), "<b/>", '<i class="x"/>', "<i />")
    },
    "<p>&quot;טופס&quot;</p>": '<p dir="rtl">&quot;טופס&quot;</p>',
}


@pytest.mark.parametrize("given", PIECES)
def test_a_text_from_right_to_left_is_turned_or_isolated(given: str) -> None:
    assert directed(given) == PIECES[given]


@pytest.mark.parametrize("given", ["<p>Nguyễn 縦書き ที่ 🎉</p>", "<p>a: b <b>c", "</p></p>", ""])
def test_other_text_stays_as_it_is(given: str) -> None:
    assert directed(given) == given


def test_html_that_is_not_balanced_is_no_error() -> None:
    assert directed("</p><p>ב") == '</p><p dir="rtl">ב'
