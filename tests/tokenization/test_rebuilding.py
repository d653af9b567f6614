"""The bundled vocabularies are made of the published files that are at hand, by what their rows say alone."""

import hashlib
import tomllib
from collections.abc import Iterator, Mapping
from importlib import import_module
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tokviz.assets import Assets

RESOURCES = Path(__file__).parents[2] / "resources"
ROWS: Mapping[str, dict[str, Any]] = tomllib.loads(
    Assets().path("catalog", "tokenizers.toml").read_text("utf-8")
)


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def source_of(row: Mapping[str, Any]) -> bytes | None:
    """The published file: the bundled one where it was kept, or that of an installed package; else None."""
    if row["source_sha256"] == row["sha256"]:
        return Assets().path("vocabularies", row["file"]).read_bytes()
    try:
        path = Path(str(distribution(row["package"].split()[1]).locate_file(row["source"])))
    except PackageNotFoundError:
        return None
    return path.read_bytes() if path.is_file() else None


SOURCES = {name: source for name, row in ROWS.items() if (source := source_of(row)) is not None}


@pytest.fixture(scope="module")
def script() -> Iterator[ModuleType]:
    """``resources/rebuild_vocabularies.py``."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(RESOURCES)
        yield import_module("rebuild_vocabularies")


@pytest.mark.parametrize("name", ROWS)
def test_something_makes_the_kind_of_its_source_format(name: str, script: ModuleType) -> None:
    row = ROWS[name]
    assert (row["source_format"], row["kind"]) in script.BUILDERS, f"{name} cannot be rebuilt"


@pytest.mark.parametrize("name", [name for name, row in ROWS.items() if "special_tokens" in row])
def test_the_special_tokens_are_those_of_the_row(name: str, script: ModuleType) -> None:
    made = script.listed_specials(ROWS[name])
    assert sha256(made) == ROWS[name]["special_sha256"]


@pytest.mark.parametrize("name", SOURCES)
def test_a_published_file_gives_the_bundled_ones(name: str, script: ModuleType) -> None:
    row = ROWS[name]
    assert sha256(SOURCES[name]) == row["source_sha256"]
    made = script.BUILDERS[row["source_format"], row["kind"]](SOURCES[name], row)
    recorded = {row["file"]: row["sha256"], f"special/{row['special']}": row["special_sha256"]}
    if "merges" in row:
        recorded[row["merges"]] = row["merges_sha256"]
    assert {file: sha256(data) for file, data in made.items()} == recorded


def test_most_formats_are_at_hand() -> None:
    assert {ROWS[name]["source_format"] for name in SOURCES} >= {"tiktoken", "tekken", "sentencepiece"}


def test_numbers_in_braces_stand_for_many_names(script: ModuleType) -> None:
    row = {"special_tokens": {"7": ["a", "b_{9..11}!"], "20": ["c{1}"]}}
    assert script.listed_tokens(row, "special_tokens") == {
        "a": 7,
        "b_9!": 8,
        "b_10!": 9,
        "b_11!": 10,
        "c{1}": 20,
    }


@pytest.mark.parametrize("listed", [{"7": ["a", "a"]}, {"7": ["a", "b"], "9": ["b"]}])
def test_a_special_token_listed_twice_is_refused(listed: object, script: ModuleType) -> None:
    with pytest.raises(ValueError, match="lists a text twice"):
        script.listed_tokens({"special_tokens": listed}, "special_tokens")


@pytest.mark.parametrize(
    ("file", "name", "version"),
    [
        ("llama_models-0.3.0-py3-none-any.whl", "llama-models", "0.3.0"),
        ("gpt-tokenizer-4.0.0.tgz", "gpt-tokenizer", "4.0.0"),
        ("scope-tokenizer-1.2.3.tgz", "@scope/tokenizer", "1.2.3"),
        ("llama_cpp_python-0.3.36/vendor/llama.cpp/x.gguf", "llama-cpp-python", "0.3.36"),
    ],
)
def test_a_package_is_known_by_its_file(file: str, name: str, version: str, script: ModuleType) -> None:
    assert script.matches(file, name, version)
    assert not script.matches("llama_models/llama3/tokenizer.model", name, version)
