"""How Qt's own widgets look: one style sheet in the theme's colours, with icons of the set for arrows."""

from collections.abc import Mapping
from dataclasses import fields

from PySide6.QtGui import QColor, QFont

from tokviz.language import right_to_left
from tokviz.ui.common.theme import Theme, mixed
from tokviz.ui.common.type_sizes import CHIP, LEGEND, SECOND_LINE, SUMMARY, sized

_WINDOW = """
QWidget#card, QWidget#cardContent {{ background: {surface}; }}
QMainWindow, QDialog, QWidget#panel {{ background: {window}; }}
QDialogButtonBox {{ dialogbuttonbox-buttons-have-icons: 0; }}
QMessageBox {{ messagebox-question-icon: url({question}); }}
QToolTip {{
    background: {surface}; color: {text}; border: 1px solid {border}; border-radius: 6px; padding: 6px 8px;
}}
QMenuBar {{ background: {window}; color: {text}; padding: 1px 6px; }}
QMenuBar::item {{ padding: 4px 10px; background: transparent; border-radius: 5px; }}
QMenuBar::item:selected, QMenuBar::item:pressed {{ background: {raised}; }}
QMenu {{ background: {surface}; color: {text}; border: 1px solid {border}; padding: 4px; }}
QTableView[cells="true"]::item {{ padding: 0 5px; }}
QMenu::item {{ padding: 5px 24px 5px 28px; border-radius: 4px; }}
QMenu::item:selected {{ background: {accent_soft}; }}
QMenu::item:disabled {{ color: {faint}; }}
QMenu::icon {{ left: 8px; }}
QMenu::indicator {{ width: 16px; height: 16px; left: 6px; }}
QMenu::indicator:checked {{ image: url({check_mark}); }}
QMenu::right-arrow {{ image: url({chevron_right}); width: 16px; height: 16px; right: 6px; }}
QMenu::separator {{ height: 1px; background: {hair}; margin: 4px 8px; }}
QStatusBar {{ background: {window}; color: {muted}; border-top: 1px solid {border}; font-size: {chip_size}; }}
QStatusBar::item {{ border: none; }}
QStatusBar QLabel {{ color: {muted}; padding: 0 6px; font-size: {chip_size}; }}
QSplitter::handle {{ background: transparent; }}
QSplitter#edge::handle {{ background: {border}; }}
QSplitter::handle:hover, QSplitter::handle:pressed {{ background: {raised}; }}
QSplitter#edge::handle:hover, QSplitter#edge::handle:pressed {{ background: {accent}; }}
QGroupBox {{ color: {muted}; border: none; margin-top: 14px; }}
QGroupBox::title {{ subcontrol-origin: margin; left: 0; }}
QFrame#hair {{ background: {hair}; border: none; }}
QFrame#border {{ background: {border}; border: none; }}
QLabel[role="muted"] {{ color: {muted}; }}
QLabel[role="error"] {{ color: {error}; font-weight: 600; }}
QLabel[role="warning"] {{ color: {warning}; }}
QLabel[role="ok"] {{ color: {ok}; font-weight: 600; }}
QLabel[role="metric"] {{ font-weight: 600; }}
QLabel[role="title"] {{ font-weight: 600; font-size: {title_size}; }}
"""  # verbatim
_BUTTONS = """
QPushButton {{
    background: {surface}; color: {text}; border: 1px solid {border}; border-radius: 5px; padding: 0 12px;
    min-height: {field}px;
}}
QPushButton, QToolButton, QCheckBox, QRadioButton, QComboBox, QTabBar {{ outline: none; }}
QPushButton:hover {{ background: {hover}; border-color: {control}; }}
QPushButton:pressed, QPushButton:checked {{ background: {raised}; border-color: {control}; }}
QPushButton:default {{
    background: {accent}; color: {accent_text}; border-color: {accent};
}}
QPushButton:default:hover {{ background: {accent_hover}; border-color: {accent_hover}; }}
QPushButton:disabled {{ background: {surface}; color: {faint}; border-color: {hair}; }}
QPushButton::menu-indicator {{ image: url({chevron_down}); width: 16px; height: 16px; right: 6px; }}
QToolButton {{
    background: transparent; color: {text}; border: 1px solid transparent; border-radius: 5px;
    padding: 0 6px; min-height: {tool}px;
}}
QToolButton:hover {{ background: {raised}; }}
QToolButton:pressed {{ background: {raised}; border-color: {border}; }}
QToolButton:checked {{ background: {accent_soft}; color: {accent}; }}
QToolButton:disabled {{ color: {faint}; }}
QToolButton[toolButtonStyle="2"] {{ padding: 0 4px 0 8px; }}
QToolButton[popupMode="2"] {{ padding-{after}: 18px; }}
QToolButton::menu-indicator {{
    image: url({chevron_down}); width: 16px; height: 16px; subcontrol-origin: border;
    subcontrol-position: right center; right: 4px;
}}
QToolButton[bare="true"]::menu-indicator {{ image: none; width: 0; }}
QToolButton[bare="true"] {{ padding: 0 5px; }}
QToolButton[chip="true"] {{
    background: {surface}; border: 1px solid {border}; border-radius: {chip_radius}px; padding: 0 8px;
    min-height: {chip}px; font-size: {chip_size};
}}
QToolButton[chip="true"][toolButtonStyle="2"] {{ padding: 0 4px 0 8px; }}
QToolButton[chip="true"][popupMode="2"] {{ padding-{after}: 18px; }}
QToolButton[chip="true"]:hover {{ background: {hover}; border-color: {control}; }}
QToolButton[chip="true"]:checked {{
    background: {accent_soft}; color: {accent}; border-color: {accent}; font-weight: 600;
}}
QLineEdit QToolButton {{ border: none; padding: 0; min-height: 0; background: transparent; }}
QCheckBox, QRadioButton {{ color: {text}; spacing: 8px; min-height: 22px; }}
QCheckBox:disabled, QRadioButton:disabled {{ color: {faint}; }}
QCheckBox::indicator, QGroupBox::indicator, QTreeView::indicator, QTableView::indicator,
QListView::indicator {{
    width: 13px; height: 13px; border: 1px solid {control}; border-radius: 3px; background: {surface};
}}
QCheckBox::indicator:hover {{ border-color: {accent}; }}
QCheckBox::indicator:checked, QTreeView::indicator:checked, QTableView::indicator:checked,
QListView::indicator:checked {{ background: {accent}; border-color: {accent}; image: url({check}); }}
QCheckBox::indicator:indeterminate, QTreeView::indicator:indeterminate, QTableView::indicator:indeterminate {{
    background: {accent}; border-color: {accent}; image: url({minus});
}}
QCheckBox::indicator:disabled {{ border-color: {border}; background: {window}; }}
QRadioButton::indicator {{
    width: 13px; height: 13px; border: 1px solid {control}; border-radius: 7px; background: {surface};
}}
QRadioButton::indicator:checked {{
    width: 5px; height: 5px; border: 5px solid {accent}; border-radius: 7px; background: {accent_text};
}}
"""  # verbatim
_FIELDS = """
QLineEdit, QPlainTextEdit, QTextEdit {{
    background: {surface}; color: {text}; border: 1px solid {control}; border-radius: 5px; padding: 0 6px;
    selection-background-color: {selection}; selection-color: {text}; placeholder-text-color: {muted};
}}
QLineEdit {{ min-height: {field}px; lineedit-clear-button-icon: url({x}); }}
QLineEdit:hover, QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus {{ border-color: {accent}; }}
QLineEdit[problem="true"] {{ border-color: {error}; color: {error}; }}
QLineEdit:disabled, QComboBox:disabled, QAbstractSpinBox:disabled {{
    color: {faint}; border-color: {border};
}}
QComboBox {{
    background: {surface}; color: {text}; border: 1px solid {border}; border-radius: 5px;
    padding: 0 6px 0 9px; min-height: {field}px;
}}
QComboBox:hover {{ border-color: {control}; background: {hover}; }}
QComboBox:focus, QComboBox:on {{ border-color: {accent}; }}
QComboBox::drop-down {{ border: none; width: 24px; }}
QComboBox::down-arrow {{ image: url({chevron_down}); width: 16px; height: 16px; }}
QComboBox QAbstractItemView {{
    background: {surface}; color: {text}; border: 1px solid {border}; padding: 4px; outline: none;
    selection-background-color: {accent_soft}; selection-color: {text};
}}
QComboBox QAbstractItemView::item {{ min-height: 24px; padding: 0 6px; border-radius: 4px; }}
QAbstractSpinBox {{
    background: {surface}; color: {text}; border: 1px solid {control}; border-radius: 5px;
    padding: 0 2px 0 6px; min-height: {field}px; selection-background-color: {selection};
    selection-color: {text};
}}
QAbstractSpinBox:hover, QAbstractSpinBox:focus {{ border-color: {accent}; }}
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button {{
    subcontrol-origin: border; width: 18px; border: none; border-left: 1px solid {hair};
    background: transparent;
}}
QAbstractSpinBox::up-button {{ subcontrol-position: top right; margin: 1px 1px 0 0; }}
QAbstractSpinBox::down-button {{ subcontrol-position: bottom right; margin: 0 1px 1px 0; }}
QAbstractSpinBox::up-button:hover, QAbstractSpinBox::down-button:hover {{ background: {raised}; }}
QAbstractSpinBox::up-arrow {{ image: url({chevron_up}); width: 11px; height: 11px; }}
QAbstractSpinBox::down-arrow {{ image: url({chevron_down}); width: 11px; height: 11px; }}
QAbstractSpinBox QLineEdit, QComboBox QLineEdit {{ border: none; padding: 0; min-height: 0; }}
QSlider::groove:horizontal {{ height: 4px; border-radius: 2px; background: {track}; }}
QSlider::sub-page:horizontal {{ height: 4px; border-radius: 2px; background: {accent}; }}
QSlider::handle:horizontal {{
    width: 14px; height: 14px; margin: -6px 0; border-radius: 8px; border: 1px solid {control};
    background: {surface};
}}
QSlider::handle:horizontal:hover, QSlider::handle:horizontal:focus {{ border-color: {accent}; }}
QProgressBar {{
    background: {track}; border: none; border-radius: 2px; color: {text}; text-align: center; max-height: 4px;
}}
QProgressBar::chunk {{ background: {accent}; border-radius: 2px; }}
QProgressBar, QScrollBar, QAbstractButton, QComboBox, QTreeView, QTabBar {{ widget-animation-duration: 0; }}
"""  # verbatim
_TABLES = """
QAbstractScrollArea {{ border: 1px solid {border}; border-radius: 6px; padding: 1px; }}
QScrollArea, QHeaderView, QTableView#models {{ border: none; border-radius: 0; padding: 0; }}
QTextBrowser:focus, QTableView:focus, QTreeView:focus, QListView:focus {{ border-color: {accent}; }}
QTableView, QTreeView, QListView {{
    background: {surface}; alternate-background-color: {window}; color: {text}; outline: none;
    gridline-color: {hair}; selection-background-color: {selection}; selection-color: {text};
}}
QTableView::item {{ padding: 0 3px; }}
QListView::item {{ padding: 3px 6px; }}
QHeaderView {{ background: {window}; border: none; font-size: {second_size}; }}
QHeaderView::section {{
    background: {window}; color: {muted}; padding: 0 8px; border: none; border-bottom: 1px solid {border};
    font-size: {second_size}; font-weight: 400;
}}
QHeaderView::section:hover {{ color: {text}; }}
QHeaderView::up-arrow {{ image: url({chevron_up}); width: 12px; height: 12px; }}
QHeaderView::down-arrow {{ image: url({chevron_down}); width: 12px; height: 12px; }}
QTableCornerButton::section {{ background: {window}; border: none; }}
QTreeView::branch {{ background: transparent; }}
QTreeView::branch:closed:has-children {{ image: url({chevron_right}); }}
QTreeView::branch:open:has-children {{ image: url({chevron_down}); }}
QScrollBar {{ background: transparent; border: none; margin: 0; }}
QScrollBar:hover {{ background: {raised}; }}
QScrollBar:vertical {{ width: 12px; }}
QScrollBar:horizontal {{ height: 12px; }}
QScrollBar::handle {{ background: {thumb}; border-radius: 3px; }}
QScrollBar::handle:disabled {{ background: transparent; }}
QScrollBar::handle:vertical {{ min-height: 24px; margin: 2px 3px; }}
QScrollBar::handle:horizontal {{ min-width: 24px; margin: 3px 2px; }}
QScrollBar::handle:vertical:hover, QScrollBar::handle:vertical:pressed {{
    background: {thumb_hover}; margin: 2px; border-radius: 4px;
}}
QScrollBar::handle:horizontal:hover, QScrollBar::handle:horizontal:pressed {{
    background: {thumb_hover}; margin: 2px; border-radius: 4px;
}}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; border: none; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
QAbstractScrollArea::corner {{ background: transparent; border: none; }}
"""  # verbatim
_REGIONS = """
QTabBar::tab {{
    padding: 0 12px; border: none; border-bottom: 2px solid transparent; color: {muted};
    background: transparent; min-height: {tab}px;
}}
QTabBar::tab:selected {{ color: {text}; border-bottom: 2px solid {accent}; font-weight: 600; }}
QTabBar#texts::tab {{ min-height: {text_tab}px; padding: 0 4px 0 10px; }}
QTabBar#texts::tab:selected {{ font-weight: 400; }}
QTabBar[tight="true"]::tab {{ padding: 0 6px; }}
QTabBar::tab:hover {{ color: {text}; }}
QTabBar::tab:focus {{ border: 2px solid {accent}; padding: 0 10px; }}
QTabBar[tight="true"]::tab:focus {{ padding: 0 4px; }}
QTabBar::scroller {{ width: 48px; }}
QToolButton#ScrollLeftButton, QToolButton#ScrollRightButton {{
    background: {window}; padding: 0; min-height: 0;
}}
QToolButton::left-arrow {{ image: url({chevron_left}); width: 16px; height: 16px; }}
QToolButton::right-arrow {{ image: url({chevron_right}); width: 16px; height: 16px; }}
QTabWidget::pane {{ border: none; border-top: 1px solid {border}; }}
QFrame#banner {{ border: 1px solid {border}; border-radius: 6px; background: {surface}; }}
QFrame#banner[kind="problem"] {{ border-color: {error}; }}
QFrame#banner QLabel {{ color: {text}; }}
QLabel[badge="warning"] {{ background: {warning_soft}; color: {warning}; }}
QLabel[badge="error"] {{ background: {error_soft}; color: {error}; }}
QLabel[badge="ok"] {{ background: {ok_soft}; color: {ok}; }}
QLabel[badge="grey"] {{ background: {raised}; color: {muted}; }}
QLabel[badge] {{ border-radius: 3px; font-size: {badge_size}; font-weight: 500; }}
QFrame#oneOf {{ border: 1px solid {border}; border-radius: 5px; }}
QFrame#oneOf QToolButton {{ border-radius: 4px; border: none; }}
QFrame#planRow {{ background: {surface}; border: 1px solid {border}; border-radius: 6px; }}
QFrame#note {{ background: {window}; border: none; border-radius: 6px; }}
QFrame#tokenTip {{ background: {surface}; border: 1px solid {border}; border-radius: 6px; }}
QLabel#endLabel {{
    background: {surface}; color: {error}; border: 1px solid {error}; border-radius: 3px; padding: 1px 7px;
}}
"""  # verbatim
FAINT = 0.55
"""How much of a word is seen where it does nothing: as little as leaves it readable, at a contrast of 3."""
IMAGES = {
    "check": ("check", "accent_text", 3.0),
    "check_mark": ("check", "accent", 2.25),
    "x": ("x", "muted", 2.25),
    "minus": ("minus", "accent_text", 3.0),
    "chevron_down": ("chevron-down", "muted", 2.25),
    "chevron_up": ("chevron-up", "muted", 2.25),
    "chevron_left": ("chevron-left", "muted", 2.25),
    "chevron_right": ("chevron-right", "muted", 2.25),
    "question": ("circle-question-mark", "accent", 1.5),
}
"""The pictures that the sheet names: icon, colour and width of the stroke, in units of 24 a side."""


