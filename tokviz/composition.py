"""The composition root: builds the objects of the window and hands them to one another."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from tokviz import language
from tokviz.analysis.count_plan import CountPlan
from tokviz.assets import Assets
from tokviz.catalog.caching import CachingRules
from tokviz.catalog.catalog import Catalog, user_catalog
from tokviz.documents.reading import is_folder
from tokviz.documents.samples import Samples
from tokviz.documents.tree.known_packs import KnownPacks
from tokviz.documents.unsaved import UnsavedTexts
from tokviz.language import _
from tokviz.text.change import Phase
from tokviz.tokenization.registry import Registry
from tokviz.ui.codebase.page import CodebasePage
from tokviz.ui.common.actions import AbleEntry, action, separator
from tokviz.ui.common.appearance import Appearance
from tokviz.ui.common.failures import FailureLog
from tokviz.ui.common.settings import DEFAULT_MODEL, KEEP_OPEN, Settings
from tokviz.ui.common.text_family import fixed_families
from tokviz.ui.common.worker_client import Worker
from tokviz.ui.compare.page import ComparePage, SharedText
from tokviz.ui.conversation.page import ConversationPage
from tokviz.ui.conversation.session import Session
from tokviz.ui.models.choices import SHARED
from tokviz.ui.models.chosen_limits import ChosenLimits
from tokviz.ui.models.model_lists import ModelLists
from tokviz.ui.models.panel import ModelsPanel
from tokviz.ui.models.planner_dialog import CostPlanner
from tokviz.ui.shell.help import Help
from tokviz.ui.shell.main_window import MainWindow
from tokviz.ui.shell.menus import Commands, Menus
from tokviz.ui.shell.opening import Opening
from tokviz.ui.shell.preference_list import preferences, shared_keys
from tokviz.ui.shell.preferences import PreferencesDialog
from tokviz.ui.shell.reopening import OpenThings, keep, names_of, take_kept
from tokviz.ui.text.decode_dialog import DecodeDialog
from tokviz.ui.text.own_tokenizers import OwnTokenizers
from tokviz.ui.text.page import TextPage


def _place_of(session: Session) -> Path | None:
    """The conversation's file, or the folder whose list is shown; None: it is in none, or being written."""
    if session.drafting:
        return None
    return session.source.path if session.source else session.folder


