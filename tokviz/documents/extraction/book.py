"""EPUB books: their chapters in the order in which they are read."""

import posixpath
import re

from tokviz.documents.extraction import markup
from tokviz.documents.extraction.output import DocumentError, Output, Units
from tokviz.documents.extraction.package import Package

_CONTAINER, _ENCRYPTION = "META-INF/container.xml", "META-INF/encryption.xml"
_PAGES = ("application/xhtml+xml", "text/html")
_MOST_CHAPTERS = 10_000


def extract(data: bytes, output: Output) -> Units:
    """The text of all chapters."""
    package = Package(data)
    chapters = _chapters(package)
    protected = _protected(package)
    if protected & set(chapters):
        raise DocumentError("is copy-protected (DRM)")
    if len(chapters) > _MOST_CHAPTERS:
        raise DocumentError(f"has {len(chapters):,} chapters; at most {_MOST_CHAPTERS:,} are read")
    empty = 0
    for chapter in chapters:
        before = output.length
        output.part()
        markup.extract(package.read(chapter), output)
        empty += output.length == before
    return Units(len(chapters), empty)


def _chapters(package: Package) -> list[str]:
    roots = [
        event.attributes.get("full-path", "")
        for event in package.elements(_CONTAINER)
        if event.tag == "rootfile"
    ]
    root = next((path for path in roots if path in package.names), None)
    if root is None:
        raise DocumentError("is damaged")
    pages: dict[str, str] = {}
    spine: list[str] = []
    for event in package.elements(root):
        if event.tag == "item" and event.attributes.get("media-type") in _PAGES:
            path = posixpath.join(posixpath.dirname(root), _unescaped(event.attributes.get("href", "")))
            pages[event.attributes.get("id", "")] = posixpath.normpath(path)
        elif event.tag == "itemref":
            spine.append(event.attributes.get("idref", ""))
    return [pages[item] for item in spine if pages.get(item) in package.names]


def _protected(package: Package) -> set[str]:
    return {
        _unescaped(event.attributes.get("URI", ""))
        for event in package.elements(_ENCRYPTION)
        if event.tag == "CipherReference"
    }


def _unescaped(reference: str) -> str:
    data = reference.encode("utf-8", "surrogatepass")
    plain = re.sub(rb"%([0-9A-Fa-f]{2})", lambda found: bytes([int(found[1], 16)]), data)
    return plain.decode("utf-8", "replace").partition("#")[0]
