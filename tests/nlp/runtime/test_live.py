"""New versions go live, and roll back, without dropping a request; a broken one never goes live."""

from __future__ import annotations

import asyncio
import gc
import itertools
import json
import os
import threading
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest
import tiny

from tradewind.core.errors import ConfigError, InputError, IntegrityError, NotFoundError, UnavailableError
from tradewind.nlp.runtime import versions
from tradewind.nlp.runtime.catalogue import catalogue, entry, folder_of
from tradewind.nlp.runtime.live import LiveModels


@pytest.fixture
def models(tmp_path: Path) -> Path:
    """Versions 1, 2 and 3 of `banking` installed, 1 live."""
    folder = tmp_path / "models"
    for version in ("1", "2", "3"):
        versions.install(folder, tiny.write_model(tmp_path / f"built{version}", version=version))
    versions.promote(folder, "banking", "1")
    return folder


def tamper(models: Path, version: str) -> None:
    path = models / "banking" / "versions" / version / "prototypes.json"
    path.write_bytes(path.read_bytes().replace(b"card", b"cart"))


def run(story: Callable[[], Coroutine[Any, Any, None]]) -> None:
    asyncio.run(story())


async def ask(live: LiveModels, text: str = "i lost my card") -> tuple[str, str | None]:
    """The version that answered, and its answer."""
    with live.lease("banking") as loaded:
        (prediction,) = await loaded.service.predict([text])
        return loaded.info.version, prediction.heads[0].label


