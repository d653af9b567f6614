"""A repository of 1,000 commits: what changed, and history by tokens, against pygit2's own bare loops."""

import inspect
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pygit2

from tests.benchmarks import corpora
from tests.benchmarks.harness import Missing, Result, Row, interleave, timed
from tokviz.analysis.codebase.history import BlobCounter, count_versions
from tokviz.analysis.count_plan import CountPlan
from tokviz.assets import Assets
from tokviz.count_cache.user_cache import UserCache
from tokviz.documents.decoding import FOUND_OUT
from tokviz.documents.tree.git_changes import Compared, changed_files
from tokviz.documents.tree.git_reader import GitReader
from tokviz.documents.tree.git_versions import History
from tokviz.documents.tree.listing import list_folder
from tokviz.documents.tree.walking import WalkOptions
from tokviz.tokenization.registry import Registry
from tokviz.worker.codebase_counting import JobCounters

_COMMITS = 1000
_WHO = pygit2.Signature("A", "a@example.org", 0, 0)
_LIMIT = 1.5


@contextmanager
def _project() -> Iterator[Path]:
    """Django's contrib.admin in a repository, then commits that each append a line to three files of it. All
    of Django's 7,000 files took an hour: each tree is written and listed a thousand times."""
    django = corpora.django()
    assert django is not None
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made, "project")
        shutil.copytree(django / "django" / "contrib" / "admin", folder, symlinks=True)
        repository = pygit2.init_repository(str(folder))
        paths = [file.path for file in list_folder(folder).files]
        repository.index.add_all()
        index, parents = repository.index, list[pygit2.Oid]()
        for number in range(_COMMITS):
            for step in range(3):
                path = paths[(number * 7 + step * 911) % len(paths)]
                text = (folder / path).read_bytes() + f"# change {number}\n".encode()
                (folder / path).write_bytes(text)
                blob = repository.create_blob(text)
                index.add(pygit2.IndexEntry(path, blob, pygit2.enums.FileMode.BLOB))
            tree = index.write_tree()
            parents = [repository.create_commit("HEAD", _WHO, _WHO, f"change {number}", tree, parents)]
        index.write()
        for number in range(20):
            (folder / paths[number * 13]).write_text("edited\n", encoding="utf-8")
        yield folder


def _changed(folder: Path, compared: Compared) -> object:
    with GitReader() as reader:
        return changed_files(reader, folder, compared)


def _apart(bare: Callable[..., object], folder: Path, *arguments: str) -> None:
    """A bare loop in a process of its own, as whoever reads a repository that may hang has to have it."""
    call = f"{bare.__name__}(Path({str(folder)!r}), *{arguments!r})"
    code = "\n".join(("from pathlib import Path", "import pygit2", inspect.getsource(bare), call))
    subprocess.run([sys.executable, "-c", code], check=True)


def _bare_range(folder: Path, before: str, after: str) -> object:
    repository = pygit2.Repository(str(folder))
    trees = [repository.revparse_single(name).peel(pygit2.Tree) for name in (before, after)]
    sides = []
    for delta in repository.diff(*trees).deltas:
        for file in (delta.old_file, delta.new_file):
            if int(file.mode):
                sides.append(repository[file.id].data)
    return sides


def _bare_status(folder: Path) -> object:
    repository = pygit2.Repository(str(folder))
    flags = pygit2.enums.DiffOption.INCLUDE_UNTRACKED | pygit2.enums.DiffOption.RECURSE_UNTRACKED_DIRS
    sides = []
    for delta in repository.diff("HEAD", flags=flags).deltas:
        sides += [repository[delta.old_file.id].data, (folder / delta.new_file.path).read_bytes()]
    return sides


def _bare_history(folder: Path) -> object:
    """Every blob's id at each commit, listed as the library does it."""
    repository = pygit2.Repository(str(folder))
    blobs = 0

    def below(tree: pygit2.Tree) -> None:
        nonlocal blobs
        for entry in tree:
            if entry.type_str == "tree":
                below(entry)
            else:
                blobs += len(entry.id.raw)

    for commit in repository.walk(repository.head.target):
        below(commit.tree)
    return blobs


def _history(folder: Path, counts: Path) -> object:
    """By o200k_base, through the cache."""
    registry = Registry(Assets())
    plan = CountPlan(("o200k_base",))
    with History(folder, WalkOptions(hidden=True)) as history:
        found = history.versions("HEAD", _COMMITS, tags=False)
        counters = JobCounters(plan.sources, registry)
        blobs = BlobCounter(history, FOUND_OUT, counters, UserCache(counts).open(registry))
        return list(count_versions(history, found, plan, blobs))


def git_thousand() -> list[Result]:
    """Changes and history of the repository, each against the bare loop."""
    if corpora.django() is None:
        return [Missing("git-thousand", corpora.how_to_get())]
    with _project() as folder, tempfile.TemporaryDirectory() as counts:
        cases = (
            (
                "what changed in the folder since HEAD, with both texts, against pygit2's bare diff (s)",
                partial(_changed, folder, Compared()),
                partial(_apart, _bare_status, folder),
            ),
            (
                "what changed in the last 900 commits, with both texts, against pygit2's bare diff (s)",
                partial(_changed, folder, Compared("HEAD~900", "HEAD")),
                partial(_apart, _bare_range, folder, "HEAD~900", "HEAD"),
            ),
            (
                "tokens at each of 1,000 commits, all blobs known, against pygit2 listing their trees (s)",
                partial(_history, folder, Path(counts)),
                partial(_apart, _bare_history, folder),
            ),
        )
        first = timed(partial(_history, folder, Path(counts)))
        rows: list[Result] = []
        for name, subject, bare in cases:
            ours, theirs = interleave(partial(timed, subject), partial(timed, bare), rounds=3)
            rows.append(Row(name, ours, theirs, _LIMIT))
            if subject is cases[-1][1]:
                rows.append(
                    Row("the same where all blobs are known, against the first time (s)", ours, first, 0.5)
                )
        return rows


BENCHMARKS = {"git-thousand": git_thousand}
