"""Reads what a command names: small files in batches, a large one in parts, so that memory is bounded."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import chain, groupby, islice
from pathlib import Path

from tokviz import language
from tokviz.analysis.codebase.scan import MeasuredBatch
from tokviz.cli.large_counts import LargeCounts
from tokviz.cli.piped import PipedInput
from tokviz.count_cache.hashing import HashingProcess
from tokviz.documents.decoding import ReadOptions
from tokviz.documents.large_text import BLOCK, Blocks, Splitting
from tokviz.documents.reading import ReadError, read_blocks
from tokviz.documents.tree.reading import ContentBatch, Digest, TextBatch, read_contents, read_in_parts
from tokviz.documents.tree.walking import FoundFile, LeftOut, Reason
from tokviz.language import _
from tokviz.tokenization.splitting.split_policy import common_rule

HELD = 32 << 20
"""Bytes of a file above which it is read in parts."""
PART = 2 << 20
"""Bytes of a part: with 8 MB, counting one large file took 578 MB of memory."""
_ASKED_AFTER = 1024
"""Files until it is asked again whether another process is to read them."""
NUMBERED = tuple[int, FoundFile]
Read = ContentBatch | TextBatch | MeasuredBatch
"""What small files hold, the text of a part of a large one, and what is kept of a large one."""


class InputReader:
    """Makes batches of texts of about ``size`` bytes; files are read when asked for."""

    def __init__(
        self,
        options: ReadOptions,
        size: Callable[[], int],
        in_parts: bool,
        large: LargeCounts,
        digest: Digest | None = None,
        hashing: Callable[[], HashingProcess | None] = lambda: None,
    ) -> None:
        """``in_parts``: a large file is read in parts, and else left out if it is larger than ``options``
        allow; ``large``: what is kept of such files; ``digest``: see ``read_contents``; ``hashing``: what
        reads files from now on, of which only the digests are needed, if there is such a process."""
        self._digest = digest
        self._hashing = hashing
        self._options = options
        self._size = size
        self._in_parts = in_parts
        self._kept = large
        self._splitting = Splitting(min(size(), PART), options.largest or HELD, self._last_split)
        self._rule = common_rule()

    def files(self, root: Path, files: Iterable[NUMBERED]) -> Iterator[Read]:
        """What a root's files hold; of a large one the texts of its parts, or what is kept of it."""
        for large, some in groupby(files, lambda numbered: self._is_large(numbered[1].size)):
            if not large:
                yield from self._small(root, some)
                continue
            for number, file in some:
                place = root / file.path
                yield from self._large(place, number, file, partial(read_blocks, place, BLOCK))

    def _small(self, root: Path, files: Iterator[NUMBERED]) -> Iterator[ContentBatch]:
        for first in files:
            process = self._hashing()
            if process is None:
                some = chain([first], islice(files, _ASKED_AFTER - 1))
                yield from read_contents(root, some, self._size, self._digest)
            else:
                yield from process.digests(str(root), chain([first], self._while_known(files)))

    def _while_known(self, files: Iterator[NUMBERED]) -> Iterator[NUMBERED]:
        """Files as long as the process is of use, so that it never waits for the walk."""
        while self._hashing() is not None and (some := list(islice(files, _ASKED_AFTER))):
            yield from some

    def piped(self, file: FoundFile, piped: PipedInput) -> Iterator[Read]:
        """What standard input holds, as the file of number 0."""
        if self._is_large(file.size):
            yield from self._large(Path(file.path), 0, file, piped.blocks)
            return
        yield ContentBatch([0], [file], [piped.read()])

    def _is_large(self, size: int) -> bool:
        most = HELD if self._in_parts else self._options.largest
        return most is not None and size > most

    def _large(self, place: Path, number: int, file: FoundFile, blocks: Blocks) -> Iterator[Read]:
        if self._in_parts and self._is_document(file, blocks):
            return iter([ContentBatch([number], [file], [b"".join(blocks())])])
        if self._in_parts:
            kept, blocks = self._kept.recall(place, number, file, blocks, self._options)
            if kept:
                return iter([kept])
            return read_in_parts(number, file, blocks, self._options, self._splitting)
        detail = _("it is larger than {largest} bytes", largest=language.number(self._options.largest or 0))
        gone = LeftOut(file.path, False, Reason.TOO_LARGE, file.size, detail=detail)
        return iter([TextBatch(left_out=[(number, gone)])])

    def _is_document(self, file: FoundFile, blocks: Blocks) -> bool:
        """Whether it is a document that may be taken as a whole: its text is short beside its pictures."""
        most = self._options.largest
        if not self._options.document_text or (most is not None and file.size > most):
            return False
        from tokviz.documents.extraction.formats import begins_like_document  # a plain count does without

        try:
            return begins_like_document(next(blocks(), b""))
        except ReadError:  # told by whoever reads it
            return False

    def _last_split(self, data: bytes, start: int) -> int:
        return self._rule.previous_split(data, start, len(data))
