"""Each kind of mistake in a data file is told in one sentence that names file, row and key."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tokviz.analysis.codebase.token_density_priors import read_token_density
from tokviz.assets import Assets, DataFileError, TomlFile
from tokviz.documents.samples import Samples
from tokviz.tokenization.tokenizer_info import read_tokenizer_infos
from tokviz.ui.common.theme import Themes

TOKENIZERS, DENSITY = "catalog/tokenizers.toml", "catalog/token_density.toml"
SAMPLES, THEME = "samples/samples.toml", "themes/dark.toml"
READERS: dict[str, Callable[[Assets], object]] = {
    TOKENIZERS: read_tokenizer_infos,
    DENSITY: read_token_density,
    SAMPLES: Samples,
    THEME: lambda assets: Themes(assets).load("dark"),
}

MISTAKES = {
    TOKENIZERS: [
        ('kind = "ranks"\n', "", "o200k_base: it lacks “kind”"),
        ('kind = "ranks"', 'kind = "rank"', "o200k_base: “kind” has the unknown value 'rank'"),
        (
            'kind = "ranks"',
            'kind = "library"',
            "o200k_base: “kind” has the value “library”, which no row can have",
        ),
        ('scheme = "gpt4"\n', "", "cl100k_base: it lacks scheme, which the kind “ranks” needs"),
        ("splits = [", "split = [", "deepseek-v3: unknown key “split”"),
        ("splits = [", "splits = [1, ", "deepseek-v3: “splits[0]” must be text, not a whole number"),
        (
            "vocabulary_size = 200019",
            "vocabulary_size = 0",
            "o200k_base: “vocabulary_size” must be a whole number of at least 1",
        ),
        (
            "runs_first = false",
            'runs_first = "no"',
            "mistral-v3: “runs_first” must be true or false, not text",
        ),
        (
            'normalization = "NFC"',
            'normalization = "nfc"',
            "qwen3: “normalization” has the unknown value 'nfc'",
        ),
        ('licence = "MIT"', 'licence = ""', "o200k_base: “licence” is empty"),
        ('source_format = "tiktoken"\n', "", "o200k_base: it lacks “source_format”"),
        (
            'source_format = "tiktoken"',
            'source_format = "tikfile"',
            "o200k_base: “source_format” has the unknown value 'tikfile'",
        ),
        (
            'source_format = "tiktoken"',
            'source_format = "gguf"',
            "o200k_base: “special_tokens” is not needed: a “gguf” file lists them",
        ),
        (
            'special_tokens.50256 = ["<|endoftext|>"]\n',
            "",
            "r50k_base: it lacks special_tokens, which no “tiktoken” file lists",
        ),
        (
            "special_tokens.50256 =",
            "special_tokens.end =",
            "r50k_base: “special_tokens” has 'end' where the first id belongs",
        ),
        (
            'special_tokens.50256 = ["<|endoftext|>"]',
            'special_tokens.50256 = "<|endoftext|>"',
            "r50k_base: “special_tokens” must be a list, not text",
        ),
        ("[o200k_base]", "version = 1\n[o200k_base]", "version: it must be a table, not a whole number"),
    ],
    DENSITY: [
        ("[per_byte]", "[by_byte]", "unknown key “by_byte”"),
        ('"C" = 0.33', '"C" = "0.33"', "per_byte.C: it must be a number, not text"),
        ('"C" = 0.33', '"C" = -0.33', "per_byte.C: it must be a number of at least 0.0"),
        ("gemma = 1.23", "gemma = true", "against_o200k_base.gemma: it must be a number, not true or false"),
    ],
    SAMPLES: [
        ('kind = "prose"', 'kind = "verse"', "row 2 (english): “kind” has the unknown value 'verse'"),
        ('title = "Welcome"\n', "", "row 1 (welcome): it lacks “title”"),
        ('title = "Welcome"', "title = 1", "row 1 (welcome): “title” must be text, not a whole number"),
        ('title = "Welcome"', 'titel = "Welcome"', "row 1 (welcome): unknown key “titel”"),
        ("[[sample]]", "[[example]]", "unknown key “example”"),
        ('endonym = "', 'edonym = "', "row 1 (en): unknown key “edonym”"),
    ],
    THEME: [
        ('text = "#eef1f5"', 'text = "black"', "roles.text: it must be written as ^#[0-9a-f]{6}$"),
        ('text = "#eef1f5"\n', "", "roles: it lacks “text”"),
        ('text = "#eef1f5"', 'text = "#eef1f5"\ntxt = "#eef1f5"', "roles: unknown key “txt”"),
        ('text = "#eef1f5"', "text = 3", "roles.text: it must be text, not a whole number"),
        ("dark = true", "dark = 1", "dark: it must be true or false, not a whole number"),
        ("standard = [", 'standrad = ["#000000"]\nstandard = [', "tokens: unknown key “standrad”"),
        (
            'colour_blind = ["#1f4d70", ',
            "colour_blind = [1, ",
            "tokens.colour_blind: “[0]” must be text, not a whole number",
        ),
    ],
}
"""By file: a text in it, what is put in its place, and what is said."""


def error_with(file: str, old: str, new: str, folder: Path) -> str:
    """What is said about the bundled file with its first ``old`` replaced."""
    text = Assets().path(file).read_text("utf-8")
    assert old in text
    path = folder / file
    path.parent.mkdir(parents=True)
    path.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(DataFileError) as raised:
        READERS[file](Assets(folder))
    return str(raised.value)


@pytest.mark.parametrize(
    ("file", "old", "new", "said"), [(file, *mistake) for file, made in MISTAKES.items() for mistake in made]
)
def test_a_mistake_is_named(file: str, old: str, new: str, said: str, tmp_path: Path) -> None:
    assert error_with(file, old, new, tmp_path) == f"{Path(file).name}: {said}."


def test_a_theme_needs_enough_token_colours(tmp_path: Path) -> None:
    shutil.copytree(Assets().path("themes"), tmp_path / "themes")
    path = tmp_path / "themes" / "dark.toml"
    lines = path.read_text("utf-8").splitlines()
    few = ['standard = ["#1f3f68"]' if line.startswith("standard") else line for line in lines]
    path.write_text("\n".join(few), "utf-8")
    with pytest.raises(DataFileError, match=r"tokens\.standard: it must have at least 6 entries"):
        Themes(Assets(tmp_path)).load("dark")


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataFileError, match=r"none.toml cannot be read: No such file or directory\.$"):
        TomlFile(tmp_path / "none.toml")
    (tmp_path / "latin.toml").write_bytes(b'a = "\xe9"')
    with pytest.raises(DataFileError, match=r"latin.toml is not valid TOML: .*\.$"):
        TomlFile(tmp_path / "latin.toml")


def test_a_message_that_is_not_known_is_passed_on(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text("a = 1.5\n", "utf-8")
    file = TomlFile(tmp_path / "a.toml")
    with pytest.raises(DataFileError, match=r"a.toml: row: .*complex.*\.$"):
        file.read("row", file.contents["a"], complex)
