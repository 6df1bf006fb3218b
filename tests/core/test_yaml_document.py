"""YAML of one's own: what is refused, and that every fault says where it stands."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from pydantic import BaseModel, ConfigDict

from tradewind.core.errors import DataError
from tradewind.core.yaml_document import read_yaml


class Shelf(BaseModel):
    model_config = ConfigDict(extra="forbid")
    width: int
    label: str | None = None


class Shop(BaseModel):
    model_config = ConfigDict(extra="forbid")
    name: str
    shelves: tuple[Shelf, ...] = ()
    rooms: Mapping[str, Shelf] = {}


def problems(tmp_path: Path, text: str) -> list[str]:
    file = tmp_path / "shop.yaml"
    file.write_text(text, encoding="utf-8")
    found = read_yaml(file, first_key="name").read_as(Shop)[1]
    return [str(problem).removeprefix(str(file)) for problem in found]


def test_what_fits_becomes_what_the_schema_makes_of_it(tmp_path: Path) -> None:
    (tmp_path / "shop.yaml").write_text("name: Bäcker\nshelves:\n- width: 3\n", encoding="utf-8")
    shop, found = read_yaml(tmp_path / "shop.yaml", first_key="name").read_as(Shop)
    assert shop == Shop(name="Bäcker", shelves=(Shelf(width=3),))
    assert not found


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("shelves: []", ":1 [name]: missing"),
        ("name: a\nprice: 3", ":2 [price]: unknown key (known: name, shelves, rooms)"),
        ("name: a\nshelves:\n- width: 1\n- width: 2\n  wdith: 3", "known: width, label)"),
        ("name: a\nrooms:\n  hall:\n    width: 2\n    colour: red", ":5 [rooms.hall.colour]: unknown key"),
        ("name: no", ":1 [name]: Input should be a valid string, found False (put it in quotes)"),
        ("name: 12:30", "found 750 (put it in quotes)"),
        ("name: a\nname: b", ":2: key 'name' stands already on line 1"),
    ],
)  # fmt: skip
def test_a_fault_says_file_line_and_key(tmp_path: Path, text: str, problem: str) -> None:
    (found,) = problems(tmp_path, text)
    assert problem in found


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"- name: a", r"shop\.yaml:1: expected keys and values \(it begins with name: …\)"),
        (b"", r"expected keys and values"),
        (b"name: &x\n  shelves: *x", r"shop\.yaml:2: alias \*x is not accepted"),
        (b"name: [a", r"not valid YAML"),
        (b"a: 1\nname: \xff", r"shop\.yaml:2: not UTF-8"),
        (b"name: !!python/name:os.system", r"not valid YAML"),
        (b"name: " + b"[" * 100_000, r"not valid YAML"),
    ],
)
def test_what_is_no_mapping_of_plain_values_is_refused(tmp_path: Path, content: bytes, message: str) -> None:
    (tmp_path / "shop.yaml").write_bytes(content)
    with pytest.raises(DataError, match=message):
        read_yaml(tmp_path / "shop.yaml", first_key="name")
