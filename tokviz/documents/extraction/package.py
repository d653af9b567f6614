"""The ZIP archive that most documents are: its members and their XML, within bounds.

Nothing is unpacked to the disk. What unpacks to more than a bound, or declares entities, is refused.
"""

import io
import posixpath
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from typing import NamedTuple
from xml.parsers import expat

from tokviz.documents.extraction.output import FORMAT, DocumentError, damaged, encrypted
from tokviz.language import _

MOST_UNPACKED = 512 << 20
"""Bytes that all members that are read may unpack to, together."""
_MOST_DEPTH = 2_000
_CHUNK = 1 << 20
_BROKEN = (KeyError, ValueError, zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError)
"""What the library makes of members that are damaged, or not where they are said to be."""
_PLAIN = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED = 0x1


class Start(NamedTuple):
    """An element begins."""

    tag: str
    """Without its name space."""
    attributes: dict[str, str]
    """By their names without name spaces, but for “r:id”, an id of ``Package.relations``."""


class End(NamedTuple):
    """An element ends."""

    tag: str


class Text(NamedTuple):
    """Characters."""

    text: str


Event = Start | End | Text


class Package:
    """A document's archive, read when asked for. DocumentError from every method."""

    def __init__(self, data: bytes, most: int = MOST_UNPACKED) -> None:
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, RuntimeError) as error:
            raise damaged() from error
        self._left = most
        self._most = most
        self._relations: dict[str, dict[str, tuple[str, str]]] = {}
        # Some programs of Windows write its separators into an archive.
        self._members = {name.replace("\\", "/"): name for name in self._archive.namelist()}
        self.names = frozenset(self._members)

    def read(self, name: str) -> bytes:
        """The whole of a member."""
        return b"".join(self._chunks(name))

    def events(self, name: str) -> Iterator[Event]:
        """The XML of a member, event by event."""
        return xml_events(self._chunks(name))

    def elements(self, name: str) -> Iterator[Start]:
        """The elements of a member's XML as they begin; none if there is no such member."""
        if name in self.names:
            yield from (event for event in self.events(name) if isinstance(event, Start))

    def relations(self, name: str) -> dict[str, tuple[str, str]]:
        """What a member refers to: kind and member's name, by id. External references are left out."""
        if name not in self._relations:  # a slide is asked for diagrams, charts and notes
            self._relations[name] = self._read_relations(name)
        return self._relations[name]

    def _read_relations(self, name: str) -> dict[str, tuple[str, str]]:
        folder, file = posixpath.split(name)
        listed = posixpath.join(folder, "_rels", f"{file}.rels")
        found: dict[str, tuple[str, str]] = {}
        for event in self.elements(listed):
            if event.tag == "Relationship":  # verbatim
                target = event.attributes.get("Target", "")  # verbatim
                if event.attributes.get("TargetMode") != "External":  # verbatim
                    path = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
                    kind = event.attributes.get("Type", "").rpartition("/")[2]  # verbatim
                    found[event.attributes.get("Id", "")] = (kind, path)
        return found

    def related(self, name: str, kind: str) -> list[str]:
        """The members of a kind that a member refers to, as far as they are there."""
        return [path for of, path in self.relations(name).values() if of == kind and path in self.names]

    @property
    def main_type(self) -> str:
        """What the archive says that its main part is; “” if it does not."""
        main = f"/{self.main_part('')}"
        for element in self.elements("[Content_Types].xml"):
            if element.attributes.get("PartName") == main:  # verbatim
                return element.attributes.get("ContentType", "")  # verbatim
        return ""

    def main_part(self, usual: str) -> str:
        """The member that the document begins with."""
        return next(iter(self.related("", "officeDocument")), usual)  # verbatim

    def with_members(self, changed: Mapping[str, bytes]) -> bytes:
        """The archive with other members in the place of its own."""
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as made:
            for name in self._members:
                made.writestr(name, changed[name] if name in changed else self.read(name))
        return stream.getvalue()

    def _chunks(self, name: str) -> Iterator[bytes]:
        try:
            info = self._archive.getinfo(self._members[name])
            if info.flag_bits & _ENCRYPTED:
                raise encrypted()
            if info.compress_type not in _PLAIN:
                raise DocumentError(
                    _("the {format} is compressed in a way that no such document is", format=FORMAT)
                )
            with self._archive.open(info) as member:
                while chunk := member.read(_CHUNK):
                    self._left -= len(chunk)
                    if self._left < 0:
                        raise self._too_large()
                    yield chunk
        except _BROKEN as error:
            raise damaged() from error

    def _too_large(self) -> DocumentError:
        most = self._most >> 20
        return DocumentError(_("the {format} unpacks to more than {size} MB", format=FORMAT, size=most))


def xml_events(chunks: Iterator[bytes]) -> Iterator[Event]:
    """XML as events. What declares entities is refused, so that none can grow."""
    events: list[Event] = []
    depth = 0

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > _MOST_DEPTH:
            raise DocumentError(_("the {format} is nested too deeply", format=FORMAT))
        events.append(Start(_local(tag), {_attribute(name): value for name, value in attributes.items()}))

    def end(tag: str) -> None:
        nonlocal depth
        depth -= 1
        events.append(End(_local(tag)))

    def entity(*_declared: object) -> None:
        raise DocumentError(_("the {format} declares entities, which no such document does", format=FORMAT))

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = lambda text: events.append(Text(text))
    parser.EntityDeclHandler = entity
    try:
        for chunk in chunks:
            parser.Parse(chunk, False)
            yield from events
            events.clear()
        parser.Parse(b"", True)
    except (expat.ExpatError, LookupError, ValueError) as error:  # or it names an encoding that there is not
        raise damaged() from error
    yield from events


def _attribute(name: str) -> str:
    space, _blank, local = name.rpartition(" ")
    return f"r:{local}" if space.endswith("/relationships") else local


def _local(name: str) -> str:
    return name.rpartition(" ")[2]
