"""One line that says what a folder's own file is applied of, and which of its budgets are exceeded."""

from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from tokviz.analysis.formatting import stopped
from tokviz.language import _, ngettext
from tokviz.ui.codebase.codebase import Codebase
from tokviz.ui.common.debouncer import Debouncer
from tokviz.ui.common.icons import SIDE, icon
from tokviz.ui.common.widgets import ElidedLabel, fill

_SETTLE = 100
"""Milliseconds between two looks at the budgets."""
_HEIGHT = 22


class ProjectRow(QWidget):
    """Hidden where a folder says nothing."""

    def __init__(self, codebase: Codebase, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._codebase = codebase
        self._sign = QLabel()
        self._says = ElidedLabel("muted")
        self._over = ElidedLabel("error")
        self._later = Debouncer(self.renew, _SETTLE, self)
        self.setFixedHeight(_HEIGHT)
        row = fill(QHBoxLayout(self), self._sign, self._says, self._over, wide=self._says, spacing=6)
        row.setStretchFactor(self._over, 1)
        self.setAccessibleName(_("The project's own choices"))
        for signal in (codebase.opened, codebase.metrics_changed, codebase.selection_changed, codebase.ended):
            signal.connect(self._later.request)
        self.renew()

    @property
    def text(self) -> str:
        """What the line says."""
        return " ".join(filter(None, (self._says.text(), self._over.text())))

    def renew(self) -> None:
        """Say what is so now."""
        project = self._codebase.project
        self.setVisible(project is not None)
        if project is None:
            return
        budgets = self._codebase.budgets()
        over = [str(budget) for budget in budgets if not budget.kept]
        self._sign.setPixmap(icon("triangle-alert" if over else "settings").pixmap(SIDE))
        # Translators: {what} is such as “tokviz.toml is applied: 2 patterns”
        self._says.setText(
            ngettext("{what} ({n} mistake).", "{what} ({n} mistakes).", len(project.problems), what=project)
            if project.problems
            else stopped(str(project))
        )
        said = over[:1]
        if len(over) > 1:
            said.append(ngettext("And {n} more.", "And {n} more.", len(over) - 1))
        self._over.setText(" ".join(said))
        self._over.setVisible(bool(over))
        lines = [str(project), *project.problems, *map(str, budgets)]
        lines.append(_("Counted Files ▸ Use the project file counts without it."))
        for label in (self._says, self._over):
            label.setToolTip("\n".join(lines))
