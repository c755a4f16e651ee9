"""What the texts say is so: commands, options, codes, paths, names, links, outputs and recipes."""

from __future__ import annotations

import inspect
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

import click
import pytest

from conftest import ROOT
from incident_tracker.check import check
from incident_tracker.cli import main
from incident_tracker.metrics.declare import metrics
from incident_tracker.pages import Page, Site, build
from incident_tracker.registry import rules
from incident_tracker.workspace import Workspace

sys.path.insert(0, str(ROOT / "tools"))
import words

PACKAGE = ROOT / "tools" / "incident_tracker"
CONTRIBUTING = ROOT / ".github" / "CONTRIBUTING.md"
TEXTS = [
    ROOT / "README.md",
    CONTRIBUTING,
    ROOT / "CHANGELOG.md",
    PACKAGE / "templates" / "starter" / "README.md",
    *sorted((ROOT / "docs").rglob("*.md")),
]
EVERY_TEXT = pytest.mark.parametrize(
    "path", TEXTS, ids=lambda path: path.relative_to(ROOT).as_posix()
)
FENCE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
SPAN = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
CODE = re.compile(r"\b(?:FMT|INC|TML|UPD|CHK|SEC|PIR|ACT|RUN|REL|CHG|CFG|IMP)[0-9]{3}\b")
CALL = re.compile(r"(?:^|[ |&`])incident ([^|&`;]*)")
FIRST_RULE_OF_ITS_OWN = "INC999"  # free, and stays so: the recipe's test declares it

RULE = '''\
"""A rule that the recipe's test adds: INC999."""

from collections.abc import Iterator

from incident_tracker.model import Incident
from incident_tracker.registry import Context, Example, Problem, rule


@rule("INC999", Incident, bad=(Example(set={"title": "Website (!)"}),))
def title_is_calm(incident: Incident, context: Context) -> Iterator[Problem]:
    """A title shouts at nobody.

    **Why.** It is read by people who are awake at night.

    **Fix.** Leave out the exclamation mark.
    """
    if "!" in incident.title:
        yield Problem("title", "the title shouts", "title: Website unavailable")
'''
METRIC = '''\
"""A metric that the recipe's test adds."""

from collections.abc import Sequence
from datetime import datetime

from incident_tracker.measure import Measurement, Single, of_count
from incident_tracker.metrics.declare import Worked, metric
from incident_tracker.model import Incident, Tracker
from incident_tracker.protocol import Protocol
from incident_tracker.registry import Example


@metric("roles-held", "Roles held", worked=Worked(given=(Example(),), group="all", expect=4))
def roles_held(
    incidents: Sequence[Incident], tracker: Tracker, now: datetime, terms: Protocol
) -> Measurement:
    """How many roles were held in all incidents together.

    **Left out.** Nothing is left out here.

    **Source.** The test of the recipe.
    """
    held = [incident.id for incident in incidents for _ in incident.roles]
    return of_count("all", [Single(record=record, value=1.0) for record in held])
'''
PAGE = '''\
"""A page that the recipe's test adds."""

from incident_tracker.pages.book import Book
from incident_tracker.pages.declare import page


@page("people.md", template="people.md.j2", title="People", section="People", order=990)
def people(book: Book) -> list[str]:
    """Who has held a role."""
    return sorted({name for incident in book.newest_first for name in incident.roles.values()})
'''
FORMAT = '''\
"""A format that the recipe's test adds."""

from incident_tracker.check import Report
from incident_tracker.formats import worst_first
from incident_tracker.formats.declare import View, report_format


@report_format("codes")
def codes(report: Report, view: View) -> str:
    """The codes alone, a line each: for the recipe."""
    return "\\n".join(f"{f.code} {view.placed(f.path)}" for f in worst_first(report, facts=True))
'''
EXPORT = '''\
"""An export that the recipe's test adds."""

from datetime import datetime

from incident_tracker.exports.declare import Files, Settings, export
from incident_tracker.model import Tracker
from incident_tracker.text.characters import scrubbed


@export("ids")
def ids(tracker: Tracker, now: datetime, settings: Settings) -> Files:
    """The ids alone, a line each: for the recipe."""
    told = [f"{incident.id} {incident.root_cause}\\n" for incident in tracker.incidents]
    return {"ids.txt": scrubbed("".join(told or ["none"])).encode()}
'''
TEMPLATE = "# People\n\n{% for name in v %}\n- {{ name | plain }}\n{% endfor %}\n"


