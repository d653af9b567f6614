"""The one door to the files that ship with tokviz: vocabularies, catalog, themes, icons, samples."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


class Assets:
    """Finds the files under ``resources/``.

    A wheel carries them inside the package; an editable install leaves them beside it in the checkout,
    because hatchling's force-include copies nothing there. Tests pass a folder of their own.
    """

    def __init__(self, root: Path | None = None) -> None:
        packaged = _PACKAGE / "resources"
        self._root = root or (packaged if packaged.is_dir() else _PACKAGE.parent / "resources")

    def path(self, *parts: str) -> Path:
        """The path of one file or folder, such as ``path("catalog", "models.toml")``; it may not exist."""
        return self._root.joinpath(*parts)
