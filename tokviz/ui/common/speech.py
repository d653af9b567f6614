"""Qt in the language of the program: its own buttons, its numbers, and from which side it is read."""

from collections.abc import MutableMapping

from PySide6.QtCore import QLibraryInfo, QLocale, Qt, QTranslator
from PySide6.QtWidgets import QApplication

from tokviz import language

_FONTS = "FC_LANG"
"""Which language's letters fontconfig looks for first, where no font is named."""


def prefer_fonts(environment: MutableMapping[str, str]) -> None:
    """Have characters that languages write differently (直 in Chinese and in Japanese) drawn as the program's
    own language has them, whatever the system's is. To be called before the QApplication is made."""
    if not _stands_for_english(language.language()):
        environment.setdefault(_FONTS, language.language().replace("_", "-").lower())


def set_up_language(application: QApplication) -> None:
    """To be called before the first widget is made."""
    code = language.language()
    stands_for_english = _stands_for_english(code)
    locale = QLocale("en_US" if stands_for_english else code)
    QLocale.setDefault(locale)
    if not stands_for_english:
        translator = QTranslator(application)
        folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
        if translator.load(locale, "qtbase", "_", folder):
            application.installTranslator(translator)
    if language.right_to_left():
        application.setLayoutDirection(Qt.LayoutDirection.RightToLeft)


def _stands_for_english(code: str) -> bool:
    return code in (language.ENGLISH, language.PSEUDO, language.PSEUDO_RTL)
