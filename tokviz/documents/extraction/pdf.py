"""PDF, by pypdfium2: the library of Chrome's viewer."""

import re

from tokviz.documents.extraction.output import DocumentError, Output, Units

_MOST_PAGES = 20_000
_DIVIDED = re.compile("(?<=[a-zß-öø-ÿ])[\x02\ufffe]\n?(?=[a-zß-öø-ÿ])")
"""A word that is divided at the end of a line: pdfium writes such a hyphen as U+0002."""
_HYPHEN = re.compile("[\x02\ufffe]")
_PASSWORD, _SECURITY = 4, 5
"""``FPDF_ERR_PASSWORD``, ``FPDF_ERR_SECURITY``"""


def extract(data: bytes, output: Output) -> Units:
    """The text of every page, in the order in which it is drawn."""
    import pypdfium2  # nobody else needs it
    import pypdfium2.raw as raw

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", raw.FPDF_GetLastError()) in (_PASSWORD, _SECURITY):
            raise DocumentError("is encrypted", "save it without a password") from error
        raise DocumentError("is damaged") from error
    pages = len(document)
    if pages > _MOST_PAGES:
        raise DocumentError(f"says that it has {pages:,} pages; at most {_MOST_PAGES:,} are read")
    empty = 0
    for number in range(pages):
        try:
            page = document[number]
            text = page.get_textpage().get_text_bounded()
            page.close()
        except pypdfium2.PdfiumError:
            text = ""  # one damaged page does not spoil the others
        text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
        if "\x02" in text or "\ufffe" in text:
            text = _HYPHEN.sub("-", _DIVIDED.sub("", text))
        empty += not text.strip()
        output.block(text)
    return Units(pages, empty)
