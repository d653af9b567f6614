"""What can be done on the conversation page, with its keys."""

from collections.abc import Sequence

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from tokviz.language import _
from tokviz.ui.common.actions import action, separator
from tokviz.ui.conversation.session import Session
from tokviz.ui.conversation.workspace import Workspace


class PageActions:
    """The page connects those that have no slot here."""

    def __init__(self, page: QWidget, session: Session, workspace: Workspace) -> None:
        self._page = page
        self.open = action(page, _("Open a Con&versation…"), None)
        self.open_folder = action(page, _("Open a Folder of &Sessions…"), None)
        self.new = action(page, _("&New Prompt"), None, "Ctrl+N", _("Write a request, part by part"))
        self.ask = action(
            page,
            _("&Ask About the Open Text"),
            None,
            None,
            _("Write a request that has the text of the text page, such as a pack of a codebase, as a file"),
        )
        self.change = action(page, _("C&hange the Request"), None, "Ctrl+Shift+E")
        keys = QKeySequence.StandardKey
        self.save = action(page, _("Save the &Prompt"), None, keys.Save)
        self.save_as = action(page, _("Sav&e the Prompt As…"), None, "Ctrl+Shift+S")
        self.restore = action(
            page, _("Restore an &Unsaved Prompt"), None, None, _("Write on what an earlier window left")
        )
        self.as_text = action(page, _("Open as Te&xt"), None)
        self.paste = action(page, _("&Paste a Conversation"), None, keys.Paste)
        self.text = action(
            page, _("Token &Text"), workspace.open_current, "Ctrl+Return", _("Show the message's tokens")
        )
        self.text.setData("hash")
        self.rendered = action(
            page,
            _("&Rendered Request"),
            session.render,
            "Ctrl+Shift+Return",
            _("Show the whole request as the model's chat template writes it"),
        )
        self.template = action(
            page,
            _("C&hat Template from a File…"),
            None,
            None,
            _("Frame by the template of a tokenizer_config.json or a file of Jinja, in place of the model's"),
        )
        self.own_template = action(page, _("The Model's &Own Template"), lambda: session.use_template(None))
        self.compare = action(
            page,
            _("&Compare with a File…"),
            None,
            None,
            _("The first token that differs from another request or session, and what that costs the cache"),
        )
        self.before = action(page, _("Request &Before"), lambda: workspace.chart.step(-1), "Alt+Left")
        self.next = action(page, _("&Next Request"), lambda: workspace.chart.step(1), "Alt+Right")
        self.back = action(page, _("&List of Conversations"), None, "Alt+Up")
        self.follow = action(
            page, _("&Follow"), None, "Ctrl+Shift+F", _("Read on while the session is written")
        )
        self.follow.setData("refresh-cw")
        self.follow.setCheckable(True)
        self.follow.toggled.connect(session.follow)

    def menus(self, exports: Sequence[QAction]) -> dict[str, list[QAction]]:
        """The entries of the window's menus; ``exports``: those that take the parts away."""
        file = [self.open, self.open_folder, self.new, self.ask, self.change, self.save, self.save_as]
        view = [self.before, self.next, self.compare, self.template, self.own_template]
        return {
            "file": [*file, self.restore, self.as_text, separator(self._page), *exports],
            "edit": [self.paste, self.text, self.rendered],
            "view": [*view, separator(self._page), self.follow, self.back],
        }
