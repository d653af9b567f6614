"""Tests of one tokenizer follow one another: it is loaded once, and let go before the next one is."""

from itertools import groupby
from pathlib import Path

import pytest

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items[:] = [
        item
        for path, of_file in groupby(items, key=lambda item: item.path)
        for item in (sorted(of_file, key=tokenizer_of) if path.is_relative_to(HERE) else of_file)
    ]


def tokenizer_of(item: pytest.Item) -> tuple[bool, str]:
    """The parameter ``name`` of a test; those without one come last, when much that they ask for is known."""
    name = str(item.callspec.params.get("name", "")) if hasattr(item, "callspec") else ""
    return not name, name
