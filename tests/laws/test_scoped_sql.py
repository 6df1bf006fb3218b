"""A small linter of our own: SQL is in stores only, and a tenant's rows are reached through `Scoped`.

`Database.read_as` and `write_as` narrow every statement to one tenant. What goes around them is listed here, each
with its reason; a new one fails until somebody writes down why it may.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2] / "src" / "tradewind"

UNNARROWED = {
    "access/store.py take_flow": "who begins a sign-in is not known yet; a random id names the row",
    "access/store.py forget_flows": "drops what is out of date, whose ever it is; reads nothing",
    "access/store.py _rows": "whose key or session is this? which tenants are there? who was granted which model?",
    "assistant/conversations/store/__init__.py waking": "whom to remind, of all tenants: names, no words",
    "channels/store.py claim": "locks the route first; its rows are reached through a scope of the tenant",
    "channels/store.py waiting_tenants": "names of tenants whose deliveries wait, nobody's rows",
    "journal/databases.py read_as": "the scope itself",
    "journal/databases.py write_as": "the scope itself",
    "journal/databases.py migrate": "tables, not rows",
    "journal/databases.py _is_newest": "tables, not rows",
    "journal/store/positions.py prepare": "tables of a reading, not rows",
    "journal/store/positions.py _one": "tables of a reading, not rows",
    "journal/store/positions.py behind": "which streams a reading has to follow: numbers, no entry",
    "journal/follow.py catch_up": "moves a reading on; its tables are reached through a scope of the entry's tenant",
    "journal/store/read.py tenants": "names of tenants, nobody's rows",
    "journal/store/read.py every_tenant": "names of tenants, nobody's rows",
    "privacy/store/__init__.py tenants_with_keys": "names of tenants, nobody's rows",
    "privacy/store/__init__.py erasures": "a restored backup repeats the erasures of all tenants",
}
"""File and function that open a database without naming a tenant, and why they may."""

RAW = {
    "journal/databases.py": "the place where statements are narrowed",
    "journal/store/write.py": "one lane writes the batches of all tenants; each row bears the tenant of its draft",
    "journal/store/executor.py": "a lock of the whole database; it reads no table",
    "privacy/store/epochs.py": "one query, which names the tenant, on a connection kept for speed",
    "privacy/store/copies.py": "copies and restores a whole database",
    "privacy/store/scrub.py": "wipes freed pages of a whole database",
}
"""Files that use an engine or a connection of their own, and why they may."""

NAMES_ONLY = {
    "journal/checkpoint.py": "catches IntegrityError",
    "journal/follow.py": "a reading says which MetaData is its own",
}
"""Files outside the stores that import a name of SQLAlchemy and build no statement."""

STATEMENTS = {"select", "insert", "update", "delete", "text", "exec_driver_sql"}


def is_store(path: str) -> bool:
    parts = path.split("/")
    return parts[-1] == "store.py" or "store" in parts[:-1] or "migrations" in parts


def findings(path: str, source: str) -> Iterator[str]:
    """What a file does that the rule forbids or lists: `kind place`."""
    tree = ast.parse(source)
    functions = {
        child: node.name
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        for child in ast.walk(node)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] == "sqlalchemy":
            yield from (f"statement {path}" for alias in node.names if alias.name in STATEMENTS)
            yield f"import {path}"
        elif isinstance(node, ast.Import) and any(
            a.name.partition(".")[0] == "sqlalchemy" for a in node.names
        ):
            yield f"statement {path}"
        elif isinstance(node, ast.With | ast.AsyncWith):
            for item in node.items:
                if _opens_unnarrowed(item.context_expr):
                    yield f"unnarrowed {path} {functions.get(node, 'the module')}"
        elif isinstance(node, ast.Attribute) and node.attr in ("execute", "exec_driver_sql", "executemany"):
            yield f"execute {path}"
        elif isinstance(node, ast.Attribute) and _takes_a_connection(node):
            yield f"raw {path}"


def _opens_unnarrowed(opened: ast.expr) -> bool:
    """`with database.read() as …`: a call without a tenant. Files are read outside a `with`."""
    return (
        isinstance(opened, ast.Call)
        and isinstance(opened.func, ast.Attribute)
        and opened.func.attr in ("read", "write")
        and not opened.args
        and not opened.keywords
    )


def _takes_a_connection(node: ast.Attribute) -> bool:
    if node.attr in ("raw_connection", "driver_connection"):
        return True
    of = node.value
    name = of.attr if isinstance(of, ast.Attribute) else of.id if isinstance(of, ast.Name) else ""
    return node.attr == "connect" and name == "engine"


def all_findings() -> set[str]:
    return {
        found
        for file in sorted(ROOT.rglob("*.py"))
        for found in findings(file.relative_to(ROOT).as_posix(), file.read_text(encoding="utf-8"))
    }


def test_statements_are_built_and_run_in_stores_only():
    places = {found.split()[1] for found in all_findings() if found.split()[0] in ("statement", "execute")}
    assert {place for place in places if not is_store(place)} == {"journal/databases.py"}


def test_outside_the_stores_nothing_of_sqlalchemy_is_imported_but_what_is_listed():
    places = {found.split()[1] for found in all_findings() if found.startswith("import ")}
    assert {place for place in places if not is_store(place)} == {*NAMES_ONLY, "journal/databases.py"}


def test_whoever_opens_a_database_without_a_tenant_is_listed_with_a_reason():
    found = {each.removeprefix("unnarrowed ") for each in all_findings() if each.startswith("unnarrowed ")}
    assert found == set(UNNARROWED)


def test_whoever_takes_a_connection_of_their_own_is_listed_with_a_reason():
    found = {each.split()[1] for each in all_findings() if each.startswith("raw ")}
    assert found <= set(RAW)


def test_access_reaches_tenants_rows_only_by_a_scope():
    """`Rows` has a scope and nothing else; what has a database has no tenant's rows to change."""
    tree = ast.parse((ROOT / "access" / "store.py").read_text(encoding="utf-8"))
    (rows,) = [node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == "Rows"]
    used = {node.attr for node in ast.walk(rows) if isinstance(node, ast.Attribute)}
    assert "_scoped" in used
    assert not used & {"_database", "execute", "engine", "connect"}


@pytest.mark.parametrize(
    ("source", "finds"),
    [
        ("from sqlalchemy import select", "statement x.py"),
        ("import sqlalchemy as sa", "statement x.py"),
        ("def f(db):\n    with db.read() as c:\n        pass", "unnarrowed x.py f"),
        (
            "class A:\n    def g(self):\n        with self.control.write() as c:\n            pass",
            "unnarrowed x.py g",
        ),
        ("c.execute('DELETE FROM keys')", "execute x.py"),
        ("with database.engine.connect() as c:\n    pass", "raw x.py"),
        (
            "def f(db):\n    with open('a') as a, db.region('eu').read() as c:\n        pass",
            "unnarrowed x.py f",
        ),
    ],
)
def test_the_linter_sees_what_it_should(source, finds):
    assert finds in set(findings("x.py", source))


@pytest.mark.parametrize(
    "source", ["with database.read_as(tenant) as rows:\n    pass", "text = file.read()", "page.select(1)"]
)
def test_the_linter_leaves_the_rest_alone(source):
    assert set(findings("x.py", source)) == set()
