"""A small runner for the workflows: jobs as GitHub runs them, with a `gh` that only writes down.

It knows what the workflows here use: conditions and values with `&&`, `||`, `!`, `==`, `!=`,
`contains`, `fromJSON` and `startsWith`; steps of a shell with their outputs; and what a step sees
of its environment. Actions of others are named, not run.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[1]
WORKFLOWS = ROOT / ".github" / "workflows"
ACTION = ROOT / "action.yml"
BIN = Path(sys.executable).parent
INSTALLS = "Install the tracker"
TOKEN = re.compile(
    r"\s*(?:(?P<text>'(?:[^']|'')*')|(?P<sign>&&|\|\||==|!=|[!(),])"
    r"|(?P<call>contains|fromJSON|startsWith)(?=\()|(?P<name>[A-Za-z_][\w.*-]*))"
)
SIGNS = {"&&": " and ", "||": " or ", "!": " not "}
# Writes down how it was called, with the text of each body, and answers as it was told.
RECORDER = f"""#!{sys.executable} -IS
import json, os, sys
from pathlib import Path
place = Path(os.environ["RECORDER"])
name, argv = Path(sys.argv[0]).name, sys.argv[1:]
bodies = [Path(a).read_text("utf-8") for f, a in zip(argv, argv[1:]) if f == "--body-file"]
with (place / "calls").open("a", encoding="utf-8") as file:
    file.write(json.dumps({{"argv": [name, *argv], "body": "".join(bodies)}}) + "\\n")
for needle, out, status in json.loads((place / "answers").read_text("utf-8")):
    if needle in " ".join([name, *argv]):
        print(out)
        sys.exit(status)
