"""The pages on markets and regulations say what the files say."""

from __future__ import annotations

import re
from pathlib import Path

import yaml

from tradewind.markets import inspect_file, load_markets

DOCS = Path(__file__).parents[2] / "docs"
MARKETS = load_markets()


def rows(page: str) -> list[list[str]]:
    lines = (DOCS / page).read_text(encoding="utf-8").splitlines()
    return [[cell.strip() for cell in line.split("|")[1:-1]] for line in lines if line.startswith("| `")]


def test_the_table_of_markets_is_complete_and_true() -> None:
    stated = [
        (code, name, languages, currency, region.strip("`"), re.findall(r"`([^`]+)`", law))
        for first, languages, currency, region, law in rows("markets.md")
        for code, name in [re.fullmatch(r"`(.+?)` (.+)", first).groups()]  # type: ignore[union-attr]
    ]
    assert stated == [
        (m.id, m.name, ", ".join(m.languages), m.currency, m.region, list(m.regulations)) for m in MARKETS
    ]


def test_the_table_of_regulations_is_complete_and_true() -> None:
    stated = {row[0].strip("`"): row for row in rows("regulations.md") if len(row) == 9}
    assert set(stated) == set(MARKETS.regulations)
    for regulation in MARKETS.regulations.values():
        row = stated[regulation.id]
        assert (row[1], row[8]) == (regulation.title, str(regulation.checked))
        for cell, right in ((row[3], regulation.duties.access), (row[4], regulation.duties.erasure)):
            if right is not None and right.right:
                assert cell.startswith(str(right.deadline) if right.deadline else "no number")


def test_every_duty_is_on_the_page() -> None:
    from tradewind.markets.regulation import Duties

    stated = {
        name for row in rows("regulations.md") if len(row) == 2 for name in re.findall(r"`(\w+)`", row[0])
    }
    assert stated == set(Duties.model_fields)


def test_the_example_of_a_market_is_one(tmp_path: Path) -> None:
    (example,) = re.findall(
        r"^```yaml\n(.*?)^```$", (DOCS / "markets.md").read_text(encoding="utf-8"), re.M | re.S
    )
    file = tmp_path / f"{yaml.safe_load(example)['id']}.yaml"
    file.write_text(example, encoding="utf-8")
    assert inspect_file(file) == []
