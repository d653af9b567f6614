"""From a file's bytes to text: which encoding, whether it is text at all, and never a device opened.

Text, everywhere in tokviz, is valid UTF-8 bytes. What a file holds stays as it is (line ends, a UTF-8 byte
order mark), unless it is asked to be shortened; other encodings are transcoded; bytes that fit no encoding
become U+FFFD and are counted.
"""

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from tokviz import system_errors
from tokviz.documents.decoding import FOUND_OUT, NotTextError, ReadOptions, TextFile, decode_bytes
from tokviz.documents.document_text import DocumentText
from tokviz.documents.shortening.shortenings import Shortening
from tokviz.language import _, ngettext

if TYPE_CHECKING:
    from tokviz.documents.extraction.reader import DocumentReader

_CHUNK = 1 << 20


class ReadError(Exception):
    """A file that cannot be read as text. ``str()`` is one sentence that names it and says what to do."""

    def __init__(self, name: str, reason: str, advice: str = "") -> None:
        self.name = name
        self.reason = reason
        """Why, as a few words without the name, such as ``permission denied``."""
        super().__init__(
            _("Cannot read {file}: {why}; {advice}.", file=name, why=reason, advice=advice)
            if advice
            else _("Cannot read {file}: {why}.", file=name, why=reason)
        )


class BinaryError(ReadError):
    """The content is not text."""

    def __init__(self, name: str, reason: str, *, passing: bool = False) -> None:
        super().__init__(name, reason)
        self.passing = passing
        """Another time the same bytes may be read: memory or time was short, or a package is missing."""


class TooLargeError(ReadError):
    """It has more bytes than are wanted."""


def make_text(
    data: bytes,
    name: str = _("the input"),
    options: ReadOptions = FOUND_OUT,
    documents: "DocumentReader | None" = None,
) -> TextFile:
    """A file's bytes as text, or BinaryError, which calls it ``name``. Valid UTF-8 is not copied.

    Every text of a file is made here: its bytes are decoded, and then shortened as ``options`` ask, step by
    step in the order of ``Shortening``. A document's text is taken out of it by ``documents``, and by a
    reader of its own if there is none.
    """
    if options.extracted and (found := _document(data, name, options, documents)):
        return found
    try:
        text = decode_bytes(data, options)
    except NotTextError as error:
        raise BinaryError(name, str(error)) from None
    return _shortened(text, name, options.shortened) if options.shortened else text


def _document(
    data: bytes, name: str, options: ReadOptions, documents: "DocumentReader | None"
) -> TextFile | None:
    # A plain count does without all of it.
    from tokviz.documents.extraction.formats import markup_format, may_be_document

    asked = markup_format(name) if options.markup_text else None
    if asked is None and not (options.document_text and may_be_document(data)):
        return None
    from tokviz.documents.extraction.output import DocumentError

    with document_reader(options, documents) as reader:
        assert reader is not None
        try:
            found = reader.read(data, asked)
        except DocumentError as error:
            reason = "; ".join(filter(None, (str(error), error.advice)))
            raise BinaryError(name, reason, passing=error.passing) from None
    if found is None:
        return None
    known = DocumentText(found.format.name, found.format.unit, found.count, found.empty)
    return TextFile(found.text, known.label, document=known)


@contextmanager
def document_reader(
    options: ReadOptions, given: "DocumentReader | None" = None
) -> Iterator["DocumentReader | None"]:
    """A reader for documents, if ``options`` ask for their text: the one that is ``given``, or one of its own
    for as long as the context lasts."""
    if given is not None or not options.extracted:
        yield given
        return
    from tokviz.documents.extraction.reader import DocumentReader  # a plain count does without

    with DocumentReader() as reader:
        yield reader


def _shortened(file: TextFile, name: str, wanted: frozenset[Shortening]) -> TextFile:
    from tokviz.documents.shortening.shorten import shorten  # a plain count does without

    text, applied, kept = shorten(file.text, name, wanted)
    size = len(file.text) if applied else 0
    return file._replace(text=text, shortened=applied, size_before=size, kept=kept)


def read_text(
    path: str | Path, options: ReadOptions = FOUND_OUT, documents: "DocumentReader | None" = None
) -> TextFile:
    """The text of the file at ``path``, links followed; ``ReadError`` if it is not a readable text file,
    TooLargeError if it is larger than ``options`` allow."""
    return make_text(read_bytes(path, limit=options.largest), str(path), options, documents)


def read_bytes(path: str | bytes | Path, *, follow: bool = True, limit: int | None = None) -> bytes:
    """All bytes of a regular file; ``ReadError`` for anything else, or for more than ``limit`` bytes.

    FIFOs, sockets and devices are never opened: the type is looked up first, and once more on what was
    opened, in case it was swapped in between. With ``follow`` false a symbolic link is refused too.
    """
    name = os.fsdecode(path)
    try:
        # A Path object would cost as much as the call, 78,000 times over on a large tree.
        _require_regular(name, os.stat(name, follow_symlinks=follow).st_mode)  # noqa: PTH116
        return _open_and_read(name, _FLAGS if follow else _FLAGS | _NO_FOLLOW, limit)
    except (OSError, ValueError) as error:
        raise _explain(name, error) from error


