"""What can be set: the rows of the preferences window."""

import os
from collections.abc import Callable, Mapping, Sequence

from tokviz.documents.encodings import ENCODINGS
from tokviz.language import ENGLISH, _, language, languages, next_language, pgettext
from tokviz.ui.common import settings as keys
from tokviz.ui.common.actions import DISPLAY
from tokviz.ui.common.mnemonics import without_mnemonic
from tokviz.ui.common.theme import PALETTES, THEME_CHOICES
from tokviz.ui.shell.preferences import Choice, Command, Number, Offer, Preference, Switch

_LOOK, _TEXT, _MODELS, _FILES, _PRIVACY = _("Look"), _("Text"), _("Models"), _("Files"), _("What is kept")


def preferences(
    tokenizers: Mapping[str, str],
    models: Mapping[str, str],
    families: Sequence[str],
    forget: Callable[[], object],
    start_again: Callable[[], object],
) -> list[Preference]:
    """All of them, by group. ``tokenizers``, ``models``: by name or id, what each is called; ``families``:
    fonts for texts; ``forget`` removes the unsaved texts that are kept; ``start_again`` closes the window and
    opens another with the same in it."""
    encodings = {"": _("Find out")} | {one.codec: f"{one.shown} ({one.script_words})" for one in ENCODINGS}
    last = {"": _("The one used last")}
    return [
        Choice(
            _LOOK,
            _("Language"),
            _("Of menus, messages and numbers, here and on the command line; from the next start on"),
            keys.LANGUAGE,
            "",
            {"": _("As the system")} | languages(),
            Offer(_again_in, start_again),
        ),
        Choice(
            _LOOK, _("Theme"), _("The colours of the window"), keys.THEME, "system", _plain(THEME_CHOICES)
        ),
        Choice(
            _LOOK,
            _("Token colours"),
            _("Colours that readers with a colour vision deficiency tell apart, or the usual ones"),
            keys.TOKEN_PALETTE,
            "standard",
            _plain(PALETTES),
        ),
        Number(
            _LOOK,
            _("Font size in the window"),
            _("Points more or less than the desktop's own, in menus, tables and buttons"),
            keys.LETTERS,
            0,
            *keys.LETTERS_STEPS,
            step=1,
            unit=" " + pgettext("size of letters", "pt"),
        ),
        Choice(
            _LOOK,
            _("Font of texts"),
            _("Letters of one width show best where tokens end"),
            keys.TEXT_FONT,
            "",
            {"": _("The system's own")} | {family: family for family in families},
        ),
        Number(
            _LOOK,
            _("Font size of texts"),
            _("Points more or less than the system's own; Ctrl+Plus and Ctrl+Minus change it too"),
            keys.ZOOM,
            0,
            *keys.ZOOM_STEPS,
            step=1,
            unit=" " + pgettext("size of letters", "pt"),
        ),
        *(
            Switch(_TEXT, _in_sentence_case(text), tip, f"text/{field}", default)
            for text, field, tip, _, default in DISPLAY
        ),
        Choice(
            _TEXT,
            _("Tokenizer at the start"),
            _("A new window begins with it"),
            keys.DEFAULT_TOKENIZER,
            "",
            last | dict(tokenizers),
        ),
        Choice(
            _MODELS,
            _("Model at the start"),
            _("It is selected in the list of models, now and whenever a window opens"),
            keys.DEFAULT_MODEL,
            "",
            {"": _("None")} | dict(models),
        ),
        Number(
            _MODELS,
            _("Reserve for the answer"),
            _("Tokens of the window that are kept for the answer: each model's own default, or one number"),
            keys.RESERVE,
            -1,
            -1,
            keys.MOST_RESERVE,
            step=1000,
            lowest=_("by model"),
        ),
        Choice(
            _FILES,
            _("Encoding of files that are not UTF-8"),
            _("Found out for each file, or this one wherever none was chosen for the file or its folder"),
            keys.DEFAULT_ENCODING,
            "",
            encodings,
        ),
        Choice(
            _FILES,
            _("Starting tokviz again"),
            _("What it is given then is shown in the window that is open, or in a new one"),
            keys.SECOND_START,
            keys.SAME_WINDOW,
            {keys.SAME_WINDOW: _("The window that is open"), keys.NEW_WINDOW: _("A new window")},
        ),
        Switch(
            _PRIVACY,
            _("Unsaved texts"),
            _(
                "A text that is not saved yet is written to a file of yours alone, and is back at the "
                "next start"
            ),
            keys.KEEP_UNSAVED,
            True,
        ),
        Command(
            _PRIVACY,
            _("Unsaved texts that are kept now"),
            _("Of windows that are closed, or ended without being closed"),
            _("Remove"),
            forget,
        ),
        Switch(
            _PRIVACY,
            _("What is open"),
            _("The files and folders that are open when the window closes are open again at the next start"),
            keys.KEEP_OPEN,
            True,
        ),
        Switch(
            _PRIVACY,
            _("Recent files"),
            _("The names of the files and folders opened last, for File ▸ Open Recent"),
            keys.KEEP_RECENT,
            True,
        ),
    ]


def shared_keys() -> list[str]:
    """The preferences that hold for all open windows, whichever of them sets one. With which tokenizer and
    which model a window begins is no matter of those that are open."""
    of_the_start = {keys.DEFAULT_TOKENIZER, keys.DEFAULT_MODEL}
    rows = preferences({}, {}, (), lambda: None, lambda: None)
    return [row.key for row in rows if not isinstance(row, Command) and row.key not in of_the_start]


def _again_in(preferred: str) -> str:
    """What to press to have this language now; empty if it is the one of the window."""
    code = next_language(os.environ, preferred)
    # Translators: {language} is the name of a language in that language.
    return (
        ""
        if code == language()
        else _("Open tokviz again in {language}", language=languages().get(code, code))
    )


def _plain(options: Mapping[str, str]) -> dict[str, str]:
    """The texts without the marks of their mnemonics."""
    return {value: without_mnemonic(text) for value, text in options.items()}


def _in_sentence_case(text: str) -> str:
    """A menu entry's text as a title. Only English writes menus with capitals of their own."""
    plain = without_mnemonic(text)
    return plain.capitalize() if language() == ENGLISH else plain
