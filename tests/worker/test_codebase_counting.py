"""Counting files: the metrics are the tokenizers' own, and what is no text is left out."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.worker.conftest import Performer
from tokviz.analysis.codebase.scan import CountedBatch
from tokviz.analysis.count_plan import SIZE_COLUMNS, CountPlan
from tokviz.assets import Assets
from tokviz.count_cache.user_cache import UserCache
from tokviz.documents.decoding import ReadOptions
from tokviz.documents.tree.walking import Reason, WalkOptions
from tokviz.tokenization.estimate import SOURCES
from tokviz.tokenization.registry import UnknownTokenizerError
from tokviz.worker.codebase_counting import CountFiles
from tokviz.worker.codebase_finding import FindFiles
from tokviz.worker.jobs import SupersededError, WorkerContext

NAMES = ("r50k_base", "claude-v3", "claude-v4.8")


def job(folder: Path, paths: list[str], batch: int = 1 << 20, binaries: bool = False) -> CountFiles:
    files = tuple((number, path, 10) for number, path in enumerate(paths))
    return CountFiles(folder, files, CountPlan(NAMES), ReadOptions(binaries), batch)


def test_an_estimate_shares_columns_with_the_tokenizers_it_is_made_of() -> None:
    others = [name for name in SOURCES if name != "claude-v4.8"]
    assert CountPlan((*NAMES, "estimate")).columns == (*SIZE_COLUMNS, *NAMES, *others)
    assert CountPlan(()).columns == SIZE_COLUMNS


def test_every_figure_is_the_tokenizers_own(perform: Performer, tmp_path: Path) -> None:
    texts = ["def f(x):\n    return x\n", "Grüße, 世界 🎉\r\n", ""]
    for number, text in enumerate(texts):
        (tmp_path / f"{number}.txt").write_bytes(text.encode())
    perform(job(tmp_path, [f"{number}.txt" for number in range(len(texts))]))
    (batch,) = perform.reported
    assert isinstance(batch, CountedBatch)
    columns = CountPlan(NAMES).columns
    for row, text in zip(batch.values, texts, strict=True):
        assert row[columns.index("bytes")] == len(text.encode())
        for name in NAMES:
            assert row[columns.index(name)] == perform.context.registry.get(name).count(text.encode())


def test_what_is_no_text_is_reported_unless_it_is_wanted(perform: Performer, tmp_path: Path) -> None:
    (tmp_path / "a.bin").write_bytes(b"\0\1\2\3" * 100)
    perform(job(tmp_path, ["a.bin", "gone.txt"]))
    (batch,) = perform.reported
    assert isinstance(batch, CountedBatch)
    assert {number: gone.reason for number, gone in batch.left_out} == {
        0: Reason.BINARY,
        1: Reason.UNREADABLE,
    }
    perform(job(tmp_path, ["a.bin"], binaries=True))
    (batch,) = perform.reported
    assert isinstance(batch, CountedBatch)
    assert batch.numbers.tolist() == [0]


def test_it_reports_batch_by_batch_and_ends_when_nobody_waits(perform: Performer, tmp_path: Path) -> None:
    paths = [f"{number}.txt" for number in range(6)]
    for path in paths:
        (tmp_path / path).write_text("some words\n" * 10, encoding="utf-8")
    perform(job(tmp_path, paths, batch=100))
    assert len(perform.reported) == 6
    perform.wanted = lambda: len(perform.reported) < 2
    with pytest.raises(SupersededError):
        perform(job(tmp_path, paths, batch=100))
    assert len(perform.reported) == 2


def test_an_unknown_tokenizer_is_an_error(perform: Performer) -> None:
    with pytest.raises(UnknownTokenizerError, match="r50k_base"):
        CountPlan(("r50k_bas",)).counters(perform.context.registry)


def test_jobs_say_what_they_do(tmp_path: Path) -> None:
    assert str(job(tmp_path, ["a.py"])) == "counting a.py"
    assert str(job(tmp_path, ["a.py", "b.py", "c.py"])) == "counting a.py and 2 more files"


# -- counts of earlier runs ----------------------------------------------------------------------------------


@pytest.fixture
def caching(tmp_path: Path) -> Performer:
    """A worker that keeps counts, with no tokenizer loaded."""
    performer = Performer()
    performer.context = WorkerContext(Assets(), tmp_path / "kept")
    performer.context.renew_count_cache()
    return performer


def values(reported: Sequence[object]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for batch in reported:
        assert isinstance(batch, CountedBatch)
        found |= dict(zip(batch.numbers.tolist(), batch.values.tolist(), strict=True))
    return found


def write_some(folder: Path) -> list[str]:
    for name in ("a", "b", "c"):
        (folder / name).write_text(f"some words of {name}\n", encoding="utf-8")
    (folder / "d").write_bytes("größer".encode("utf-16"))
    (folder / "e").write_bytes(b"\0\1\2\3")
    return ["a", "b", "c", "d", "e"]


def test_only_what_is_kept_is_reported_and_no_tokenizer_loaded(caching: Performer, tmp_path: Path) -> None:
    paths = write_some(tmp_path)
    only_kept = replace(job(tmp_path, paths), only_kept=True)
    assert np.array_equal(caching(only_kept), [0, 1, 2, 3])  # type: ignore[arg-type]
    assert values(caching.reported) == {}
    assert not caching.context.registry.is_loaded("r50k_base")
    # Counted as ever, and then known.
    assert len(caching(job(tmp_path, paths))) == 0  # type: ignore[arg-type]
    counted = values(caching.reported)
    assert set(counted) == {0, 1, 2, 3}
    later = Performer()
    later.context = WorkerContext(Assets(), tmp_path / "kept")
    later.context.renew_count_cache()
    (tmp_path / "b").write_text("other words", encoding="utf-8")
    assert np.array_equal(later(only_kept), [1])  # type: ignore[arg-type]
    assert values(later.reported) == {number: row for number, row in counted.items() if number != 1}
    out = [
        number for batch in later.reported if isinstance(batch, CountedBatch) for number, _ in batch.left_out
    ]
    assert out == [4]
    assert [name for name in NAMES if later.context.registry.is_loaded(name)] == []


def test_without_a_cache_nothing_is_known_and_nothing_read(tmp_path: Path) -> None:
    performer = Performer()
    performer.context = WorkerContext(Assets())
    only_kept = replace(job(tmp_path, ["not there"]), only_kept=True)
    assert np.array_equal(performer(only_kept), [0])  # type: ignore[arg-type]
    assert performer.reported == []


def test_a_cache_that_is_switched_off_or_cleared_is_seen_at_the_next_scan(
    caching: Performer, tmp_path: Path
) -> None:
    assert caching.context.count_cache is not None
    UserCache(tmp_path / "kept").use(False)
    caching(FindFiles((tmp_path,), WalkOptions(), CountPlan(NAMES).columns))
    assert caching.context.count_cache is None
