"""The context menu of a file or folder, in the tree and in the treemap alike."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMenu, QWidget

from tokviz.analysis.codebase.token_tree import Inclusion
from tokviz.language import _
from tokviz.ui.codebase import cells
from tokviz.ui.codebase.tree_metrics import TreeMetrics


@dataclass(frozen=True, slots=True)
class NodeActions:
    """What the entries do with a node."""

    open: Callable[[int], object]
    open_shortened: Callable[[int], object]
    toggle: Callable[[int, bool], object]
    exclude_others: Callable[[int], object]
    show_in_map: Callable[[int], object]
    toggle_kind: Callable[[int, bool], object]
    """Includes or excludes all files of a kind (its position in ``language_names``)."""
    keep: Callable[[int, bool], object]
    """Keeps a node whatever is left out to make the rest fit, or does not."""
    is_kept: Callable[[int], bool]


def node_menu(
    parent: QWidget, metrics: TreeMetrics, node: int, path: Path, actions: NodeActions, smaller: QMenu
) -> QMenu:
    """The menu of ``node``, which lies at ``path``; ``smaller`` is the menu that shortens it."""
    menu = QMenu(parent)

    def add(text: str, slot: Callable[[], object]) -> None:
        menu.addAction(text).triggered.connect(lambda: slot())

    found, shape = metrics.of(node), metrics.tree.shape
    is_file, included = bool(shape.is_file[node]), found.inclusion
    if is_file:
        add(_("Open in the &text page"), lambda: actions.open(node))
        if metrics.shortened(node):
            add(_("Open the &shortened text"), lambda: actions.open_shortened(node))
    else:
        add(_("Show in the &treemap"), lambda: actions.show_in_map(node))
    menu.addSeparator()
    if not found.left_out:
        if included is not Inclusion.NONE:
            add(_("Take &out"), lambda: actions.toggle(node, False))
        if included is not Inclusion.ALL:
            add(_("Take &in"), lambda: actions.toggle(node, True))
        add(_("Take out everything &else"), lambda: actions.exclude_others(node))
        if is_file:
            kind = int(metrics.tree.language_of[shape.first_files[node]])
            out = included is not Inclusion.NONE
            type_name = metrics.language(node)
            text = (
                _("Take out all files of the type {type}", type=type_name)
                if out
                else _("Take in all files of the type {type}", type=type_name)
            )
            add(text, lambda: actions.toggle_kind(kind, not out))
        menu.addMenu(smaller)
        kept = actions.is_kept(node)
        add(
            _("Let it be &left out") if kept else _("&Keep when fitting"),
            lambda: actions.keep(node, not kept),
        )
        menu.addSeparator()
    copy = QGuiApplication.clipboard().setText
    add(_("&Copy the path"), lambda: copy(str(path)))
    text_of_all = cells.tooltip(metrics, node)
    add(_("Copy the &figures"), lambda: copy(text_of_all))
    return menu
