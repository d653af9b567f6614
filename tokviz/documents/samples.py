"""The sample texts that ship with tokviz, and one short passage in ten languages."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from tokviz.assets import Assets


class SampleKind(StrEnum):
    """What a sample is an example of."""

    WELCOME = "welcome"
    PROSE = "prose"
    CODE = "code"
    DATA = "data"
    SYMBOLS = "symbols"


@dataclass(frozen=True, slots=True)
class Sample:
    """One sample text, without the text itself."""

    id: str
    title: str
    file: str
    kind: SampleKind
    language: str
    """A language tag of BCP 47, such as ``zh-Hans``; empty for what is in no natural language."""


@dataclass(frozen=True, slots=True)
class Passage:
    """The same short text in one of several languages."""

    language: str
    """A language tag of BCP 47."""
    name: str
    """The language's name in English."""
    endonym: str
    """The language's name in itself."""
    text: str


class Samples:
    """Lists the samples and reads their texts when asked."""

    def __init__(self, assets: Assets) -> None:
        self._assets = assets
        table = tomllib.loads(assets.path("samples", "samples.toml").read_text("utf-8"))
        self._samples = tuple(
            Sample(row["id"], row["title"], row["file"], SampleKind(row["kind"]), row.get("language", ""))
            for row in table["sample"]
        )
        self._passages = tuple((row["language"], row["name"], row["endonym"]) for row in table["passage"])

    def all(self) -> Sequence[Sample]:
        """Every sample, in the order in which a menu shows them."""
        return self._samples

    def text(self, sample_id: str) -> bytes:
        """The sample's text as UTF-8; KeyError if there is no such sample."""
        for sample in self._samples:
            if sample.id == sample_id:
                return self._assets.path("samples", sample.file).read_bytes()
        raise KeyError(sample_id)

    def passages(self) -> Sequence[Passage]:
        """The passage in every language, the first of which is English."""
        return tuple(
            Passage(
                language,
                name,
                endonym,
                self._assets.path("samples", "passages", f"{language}.txt").read_text("utf-8").rstrip("\n"),
            )
            for language, name, endonym in self._passages
        )
