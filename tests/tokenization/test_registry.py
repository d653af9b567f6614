"""Names, modes, sharing, and what happens when a vocabulary is damaged."""

import base64
import shutil
from pathlib import Path

import pytest

from tokviz.assets import Assets
from tokviz.tokenization.claude.infos import read_claude_infos
from tokviz.tokenization.registry import Registry, UnknownTokenizerError
from tokviz.tokenization.tokenizer import SpecialTokens
from tokviz.tokenization.tokenizer_info import read_tokenizer_infos
from tokviz.tokenization.vocabularies import VocabularyError

NEVER_GONE = {
    *("o200k_base", "cl100k_base", "r50k_base", "llama3", "llama4", "deepseek-v3"),
    *("tekken", "mistral-v3", "mistral-v7", "gemma", "qwen3", "claude-2"),
    *("claude-v3", "claude-v4.7", "claude-v4.8", "claude-opus-5"),
}
"""Models, settings and scripts name these. A new tokenizer need not be added."""


@pytest.fixture
def copied_assets(tmp_path: Path) -> Assets:
    """Assets of which the small vocabularies can be damaged."""
    source = Assets()
    for part in ("catalog", "vocabularies/special"):
        shutil.copytree(source.path(part), tmp_path / part)
    for file in ("r50k_base.tiktoken", "claude-2.tiktoken"):
        shutil.copy(source.path("vocabularies", file), tmp_path / "vocabularies")
    return Assets(tmp_path)


def test_the_bundled_names() -> None:
    names = Registry(Assets()).names()
    assert names == (*read_tokenizer_infos(Assets()), *read_claude_infos(Assets()))
    assert set(names) >= NEVER_GONE


def test_an_unknown_name_is_answered_with_the_nearest() -> None:
    with pytest.raises(
        UnknownTokenizerError, match=r"There is no tokenizer “o200k”; did you mean “o200k_base”\?"
    ):
        Registry(Assets()).get("o200k")


def test_a_tokenizer_is_loaded_once_and_shared() -> None:
    registry = Registry(Assets())
    assert registry.get("r50k_base") is registry.get("r50k_base")
    assert registry.get("r50k_base") is not registry.get("r50k_base", SpecialTokens.PARSED)


def test_a_mode_the_tokenizer_does_not_know_is_refused() -> None:
    registry = Registry(Assets())
    assert SpecialTokens.FRAMED not in registry.info("r50k_base").modes
    with pytest.raises(ValueError, match="r50k_base does not know special tokens as framed"):
        registry.get("r50k_base", SpecialTokens.FRAMED)


@pytest.mark.parametrize("damage", ["missing", "truncated", "altered", "empty"])
def test_a_damaged_vocabulary_is_named_and_the_others_go_on(copied_assets: Assets, damage: str) -> None:
    file = copied_assets.path("vocabularies", "r50k_base.tiktoken")
    data = file.read_bytes()
    if damage == "missing":
        file.unlink()
    else:
        file.write_bytes({"truncated": data[:-100], "altered": b"A" + data[1:], "empty": b""}[damage])
    registry = Registry(copied_assets)
    with pytest.raises(VocabularyError) as caught:
        registry.get("r50k_base")
    message = str(caught.value)
    assert "r50k_base" in message
    assert message.count(". ") == 0
    assert message.endswith(".")
    assert registry.get("claude-2").count(b"It goes on.") == 4


def test_damaged_special_tokens_are_named_too(copied_assets: Assets) -> None:
    copied_assets.path("vocabularies", "special", "claude-2.json").write_text("{}")
    with pytest.raises(VocabularyError, match=r"claude-2 cannot be used: its file claude-2\.json"):
        Registry(copied_assets).get("claude-2")


@pytest.mark.parametrize("file", ["claude-v4.7.json", "claude-characters.npy"])
@pytest.mark.parametrize("damage", ["missing", "altered"])
def test_damaged_files_of_claudes_are_named(copied_assets: Assets, file: str, damage: str) -> None:
    for each in ("claude-v4.7.json", "claude-characters.npy"):
        shutil.copy(Assets().path("vocabularies", each), copied_assets.path("vocabularies"))
    path = copied_assets.path("vocabularies", file)
    if damage == "missing":
        path.unlink()
    else:
        path.write_bytes(b" " + path.read_bytes())
    with pytest.raises(VocabularyError, match=f"claude-v4.8 cannot be used: its file {file}"):
        Registry(copied_assets).get("claude-v4.8")


def own_file(folder: Path, name: str = "mine.tiktoken", extra: bytes = b"th") -> Path:
    """A small tokenizer of a user's."""
    folder.mkdir(exist_ok=True)
    tokens = [*(bytes([byte]) for byte in range(256)), extra]
    lines = (b"%s %d\n" % (base64.b64encode(token), rank) for rank, token in enumerate(tokens))
    (folder / name).write_bytes(b"".join(lines))
    return folder / name


def test_a_file_keeps_the_name_it_had_elsewhere(tmp_path: Path) -> None:
    first, second = own_file(tmp_path / "a"), own_file(tmp_path / "b")
    registry, other = Registry(Assets()), Registry(Assets())
    assert registry.add_file(first) == "mine.tiktoken"
    name = registry.add_file(second)
    assert name == "b/mine.tiktoken"
    assert other.add_file(second, name) == name, "though no other file of that name is here"
    assert other.add_file(first, name) == "mine.tiktoken", "that name is another file's"
    assert other.add_file(first, "o200k_base") == "mine.tiktoken"


def test_what_another_registry_has_read_is_known_and_not_loaded(tmp_path: Path) -> None:
    worker, window = Registry(Assets()), Registry(Assets())
    names = [worker.add_file(own_file(tmp_path / folder)) for folder in "ab"]
    for name in (names[1], *names):
        window.add_info(worker.info(name))
    assert set(window.names()[-2:]) == set(names)
    assert [window.info(name).display_name for name in names] == names, "two of one name are told apart"
    with pytest.raises(VocabularyError, match=r"mine\.tiktoken was read elsewhere"):
        window.get(names[0])
