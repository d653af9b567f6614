"""Loading many tokenizers at once in shards, processes of their own.

Loading holds Python's lock, so threads do not help; for a short text it is nearly all of the work. Large
inputs are better counted in one process, where the engine uses every core anyway.
"""

import contextlib
import os
import threading
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from multiprocessing import get_context
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Self

import numpy as np
from numpy.typing import NDArray

from tokviz.analysis.codebase.scan import usable_processors
from tokviz.analysis.count_plan import Counter, make_counter
from tokviz.assets import Assets
from tokviz.cli.console import Failure
from tokviz.language import _
from tokviz.lists import listed
from tokviz.tokenization.engine import TextRefusedError
from tokviz.tokenization.registry import Registry
from tokviz.tokenization.tokenizer_info import Kind
from tokviz.tokenization.vocabularies import VocabularyError

MOST_BYTES = 4_000_000
"""Inputs up to this size are counted in shards."""
_WORTH_A_PROCESS = 6_000_000
"""Bytes of vocabularies: loading them takes about 0.7 s."""
_START_OF_A_PROCESS = 3_000_000
"""Bytes of vocabularies that another process has loaded before a new one has started."""
_MERGES = 5
"""How much longer a byte of merges takes than one of ranks: they are made a JSON first, and parsed."""
_MOST_PROCESSES = 4
_PATIENCE = 1.0
"""Seconds a process is given to end by itself."""


def load_counters(sources: Sequence[str], registry: Registry) -> tuple[list[Counter], list[str]]:
    """Load these sources of a ``CountPlan``: their counters, and a sentence for each that cannot be used."""
    counters: list[Counter] = []
    unusable: dict[str, None] = {}
    for source in sources:
        try:
            counters.append(make_counter(registry, source))
        except VocabularyError as error:
            # Two sources say the same about a file that both miss.
            unusable[str(error)] = None
    return counters, list(unusable)


class RemoteCounter:
    """Tokenizers in a process of their own, a column each; see ``scan.Counter``.

    A context manager: leaving it ends the process. It loads while this process does other things.
    """

    def __init__(self, assets: Assets, names: Sequence[str] = ()) -> None:
        """Without ``names`` the process waits until it is told what to ``begin`` with."""
        context = get_context("spawn")
        self._connection, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(assets, theirs), daemon=True)
        self._process.start()
        theirs.close()
        self._begun = False
        self._loaded: tuple[tuple[str, ...], list[str]] | None = None
        self._lock = threading.Lock()
        if names:
            self.begin(names)

    def begin(self, names: Sequence[str]) -> None:
        """Have the process load these."""
        self._begun = True
        with contextlib.suppress(OSError):  # it has died, which shows when it is asked
            self._connection.send(tuple(names))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()
        if not self._begun:  # it has nothing to end in order
            self._process.kill()
        self._process.join(_PATIENCE)
        self._process.kill()

    @property
    def columns(self) -> tuple[str, ...]:
        """The tokenizers that could be loaded; EOFError if the process has died."""
        return self._load()[0]

    @property
    def unusable(self) -> list[str]:
        """A sentence for each of the others."""
        return self._load()[1]

    def count(self, texts: Sequence[bytes], parallel: bool = True) -> NDArray[np.int64]:  # noqa: ARG002
        """See Counter; ``Failure`` if the process has died."""
        try:
            with self._lock:
                self._connection.send(list(texts))
                values: NDArray[np.int64] | str = self._connection.recv()
        except (EOFError, OSError) as error:
            raise Failure(
                _("The process that counts with {tokenizers} has died.", tokenizers=listed(self.columns))
            ) from error
        if isinstance(values, str):
            raise Failure(values)
        return values

    def _load(self) -> tuple[tuple[str, ...], list[str]]:
        if self._loaded is None:
            self._loaded = self._connection.recv()
        return self._loaded


def _serve(assets: Assets, connection: Connection) -> None:
    registry = Registry(assets)
    try:
        counters, unusable = load_counters(connection.recv(), registry)
        columns = tuple(column for counter in counters for column in counter.columns)
        connection.send((columns, unusable))
        while True:
            texts: list[bytes] = connection.recv()
            try:
                parts = [counter.count(texts) for counter in counters]
            except VocabularyError as error:  # a part of it is read only when it is needed
                connection.send(str(error))
                continue
            connection.send(np.concatenate(parts, axis=1) if parts else np.zeros((len(texts), 0), np.int64))
    except (EOFError, BrokenPipeError, KeyboardInterrupt):
        return  # whoever asked is gone


class OwnCounter:
    """A user's tokenizer, which may refuse a text: it counts nothing more then. See ``scan.Counter``."""

    def __init__(self, counter: Counter, refused: Callable[[str], None]) -> None:
        """``refused`` is told why, in a sentence."""
        self.columns = counter.columns
        self._counter = counter
        self._refused = refused
        self._works = True

    def count(self, texts: Sequence[bytes], parallel: bool = True) -> NDArray[np.int64]:
        """See Counter; -1 where nothing is counted."""
        if self._works:
            try:
                return self._counter.count(texts, parallel)
            except TextRefusedError as error:
                self._works = False
                self._refused(str(error))
        return np.full((len(texts), 1), -1, np.int64)


