"""tokviz shows a text, a file or a whole codebase the way a language model sees it."""

__version__ = "0.1.0"
