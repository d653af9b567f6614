"""Qt in the language of the program: its own buttons, its numbers, and from which side it is read."""

from PySide6.QtCore import QLibraryInfo, QLocale, Qt, QTranslator
from PySide6.QtWidgets import QApplication

from tokviz import language


def set_up_language(application: QApplication) -> None:
    """To be called before the first widget is made."""
    code = language.language()
    stands_for_english = code in (language.ENGLISH, language.PSEUDO, language.PSEUDO_RTL)
    locale = QLocale("en_US" if stands_for_english else code)
    QLocale.setDefault(locale)
    if not stands_for_english:
        translator = QTranslator(application)
        folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
        if translator.load(locale, "qtbase", "_", folder):
            application.installTranslator(translator)
    if language.right_to_left():
        application.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
