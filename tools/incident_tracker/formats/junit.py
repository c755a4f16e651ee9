"""The verdict as a JUnit report: every judged file is a test, so a clean run shows what passed.

A test for each finding would vanish when it is mended: nobody would see that it passes now.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from xml.etree import ElementTree as ET

from incident_tracker.check import Report
from incident_tracker.finding import Finding, Level
from incident_tracker.formats import plural, weight, worst_first
from incident_tracker.formats.declare import View, report_format
from incident_tracker.formats.terminal import finding_text, one_line
from incident_tracker.waiving import Waived

SUITE = "incident check"
COMMAND_AT_START = re.compile(r"^(\s*):(?=:)", re.MULTILINE)


@report_format("junit")
def junit(report: Report, view: View) -> str:
    """JUnit XML, a test for each file: artifacts:reports:junit of GitLab, Jenkins, Azure."""
    judged = report.texts.keys() & report.touched if report.since else report.texts.keys()
    found: dict[str, list[Finding]] = {path: [] for path in judged}
    for finding in worst_first(report, facts=view.facts):
        found.setdefault(finding.path, []).append(finding)
    waived: dict[str, list[Waived]] = defaultdict(list)
    for one in report.waived:
        waived[one.finding.path].append(one)
    suite = ET.Element("testsuite", {"name": SUITE})
    # The findings of a file are worst first; a file without any comes last.
    for path in sorted(found, key=lambda path: (min(map(weight, found[path]), default=9), path)):
        suite.append(_test(path, found[path], waived[path], view))
    failures = len(suite.findall("testcase/failure"))
    suites = ET.Element("testsuites", {"name": SUITE})
    for element in (suites, suite):
        element.attrib |= {"tests": f"{len(suite)}", "failures": f"{failures}", "errors": "0"}
    suites.append(suite)
    ET.indent(suites)
    return _inert(ET.tostring(suites, encoding="us-ascii", xml_declaration=True).decode("ascii"))


def _test(
    path: str, findings: Sequence[Finding], waived: Sequence[Waived], view: View
) -> ET.Element:
    """Return a file as a test, which fails where the check does because of it."""
    place = one_line(view.placed(path))
    folder = place.rpartition("/")[0].replace("/", ".") or "."
    test = ET.Element("testcase", {"classname": folder, "name": place, "file": place})
    fatal = {Level.ERROR, Level.WARNING} if view.strict else {Level.ERROR}
    wrong = [finding for finding in findings if finding.level in fatal]
    if wrong:
        first = one_line(f"{wrong[0].code} {wrong[0].message}")
        more = f", and {plural(len(wrong) - 1, 'more finding')}" if len(wrong) > 1 else ""
        failure = ET.SubElement(
            test, "failure", {"type": wrong[0].level.value, "message": first + more}
        )
        failure.text = "\n".join(finding_text(finding) for finding in wrong)
    said = [finding_text(finding) for finding in findings if finding.level not in fatal]
    said += [one_line(f"waived: {w.finding.code}, {w.reason}") + "\n" for w in waived]
    if said:
        ET.SubElement(test, "system-out").text = "\n".join(said)
    return test


def _inert(xml: str) -> str:
    """Return the same document without text that a runner of workflows would obey."""
    return COMMAND_AT_START.sub(r"\1&#58;", xml).replace("##[", "&#35;#[")
