"""The language that a test has spoken."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tokviz import language


@contextmanager
def speaking(code: str) -> Iterator[None]:
    """``code`` is spoken within, and English again after it. What a module says once stays English."""
    language.begin({language.VARIABLE: code}, Path())
    try:
        yield
    finally:
        language.begin({language.VARIABLE: language.ENGLISH}, Path())
