"""The text page's menu entries: in the menu bar, in the Show menu, and under the right mouse button."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from tokviz.analysis.tokens.token_export import ids_json, tokens_json
from tokviz.language import _
from tokviz.ui.common.actions import action, display_toggles, edit_entries, separator, toggle, zoom_entries
from tokviz.ui.common.settings import KEEP_UNSAVED, Settings
from tokviz.ui.editor.painting.token_colors import bytes_per_token_heat
from tokviz.ui.editor.painting.visible_rows import FoundToken
from tokviz.ui.editor.token_view import TokenView
from tokviz.ui.text.files import DocumentFiles
from tokviz.ui.text.open_texts import OpenTexts
from tokviz.ui.text.panels.details_controller import DetailsController
from tokviz.ui.text.print_controller import PrintController
from tokviz.ui.text.token_exports import TokenExports
from tokviz.ui.tokens.document import Document

_KEYS = QKeySequence.StandardKey


class PageActions:
    """``toggles`` switch what is shown; ``menus`` are the entries for each menu of the window."""

    def __init__(
        self,
        view: TokenView,
        files: DocumentFiles,
        texts: OpenTexts,
        document: Document,
        details: DetailsController,
        exports: TokenExports,
        printing: PrintController,
        legend: QWidget,
        settings: Settings,
        page: QWidget,
        ends: Sequence[QAction],
        show_tips: Callable[[bool], object],
    ) -> None:
        """``legend`` says what the colours of Heat mean, and is shown with them; ``ends``: what the Edit menu
        offers where a window ends; ``show_tips`` switches what is told beside the mouse."""
        self._view = view
        self._files = files
        self._texts = texts
        self._document = document
        self._details = details
        self._exports = exports
        self._printing = printing
        self._legend = legend
        self._page = page
        self._ends = ends
        self._show_tips = show_tips
        self._settings = settings
        self._details_shown = toggle(
            page,
            _("&Details"),
            settings,
            "text/details",
            details.pane.setVisible,
            keys="F4",
            tip=_("The pinned token, the table of tokens"),
        )
        self.toggles = self._make_toggles(settings)
        zoom = zoom_entries(page, lambda: view.commands)
        self.encodings = QMenu(_("Reopen &with Encoding"), page)
        self.encodings.aboutToShow.connect(lambda: files.fill_encodings(self.encodings))
        self.menus = {
            "file": self._file(),
            "edit": self._edit(),
            "view": [*self.toggles, *zoom, separator(page), *self._turning()],
        }
        view.context_menu.additions = self._add_token_entries

    def _make_toggles(self, settings: Settings) -> list[QAction]:
        page = self._page
        toggles = display_toggles(page, settings, "text", self._set_option)
        tip = _("Colour by bytes per token: what wastes tokens stands out")
        heat = toggle(page, _("&Heat"), settings, "text/heat", self._set_heat, False, "Ctrl+Alt+H", tip)
        tip = _("The token under the mouse, told beside it after a moment")
        tips = toggle(page, _("Token Tip&s"), settings, "text/tips", self._show_tips, True, tip=tip)
        return [*toggles, heat, tips, separator(page), self._details_shown]

    def _set_heat(self, on: bool) -> None:
        self._view.set_options(replace(self._view.options, heat_map=bytes_per_token_heat if on else None))
        self._legend.setVisible(on)

    def _set_option(self, field: str, on: bool) -> None:
        # DisplayOptions checks the name; a type checker cannot.
        self._view.set_options(replace(self._view.options, **{field: on}))  # type: ignore[arg-type]

    def _file(self) -> list[QAction]:
        page, files, texts = self._page, self._files, self._texts
        reopen = action(page, _("Reopen C&losed"), lambda: texts.reopen(files.open), "Ctrl+Shift+T")
        texts.changed.connect(lambda: reopen.setEnabled(texts.can_reopen))
        reopen.setEnabled(False)
        return [
            action(page, _("&New"), texts.new, _KEYS.New, _("An empty text, beside those that are open")),
            action(page, _("&Close"), lambda: texts.close(texts.front, files.may_discard), "Ctrl+W"),
            reopen,
            self._reload(),
            self.encodings.menuAction(),
            action(page, _("&Save"), files.save, _KEYS.Save),
            action(page, _("Save &As…"), files.save_as, "Ctrl+Shift+S"),
            self._unsaved_menu(),
            separator(page),
            *self._printing.print_actions(page),
            separator(page),
            *self._exports.export_actions(page),
        ]

    def _unsaved_menu(self) -> QAction:
        """What is done with texts that were never saved."""
        texts, menu = self._texts, QMenu(_("&Unsaved Texts"), self._page)
        menu.addAction(action(menu, _("&Restore the Last One"), self._restore))
        tip = _("An unsaved text is written to a file of yours alone, and is back at the next start")
        keep = toggle(
            menu, _("&Keep Unsaved Texts"), self._settings, KEEP_UNSAVED, texts.switch, True, tip=tip
        )
        menu.addAction(keep)
        menu.addAction(action(menu, _("Re&move All That Are Kept"), texts.clear))
        return menu.menuAction()

    def _restore(self) -> None:
        if not self._texts.restore():
            self._files.information.emit(_("No unsaved text is kept."))

    def _reload(self) -> QAction:
        files, document = self._files, self._document
        tip = _("Read the file again as it is on the disk")
        entry = action(self._page, _("Reload from Dis&k"), files.reload, "F5", tip)
        document.origin_changed.connect(lambda: entry.setEnabled(document.origin.path is not None))
        entry.setEnabled(False)
        return entry

    def _turning(self) -> list[QAction]:
        page, texts = self._page, self._texts
        entries = [
            action(page, _("Ne&xt Text"), lambda: texts.turn(1), "Ctrl+PgDown"),
            action(page, _("Pre&vious Text"), lambda: texts.turn(-1), "Ctrl+PgUp"),
        ]
        # The view takes Ctrl+Tab itself; this is for whatever else has the focus.
        for entry, keys in zip(entries, ("Ctrl+Tab", "Ctrl+Shift+Tab"), strict=True):
            entry.setShortcuts([*entry.shortcuts(), QKeySequence(keys)])

        def offer() -> None:
            for entry in entries:
                entry.setEnabled(len(texts.texts) > 1)

        texts.changed.connect(offer)
        offer()
        return entries

    def _edit(self) -> list[QAction]:
        page = self._page
        return [
            *edit_entries(page, lambda: self._view.commands, self._exports.copy_actions(page)),
            separator(page),
            *self._details.find_bar.find_actions(page),
            *self._details.goto_bar.go_to_actions(page),
            *self._details.caret_token.actions(page),
            separator(page),
            *self._ends,
        ]

    def _add_token_entries(self, menu: QMenu, token: FoundToken | None) -> None:
        """What the context menu offers for the tokens selected, and for the one that is pointed at."""
        chosen = self._view.state.has_selection
        ids = _("Copy Token &Ids") if chosen else _("Copy All Token &Ids")
        tokens = _("Copy To&kens") if chosen else _("Copy All To&kens")
        for text, form in ((ids, ids_json), (tokens, tokens_json)):
            menu.addAction(action(menu, text, partial(self._exports.copy, form)))
        menu.addSeparator()
        entries = ((_("&Find All of This Token"), self._find), (_("Pi&n in the Inspector"), self._pin))
        for text, act in entries:
            entry = action(menu, text, partial(act, token) if token else None)
            entry.setEnabled(token is not None)
            menu.addAction(entry)

    def _find(self, token: FoundToken) -> None:
        self._details.find_bar.find_token(token.token_id)

    def _pin(self, token: FoundToken) -> None:
        self._details_shown.setChecked(True)
        self._details.pin(token.index, token.start, token.end)