def stylesheet(theme: Theme, font: QFont, images: Mapping[str, str]) -> str:
    """The application's style sheet. ``font``: the user's; ``images``: a file for each of IMAGES."""
    colors = {
        field.name: getattr(theme, field.name).name()
        for field in fields(theme)
        if field.type in ("QColor", QColor)
    }
    pixels = font.pointSizeF() * 96 / 72 if font.pointSizeF() > 0 else font.pixelSize()
    scale = pixels / 13

    def lengths(length: int) -> int:
        return round(length * scale)

    values: dict[str, object] = colors | dict(images)
    values |= {
        # Qt mirrors where a menu's arrow stands, but not the room for it.
        "after": "left" if right_to_left() else "right",
        "faint": mixed(theme.surface, theme.text, FAINT).name(),
        # Heights without the edges of one pixel at either side.
        "field": lengths(28) - 2,
        # Qt makes tool buttons three pixels higher than their content.
        "tool": lengths(28) - 5,
        "chip": lengths(24) - 5,
        "chip_radius": lengths(24) // 2,
        "tab": lengths(37) - 2,
        "text_tab": lengths(28) - 2,
        "title_size": _size(font, SUMMARY),
        "chip_size": _size(font, CHIP),
        "second_size": _size(font, SECOND_LINE),
        "badge_size": _size(font, LEGEND),
    }
    return "".join((_WINDOW, _BUTTONS, _FIELDS, _TABLES, _REGIONS)).format(**values)


def _size(font: QFont, size: float) -> str:
    """A size as a style sheet has it; points keep their fractions, pixels would lose them."""
    wanted = sized(font, size)
    return f"{wanted.pointSizeF():.3f}pt" if wanted.pointSizeF() > 0 else f"{wanted.pixelSize()}px"