class TestVersionsOnDisk:
    def test_installing_copies_and_does_not_go_live(self, tmp_path: Path) -> None:
        built = tiny.write_model(tmp_path / "built", version="7")
        assert versions.install(tmp_path / "models", built) == ("banking", "7")
        assert versions.find(tmp_path / "models", "banking").pointer is None
        assert versions.install(tmp_path / "models", built) == ("banking", "7")

    def test_another_model_under_an_installed_version_is_refused(self, models: Path, tmp_path: Path) -> None:
        other = tiny.write_model(tmp_path / "other", version="2", tagger=True)
        with pytest.raises(InputError, match="installed already, with other content"):
            versions.install(models, other)

    def test_a_tampered_folder_is_not_installed(self, tmp_path: Path) -> None:
        built = tiny.write_model(tmp_path / "built")
        (built / "prototypes.json").write_text("{}", encoding="utf-8")
        with pytest.raises(IntegrityError, match=r"prototypes\.json: 2 bytes, the manifest says"):
            versions.install(tmp_path / "models", built)
        assert versions.list_models(tmp_path / "models") in ((), (versions.Installed("banking", (), None),))
        assert not list((tmp_path / "models").rglob("*.json"))

    @pytest.mark.parametrize("name", ["../evil", "a/b", "", ".hidden", "a" * 101, "nul\0"])
    def test_names_stay_inside_the_folder(self, models: Path, name: str, tmp_path: Path) -> None:
        with pytest.raises(InputError):
            versions.version_folder(models, name, "1")
        with pytest.raises(NotFoundError):
            versions.find(models, name)

    def test_promoting_and_rolling_back_walk_the_past(self, models: Path) -> None:
        versions.promote(models, "banking", "2")
        assert versions.promote(models, "banking", "3") == versions.Pointer("3", ("2", "1"))
        assert versions.rollback(models, "banking") == versions.Pointer("2", ("1",))
        assert versions.rollback(models, "banking") == versions.Pointer("1")
        with pytest.raises(InputError, match="no earlier live version"):
            versions.rollback(models, "banking")

    def test_unknown_names_are_answered_with_the_known(self, models: Path) -> None:
        with pytest.raises(NotFoundError, match="there are: banking"):
            versions.promote(models, "bankink", "1")
        with pytest.raises(NotFoundError, match="its versions: 3, 2, 1"):
            versions.promote(models, "banking", "4")

    def test_a_tampered_version_cannot_be_promoted(self, models: Path) -> None:
        tamper(models, "2")
        with pytest.raises(IntegrityError):
            versions.promote(models, "banking", "2")
        assert versions.read_pointer(models, "banking") == versions.Pointer("1")

    def test_a_full_disk_leaves_the_live_version(self, models: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def full(*_: object) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(os, "fsync", full)
        with pytest.raises(Exception, match="No space left"):
            versions.promote(models, "banking", "2")
        assert versions.read_pointer(models, "banking") == versions.Pointer("1")
        assert [path.name for path in (models / "banking").iterdir() if path.is_file()] == ["live"]

    @pytest.mark.parametrize("content", ["", "[]", '{"version"', "{}"])
    def test_a_broken_live_file_says_so(self, models: Path, content: str) -> None:
        (models / "banking" / "live").write_text(content, encoding="utf-8")
        with pytest.raises(IntegrityError, match="does not name a live version"):
            versions.read_pointer(models, "banking")


class TestServing:
    def test_live_versions_are_loaded_and_answer(self, models: Path) -> None:
        async def story() -> None:
            live = LiveModels(models, opener=tiny.open_tiny)
            with pytest.raises(UnavailableError, match="still being loaded"):
                await ask(live)
            await live.start()
            assert await ask(live) == ("1", "lost_card")
            with pytest.raises(NotFoundError, match="there are: banking"), live.lease("insurance"):
                pass
            await live.close()

        run(story)

    def test_a_promotion_by_another_process_is_noticed(self, models: Path) -> None:
        async def story() -> None:
            live = LiveModels(models, opener=tiny.open_tiny, poll_s=0.01)
            await live.start()
            versions.promote(models, "banking", "2")
            for _ in range(500):
                await asyncio.sleep(0.01)
                if (await ask(live))[0] == "2":
                    break
            assert (await ask(live))[0] == "2"
            await live.close()

        run(story)

    def test_requests_in_flight_finish_on_the_old_version_which_is_then_closed(self, models: Path) -> None:
        async def story() -> None:
            live = LiveModels(models, opener=lambda folder: tiny.TinyEngine(folder, seconds_a_token=0.01))
            await live.start()
            with live.lease("banking") as old:
                engine = old.service._engine
                slow = asyncio.create_task(ask(live, "i lost my card " * 3))
                await asyncio.sleep(0.01)
                await live.promote("banking", "2")
                assert (await ask(live))[0] == "2"
                assert await slow == ("1", "lost_card")
                assert not engine.closed
            await asyncio.sleep(0.05)
            assert engine.closed
            await live.close()

        run(story)

    def test_a_version_tampered_on_disk_is_refused_and_the_old_one_stays(self, models: Path) -> None:
        async def story() -> None:
            live = LiveModels(models, opener=tiny.open_tiny)
            await live.start()
            tamper(models, "2")
            versions.point(models, "banking", versions.Pointer("2", ("1",)))
            await live.refresh()
            assert (await ask(live))[0] == "1"
            (state,) = live.state()
            assert state.problem is not None
            assert "prototypes.json: SHA-256" in state.problem
            with pytest.raises(IntegrityError):
                await live.promote("banking", "2")
            await live.promote("banking", "3")
            assert (await ask(live))[0] == "3"
            assert live.state()[0].problem is None
            await live.close()

        run(story)

    def test_a_version_that_does_not_open_is_refused_and_disk_points_back(self, models: Path) -> None:
        def moody(folder: Path) -> Any:
            if folder.name == "2":
                raise RuntimeError("this processor lacks an instruction")
            return tiny.open_tiny(folder)

        async def story() -> None:
            live = LiveModels(models, opener=moody)
            await live.start()
            before = (await ask(live), live.state()[0].loaded)
            with pytest.raises(UnavailableError, match="lacks an instruction"):
                await live.promote("banking", "2")
            assert (await ask(live), live.state()[0].loaded) == before
            assert versions.read_pointer(models, "banking") == versions.Pointer("1")
            assert live.state()[0].problem is None
            await live.close()

        run(story)

    def test_a_server_that_starts_with_a_broken_version_answers_with_the_one_before(
        self, models: Path
    ) -> None:
        async def story() -> None:
            for version in ("2", "3"):
                versions.promote(models, "banking", version)
            tamper(models, "2")
            tamper(models, "3")
            live = LiveModels(models, opener=tiny.open_tiny)
            await live.start()
            assert (await ask(live))[0] == "1"
            assert "versions/3/prototypes.json: SHA-256" in str(live.state()[0].problem)
            await live.promote("banking", "1")
            assert live.state()[0].problem is None
            await live.close()

        run(story)

    def test_a_model_that_vanishes_is_unloaded(self, models: Path) -> None:
        async def story() -> None:
            live = LiveModels(models, opener=tiny.open_tiny)
            await live.start()
            (models / "banking" / "live").unlink()
            await live.refresh()
            with pytest.raises(NotFoundError, match="none; train one"):
                await ask(live)
            await live.close()

        run(story)

    def test_folders_given_outright_are_served_and_reloaded_when_written_anew(self, tmp_path: Path) -> None:
        async def story() -> None:
            folder = tiny.write_model(tmp_path / "out", version="1")
            live = LiveModels(tmp_path / "none", folders=[folder], opener=tiny.open_tiny)
            await live.start()
            assert (await ask(live))[0] == "1"
            folder.rename(tmp_path / "old")
            tiny.write_model(folder, version="2", tagger=True)
            await live.refresh()
            assert (await ask(live))[0] == "2"
            with pytest.raises(InputError, match="given model folders"):
                await live.promote("banking", "1")
            await live.close()

        run(story)

    def test_two_folders_of_one_name_are_refused(self, tmp_path: Path) -> None:
        folders = [tiny.write_model(tmp_path / name) for name in ("a", "b")]
        with pytest.raises(ConfigError, match="both called 'banking'"):
            LiveModels(tmp_path, folders=folders)

    def test_the_catalogue_shows_disk_and_memory(self, models: Path) -> None:
        async def story() -> None:
            live = LiveModels(models, opener=tiny.open_tiny)
            await live.start()
            (found,) = catalogue(live)
            assert (found.live, [info.version for info in found.versions]) == ("1", ["3", "2", "1"])
            assert found.loaded is not None
            assert folder_of(live, "banking", "2") == models / "banking" / "versions" / "2"
            with pytest.raises(NotFoundError, match="its versions: 3, 2, 1"):
                folder_of(live, "banking", "9")
            with pytest.raises(NotFoundError, match="there are: banking"):
                entry(live, "x")
            await live.close()

        run(story)


def _services() -> set[int]:
    """Those that are there, of tests before this one too."""
    gc.collect()
    return {id(thing) for thing in gc.get_objects() if type(thing).__name__ == "Service"}


def test_two_hundred_swaps_under_load_drop_no_request_and_leak_nothing(models: Path) -> None:
    opened: list[Any] = []
    before = _services()

    def opener(folder: Path) -> Any:
        opened.append(tiny.TinyEngine(folder, seconds_a_token=0.0001))
        return opened[-1]

    async def story() -> None:
        live = LiveModels(models, opener=opener)
        await live.start()
        stop = False
        answered: dict[str, int] = {}

        async def client() -> None:
            while not stop:
                version, label = await ask(live)
                assert label == "lost_card"
                answered[version] = answered.get(version, 0) + 1

        clients = [asyncio.create_task(client()) for _ in range(16)]
        await asyncio.sleep(0.05)
        threads = threading.active_count()
        for version in itertools.islice(itertools.cycle(["2", "3", "1"]), 200):
            await live.promote("banking", version)
        stop = True
        await asyncio.gather(*clients)
        assert len(opened) == 201
        assert sum(engine.closed for engine in opened) >= 199
        assert threading.active_count() <= threads + 4
        assert set(answered) == {"1", "2", "3"}
        await live.close()
        assert all(engine.closed for engine in opened)

    run(story)
    opened.clear()
    assert _services() <= before
    assert json.loads((models / "banking" / "live").read_text(encoding="utf-8"))["version"] == "3"
