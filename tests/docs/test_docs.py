"""The documentation says what the code does: nothing left out, nothing that is not there."""

from __future__ import annotations

import ast
import importlib.util
import json
import re
import shlex
import tomllib
from collections.abc import Iterator
from dataclasses import fields
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml

from tradewind.core.settings import Settings

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
READMES = (ROOT / "README.md", ROOT / "README.zh-CN.md")
PAGES = sorted(DOCS.glob("*.md"))
TEXTS = [*READMES, *PAGES]
SHELL = ("", "sh", "console")


def name_of(path: object) -> str:
    return path.name if isinstance(path, Path) else str(path)


def page(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def section(text: str, heading: str) -> str:
    """What stands under a heading, up to the next one of its level or above."""
    marks = heading.split(" ", 1)[0]
    start = re.search(rf"^{re.escape(heading)}$", text, re.MULTILINE)
    assert start is not None, f"no heading {heading!r}"
    rest = text[start.end() :]
    following = re.search(rf"^#{{1,{len(marks)}}} ", rest, re.MULTILINE)
    return rest[: following.start()] if following else rest


def rows(text: str) -> list[list[str]]:
    """The cells of every table row of a text, heads and rules left out."""
    lines = text.splitlines()
    found = []
    for number, line in enumerate(lines):
        rule = lines[number + 1] if number + 1 < len(lines) else ""
        if (
            line.startswith("|")
            and not re.fullmatch(r"[|\-: ]+", line)
            and not re.fullmatch(r"\|[|\-: ]+", rule)
        ):
            found.append([cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]])
    return found


def code(text: str) -> list[str]:
    """What stands between backticks."""
    return re.findall(r"`([^`]+)`", text)


def fenced(text: str) -> Iterator[tuple[str, str]]:
    """Language and content of each fenced block."""
    for match in re.finditer(r"^```(\w*)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL):
        yield match[1], match[2]


def number(cell: str) -> float | None:
    try:
        return float(cell.strip("`").replace(",", ""))
    except ValueError:
        return None


# --- settings and knobs


def test_every_setting_is_documented_and_none_that_is_not():
    assert [code(row[0])[0] for row in rows(page("settings.md"))] == list(Settings.model_fields)


def test_the_settings_page_gives_the_defaults():
    given = {code(row[0])[0]: number(row[1]) for row in rows(page("settings.md"))}
    stated = {name: value for name, value in given.items() if value is not None}
    assert stated == {name: Settings.model_fields[name].default for name in stated}
    assert {"port", "queue_tokens"} <= stated.keys()


def test_the_example_of_a_settings_file_is_one(tmp_path):
    (example,) = [block for kind, block in fenced(page("settings.md")) if kind == "toml"]
    assert Settings(workspace=tmp_path, **tomllib.loads(example)).deadline_s == 2.0


def test_every_knob_of_training_is_documented_with_its_default():
    from tradewind.nlp.train.config import TrainConfig

    given = {code(row[0])[0]: row[1] for row in rows(section(page("training.md"), "## Knobs"))}
    assert sorted(given) == sorted(field.name for field in fields(TrainConfig))
    for field in fields(TrainConfig):
        stated = number(given[field.name])
        shown = given[field.name] if stated is None else stated
        assert shown == ("by size" if field.default is None else field.default), field.name


# --- errors


@cache
def error_classes() -> dict[str, tuple[str, int, int]]:
    """Slug, HTTP status and exit code of every error in the code, read off the source: no room is imported."""
    waiting = [
        node
        for file in sorted((ROOT / "src").rglob("*.py"))
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef)
    ]
    found: dict[str, tuple[str, int, int]] = {}
    while ready := [
        n for n in waiting if n.name not in found and (n.name == "TradewindError" or _base(n) in found)
    ]:
        for node in ready:
            slug, status, exit_code = found.get(_base(node), ("", 0, 0))
            own = _constants(node)
            found[node.name] = (
                own.get("slug", slug),
                own.get("status", status),
                own.get("exit_code", exit_code),
            )
    return found


def _base(node: ast.ClassDef) -> str:
    return next((base.id for base in node.bases if isinstance(base, ast.Name)), "")


def _constants(node: ast.ClassDef) -> dict[str, Any]:
    return {
        target.id: statement.value.value
        for statement in node.body
        if isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Constant)
        for target in statement.targets
        if isinstance(target, ast.Name)
    }


def test_every_error_is_documented_with_its_slug_status_and_exit_code():
    given = {
        code(row[0])[0]: (code(row[1])[0], int(row[2]), int(row[3]))
        for row in rows(page("errors.md"))
        if len(row) == 5
    }
    assert given == error_classes()


def test_the_tree_on_the_errors_page_holds_them_all():
    drawn = re.findall(r"^    [│├└─ ]*(\w+)$", page("errors.md"), re.MULTILINE)
    assert sorted(drawn) == sorted(error_classes())


# --- command line


