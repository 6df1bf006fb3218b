"""`tradewind market` as a person or a script meets it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tradewind.cli.main import run

BROKEN = "id: xx\nname: Nowhere\nregion: mars\n"


def tradewind(capsysbinary: Any, *arguments: str | Path) -> tuple[int, str, str]:
    """Exit code, standard output, standard error."""
    with pytest.raises(SystemExit) as left:
        run([str(argument) for argument in arguments])
    out, err = capsysbinary.readouterr()
    code = left.value.code
    return (code if isinstance(code, int) else 0), out.decode(), err.decode()


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    (tmp_path / "markets").mkdir()
    return tmp_path


def test_list_gives_every_market(capsysbinary: Any, workspace: Path) -> None:
    code, out, _ = tradewind(capsysbinary, "--workspace", workspace, "market", "list", "--json")
    markets = {market["id"]: market for market in json.loads(out)["markets"]}
    assert code == 0
    assert len(markets) >= 18
    assert markets["de"] == {
        "id": "de",
        "name": "Germany",
        "languages": ["de"],
        "currency": "EUR",
        "region": "eu",
        "regulations": ["gdpr", "eu-ai-act"],
    }
    code, out, _ = tradewind(capsysbinary, "--workspace", workspace, "market", "list")
    assert "Germany" in out


def test_show_gives_everything_that_holds(capsysbinary: Any, workspace: Path) -> None:
    code, out, _ = tradewind(capsysbinary, "--workspace", workspace, "market", "show", "jp", "--json")
    shown = json.loads(out)
    assert code == 0
    assert shown["tax"] | {"source": ""} == {
        "kind": "consumption",
        "name": "消費税",
        "rate": "10",
        "prices": "inclusive",
        "source": "",
    }
    assert shown["examples"]["money"] == "￥1,234,567"
    assert shown["law"][0]["id"] == "appi"
    code, out, _ = tradewind(capsysbinary, "--workspace", workspace, "market", "show", "jp")
    assert "breach_notice" in out
    assert "authority conditional; full report within 30 days; people conditional" in out
    assert "個人情報保護法" in out


def test_an_unknown_market_is_bad_input(capsysbinary: Any, workspace: Path) -> None:
    code, out, err = tradewind(capsysbinary, "--workspace", workspace, "market", "show", "atlantis")
    assert (code, out) == (2, "")
    assert err.startswith("error: no market 'atlantis' (there are: ae, au,")


def test_validate_names_file_line_and_field(capsysbinary: Any, workspace: Path) -> None:
    file = workspace / "markets" / "xx.yaml"
    file.write_text(BROKEN, encoding="utf-8")
    for arguments in ((), (file,), (workspace / "markets",)):
        code, out, _ = tradewind(
            capsysbinary, "--workspace", workspace, "market", "validate", *arguments, "--json"
        )
        document = json.loads(out)
        assert code == 2
        assert not document["valid"]
        assert document["checked"] == [str(file)]
        (problem,) = (each for each in document["problems"] if each["field"] == "country")
        assert (problem["file"], problem["line"], problem["message"]) == (
            str(file),
            1,
            f"{file}:1 [country]: missing",
        )
    code, out, err = tradewind(capsysbinary, "--workspace", workspace, "market", "validate")
    assert code == 2
    assert f"{file}:1 [country]: missing" in out
    assert "1 files of your own" in err


def test_validate_is_content_with_what_ships(capsysbinary: Any, workspace: Path) -> None:
    code, out, _ = tradewind(capsysbinary, "--workspace", workspace, "market", "validate", "--json")
    assert (code, json.loads(out)) == (0, {"valid": True, "checked": [], "problems": []})


def test_validate_of_a_file_that_is_not_there_is_bad_input(capsysbinary: Any, workspace: Path) -> None:
    code, _, err = tradewind(capsysbinary, "--workspace", workspace, "market", "validate", "no-such.yaml")
    assert code == 2
    assert "no file 'no-such.yaml'" in err
