"""Texts that were not saved, kept in a folder of their owner's until they are."""

import json
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tokviz import system_errors
from tokviz.documents.decoding import Basis
from tokviz.documents.private_files import private_folder
from tokviz.documents.writing import write_steps
from tokviz.language import _

_SUFFIX, _ORDER = ".unsaved", ".order"


class UnsavedError(Exception):
    """A kept text that cannot be read; ``str()`` is one sentence."""


@dataclass(frozen=True, slots=True)
class About:
    """What is known of a text beside its bytes; see ``Origin``."""

    path: Path | None
    title: str
    encoding: str
    replaced: int
    basis: Basis = Basis.VALID
    others: tuple[str, ...] = ()


class UnsavedTexts:
    """The texts in ``folder``, a file each: a line of JSON that says what it is, then the text (UTF-8).

    Files are written as a whole or not at all, and nobody but their owner can read them. A file of another
    kind tells which texts were open in one window, and in which order.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def names(self) -> list[str]:
        """What the kept texts are called, the last written first."""
        try:
            files = [(file.stat().st_mtime, file.stem) for file in self.folder.glob(f"*{_SUFFIX}")]
        except OSError:
            return []
        return [name for _time, name in sorted(files, reverse=True)]

    def write(self, name: str, about: About, parts: Iterable[bytes]) -> None:
        """Keep a text in place of what ``name`` held; WriteError if that cannot be."""
        private_folder(self.folder)
        for _step in write_steps(self._file(name), self._parts(about, parts), private=True):
            pass

    def read(self, name: str) -> tuple[About, bytes]:
        """The kept text; UnsavedError if it cannot be read, or is damaged."""
        file = self._file(name)
        try:
            head, _end, data = file.read_bytes().partition(b"\n")
            about = _about(json.loads(head))
            data.decode()
        except OSError as error:
            reason = system_errors.reason(error)
            raise UnsavedError(
                _("An unsaved text cannot be read from {file}: {why}.", file=file, why=reason)
            ) from error
        except (ValueError, KeyError, TypeError) as error:
            raise UnsavedError(
                _("The unsaved text in {file} is damaged; it was left there.", file=file)
            ) from error
        return about, data

    def time_of(self, name: str) -> int:
        """When the text was kept last, in nanoseconds as files have it; 0 if that is not known."""
        try:
            return self._file(name).stat().st_mtime_ns
        except OSError:
            return 0

    def remove(self, name: str) -> None:
        """Keep the text no longer."""
        self._file(name).unlink(missing_ok=True)

    def write_order(self, window: str, names: Sequence[str], front: str) -> None:
        """Keep in which order a window shows its texts, and which of them is in front; WriteError if that
        cannot be."""
        private_folder(self.folder)
        data = json.dumps({"names": list(names), "front": front}).encode()
        for _step in write_steps(self.folder / f"{window}{_ORDER}", [data], private=True):
            pass

    def remove_order(self, window: str) -> None:
        """Keep it no longer."""
        (self.folder / f"{window}{_ORDER}").unlink(missing_ok=True)

    def beside(self, name: str) -> tuple[list[str], str]:
        """The texts that were shown in one window with the text ``name``, in their order with itself, and the
        one in front. Orders that tell of nothing that is kept are removed."""
        kept, found = set(self.names()), ([name], name)
        for file in self.folder.glob(f"*{_ORDER}"):
            names, front = _order(file)
            if name in names:
                found = ([one for one in names if one in kept], front)
            elif kept.isdisjoint(names):
                file.unlink(missing_ok=True)
        return found

    def _file(self, name: str) -> Path:
        return self.folder / f"{name}{_SUFFIX}"

    def _parts(self, about: About, parts: Iterable[bytes]) -> Iterator[bytes]:
        path = None if about.path is None else os.fspath(about.path)
        head = {
            "path": path,
            "title": about.title,
            "encoding": about.encoding,
            "replaced": about.replaced,
            "basis": about.basis.value,
            "others": about.others,
        }
        yield json.dumps(head).encode() + b"\n"
        yield from parts


def _order(file: Path) -> tuple[list[str], str]:
    try:
        kept = json.loads(file.read_bytes())
        return [name for name in kept["names"] if isinstance(name, str)], str(kept["front"])
    except (OSError, ValueError, KeyError, TypeError):
        return [], ""


def _about(head: dict[str, object]) -> About:
    path, title, encoding, replaced = (head[key] for key in ("path", "title", "encoding", "replaced"))
    if not (isinstance(title, str) and isinstance(encoding, str) and isinstance(replaced, int)):
        raise TypeError("a title, an encoding and a number were expected")
    if not isinstance(path, str | None) or (path is not None and "\0" in path):
        raise TypeError("a path was expected")
    others = head["others"]
    if not isinstance(others, list) or not all(isinstance(one, str) for one in others):
        raise TypeError("a list of encodings was expected")
    place = None if path is None else Path(path)
    return About(place, title, encoding, replaced, Basis(head["basis"]), tuple(others))