@cache
def commands() -> dict[str, Any]:
    """Every command that can be called, by the words that call it."""
    from tradewind.cli.main import COMMANDS, app

    group = typer.main.get_command(app)
    context = group.context_class(group, info_name="tradewind")
    found: dict[str, Any] = {"tradewind": group}
    for name in COMMANDS:
        _, command, _ = group.resolve_command(context, [name])  # type: ignore[attr-defined]
        assert command is not None
        found.update(_below(f"tradewind {name}", command))
    return found


def _below(words: str, command: Any) -> dict[str, Any]:
    """The commands of a group, of groups in it, or the command itself."""
    if not getattr(command, "commands", None):
        return {words: command}
    found: dict[str, Any] = {}
    for name, each in command.commands.items():
        found.update(_below(f"{words} {name}", each))
    return found


def options(command: Any) -> set[str]:
    named = {
        name for p in command.params if p.param_type_name == "option" for name in (*p.opts, *p.secondary_opts)
    }
    return named - {"--help", "-h"}


def test_the_reference_has_a_section_for_each_command_and_no_other():
    headings = re.findall(r"^## (tradewind.*)$", page("cli.md"), re.MULTILINE)
    assert sorted(headings) == sorted(commands())


@pytest.mark.parametrize("words", sorted(commands()))
def test_every_option_of_a_command_is_in_its_section_and_no_other(words):
    table = rows(section(page("cli.md"), f"## {words}"))
    given = [name for row in table for name in code(row[0])]
    assert len(given) == len(set(given))
    assert set(given) == options(commands()[words])


def shell_lines(text: str) -> Iterator[list[str]]:
    """The words of every command line of a page: of fenced blocks, and of indented ones that call tradewind."""
    blocks = [block for kind, block in fenced(text) if kind in SHELL]
    indented = re.findall(r"^    (tradewind .*)$", text, re.MULTILINE)
    for line in "\n".join([*blocks, *indented]).replace("\\\n", " ").splitlines():
        words = line.removeprefix("$ ").strip()
        try:
            tokens = shlex.split(words, comments=True)
        except ValueError:  # a line of prose in an indented drawing
            continue
        part: list[str] = []
        for token in [*tokens, "|"]:
            if token in ("|", "&", ";", "&&"):
                if part:
                    yield part
                part = []
            else:
                part.append(token)


def called(text: str) -> list[list[str]]:
    """The arguments of every call of `tradewind` on a page."""
    lines = [list(line) for line in shell_lines(text)]
    for line in lines:
        while line and re.fullmatch(r"[A-Z_]+=.*", line[0]):
            line.pop(0)
    return [line[1:] for line in lines if line and line[0] == "tradewind"]


@pytest.mark.parametrize("path", TEXTS, ids=name_of)
def test_the_commands_that_a_page_shows_can_be_called(path):
    for given in called(path.read_text(encoding="utf-8")):
        _parse([word for word in given if word not in (">", "answers.jsonl")])


def _parse(arguments: list[str]) -> None:
    """Parse a command line as the program would, and stop there."""
    rest = list(arguments)
    while rest and rest[0].startswith("-"):
        assert rest[0] in {*options(commands()["tradewind"]), "--help", "-h"}, arguments
        del rest[: 2 if rest[0] == "--workspace" else 1]
    if not rest:
        return
    words = next((w for n in (3, 2, 1) if (w := f"tradewind {' '.join(rest[:n])}") in commands()), None)
    assert words is not None, arguments
    command, rest = commands()[words], rest[len(words.split()) - 1 :]
    if "--help" in rest:
        return
    if "..." in rest:  # an excerpt: its options must exist, and that is all
        assert {word for word in rest if word.startswith("--")} <= options(command), arguments
        return
    command.make_context(words, rest)


@pytest.mark.parametrize("path", TEXTS, ids=name_of)
def test_the_make_targets_that_a_page_shows_exist(path):
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    shown = {
        word
        for line in shell_lines(path.read_text(encoding="utf-8"))
        if line[0] == "make"
        for word in line[1:]
    }
    assert {word for word in shown if "=" not in word} <= targets


# --- HTTP


def test_every_route_is_documented_and_none_that_is_not(tmp_path):
    from tradewind.access.doorkeeper import Doorkeeper
    from tradewind.api.access import needs
    from tradewind.console.report import report_route
    from tradewind.server import create_app
    from tradewind.workspace import open_workspace

    settings = Settings(workspace=tmp_path)
    workspace = open_workspace(settings)
    app = create_app(settings, console=False).app
    doorkeeper = Doorkeeper(lambda: workspace.ground.access, settings)
    app.include_router(
        report_route(workspace.live, doorkeeper, needs)
    )  # the console's one route that is no page
    real = {
        f"{method.upper()} {path}"
        for path, operations in app.openapi()["paths"].items()
        for method in operations
    }
    table = rows(page("http.md").partition("## Predict")[0])
    given = {code(row[0])[0] for row in table}
    assert given == real | {"GET /openapi.json", "GET /console/", "GET /widget/tradewind-chat.js"}


