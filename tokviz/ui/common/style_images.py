"""The pictures that a style sheet can only name as files: icons of the set in the theme's colours."""

from PySide6.QtCore import QFile, QIODevice, QTemporaryDir

from tokviz.ui.common.icons import svg
from tokviz.ui.common.style import IMAGES
from tokviz.ui.common.theme import Theme


class StyleImages:
    """Writes them into a temporary folder, which goes with this object."""

    def __init__(self) -> None:
        self._folder = QTemporaryDir()

    def files(self, theme: Theme) -> dict[str, str]:
        """The file of each picture of IMAGES, in the colours of ``theme``. Where the folder cannot be
        written to, the pictures are absent and nothing else."""
        found = {}
        for key, (name, role, stroke) in IMAGES.items():
            # A name of its own for each theme: Qt keeps pictures by the names of their files.
            path = self._folder.filePath(f"{theme.name}-{key}.svg")
            file = QFile(path)
            if not file.exists() and file.open(QIODevice.OpenModeFlag.WriteOnly):
                file.write(svg(name, getattr(theme, role), stroke))
                file.close()
            found[key] = path
        return found
