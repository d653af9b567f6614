"""The command line: opens the window, or answers in the terminal without loading Qt."""

from tokviz.cli.main import run

__all__ = ["run"]
