"""Where a user's own files lie: the folder of the settings, that of the data, and what can be made again."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

_NAME = "tokviz"


@dataclass(frozen=True, slots=True)
class UserFolders:
    """Folders that need not exist."""

    settings: Path
    data: Path

    @property
    def own_models(self) -> Path:
        """The user's own models, written by them."""
        return self.settings / "models.toml"

    @property
    def update(self) -> Path:
        """A newer list of models than the one that ships, taken by the user."""
        return self.data / "models.toml"

    @property
    def packs(self) -> Path:
        """What packed texts are known again by."""
        return self.data / "packs.txt"


def user_folders(environment: Mapping[str, str], platform: str, home: Path) -> UserFolders:
    """Where the window keeps its settings (``tokviz.ini``) and its data, found without Qt.

    ``environment`` and ``platform`` are as ``os.environ`` and ``sys.platform`` have them.
    """

    def folder(variable: str, *default: str) -> Path:
        return _folder(environment, variable, home.joinpath(*default))

    if platform == "win32":
        return UserFolders(
            folder("APPDATA", "AppData", "Roaming"),  # verbatim
            folder("LOCALAPPDATA", "AppData", "Local"),  # verbatim
        )
    settings = folder("XDG_CONFIG_HOME", ".config")
    if platform == "darwin":
        return UserFolders(settings, home / "Library" / "Application Support" / _NAME)  # verbatim
    return UserFolders(settings, folder("XDG_DATA_HOME", ".local", "share"))


def counts_folder(environment: Mapping[str, str], platform: str, home: Path) -> Path:
    """Where counts are kept from one run to the next, by the window and the command line alike."""
    return _cache_folder(environment, platform, home) / "counts"


def _cache_folder(environment: Mapping[str, str], platform: str, home: Path) -> Path:
    """Where what can be made again is kept; see ``user_folders``."""
    if platform == "win32":
        return _folder(environment, "LOCALAPPDATA", home / "AppData" / "Local") / "Cache"  # verbatim
    if platform == "darwin":
        return home / "Library" / "Caches" / _NAME  # verbatim
    return _folder(environment, "XDG_CACHE_HOME", home / ".cache")


def _folder(environment: Mapping[str, str], variable: str, default: Path) -> Path:
    # A relative path there is to be ignored, says the XDG specification.
    named = Path(environment.get(variable, ""))
    return (named if named.is_absolute() else default) / _NAME