"""


@dataclass(frozen=True)
class Call:
    """One call of a recorded command, and the text that it was given as a body."""

    argv: tuple[str, ...]
    body: str

    def begins(self, words: str) -> bool:
        """Whether the call begins with these words."""
        return " ".join(self.argv).startswith(words)

    def value(self, key: str) -> str:
        """The value of a `-f key=value`, or behind an option."""
        fields = [word.partition("=")[2] for word in self.argv if word.startswith(f"{key}=")]
        if fields:
            return fields[0]
        return self.argv[self.argv.index(key) + 1]


@dataclass(frozen=True)
class Ran:
    """What the steps of a job left behind."""

    status: int
    out: str
    err: str
    outputs: Mapping[str, Mapping[str, str]]
    summary: str
    calls: tuple[Call, ...]

    def of(self, words: str) -> list[Call]:
        """The calls that begin with these words."""
        return [call for call in self.calls if call.begins(words)]


@dataclass
class Runner:
    """A machine that runs jobs: its folder, what is checked out, and what `gh` answers."""

    folder: Path
    workspace: Path
    recorded: Sequence[str] = ("gh",)
    answers: list[tuple[str, str, int]] = field(default_factory=list)
    extra: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in ("bin", "temp"):
            (self.folder / name).mkdir(parents=True)
        for name in self.recorded:
            program = self.folder / "bin" / name
            program.write_text(RECORDER, encoding="utf-8")
            program.chmod(0o755)

    def job(self, workflow: str, name: str, context: Mapping[str, Any]) -> Ran | None:
        """Run the steps of a job; None where its condition does not hold."""
        if not runs(workflow, name, context):
            return None
        job = jobs(workflow)[name]
        return self.steps(job["steps"], context, job.get("env", {}))

    def steps(
        self,
        steps: Sequence[Mapping[str, Any]],
        context: Mapping[str, Any],
        env: Mapping[str, str] | None = None,
    ) -> Ran:
        """Run the steps that are scripts, one after the other, up to the first that fails."""
        (self.folder / "answers").write_text(json.dumps(self.answers), encoding="utf-8")
        outputs: dict[str, dict[str, str]] = {}
        known = {**context, "steps": dict(context.get("steps", {}))}
        status, out, err = 0, "", ""
        for step in steps:
            if "run" not in step or step.get("name") == INSTALLS:
                continue
            if not holds(str(step.get("if", "true")), known):
                continue
            done = self._script(step, known, env or {})
            status, out, err = done.returncode, out + done.stdout, err + done.stderr
            if status:
                break
            if "id" in step:
                outputs[step["id"]] = self._outputs()
                known["steps"][step["id"]] = {"outputs": outputs[step["id"]]}
        return Ran(status, out, err, outputs, self._text("summary"), self._calls())

    def _script(
        self, step: Mapping[str, Any], context: Mapping[str, Any], env: Mapping[str, str]
    ) -> subprocess.CompletedProcess[str]:
        values = {k: filled(str(v), context) for k, v in {**env, **step.get("env", {})}.items()}
        (self.folder / "output").write_text("", encoding="utf-8")
        # What a step without a shell runs in, and what one with `shell: bash` does.
        strict = ["-eo", "pipefail"] if step.get("shell") == "bash" else ["-e"]
        return subprocess.run(
            ["bash", "--noprofile", "--norc", *strict, "-c", step["run"]],
            cwd=self.workspace,
            env={**self._environment(), **self.extra, **values},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )

    def _environment(self) -> dict[str, str]:
        here = self.folder
        mine = {k: v for k, v in os.environ.items() if not k.startswith(("GITHUB_", "GIT_"))}
        return {
            **mine,
            "PATH": os.pathsep.join([str(here / "bin"), str(BIN), os.environ["PATH"]]),
            "RECORDER": str(here),
            "RUNNER_TEMP": str(here / "temp"),
            "GITHUB_ACTIONS": "true",
            "GITHUB_OUTPUT": str(here / "output"),
            "GITHUB_STEP_SUMMARY": str(here / "summary"),
            "GITHUB_REPOSITORY": "team/records",
            "GITHUB_SERVER_URL": "https://github.example",
            "GITHUB_SHA": "5" * 40,
            "GITHUB_REF": "refs/heads/main",
            "GITHUB_REF_NAME": "main",
        }

    def _outputs(self) -> dict[str, str]:
        lines = self._text("output").splitlines()
        return {key: value for key, _, value in (line.partition("=") for line in lines)}

    def _text(self, name: str) -> str:
        path = self.folder / name
        return path.read_text("utf-8") if path.exists() else ""

    def _calls(self) -> tuple[Call, ...]:
        found = [json.loads(line) for line in self._text("calls").splitlines()]
        return tuple(Call(tuple(one["argv"]), one["body"]) for one in found)


def repository(folder: Path) -> Path:
    """A new tracker as `incident init` makes it, committed on main."""
    incident("init", folder, cwd=folder.parent)
    git(folder, "checkout", "-q", "-B", "main")
    commit(folder)
    return folder


def commit(folder: Path) -> str:
    """Commit everything; the hash of the commit."""
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "Records")
    return git(folder, "rev-parse", "HEAD").strip()


def git(folder: Path, *arguments: str) -> str:
    """What a git command prints."""
    name = ("-c", "user.name=asha", "-c", "user.email=asha@example.org")
    return _done("git", "-C", folder, *name, *arguments, cwd=folder)


def incident(*arguments: str | Path, cwd: Path) -> str:
    """What our own command prints."""
    return _done(BIN / "incident", *arguments, cwd=cwd)


def _done(*command: str | Path, cwd: Path) -> str:
    env = {k: v for k, v in os.environ.items() if not k.startswith(("GITHUB_", "GIT_"))}
    done = subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def jobs(workflow: str) -> dict[str, Any]:
    """The jobs of a workflow of this repository by their names."""
    found: dict[str, Any] = yaml.safe_load((WORKFLOWS / workflow).read_text("utf-8"))["jobs"]
    return found


def runs(workflow: str, name: str, context: Mapping[str, Any]) -> bool:
    """Whether the condition of a job holds."""
    return holds(str(jobs(workflow)[name].get("if", "true")), context)


def filled(text: str, context: Mapping[str, Any]) -> str:
    """A value of a workflow with its expressions worked out."""
    return re.sub(r"\$\{\{(.+?)\}\}", lambda found: _said(_worth(found[1], context)), text)


def holds(condition: str, context: Mapping[str, Any]) -> bool:
    """Whether a condition of a job or a step holds."""
    return bool(_worth(condition.removeprefix("${{").removesuffix("}}"), context))


def _said(value: object) -> str:
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def _worth(expression: str, context: Mapping[str, Any]) -> object:
    python = ""
    rest = expression.strip()
    while rest:
        token = TOKEN.match(rest)
        assert token, f"the runner of the tests does not know: {rest}"
        python += _translated(token)
        rest = rest[token.end() :].strip()
    names = {"look": lambda path: _found(context, path.split(".")), **FUNCTIONS}
    return eval(python, {"__builtins__": {}}, names)  # noqa: S307 # our own workflows' conditions


def _translated(token: re.Match[str]) -> str:
    if token["text"]:
        return repr(token["text"][1:-1].replace("''", "'"))
    if token["sign"]:
        return SIGNS.get(token["sign"], token["sign"])
    if token["call"]:
        return str(token["call"])
    return "True" if token["name"] == "true" else f"look({token['name']!r})"


def _found(value: Any, path: Sequence[str]) -> Any:  # noqa: ANN401 # whatever JSON holds
    if not path:
        return value
    if path[0] == "*":
        return [_found(item, path[1:]) for item in value]
    return _found(value.get(path[0]), path[1:]) if isinstance(value, Mapping) else None


FUNCTIONS = {
    "contains": lambda where, what: what in (where or ()),
    "fromJSON": json.loads,
    "startsWith": lambda text, start: str(text).startswith(start),
}
