"""The formats of documents that people have: how each is recognized, and what makes its text."""

import importlib
from collections.abc import Callable
from dataclasses import dataclass

from tokviz.documents.binary_formats import is_pdf
from tokviz.documents.extraction.old_office import SIGN, Compound, compound
from tokviz.documents.extraction.output import FORMAT, DocumentError, Output, Units, encrypted
from tokviz.documents.extraction.package import Package
from tokviz.language import N_, _, gettext

Extract = Callable[[bytes, Output], Units]
_MIMETYPE = b"mimetype"
_ARCHIVE = b"PK\x03\x04"


@dataclass(frozen=True, slots=True)
class DocumentFormat:
    """One format: a row of ``FORMATS``."""

    name: str
    """As in “the PDF document is encrypted”, in English."""
    module: str
    """The module of this package that makes its text."""
    unit: str
    """What it is divided into; empty: nothing that is counted."""
    suffixes: tuple[str, ...]
    function: str = "extract"
    needs: str = ""
    """The package that must be installed for it."""
    markup: bool = False
    """It is text itself, and stays it unless asked for."""

    def extractor(self) -> Extract:
        """The function that makes its text. DocumentError if a package is missing."""
        try:
            module = importlib.import_module(f"tokviz.documents.extraction.{self.module}")
            if self.needs:
                importlib.import_module(self.needs)
        except ImportError as error:
            package = self.needs.replace("_", "-")
            reason = _("the {format} can be read only with {package}", format=FORMAT, package=package)
            raise DocumentError(reason, f"pip install {package}", passing=True) from error  # verbatim
        found: Extract = getattr(module, self.function)
        return found


UNKNOWN = N_("document")
"""What a document is called whose format is not known."""
PDF_DOCUMENT = DocumentFormat(N_("PDF document"), "pdf", "page", (".pdf",), needs="pypdfium2")
WORD = DocumentFormat(N_("Word document"), "word", "page", (".docx", ".docm", ".dotx"))
POWERPOINT = DocumentFormat(N_("PowerPoint presentation"), "slides", "slide", (".pptx", ".pptm", ".ppsx"))
EXCEL = DocumentFormat(N_("Excel workbook"), "workbook", "sheet", (".xlsx", ".xlsm"), needs="python_calamine")
OLD_EXCEL = DocumentFormat(
    N_("old Excel workbook"), "workbook", "sheet", (".xls", ".xlt"), "extract_old", needs="python_calamine"
)
ODT = DocumentFormat(N_("OpenDocument text"), "open_document", "page", (".odt", ".ott"), "extract_text")
ODS = DocumentFormat(
    N_("OpenDocument spreadsheet"), "open_document", "sheet", (".ods", ".ots"), "extract_sheets"
)
ODP = DocumentFormat(
    N_("OpenDocument presentation"), "open_document", "slide", (".odp", ".otp"), "extract_slides"
)
EPUB = DocumentFormat(N_("EPUB book"), "book", "chapter", (".epub",))
HTML = DocumentFormat(N_("HTML page"), "markup", "", (".html", ".htm", ".xhtml"), markup=True)
RTF = DocumentFormat(N_("RTF document"), "rich_text", "", (".rtf",), markup=True)
MAIL = DocumentFormat(N_("e-mail"), "mail", "", (".eml",), markup=True)
FORMATS = (PDF_DOCUMENT, WORD, POWERPOINT, EXCEL, OLD_EXCEL, ODT, ODS, ODP, EPUB, HTML, RTF, MAIL)
BY_NAME = {row.name: row for row in FORMATS}

_DECLARED = (
    # The first member of the archive, which is not compressed, says what it is.
    (b"application/vnd.oasis.opendocument.text", ODT),
    (b"application/vnd.oasis.opendocument.spreadsheet", ODS),
    (b"application/vnd.oasis.opendocument.presentation", ODP),
    (b"application/epub+zip", EPUB),
)
_FOLDERS = {"word": WORD, "ppt": POWERPOINT, "xl": EXCEL}
_MAIN_TYPES = (("wordprocessingml", WORD), ("presentationml", POWERPOINT), ("spreadsheetml", EXCEL))
_TYPES = "[Content_Types].xml"
"""The member that every document of Microsoft's formats has."""
_CONTAINER, _MANIFEST = "META-INF/container.xml", "META-INF/manifest.xml"
"""The members that every EPUB book and every OpenDocument has."""


_UNREAD = {
    # Translators: as in “a.msg cannot be read as text: it is an Outlook message; save it as .eml”
    Compound.MESSAGE: (N_("it is an Outlook message"), N_("save it as .eml or .txt")),
    Compound.WORD: (N_("it is a Word document of before 2007"), N_("save it as .docx")),
    Compound.POWERPOINT: (N_("it is a PowerPoint presentation of before 2007"), N_("save it as .pptx")),
}
"""What nothing reads here, and what its owner can do: as the reason and the advice of a DocumentError."""


def begins_like_document(head: bytes) -> bool:
    """Whether a file that begins so may be one."""
    return head.startswith((_ARCHIVE, SIGN)) or is_pdf(head)


def may_be_document(data: bytes) -> bool:
    """Whether ``recognize`` may know it: a look at the first bytes, and through those of an archive."""
    if data.startswith(_ARCHIVE):
        return data[30:38] == _MIMETYPE or any(
            sign.encode() in data for sign in (_TYPES, _CONTAINER, _MANIFEST)
        )
    return is_pdf(data) or compound(data) is not None


def recognize(data: bytes) -> DocumentFormat | None:
    """The format of a document by its content; None: it is none, or is text itself. DocumentError for what is
    encrypted as a whole, and for a damaged archive."""
    if data.startswith(_ARCHIVE):
        if data[30:38] == _MIMETYPE and (row := _declared(data[38:120])):
            return row
        return _by_members(Package(data))
    if is_pdf(data):
        return PDF_DOCUMENT
    kind = compound(data)
    if kind is Compound.ENCRYPTED:
        raise encrypted()
    if kind in _UNREAD:
        raise DocumentError(*map(gettext, _UNREAD[kind]))
    return OLD_EXCEL if kind is Compound.WORKBOOK else None


def _by_members(package: Package) -> DocumentFormat | None:
    names = package.names
    if _TYPES in names:
        folders = {name.partition("/")[0] for name in names}
        found = next((row for folder, row in _FOLDERS.items() if folder in folders), None)
        return found or _by_type(package)
    mimetype = _MIMETYPE.decode()
    if mimetype in names and (row := _declared(package.read(mimetype))):
        return row  # not its first member, or compressed, as it should not be
    if _CONTAINER in names:
        return EPUB
    for element in package.elements(_MANIFEST):
        if element.attributes.get("full-path") == "/":
            return _declared(element.attributes.get("media-type", "").encode())
    return None


def _by_type(package: Package) -> DocumentFormat | None:
    """The format that the archive gives its main part: its folders have their names by custom alone."""
    try:
        kind = package.main_type
    except DocumentError:  # an archive of something else
        return None
    return next((row for sign, row in _MAIN_TYPES if sign in kind), None)


def _declared(mimetype: bytes) -> DocumentFormat | None:
    return next((row for sign, row in _DECLARED if mimetype.startswith(sign)), None)


def markup_format(name: str) -> DocumentFormat | None:
    """The format of a text that is marked up, by the name of its file."""
    return next((row for row in FORMATS if row.markup and name.lower().endswith(row.suffixes)), None)