def commands() -> dict[str, click.Command]:
    """Every command by the words that call it: ``check``, ``pir new``."""
    context = click.Context(main)
    found: dict[str, click.Command] = {}
    for name in main.list_commands(context):
        command = main.get_command(context, name)
        assert command is not None
        found[name] = command
        if isinstance(command, click.Group):
            found |= {f"{name} {part}": inner for part, inner in command.commands.items()}
    return found


COMMANDS = commands()


def calls(text: str) -> Iterator[list[str]]:
    """The words behind ``incident`` wherever a text shows a call of it, in code only."""
    shown = [*FENCE.findall(text), *SPAN.findall(FENCE.sub("", text))]
    for code in shown:
        for line in code.replace("\\\n", " ").splitlines():
            for call in CALL.findall(line.partition(" # ")[0]):
                # What stands in quotation marks is a text, no word of the command line.
                yield re.sub(r'"[^"]*"|“[^”]*”', "TEXT", call).split()


def called(arguments: list[str]) -> tuple[str, list[str]]:
    """The command that a call names, and its arguments; global options in front are passed over."""
    rest = list(arguments)
    while rest and rest[0].startswith("-"):
        rest = rest[2:] if rest[0] == "-C" else rest[1:]
    name = " ".join(rest[:2]) if " ".join(rest[:2]) in COMMANDS else (rest or [""])[0]
    return name, rest[len(name.split()) :]


def options(command: click.Command) -> set[str]:
    """Every option that a command takes."""
    return {"--help", "-h"}.union(*(parameter.opts for parameter in command.params))


@EVERY_TEXT
def test_a_text_names_no_unknown_command_and_no_unknown_option(path: Path) -> None:
    wrong = []
    for arguments in calls(path.read_text("utf-8")):
        name, rest = called(arguments)
        if name in {"", "…", "COMMAND"}:
            continue
        given = {word.partition("=")[0] for word in rest if re.match(r"--?[a-z]", word)}
        given -= {word for word in given if re.fullmatch(r"-[0-9]+[mh]", word)}
        if name not in COMMANDS or not given <= options(COMMANDS[name]):
            wrong.append(" ".join(arguments))
    assert wrong == []


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_stands_in_the_docs(name: str) -> None:
    if isinstance(COMMANDS[name], click.Group):
        return  # its parts stand there
    named = {called(call)[0] for path in TEXTS for call in calls(path.read_text("utf-8"))}
    assert name in named


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_says_what_it_does_and_gives_an_example_that_it_would_take(name: str) -> None:
    command = COMMANDS[name]
    help_ = command.get_help(click.Context(command, info_name=f"incident {name}"))
    assert (command.help or "").partition("\n")[0].strip()
    if isinstance(command, click.Group):
        return
    written = f"{inspect.cleandoc(command.help or '')}\n{command.epilog or ''}"
    told = written.partition("Example")[2].partition(":")[
        2
    ]  # "Example:" or "Examples:", then to the end
    lines = [line.strip() for line in told.splitlines() if "incident " in line]
    shown = [called(call) for line in lines for call in calls(f"`{line}`")]
    assert name in {found for found, _ in shown}, help_
    for found, rest in shown:
        given = {word.partition("=")[0] for word in rest if re.match(r"--[a-z]", word)}
        assert given <= options(COMMANDS[found]), (found, given)


@EVERY_TEXT
def test_a_text_names_no_code_that_no_rule_has(path: Path) -> None:
    named = set(CODE.findall(path.read_text("utf-8"))) - {"INC099"}  # of the recipe
    assert named <= set(rules())


