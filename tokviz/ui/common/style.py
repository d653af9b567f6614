"""The finish that a palette cannot give: spacing, rounded fields, quiet tables; colours by the theme."""

from tokviz.ui.common.theme import Theme

_SHEET = """
QMainWindow, QDialog {{ background: {window}; }}
QDialogButtonBox {{ dialogbuttonbox-buttons-have-icons: 0; }}
QToolTip {{ background: {raised}; color: {text}; border: 1px solid {border}; padding: 4px 6px; }}
QMenuBar {{ background: {window}; color: {text}; }}
QMenuBar::item {{ padding: 4px 9px; background: transparent; border-radius: 4px; }}
QMenuBar::item:selected {{ background: {raised}; }}
QMenu {{ background: {surface}; color: {text}; border: 1px solid {border}; padding: 4px; }}
QMenu::item {{ padding: 5px 24px 5px 24px; border-radius: 4px; }}
QMenu::item:selected {{ background: {accent}; color: {accent_text}; }}
QMenu::item:disabled {{ color: {muted}; }}
QMenu::separator {{ height: 1px; background: {border}; margin: 4px 8px; }}
QStatusBar {{ background: {window}; color: {muted}; border-top: 1px solid {border}; }}
QStatusBar QLabel {{ color: {muted}; padding: 0 6px; }}
QTabBar#pages::tab {{
    padding: 7px 18px; border: none; border-bottom: 2px solid transparent; color: {muted};
    background: transparent;
}}
QTabBar#pages::tab:selected {{ color: {text}; border-bottom: 2px solid {accent}; font-weight: 600; }}
QTabBar#pages::tab:hover {{ color: {text}; }}
QTabBar#pages::tab:focus {{ color: {accent}; }}
QPushButton {{
    background: {raised}; color: {text}; border: 1px solid {border}; border-radius: 5px;
    padding: 4px 12px; min-height: 20px;
}}
QPushButton:hover, QPushButton:focus {{ border-color: {accent}; }}
QPushButton:default {{ background: {accent}; color: {accent_text}; border-color: {accent}; }}
QPushButton:disabled {{ color: {muted}; }}
QToolButton {{
    background: transparent; color: {text}; border: 1px solid transparent; border-radius: 5px;
    padding: 3px 7px; min-height: 20px;
}}
QToolButton:hover {{ background: {raised}; }}
QToolButton:focus {{ border-color: {accent}; }}
QToolButton:checked {{ background: {raised}; border-color: {border}; }}
QToolButton:disabled {{ color: {muted}; }}
QToolButton[popupMode="2"] {{ padding-right: 20px; }}
QToolButton::menu-indicator {{ subcontrol-origin: padding; subcontrol-position: right center; right: 5px; }}
QLineEdit {{
    background: {surface}; color: {text}; border: 1px solid {control}; border-radius: 5px; padding: 2px 6px;
    min-height: 20px; selection-background-color: {selection}; selection-color: {text};
}}
QLineEdit:hover, QLineEdit:focus {{ border-color: {accent}; }}
QLineEdit[problem="true"] {{ border-color: {error}; }}
QAbstractSpinBox QLineEdit, QComboBox QLineEdit {{ border: none; padding: 0; min-height: 0; }}
QAbstractScrollArea {{ border: 1px solid {border}; border-radius: 5px; }}
QTextBrowser:focus, QTableView:focus, QTreeView:focus, QListView:focus {{ border-color: {accent}; }}
QTableView, QTreeView, QListView {{
    background: {surface}; alternate-background-color: {window}; color: {text};
    gridline-color: {border}; selection-background-color: {selection}; selection-color: {text};
}}
QHeaderView {{ background: {window}; border: none; }}
QHeaderView::section {{
    background: {window}; color: {muted}; padding: 5px 8px; border: none;
    border-bottom: 1px solid {border};
}}
QHeaderView::section:hover {{ color: {text}; }}
QSplitter::handle {{ background: {window}; }}
QSplitter::handle:hover {{ background: {border}; }}
QProgressBar {{
    background: {raised}; border: none; border-radius: 4px; color: {text}; text-align: center;
    min-height: 8px;
}}
QProgressBar::chunk {{ background: {accent}; border-radius: 4px; }}
QFrame#banner {{ border: 1px solid {border}; border-radius: 5px; background: {raised}; }}
QFrame#banner[kind="problem"] {{ border-color: {error}; }}
QFrame#banner QLabel {{ color: {text}; }}
QLabel[role="muted"] {{ color: {muted}; }}
QLabel[role="metric"] {{ font-weight: 600; }}
QCheckBox {{ color: {text}; spacing: 6px; }}
QCheckBox::indicator {{ width: 14px; height: 14px; border: 1px solid {control}; border-radius: 3px; }}
QGroupBox {{ color: {muted}; border: none; margin-top: 14px; }}
QGroupBox::title {{ subcontrol-origin: margin; left: 0; }}
"""


def stylesheet(theme: Theme) -> str:
    """The application's style sheet in the theme's colours."""
    roles = ("window", "surface", "raised", "border", "control", "text", "muted", "accent", "accent_text")
    names = (*roles, "selection", "error")
    return _SHEET.format(**{name: getattr(theme, name).name() for name in names})
