"""A chapter of the guide: Markdown, drawn in the theme's colours."""

from pathlib import Path

from PySide6.QtCore import QEvent, QUrl
from PySide6.QtGui import (
    QBrush,
    QDesktopServices,
    QFontDatabase,
    QGuiApplication,
    QPalette,
    QTextBlock,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
    QTextFrameFormat,
    QTextTable,
)
from PySide6.QtWidgets import QTextBrowser

_MARGIN = 20
"""Pixels around a chapter."""
_LINE = 135
"""Percent of a line's height."""
_CELL = 6
"""Pixels around what stands in a table's cell."""


class GuidePage(QTextBrowser):
    """Shows chapters and follows their links: to other chapters here, to the web in the user's browser."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder = folder.resolve()
        self.setOpenLinks(False)
        self.anchorClicked.connect(self._follow)
        self.sourceChanged.connect(lambda: self._dress())

    @property
    def chapter(self) -> str:
        """The file name of the chapter that is shown; empty: none yet."""
        return self.source().fileName()

    def show_chapter(self, name: str) -> None:
        """Show a chapter from its beginning; a file that is not there leaves what is shown."""
        path = self._folder / name
        if path.is_file():
            self.setSource(QUrl.fromLocalFile(str(path)), QTextDocument.ResourceType.MarkdownResource)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        # A link's colour is fixed when the Markdown is read.
        if event.type() == QEvent.Type.PaletteChange and self.chapter:
            place = self.verticalScrollBar().value()
            self.reload()
            self._dress()
            self.verticalScrollBar().setValue(place)

    def _follow(self, link: QUrl) -> None:
        if link.scheme() in ("http", "https"):
            QDesktopServices.openUrl(link)
            return
        path = Path(self.source().resolved(link).toLocalFile())
        if path.parent == self._folder:
            self.show_chapter(path.name)

    def _dress(self) -> None:
        """Give headings, code and tables their room and their colours."""
        document = self.document()
        document.setDocumentMargin(_MARGIN)
        cursor = QTextCursor(document)
        cursor.beginEditBlock()
        block = document.begin()
        while block.isValid():
            self._dress_block(block)
            block = block.next()
        for frame in document.rootFrame().childFrames():
            if isinstance(frame, QTextTable):
                self._dress_table(frame)
        cursor.endEditBlock()

    def _dress_block(self, block: QTextBlock) -> None:
        form = block.blockFormat()
        added = QTextBlockFormat()
        is_code = form.hasProperty(QTextFormat.Property.BlockCodeFence)
        if not is_code:
            added.setLineHeight(_LINE, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
        if form.headingLevel():
            added.setTopMargin(18 if block.blockNumber() else 0)
            added.setBottomMargin(8)
        elif is_code:
            added.setNonBreakableLines(False)
            added.setBackground(self._colour(QPalette.ColorRole.Button))
        QTextCursor(block).mergeBlockFormat(added)
        fixed = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        for piece in block.textFormats():
            if piece.format.fontFixedPitch():
                code = QTextCharFormat()
                code.setFontFamilies([fixed.family()])
                code.setBackground(self._colour(QPalette.ColorRole.Button))
                cursor = QTextCursor(block)
                cursor.setPosition(block.position() + piece.start)
                cursor.setPosition(cursor.position() + piece.length, QTextCursor.MoveMode.KeepAnchor)
                cursor.mergeCharFormat(code)

    def _dress_table(self, table: QTextTable) -> None:
        form = table.format()
        form.setBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_Solid)
        form.setBorderBrush(self._colour(QPalette.ColorRole.Mid))
        form.setBorder(1)
        form.setBorderCollapse(True)
        form.setCellPadding(_CELL)
        form.setTopMargin(6)
        form.setBottomMargin(10)
        table.setFormat(form)

    def _colour(self, role: QPalette.ColorRole) -> QBrush:
        # The style sheet gives this widget other colours than the theme's in some roles.
        return QBrush(QGuiApplication.palette().color(role))