@EVERY_TEXT
def test_a_waiver_that_a_text_shows_is_of_a_rule_that_can_be_waived(path: Path) -> None:
    shown = re.findall(
        r"(?:incident: ok|waive: \\{|incident waive(?: ID)?) ?([A-Z]{3}[0-9]{3})",
        path.read_text("utf-8"),
    )
    assert [code for code in shown if rules()[code].function is None] == []


@EVERY_TEXT
def test_a_relative_link_leads_to_a_file_of_the_repository(path: Path) -> None:
    links = (
        link.partition("#")[0] for link in LINK.findall(FENCE.sub("", path.read_text("utf-8")))
    )
    local = [link for link in links if link and "://" not in link]
    assert [link for link in local if not (path.parent / link).exists()] == []


@EVERY_TEXT
def test_a_make_target_that_a_text_names_exists(path: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    shown = re.findall(r"(?:^|`|&& )make ([a-z]+)", path.read_text("utf-8"), re.MULTILINE)
    assert set(shown) <= targets


@pytest.mark.parametrize("path", words.pages(), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_console_block_shows_what_its_commands_print(path: Path, tmp_path: Path) -> None:
    text = path.read_text("utf-8")
    assert words.rewritten(text, words.new_tracker(tmp_path)) == text


@pytest.fixture(scope="module")
def computed(tmp_path_factory: pytest.TempPathFactory) -> Sequence[Page]:
    """The pages of a new tracker with one incident, as it is on its first day."""
    folder = words.new_tracker(tmp_path_factory.mktemp("computed"))
    tracker = Workspace.find(folder).load()
    return build(tracker, Site(now=datetime(2026, 11, 23, 12, tzinfo=UTC)))


def test_every_rule_stands_on_its_familys_page(computed: Sequence[Page]) -> None:
    pages = {page.path: page.markdown for page in computed}
    assert [code for code in rules() if code not in pages[f"rules/{code[:3]}.md"]] == []


def test_the_readers_page_tells_of_every_tab_and_of_no_other_page(computed: Sequence[Page]) -> None:
    text = (ROOT / "docs" / "guide" / "reader.md").read_text("utf-8")
    told = set(re.findall(r"\*\*([^*]+)\*\*", text.split("## The pages")[1].split("## ")[0]))
    tabs, titles = ({page.section for page in computed}, {page.title for page in computed})
    assert tabs <= told
    assert told <= tabs | titles


def test_a_page_of_the_site_that_a_text_names_by_its_tab_exists(computed: Sequence[Page]) -> None:
    known = {(page.section, page.title) for page in computed}
    text = "".join(path.read_text("utf-8") for path in TEXTS)
    named = set(re.findall(r"\*\*([A-Z][^*]+)\*\*, \*\*([A-Z][^*]+)\*\*(?! \()", text))
    assert {pair for pair in named if pair[0] == "Protocol"} <= known


def test_the_readers_page_calls_metrics_by_their_names() -> None:
    text = (ROOT / "docs" / "guide" / "reader.md").read_text("utf-8")
    titles = {metric.title for metric in metrics().values()}
    told = re.findall(r"^\| (Time to [^|]+) \|", text, re.MULTILINE)
    assert told
    assert set(told) <= titles


def test_the_smallest_record_has_no_error(tmp_path: Path) -> None:
    text = (ROOT / "docs" / "guide" / "record.md").read_text("utf-8")
    record = text.split("## The smallest record")[1].split("```markdown\n")[1].split("```")[0]
    tracker = words.new_tracker(tmp_path)
    (tracker / "incidents" / "2026").mkdir(parents=True)
    path = tracker / "incidents" / "2026" / "2026-11-23-footer-number.md"
    path.write_text(record, encoding="utf-8")
    assert check(Workspace.find(tracker).load()).findings == ()


def test_each_line_that_the_responder_may_copy_is_a_phrase_and_is_read_without_a_finding(
    tmp_path: Path,
) -> None:
    text = (ROOT / "docs" / "guide" / "responder.md").read_text("utf-8")
    shown = re.findall(r"^- .+:\n  `(.+)`$", text, re.MULTILINE)
    assert len(shown) > 5
    entries = ["Incident detected via monitoring", *shown]
    lines = [f"- 10:{minute:02} - {line}" for minute, line in enumerate(entries)]
    front = "---\ntitle: Checkout returns 500\nseverity: P0\nstatus: monitoring\n---\n## Timeline\n"
    tracker = words.new_tracker(tmp_path)
    path = tracker / "incidents" / "2026" / "2026-11-23-checkout-500.md"
    path.parent.mkdir(parents=True)
    path.write_text(front + "\n".join(lines) + "\n", encoding="utf-8")
    loaded = Workspace.find(tracker).load()
    assert [e.text for e in loaded.incidents[0].log.entries if e.said is None] == []
    assert [f.message for f in check(loaded).findings if f.code.startswith("TML")] == []


def test_the_decisions_page_lists_each_decision_once() -> None:
    folder = ROOT / "docs" / "decisions"
    listed = LINK.findall((folder / "README.md").read_text("utf-8"))
    assert sorted(listed) == sorted(
        path.name for path in folder.glob("*.md") if path.stem != "README"
    )


def test_the_dependencies_page_explains_what_pyproject_asks_for_and_nothing_else() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    more = (line for lines in project["optional-dependencies"].values() for line in lines)
    asked = [*project["dependencies"], *more]
    text = (ROOT / "docs" / "dependencies.md").read_text("utf-8")
    first_cells = re.findall(r"^\| (`[^|]+) \|", text, re.MULTILINE)
    explained = [name.lower() for cell in first_cells for name in SPAN.findall(cell)]
    assert sorted(explained) == sorted(
        re.split(r"[><=!; ]", asked_for)[0].lower() for asked_for in asked
    )


def table(heading: str) -> list[list[str]]:
    """The cells of the first table below a heading of CONTRIBUTING, without its head."""
    below = CONTRIBUTING.read_text("utf-8").split(f"## {heading}\n")[1]
    lines = [line for line in below.split("\n## ")[0].splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def where(name: str) -> list[Path]:
    """The files that a path of CONTRIBUTING means; ``<…>`` stands for any name."""
    pattern = re.sub(r"<[^>]+>", "*", name.partition("::")[0])
    return [found for top in (PACKAGE, ROOT) for found in top.glob(pattern.rstrip("/"))]


def test_the_rooms_are_the_modules_of_the_package_in_the_order_of_the_layers() -> None:
    named = [
        name.removesuffix(".py").rstrip("/")
        for row in table("The rooms")
        for name in SPAN.findall(row[0])
    ]
    modules = {path.name for path in PACKAGE.iterdir() if (path / "__init__.py").exists()}
    modules |= {path.stem for path in PACKAGE.glob("*.py") if not path.stem.startswith("_")}
    assert sorted(named) == sorted(modules)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    layers = project["tool"]["importlinter"]["contracts"][0]["layers"]
    height = {name: n for n, layer in enumerate(layers) for name in re.findall(r"[a-z_]+", layer)}
    assert [height[name] for name in named] == sorted(height[name] for name in named)


def test_each_path_and_name_of_where_do_i_add_exists() -> None:
    named = [
        name
        for row in table("Where do I add …?")
        for cell in row[1:3]
        for name in SPAN.findall(cell)
    ]
    assert len(named) > len(table("Where do I add …?"))
    for name in named:
        found = where(name)
        assert found, name
        if "::" in name:
            module = (
                found[0].relative_to(PACKAGE.parent).with_suffix("").as_posix().replace("/", ".")
            )
            assert hasattr(import_module(module), name.partition("::")[2]), name


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A copy of the package, to which a recipe may add."""
    ignored = shutil.ignore_patterns("__pycache__")
    return shutil.copytree(PACKAGE, tmp_path / "tools" / "incident_tracker", ignore=ignored)


def with_package(
    package: Path, *command: str, cwd: Path = ROOT
) -> subprocess.CompletedProcess[str]:
    """Run Python with the copy in the place of the package."""
    path = os.pathsep.join([str(package.parent), str(ROOT / "tests")])
    return subprocess.run(
        [sys.executable, *command],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": path, "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


def generated(package: Path, file: str, chosen: str) -> str:
    """What the generated tests of a file say about what was added."""
    wanted = ("-m", "pytest", "-q", "-p", "no:cacheprovider", f"tests/{file}", "-k", chosen)
    return with_package(package, *wanted).stdout


def test_a_rule_that_is_added_as_one_file_is_tested_and_explained(package: Path) -> None:
    (package / "rules" / "calm.py").write_text(RULE, encoding="utf-8")
    said = generated(package, "test_rules.py", FIRST_RULE_OF_ITS_OWN)
    assert "2 passed" in said, said
    explained = with_package(
        package,
        "-c",
        "from incident_tracker.cli import main; main()",
        "explain",
        "INC999",
        cwd=ROOT,
    )
    assert "title-is-calm" in explained.stdout
    assert "the title shouts" in explained.stdout


def test_a_rule_whose_example_is_wrong_does_not_pass(package: Path) -> None:
    wrong = RULE.replace('"Website (!)"', '"Website"')
    (package / "rules" / "calm.py").write_text(wrong, encoding="utf-8")
    assert "1 failed" in generated(package, "test_rules.py", FIRST_RULE_OF_ITS_OWN)


def test_a_metric_that_is_added_as_one_file_is_tested(package: Path) -> None:
    (package / "metrics" / "people.py").write_text(METRIC, encoding="utf-8")
    said = generated(package, "test_metrics.py", "roles-held")
    assert " passed" in said, said
    assert "failed" not in said, said


def test_a_page_that_is_added_as_two_files_has_its_tab(package: Path, tmp_path: Path) -> None:
    (package / "pages" / "people.py").write_text(PAGE, encoding="utf-8")
    (package / "templates" / "pages" / "people.md.j2").write_text(TEMPLATE, encoding="utf-8")
    tracker = words.new_tracker(tmp_path)
    built = with_package(package, "-m", "mkdocs", "build", "--strict", cwd=tracker)
    assert built.returncode == 0, built.stderr
    assert 'href="people.html"' in (tracker / "site" / "index.html").read_text("utf-8")


def test_a_format_that_is_added_as_one_file_is_a_choice_with_its_help_and_is_tested(
    package: Path, tmp_path: Path
) -> None:
    (package / "formats" / "codes.py").write_text(FORMAT, encoding="utf-8")
    tracker = words.new_tracker(tmp_path)
    path = tracker / "incidents" / "2026" / "2026-11-23-none.md"
    path.parent.mkdir(parents=True)
    path.write_text("no record", encoding="utf-8")
    check_ = ("-m", "incident_tracker", "check")
    said = with_package(package, *check_, "--format", "codes", cwd=tracker)
    assert (said.stdout, said.returncode) == (f"FMT001 {path.relative_to(tracker)}\n", 1)
    help_ = with_package(package, *check_, "--help", cwd=tracker).stdout
    assert "codes    The codes alone, a line each: for the recipe." in help_
    tested = generated(package, "test_formats_hostile.py", "codes")
    assert "8 passed" in tested, tested


def test_an_export_that_is_added_as_one_file_is_offered_with_its_help_and_is_tested(
    package: Path, tmp_path: Path
) -> None:
    (package / "exports" / "ids.py").write_text(EXPORT, encoding="utf-8")
    tracker = words.new_tracker(tmp_path)
    said = with_package(package, "-m", "incident_tracker", "export", "ids", cwd=tracker)
    assert (said.stdout, said.returncode) == ("none", 0)
    help_ = with_package(package, "-m", "incident_tracker", "export", "--help", cwd=tracker).stdout
    assert "The ids alone, a line each: for the recipe." in help_
    tested = generated(package, "test_export.py", "ids")
    assert " passed" in tested, tested
    assert "failed" not in tested, tested
