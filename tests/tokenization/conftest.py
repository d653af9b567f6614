"""Tests of one vocabulary follow one another: it is loaded once, and let go before the next one is."""

from itertools import groupby
from pathlib import Path

import pytest

from tokviz.assets import Assets
from tokviz.tokenization.tokenizer_info import read_tokenizer_infos

HERE = Path(__file__).parent
INFOS = read_tokenizer_infos(Assets())


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items[:] = [
        item
        for path, of_file in groupby(items, key=lambda item: item.path)
        for item in (sorted(of_file, key=tokenizer_of) if path.is_relative_to(HERE) else of_file)
    ]


def tokenizer_of(item: pytest.Item) -> tuple[bool, str, str]:
    """The parameter ``name`` of a test, behind its vocabulary; those without one come last, when much that
    they ask for is known."""
    name = str(item.callspec.params.get("name", "")) if hasattr(item, "callspec") else ""
    return not name, INFOS[name].file.name if name in INFOS else name, name