# --- data


def test_the_data_page_lists_formats_columns_and_problems_as_they_are():
    from tradewind.nlp.data import FORMATS
    from tradewind.nlp.data.columns import SYNONYMS

    text = page("data.md")
    formats = {name for row in rows(section(text, "## Formats")) for name in code(row[0])}
    assert set(FORMATS) <= formats
    synonyms = {
        code(row[0])[0]: tuple(code(row[1]))
        for row in rows(section(text, "## Tasks and their columns"))
        if len(row) == 2
    }
    assert synonyms == {name: others for name, others in SYNONYMS.items() if others}
    source = (ROOT / "src/tradewind/nlp/data/check.py").read_text(encoding="utf-8")
    problems = [code(row[0])[0] for row in rows(section(text, "## `tradewind data check`")) if len(row) == 3]
    assert sorted(problems) == sorted(re.findall(r'\badd\("(\w+)"', source))


# --- dependencies


def test_every_dependency_has_its_line_and_no_other():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = {name.split("[")[0] for name in map(_package, project["dependencies"])}
    for extra, requirements in project["optional-dependencies"].items():
        text = page("dependencies.md")
        heading = next(h for h in re.findall(r"^## .*$", text, re.MULTILINE) if h.startswith(f"## `{extra}`"))
        assert {code(row[0])[0] for row in rows(section(text, heading))} == set(map(_package, requirements))
    base = section(page("dependencies.md"), "## Base: serves, evaluates, reads data")
    assert {code(row[0])[0] for row in rows(base)} == wanted


def _package(requirement: str) -> str:
    return re.split(r"[<>=!~; ]", requirement)[0]


# --- pages


def test_both_readmes_show_the_same_commands():
    shown = [
        [(kind, _without_remarks(block)) for kind, block in fenced(p.read_text(encoding="utf-8"))]
        for p in READMES
    ]
    assert shown[0] == shown[1]
    assert shown[0]


def _without_remarks(block: str) -> list[str]:
    """The lines of a block; remarks are in the reader's language."""
    lines = (re.sub(r"(^|\s+)#.*$", "", line) for line in block.splitlines())
    return [line for line in lines if line]


def test_both_readmes_tell_the_same():
    texts = [path.read_text(encoding="utf-8") for path in READMES]
    first, second = ([row[0].count("`") for row in rows(text)] for text in texts)
    assert first == second
    first, second = (re.findall(r"^#+", text, re.MULTILINE) for text in texts)
    assert first == second
    links = [set(re.findall(r"\]\(([^)]+)\)", text)) - {path.name for path in READMES} for text in texts]
    assert links[0] == links[1]


@pytest.mark.parametrize("path", TEXTS, ids=name_of)
def test_every_link_leads_somewhere(path):
    text = re.sub(r"^```.*?^```$", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    for target in re.findall(r"(?<!`)\[[^\]`]*(?:`[^`]*`[^\]`]*)*\]\(([^)\s]+)\)", text):
        if re.match(r"[a-z]+:", target):
            continue
        file, _, anchor = target.partition("#")
        goal = (path.parent / file).resolve() if file else path
        if goal.suffix == "" and not goal.exists():
            continue  # `[New York](city)`: an example of markup, not a link
        assert goal.exists(), f"{path.name}: {target}"
        if anchor:
            assert anchor in _anchors(goal.read_text(encoding="utf-8")), f"{path.name}: {target}"


def _anchors(text: str) -> set[str]:
    titles = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    return {re.sub(r"[-\s]+", "-", re.sub(r"[^\w\s-]", "", title).strip().lower()) for title in titles}


def test_every_page_is_in_the_navigation():
    def files(entry: object) -> Iterator[str]:
        if isinstance(entry, str):
            yield entry
        elif isinstance(entry, list):
            for each in entry:
                yield from files(each)
        elif isinstance(entry, dict):
            for each in entry.values():
                yield from files(each)

    site = yaml.safe_load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"))
    assert sorted(files(site["nav"])) == [path.name for path in PAGES]


@pytest.mark.parametrize("path", TEXTS, ids=name_of)
def test_examples_are_well_formed_and_import_what_is_there(path):
    for kind, block in fenced(path.read_text(encoding="utf-8")):
        if kind == "json":
            json.loads(block)
        elif kind == "yaml":
            yaml.safe_load(block)
        elif kind == "toml":
            tomllib.loads(block)
        elif kind == "python":
            for node in ast.walk(ast.parse(block)):
                if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("tradewind"):
                    module = importlib.import_module(node.module or "")
                    assert not [a.name for a in node.names if not _has(module, a.name)], (
                        f"{path.name}: {block}"
                    )


def _has(module: object, name: str) -> bool:
    if hasattr(module, name):
        return True
    return importlib.util.find_spec(f"{getattr(module, '__name__', '')}.{name}") is not None
