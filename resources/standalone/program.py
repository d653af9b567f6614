"""The program of a standalone build: PyInstaller starts this file."""

import os
import sys
from multiprocessing import freeze_support

from tokviz.__main__ import main


def restore_environment() -> None:
    """Have the system's own programs find the system's libraries, not those of the build.

    PyInstaller's starter names the build's folder in LD_LIBRARY_PATH, which every process inherits. For
    processes of this program it does so anew.
    """
    if sys.platform == "linux":
        original = os.environ.pop("LD_LIBRARY_PATH_ORIG", None)
        os.environ.pop("LD_LIBRARY_PATH", None)
        if original is not None:
            os.environ["LD_LIBRARY_PATH"] = original
        os.environ["PYINSTALLER_RESET_ENVIRONMENT"] = "1"


if __name__ == "__main__":
    restore_environment()
    freeze_support()
    sys.exit(main())