def read_listed(path: str) -> bytes:
    """``read_bytes`` for a file that a walk has just found to be a regular one: its type is looked up no
    second time before it is opened, but still afterwards. Links are not followed."""
    try:
        return _open_and_read(path, _FLAGS | _NO_FOLLOW, None)
    except (OSError, ValueError) as error:
        raise _explain(path, error) from error


def read_blocks(path: Path, size: int) -> Iterator[bytes]:
    """All bytes of a regular file, no link, in blocks of ``size``; ReadError for anything else."""
    name = str(path)
    try:
        descriptor = os.open(name, _FLAGS | _NO_FOLLOW)
        try:
            _require_regular(name, os.fstat(descriptor).st_mode)
            while block := os.read(descriptor, size):
                yield block
        finally:
            os.close(descriptor)
    except (OSError, ValueError) as error:
        raise _explain(name, error) from error


def open_regular(path: Path) -> BinaryIO:
    """A regular file, links followed, to be read by its caller; OSError for anything else: a pipe would be
    waited for, and a device read without end."""
    try:
        descriptor = os.open(path, _FLAGS)
    except ValueError as error:  # a NUL in the path
        raise OSError(errno.EINVAL, _("no file can have this name"), str(path)) from error
    try:
        if kind := kind_of(os.fstat(descriptor).st_mode):
            raise OSError(errno.EINVAL, _("it is {kind}; name a regular file", kind=kind), str(path))
        return os.fdopen(descriptor, "rb")
    except BaseException:
        os.close(descriptor)
        raise


_FLAGS: int = os.O_RDONLY
for _flag in ("O_NONBLOCK", "O_CLOEXEC", "O_BINARY", "O_NOCTTY", "O_NOINHERIT"):
    _FLAGS |= getattr(os, _flag, 0)
_NO_FOLLOW: int = getattr(os, "O_NOFOLLOW", 0)


def _open_and_read(name: str, flags: int, limit: int | None) -> bytes:
    descriptor = os.open(name, flags)
    try:
        status = os.fstat(descriptor)
        _require_regular(name, status.st_mode)
        if limit is not None and status.st_size > limit:
            raise TooLargeError(
                name, ngettext("it is larger than {n} byte", "it is larger than {n} bytes", limit)
            )
        return _read_all(descriptor, status.st_size)
    finally:
        os.close(descriptor)


def _read_all(descriptor: int, size: int) -> bytes:
    # Almost always one read for the content and an empty one for its end.
    first = os.read(descriptor, size + 1)
    if len(first) == size:
        return first
    parts = [first]
    while part := os.read(descriptor, _CHUNK):
        parts.append(part)
    return b"".join(parts)


def is_folder(path: str | Path) -> bool:
    """Whether there is such a folder; False for a name that none can have, where ``Path.is_dir`` raises."""
    return os.path.isdir(path)  # noqa: PTH112


def is_file(path: str | Path) -> bool:
    """Whether there is such a regular file, links followed; False for a name that none can have."""
    return os.path.isfile(path)  # noqa: PTH113


def exists(path: str | Path) -> bool:
    """Whether anything is there, links followed; False for a name that nothing can have."""
    return os.path.exists(path)  # noqa: PTH110


def file_status(path: Path) -> os.stat_result:
    """The status of a regular file, links followed; ``ReadError`` if there is none."""
    try:
        status = path.stat()
        _require_regular(str(path), status.st_mode)
    except (OSError, ValueError) as error:
        raise _explain(str(path), error) from error
    return status


def kind_of(mode: int) -> str:
    """What ``st_mode`` says a thing is, in words; empty for a regular file."""
    kinds = (
        (stat.S_ISREG, ""),
        (stat.S_ISDIR, _("a folder")),
        (stat.S_ISLNK, _("a symbolic link")),
        (stat.S_ISFIFO, _("a named pipe")),
        (stat.S_ISSOCK, _("a socket")),
        (stat.S_ISCHR, _("a device")),
        (stat.S_ISBLK, _("a device")),
    )
    return next((name for test, name in kinds if test(mode)), _("not a regular file"))


def _require_regular(name: str, mode: int) -> None:
    if stat.S_ISREG(mode):
        return
    pipe = stat.S_ISFIFO(mode)
    advice = _("pipe its content in and name - instead") if pipe else _("name a regular file")
    # Translators: {kind} is such as “a folder” or “a device”
    raise ReadError(name, _("it is {kind}", kind=kind_of(mode)), advice)


def _explain(name: str, error: OSError | ValueError) -> ReadError:
    if isinstance(error, ValueError):  # a NUL in the path
        return ReadError(repr(name), _("no file can have this name"))
    missing = _("there is no such file"), _("check the name")
    denied = _("permission denied"), _("allow yourself to read it, or leave it out")
    known = {
        errno.ENOENT: missing,
        errno.ENOTDIR: missing,
        errno.EACCES: denied,
        errno.EPERM: denied,
        errno.EISDIR: (_("it is a folder"), _("name a regular file")),
        errno.ELOOP: (_("it is a symbolic link that leads in a circle or may not be followed"), ""),
        errno.ENAMETOOLONG: (_("its name is too long for this system"), ""),
    }
    reason, advice = known.get(error.errno or 0, (system_errors.words(error), ""))
    return ReadError(name, reason, advice)
