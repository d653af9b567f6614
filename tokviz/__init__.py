"""tokviz shows a text, a file, a whole codebase or a conversation the way a language model sees it."""

__version__ = "0.1.0"

DESKTOP_ID = "io.github.tokviz.Tokviz"
"""The program's name for desktops: of its entry, its icons and its windows."""