class Application:
    """Every object of the running program, built once."""

    def __init__(
        self,
        window: MainWindow,
        worker: Worker,
        appearance: Appearance,
        settings: Settings,
        assets: Assets,
        log: FailureLog,
    ) -> None:
        self.window = window
        self.settings = settings
        self.log = log
        self.worker = worker
        self._appearance = appearance
        theme = appearance.theme
        unsaved = UnsavedTexts(log.folder / "unsaved")
        registry, samples = Registry(assets), Samples(assets)
        self._registry = registry
        self.own = OwnTokenizers(self.worker, registry.add_info, settings, window)
        catalog = user_catalog(assets, self.own.names)
        models = catalog.models
        self.panel = panel = ModelsPanel(models, settings, theme)
        # A file's tokenizer that one of the user's own models counts by is there once it is read.
        known = [*registry.names(), *registry.estimator_names()]
        tokenizers = [name for name in panel.tokenizers() if name in known]
        self.text = TextPage(
            self.worker, registry, known, settings, theme, appearance.paper(), unsaved=unsaved
        )
        self.compare = ComparePage(
            self._shared_text(), self.worker, registry, models, samples, settings, theme
        )
        packs = KnownPacks(catalog.folders.packs) if catalog.folders else None
        self.codebase = CodebasePage(self.worker, tokenizers, models, settings, theme, packs)
        prompts = UnsavedTexts(log.folder / "unsaved-prompts")
        self.conversation = ConversationPage(self.worker, models, settings, theme, prompts)
        window.set_models(panel)
        for page in (self.text, self.codebase, self.compare, self.conversation):
            window.add_page(page)
        self.opening = Opening(
            window,
            (self.text, self.text.files.open),
            (self.codebase, self.codebase.open_paths),
            (
                self.conversation,
                self.conversation.open_file,
                self.conversation.open_folder,
                self.conversation.open_data,
            ),
            self.worker,
            settings,
            self.compare,
        )
        self.model_lists = ModelLists(catalog, settings, window)
        self.planner = CostPlanner(panel, self._in_front, settings, partial(CachingRules, assets), window)
        help_ = Help(window, assets, log, settings, self._chapter)
        commands = Commands(
            self.opening, help_, samples, self.text.show_text, self._show_preferences, self._tools
        )
        self.menus = Menus(window, panel, commands, settings)
        self.to_reopen: OpenThings | None = None
        """What is to be opened again once the window is closed; None: it was closed for good."""
        self._took_up = False
        """Whether this window was to show what was open in the one before."""
        self._connect(appearance, panel)
        self._connect_own_tokenizers()
        self._use_catalog(catalog)
        self.own.restore()
        self.model_lists.report()
        settings.share([*shared_keys(), *SHARED])
        settings.follow(DEFAULT_MODEL, self._choose_model, self.window)
        settings.follow(KEEP_OPEN, self._keep_open_things, self.window)
        self._choose_model()

    def open(
        self,
        paths: Sequence[Path],
        piped: bytes | None,
        *,
        restore: bool = True,
        again: OpenThings | None = None,
    ) -> None:
        """Show what the command line names, or what was open ``again``; keys go to the text."""
        self.text.view.setFocus()
        if piped is not None:
            self.opening.open_piped(piped, self._show_message)
        elif restore and not paths:
            self._took_up = True
            text = self.text.texts.restore()
            if self.conversation.building.file.unsaved.restore() and not text:
                self.window.show_page(self.conversation)
            again = again or take_kept(self.settings)
        if paths:
            self.opening.open_paths(paths)
        if again is not None:
            self._open_again(again)

    def start_again(self) -> None:
        """Close the window, unless the user would lose something, to open another with the same in it."""
        things = self._open_things()
        if self.window.close():
            self.to_reopen = things

    def _open_things(self) -> OpenThings:
        return OpenThings(
            self.window.pages.index(self.window.page),
            names_of(self.text.texts.paths),
            names_of(self.codebase.codebase.paths),
            "".join(names_of([_place_of(self.conversation.session)])),
            self.text.texts.places,
            self.text.texts.front_key,
        )

    def _keep_open_things(self) -> None:
        keep(self._open_things(), self.settings, self._took_up)

    def _open_again(self, things: OpenThings) -> None:
        for path in map(Path, things.texts):
            if self.text.texts.find(path) is None:  # else it is back with changes that are not saved
                self.text.files.open(path)
        self.text.returning.return_to(things.places, things.front)
        if things.codebase:
            self.codebase.open_paths(list(map(Path, things.codebase)))
        if name := things.conversation:
            opens = self.conversation.open_folder if is_folder(Path(name)) else self.conversation.open_file
            opens(Path(name))
        if 0 <= things.page < len(self.window.pages):
            self.window.show_page(self.window.pages[things.page])

    def end(self) -> None:
        """Leave without a question: what is not saved is kept for the next start."""
        self._keep_open_things()
        self.text.texts.end()
        self.conversation.building.file.end()
        self.window.remember()
        self.worker.close()

    def _shared_text(self) -> SharedText:
        text = self.text
        return SharedText(text.document, text.counter, text.show_text, text.actions_for("file"))

    def _connect(self, appearance: Appearance, panel: ModelsPanel) -> None:
        banner = self.window.banner
        self.log.listen(banner.show_problem)
        appearance.changed.connect(self.window.set_theme)
        appearance.failed.connect(lambda sentence: banner.show_problem(sentence, appearance))
        appearance.mended.connect(lambda: banner.over(appearance))
        if appearance.failure:
            banner.show_problem(appearance.failure, appearance)
        if language.damage():
            banner.show_problem(language.damage())
        self.worker.restarted.connect(banner.show_problem)
        self.worker.given_up.connect(
            lambda sentence: banner.show_offer(sentence, _("Try Again"), self.worker.try_again)
        )
        self.settings.failed.connect(banner.show_problem)
        self.model_lists.catalog_changed.connect(
            lambda catalog: None if catalog.problems else banner.over(self.model_lists)
        )
        self.model_lists.catalog_changed.connect(self._use_catalog)
        self.model_lists.problem.connect(lambda sentence: banner.show_problem(sentence, self.model_lists))
        self.model_lists.information.connect(banner.show_information)
        self.window.closing.connect(self._keep_open_things)
        self.window.closed.connect(self.worker.close)
        self.window.pasted.connect(self._paste)
        for dropped in (self.text.view.files_dropped, self.compare.panes.files_dropped):
            dropped.connect(self.opening.open_names)
        self.codebase.prompt_wanted.connect(self._ask_about)
        self.codebase.file_chosen.connect(self._open_from_tree)
        for page in (self.codebase, self.conversation):
            panel.model_chosen.connect(page.choose_model)
        for page in (self.codebase, self.conversation):
            page.text_wanted.connect(self._show_message)
        self.conversation.text_file_wanted.connect(self.opening.open_as_text)
        self.conversation.open_text_wanted.connect(self._ask_about_text)
        for changed in (panel.needs.changed, self.window.page_shown):
            changed.connect(lambda *_: self.window.page.set_needed(panel.needs.tokenizers))
        self.text.set_needed(panel.needs.tokenizers)
        self.text.window_ends.follow(ChosenLimits(panel, self.settings))
        panel.tokenizer_wanted.connect(self._use_tokenizer)
        panel.codebase_wanted.connect(self.codebase.choose_model)
        panel.plan_wanted.connect(self.planner.open)
        self.planner.counts_wanted.connect(lambda names: self.window.page.count_also(names))
        self.planner.problem.connect(banner.show_problem)
        self.planner.information.connect(banner.show_information)
        self.codebase.wanted_tokenizers = panel.wanted_tokenizers
        self.codebase.codebase.plan_of = lambda names: CountPlan(names, self._registry.assumed)
        panel.codebase_wanted.connect(lambda _: self.window.show_page(self.codebase))
        types = self.compare.tabs.types
        types.source = self.codebase.type_counts
        types.folder_wanted.connect(self.opening.ask_for_folder)
        self.codebase.types_changed.connect(types.renew)
        self.text.document.buffer.follow(
            Phase.VIEW, lambda change: self.compare.problem_over.emit("") if change.keeps_nothing else None
        )
        self.compare.text_opened.connect(lambda: self.window.show_page(self.text))

    def _choose_model(self) -> None:
        """Select the model that the user wants at the start."""
        self.panel.choose(self.settings.text(DEFAULT_MODEL))

    def _show_preferences(self) -> None:
        registry = self._registry
        names = {name: registry.info(name).display_name for name in registry.names()}
        models = {model.id: model.name for model in self.panel.models}
        rows = preferences(names, models, fixed_families(), self._forget_unsaved, self.start_again)
        dialog = PreferencesDialog(rows, self.settings, self.window)
        dialog.exec()
        dialog.deleteLater()

    def _forget_unsaved(self) -> None:
        for keeper in (self.text.texts, self.conversation.building.file.unsaved):
            keeper.clear()

    def _tools(self, parent: QWidget) -> list[QAction]:
        """The entries of the Tools menu that are the same on every page."""
        tip = _("What so many calls a day cost, model beside model")
        return [
            action(parent, _("Cost &Planner…"), self.planner.open, tip=tip),
            self._count_all(parent),
            separator(parent),
            action(
                parent,
                _("Decode Token &Ids…"),
                self._decode,
                "Ctrl+Shift+D",
                _("Paste or open token ids, and see the text that they stand for"),
            ),
            *self.own.tokenizer_actions(parent),
            separator(parent),
            *self.model_lists.actions(parent),
        ]

    def _count_all(self, parent: QWidget) -> QAction:
        tip = _("Count with the tokenizers of all models in the panel, not only of those in sight")
        names = self.panel.needs

        def lacks_some() -> bool:
            page = self.window.page
            return bool(page.counts()) and not all(map(page.counts_with, names.of_all_shown))

        entry = AbleEntry(_("&Count for All Models Shown"), parent, lacks_some)
        entry.triggered.connect(lambda: self.window.page.count_also(names.of_all_shown))
        entry.setStatusTip(tip)
        entry.setToolTip(tip)
        return entry

    def _decode(self) -> None:
        tokenizer, theme = self.text.tokenizing.tokenizer, self._appearance.theme
        dialog = DecodeDialog(self.worker, self._registry, self.settings, theme, tokenizer, self.window)
        dialog.text_wanted.connect(self._show_decoded)
        dialog.exec()
        dialog.deleteLater()

    def _show_decoded(self, text: bytes, title: str, tokenizer: str) -> None:
        self._show_message(text, title)
        self.text.choose_tokenizer(tokenizer)

    def _use_catalog(self, catalog: Catalog) -> None:
        """Have every page go by this catalog from now on."""
        models = catalog.models
        self.panel.foot.show_age(catalog.days, catalog.age, catalog.is_aged)
        if models != self.panel.models:
            self.panel.set_models(models)
            for page in (self.codebase, self.compare, self.conversation):
                page.set_models(models)

    def _chapter(self) -> str:
        """The guide's file about the page in front."""
        chapters = {
            self.text: "text.md",
            self.codebase: "codebase.md",
            self.compare: "compare.md",
            self.conversation: "conversation.md",
        }
        return chapters[self.window.page]

    def _in_front(self) -> str:
        """What the page in front shows, in words."""
        page = self.window.page
        if page.location:
            return f"{page.title}: {page.location}"
        # Translators: {page} is the title of a page of the window, such as “Codebase”.
        return _("{page}: nothing is open", page=page.title)

    def _connect_own_tokenizers(self) -> None:
        own, banner = self.own, self.window.banner
        own.problem.connect(lambda sentence: banner.show_problem(sentence, own))
        own.problem_over.connect(lambda sentence: banner.over(own, sentence))
        own.wanted = lambda name: name == self.text.remembered or name in self.panel.tokenizers()
        own.information.connect(banner.show_information)
        own.added.connect(lambda _, opened: self.model_lists.renew() if opened else None)
        for page in (self.text, self.compare):
            own.added.connect(page.add_tokenizer)
        self.text.toolbar.tokenizers.file_wanted.connect(own.ask)
        # A new worker process knows none of them: first they are read again, then counted with.
        self.worker.restarted.connect(self.text.counter.forget_added)
        self.worker.restarted.connect(own.restore)

    def _show_message(self, text: bytes, title: str) -> None:
        self.text.show_text(text, title)
        self.window.show_page(self.text)

    def _open_from_tree(self, path: Path) -> None:
        """Open a file by the tokenizer that has counted it, so that both pages say the same."""
        if self.codebase.tokenizer in self._registry.names():
            self.text.choose_tokenizer(self.codebase.tokenizer)
        self.opening.open_paths([path])

    def _ask_about(self, files: Sequence[tuple[str, str]]) -> None:
        """Write a request about texts; each is a name and a text."""
        self.window.show_page(self.conversation)
        self.conversation.ask_about(files)

    def _ask_about_text(self) -> None:
        document = self.text.document
        if len(document.buffer):
            text = document.buffer.snapshot().decode(errors="replace")
            self._ask_about([(document.name, text)])
        else:
            self.window.banner.show_problem(
                _("The text page is empty: open a text, or a pack of a codebase, first.")
            )

    def _use_tokenizer(self, name: str) -> None:
        self.window.show_page(self.text)
        self.text.choose_tokenizer(name)

    def _paste(self) -> None:
        if self.window.page is self.conversation:
            self.conversation.paste()
            return
        self.window.show_page(self.text)
        self.text.view.setFocus()
        self.text.view.commands.run("paste")