class ShardedCounters:
    """The counters of a command, loaded when the first text needs them; see ``scan.CounterLoader``."""

    def __init__(
        self, columns: tuple[str, ...], registry: Registry, assets: Assets, processes: Callable[[], int]
    ) -> None:
        """``processes``: by how many, at most, it is best counted; asked when the first text needs them. A
        context manager: leaving it ends the others."""
        self.columns = columns
        self.unusable: list[str] = []
        """A sentence for each column that nothing can fill, as far as it was asked for."""
        self._registry = registry
        self._assets = assets
        self._processes = processes
        self._stack = ExitStack()
        self._asked: set[str] = set()
        self._counters: list[Counter] = []
        self._lock = threading.Lock()
        self._spare: RemoteCounter | None = None
        """A process that has nothing to do yet."""

    def expect_few(self) -> None:
        """Start another process now, since little is to be counted, but what will be known late."""
        with self._lock:
            if self._asked or self._spare or self._shards() < 2:
                return
            self._spare = self._stack.enter_context(RemoteCounter(self._assets))

    def _shards(self) -> int:
        return len(shards(self.columns, self._registry, self._processes(), started=True))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def load(self, columns: Sequence[str]) -> list[Counter]:
        """See ``scan.CounterLoader``."""
        new = [name for name in columns if name not in self._asked]
        if new:
            with self._lock:
                self._asked.update(new)
                spare, self._spare = self._spare, None
            most = self._processes()
            counters, unusable = load_in_shards(new, self._registry, self._assets, most, self._stack, spare)
            files = self._registry.own_files().items()
            own = {name for name, file in files if not file.bundled}
            self._counters += [
                OwnCounter(counter, self._refuse) if own & set(counter.columns) else counter
                for counter in counters
            ]
            self.unusable += [sentence for sentence in unusable if sentence not in self.unusable]
        return [counter for counter in self._counters if not set(columns).isdisjoint(counter.columns)]

    def _refuse(self, sentence: str) -> None:
        self.unusable.append(sentence)


def load_in_shards(
    sources: Sequence[str],
    registry: Registry,
    assets: Assets,
    processes: int,
    stack: ExitStack,
    spare: RemoteCounter | None = None,
) -> tuple[list[Counter], list[str]]:
    """``load_counters`` in at most ``processes`` processes, this one included, and ``spare``, which has
    started already.

    ``stack`` ends the others. What one of them could not do because it died is done here.
    """
    own, *others = shards(sources, registry, processes, started=spare is not None)
    remote = []
    for shard in others:
        if spare is None:
            remote.append((shard, stack.enter_context(RemoteCounter(assets, shard))))
        else:
            remote.append((shard, spare))
            spare.begin(shard)
            spare = None
    counters, unusable = load_counters(own, registry)
    for shard, counter in remote:
        try:
            unusable += counter.unusable
            counters.append(counter)
        except (EOFError, OSError):
            mine, sentences = load_counters(shard, registry)
            counters += mine
            unusable += sentences
    return counters, unusable


def shards(
    names: Sequence[str], registry: Registry, processes: int, started: bool = False
) -> list[list[str]]:
    """Sources in at most ``processes`` shards of about the same work; the first is for this process, which is
    the one that has other work as well if the next has ``started``."""
    sizes = {name: _size(registry, name) for name in names}
    wanted = max(1, min(processes, sum(sizes.values()) // _WORTH_A_PROCESS))
    parts: list[list[str]] = [[name for name in names if not sizes[name]], *([] for _ in range(wanted - 1))]
    loads = [0, *[_START_OF_A_PROCESS] * (wanted - 1)]
    if started and wanted > 1:
        loads[:2] = loads[1::-1]
    for name in sorted(sizes, key=lambda name: -sizes[name]):
        if sizes[name]:
            lightest = loads.index(min(loads))
            parts[lightest].append(name)
            loads[lightest] += sizes[name]
    return [part for number, part in enumerate(parts) if part or not number]


def usable_processes(own_load: bool = False) -> int:
    """How many processes would each have a core to themselves just now, up to what is worth it here.
    ``own_load``: what keeps the machine busy just now is this run, which is nearly done with it."""
    if own_load:
        return min(2, usable_processors())
    busy = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
    return max(1, min(_MOST_PROCESSES, round(usable_processors() - busy)))


def _size(registry: Registry, name: str) -> int:
    """Bytes of the vocabulary file, or of one of ranks that takes as long; 0 where there is none, and for a
    user's file, which no other process knows."""
    if name in registry.own_files():
        return 0
    info = registry.info(name)
    try:
        return info.file.stat().st_size * (_MERGES if info.kind is Kind.MERGES else 1)
    except OSError:
        return 0
