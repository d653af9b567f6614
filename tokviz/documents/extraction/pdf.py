"""PDF, by pypdfium2: the library of Chrome's viewer."""

import ctypes
import re
from collections.abc import Iterator
from typing import Any

from tokviz.documents.extraction.output import FORMAT, DocumentError, Output, Units, damaged, encrypted
from tokviz.language import _
from tokviz.language import number as in_signs

_MOST_PAGES = 20_000
_MOST_FIELDS = 10_000
"""Of a page."""
_MOST_TYPED = 1 << 20
"""Bytes of one field."""
_DIVIDED = re.compile("(?<=[a-zß-öø-ÿ])[\x02\ufffe]\n?(?=[a-zß-öø-ÿ])")
"""A word that is divided at the end of a line: pdfium writes such a hyphen as U+0002."""
_HYPHEN = re.compile("[\x02\ufffe]")
_PASSWORD, _SECURITY = 4, 5
"""``FPDF_ERR_PASSWORD``, ``FPDF_ERR_SECURITY``"""


def extract(data: bytes, output: Output) -> Units:
    """The text of every page in the order in which it is drawn, then what was filled into its form or typed
    over it."""
    import pypdfium2  # nobody else needs it
    import pypdfium2.raw as raw

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", raw.FPDF_GetLastError()) in (_PASSWORD, _SECURITY):
            raise encrypted() from error
        raise damaged() from error
    pages = len(document)
    if pages > _MOST_PAGES:
        raise DocumentError(
            _(
                "the {format} says that it has {pages} pages; at most {most} are read",
                format=FORMAT,
                pages=in_signs(pages),
                most=in_signs(_MOST_PAGES),
            )
        )
    empty = 0
    for number in range(pages):
        added: list[str] = []
        try:
            page = document[number]
            text = page.get_textpage().get_text_bounded()
            added += _typed(raw, page)
            page.close()
        except pypdfium2.PdfiumError:
            text = ""  # one damaged page does not spoil the others
        text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
        if "\x02" in text or "\ufffe" in text:
            text = _HYPHEN.sub("-", _DIVIDED.sub("", text))
        empty += not (text.strip() or added)
        output.block(text)
        for line in added:
            output.block(line, "typed")
    return Units(pages, empty)


def _typed(raw: Any, page: Any) -> Iterator[str]:
    """What stands in the fields of a form, and in boxes that were written over the page: no part of what
    the page itself draws."""
    for number in range(min(raw.FPDFPage_GetAnnotCount(page), _MOST_FIELDS)):
        annotation = raw.FPDFPage_GetAnnot(page, number)
        if not annotation:
            continue
        kind = raw.FPDFAnnot_GetSubtype(annotation)
        if kind == raw.FPDF_ANNOT_FREETEXT:
            yield from filter(None, [_string(raw, annotation, b"Contents")])
        elif kind == raw.FPDF_ANNOT_WIDGET and _string(raw, annotation, b"FT") in ("Tx", "Ch"):
            name, value = _string(raw, annotation, b"T"), _string(raw, annotation, b"V")
            if value:
                yield f"{name}: {value}" if name else value
        raw.FPDFPage_CloseAnnot(annotation)


def _string(raw: Any, annotation: Any, key: bytes) -> str:
    """A string of an annotation; empty if it has none, or one that is too long."""
    size = raw.FPDFAnnot_GetStringValue(annotation, key, None, 0)
    if not 2 < size <= _MOST_TYPED:
        return ""
    buffer = ctypes.create_string_buffer(size)
    raw.FPDFAnnot_GetStringValue(annotation, key, ctypes.cast(buffer, ctypes.POINTER(raw.FPDF_WCHAR)), size)
    return buffer.raw.decode("utf-16-le", "replace").rstrip("\0").replace("\r\n", "\n").replace("\r", "\n")
