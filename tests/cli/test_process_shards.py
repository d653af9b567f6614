"""Counting in several processes gives what one process gives, and their ends are survived."""

import os
import subprocess
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

import numpy as np
import pytest

import tokviz
from tests.cli.conftest import Runner
from tokviz.analysis.count_plan import Counter, TokenCounter
from tokviz.assets import Assets
from tokviz.cli import process_shards
from tokviz.cli.console import Failure
from tokviz.cli.process_shards import RemoteCounter, ShardedCounters, load_in_shards
from tokviz.tokenization.registry import Registry

TEXTS = [b"one two three", "naïve 漢字 🙂".encode(), b""]
SMALL = ["r50k_base", "mistral-v3"]


def test_another_process_counts_the_same() -> None:
    registry = Registry(Assets())
    with RemoteCounter(Assets(), SMALL) as remote:
        assert remote.columns == tuple(SMALL)
        assert remote.unusable == []
        for texts in (TEXTS, [b"again"]):
            expected = [TokenCounter(registry.get(name)).count(texts) for name in SMALL]
            assert np.array_equal(remote.count(texts), np.concatenate(expected, axis=1))


def test_a_process_that_dies_is_reported_in_a_sentence() -> None:
    with RemoteCounter(Assets(), SMALL) as remote:
        assert remote.columns
        remote._process.kill()
        remote._process.join()
        with pytest.raises(Failure, match="r50k_base, mistral-v3 has died"):
            remote.count(TEXTS)


def test_what_a_dead_process_should_have_loaded_is_loaded_here(monkeypatch: pytest.MonkeyPatch) -> None:
    class DeadCounter(RemoteCounter):
        def __init__(self, assets: Assets, names: list[str]) -> None:
            super().__init__(assets, names)
            self._process.kill()
            self._process.join()

    monkeypatch.setattr(process_shards, "RemoteCounter", DeadCounter)
    monkeypatch.setattr(process_shards, "_WORTH_A_PROCESS", 500_000)
    registry = Registry(Assets())
    with ExitStack() as stack:
        counters, unusable = load_in_shards(SMALL, registry, Assets(), 2, stack)
        assert unusable == []
        assert sorted(column for counter in counters for column in counter.columns) == sorted(SMALL)
        assert all(isinstance(counter, TokenCounter) for counter in counters)


@pytest.mark.parametrize("processes", [1, 2, 4])
def test_shards_have_every_name_once_and_about_the_same_work(processes: int) -> None:
    registry = Registry(Assets())
    names = [*registry.names()]
    parts = process_shards.shards(names, registry, processes)
    assert len(parts) == processes
    assert sorted(name for part in parts for name in part) == sorted(names)
    work = [sum(process_shards._size(registry, name) for name in part) for part in parts]
    assert max(work) <= max(sum(work) / processes * 1.4, process_shards._size(registry, "gemma"))


def test_little_work_stays_in_one_process() -> None:
    registry = Registry(Assets())
    assert process_shards.shards(["o200k_base"], registry, 4) == [["o200k_base"]]
    assert process_shards.shards(["claude-v3"], registry, 4) == [["claude-v3"]]


@pytest.mark.parametrize(("load", "processes"), [(0.0, 3), (0.9, 2), (2.4, 1), (9.0, 1)])
def test_a_busy_machine_gets_fewer_processes(
    monkeypatch: pytest.MonkeyPatch, load: float, processes: int
) -> None:
    monkeypatch.setattr("os.sched_getaffinity", lambda _: {0, 1, 2}, raising=False)
    monkeypatch.setattr("os.getloadavg", lambda: (load, 0.0, 0.0), raising=False)
    assert process_shards.usable_processes() == processes
    assert process_shards.usable_processes(own_load=True) == 2


