"""What every test starts from."""

import os

# Tests never open windows on somebody's screen, unless asked to (QT_QPA_PLATFORM=xcb, say).
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
