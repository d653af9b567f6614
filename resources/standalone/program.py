"""The program of a standalone build: PyInstaller starts this file."""

import sys
from multiprocessing import freeze_support

from tokviz.__main__ import main

if __name__ == "__main__":
    freeze_support()
    sys.exit(main())