def test_a_large_tree_of_which_most_is_known_loads_what_is_not_in_two_processes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: Runner
) -> None:
    """After ten edits of Linux, loading six tokenizers held up all the rest for two seconds."""
    asked = list[int]()
    load = process_shards.load_in_shards

    def noted(
        sources: Sequence[str],
        registry: Registry,
        assets: Assets,
        processes: int,
        stack: ExitStack,
        _spare: RemoteCounter | None,
    ) -> tuple[list[Counter], list[str]]:
        asked.append(processes)
        return load(sources, registry, assets, 1, stack)

    monkeypatch.setattr(process_shards, "load_in_shards", noted)
    monkeypatch.setattr(process_shards, "usable_processors", lambda: 4)
    monkeypatch.setattr("os.getloadavg", lambda: (9.0, 9.0, 9.0), raising=False)
    monkeypatch.setattr("tokviz.cli.totals.MOST_BYTES", 100)
    for number in range(20):
        (tmp_path / f"{number}.txt").write_text(f"a text of so many words {number}\n", encoding="utf-8")
    arguments = ("count", str(tmp_path), "--tokenizer", "r50k_base")
    assert command(*arguments).code == 0
    (tmp_path / "7.txt").write_text("another text\n", encoding="utf-8")
    assert command(*arguments).code == 0
    assert asked == [1, 2], "all of it in one process, what is new in two"


def test_a_process_that_waits_is_used_and_one_that_is_not_needed_ends(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    started = list[RemoteCounter]()

    class Noted(RemoteCounter):
        def __init__(self, assets: Assets, names: Sequence[str] = ()) -> None:
            super().__init__(assets, names)
            started.append(self)

    monkeypatch.setattr(process_shards, "RemoteCounter", Noted)
    monkeypatch.setattr(process_shards, "_WORTH_A_PROCESS", 500_000)
    registry = Registry(Assets())
    with ShardedCounters(tuple(SMALL), registry, Assets(), lambda: 2) as counters:
        counters.expect_few()
        counters.expect_few()
        found = counters.load(SMALL)
        assert len(started) == 1 and any(each is started[0] for each in found)
        assert sorted(name for each in found for name in each.columns) == sorted(SMALL)
        assert started[0].count(TEXTS).shape == (3, len(started[0].columns))
        counters.expect_few()
        assert len(started) == 1, "all is loaded"
    with ShardedCounters(tuple(SMALL), registry, Assets(), lambda: 2) as counters:
        counters.expect_few()
    assert not started[1]._process.is_alive()
    with ShardedCounters(tuple(SMALL), registry, Assets(), lambda: 1) as counters:
        counters.expect_few()
    assert len(started) == 2, "where one process is best, none waits"


def test_merges_take_longer_than_ranks() -> None:
    registry = Registry(Assets())
    names = ["o200k_base", "claude-v3", "gemma3", "llama3", "mistral-v7", "deepseek-v3"]
    mine, other = process_shards.shards(names, registry, 2)
    assert ("llama3" in mine) != ("gemma3" in mine), (mine, other)


def test_no_module_of_the_current_folder_is_run(tmp_path: Path) -> None:
    folder = tmp_path / "anybody's"
    folder.mkdir()
    for name in ("multiprocessing", "signal", "struct"):
        (folder / f"{name}.py").write_text("raise SystemExit(f'{__file__} was run')\n", "utf-8")
    (folder / "text.txt").write_text("AI models are fascinating\n", "utf-8")
    script = tmp_path / "tokviz"
    script.write_text(
        "import multiprocessing, sys\n"
        "from tokviz.__main__ import main\n"
        "def child():\n"
        "    sys.exit(0)\n"
        "if __name__ == '__main__':\n"
        "    sys.argv = ['tokviz', 'count', 'text.txt', '--tokenizer', 'r50k_base']\n"
        "    assert main() == 0\n"
        "    process = multiprocessing.get_context('spawn').Process(target=child)\n"
        "    process.start()\n"
        "    process.join()\n"
        "    sys.exit(process.exitcode)\n",
        "utf-8",
    )
    done = subprocess.run(
        [sys.executable, str(script)],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(Path(tokviz.__file__).parents[1])},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
