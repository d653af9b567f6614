"""EPUB books: their chapters in the order in which they are read."""

import posixpath
import re

from tokviz.documents.extraction import markup
from tokviz.documents.extraction.output import FORMAT, DocumentError, Output, Units, damaged
from tokviz.documents.extraction.package import Package
from tokviz.language import _, number

_CONTAINER, _ENCRYPTION = "META-INF/container.xml", "META-INF/encryption.xml"
_PAGES = ("application/xhtml+xml", "text/html")
_MOST_CHAPTERS = 10_000


def extract(data: bytes, output: Output) -> Units:
    """The text of all chapters."""
    package = Package(data)
    chapters = _chapters(package)
    protected = _protected(package)
    if protected & set(chapters):
        raise DocumentError(_("the {format} is copy-protected (DRM)", format=FORMAT))
    if len(chapters) > _MOST_CHAPTERS:
        raise DocumentError(
            _(
                "the {format} has {chapters} chapters; at most {most} are read",
                format=FORMAT,
                chapters=number(len(chapters)),
                most=number(_MOST_CHAPTERS),
            )
        )
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
        raise damaged()
    pages: dict[str, str] = {}
    spine: list[str] = []
    for event in package.elements(root):
        if event.tag == "item" and event.attributes.get("media-type") in _PAGES:
            path = posixpath.join(posixpath.dirname(root), _unescaped(event.attributes.get("href", "")))
            pages[event.attributes.get("id", "")] = posixpath.normpath(path)
        elif event.tag == "itemref":
            spine.append(event.attributes.get("idref", ""))
    # Some books name a file again for each of its sections.
    return list(dict.fromkeys(pages[item] for item in spine if pages.get(item) in package.names))


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
