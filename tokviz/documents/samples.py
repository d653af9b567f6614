"""The sample texts that ship with tokviz, and one short passage in ten languages."""

from collections.abc import Sequence
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import asdict

from tokviz.assets import Assets, TomlFile
from tokviz.language import N_, gettext

NAMES = (
    *(N_("Welcome"), N_("English prose"), N_("German prose"), N_("Chinese prose"), N_("Japanese prose")),
    *(N_("Arabic prose"), N_("Hindi prose"), N_("Thai prose"), N_("Minified JavaScript")),
    *(N_("Markdown table"), N_("Numbers"), N_("Emoji")),
    *(N_("English"), N_("Spanish"), N_("German"), N_("Russian"), N_("Arabic"), N_("Hindi"), N_("Thai")),
    *(N_("Chinese"), N_("Japanese"), N_("Korean")),
)
"""What ``samples.toml`` calls samples and languages, but for names that are the same everywhere: marked to be
translated."""


class SampleKind(StrEnum):
    """What a sample is an example of."""

    WELCOME = "welcome"
    PROSE = "prose"
    CODE = "code"
    DATA = "data"
    SYMBOLS = "symbols"


class Sample(Struct, frozen=True, forbid_unknown_fields=True):
    """One sample text, without the text itself: a row of ``samples.toml``."""

    id: str
    title: str
    file: str
    kind: SampleKind
    language: str = ""
    """A language tag of BCP 47, such as ``zh-Hans``; empty for what is in no natural language."""

    @property
    def words(self) -> str:
        """The title for people."""
        return gettext(self.title)


class PassageLanguage(Struct, frozen=True, forbid_unknown_fields=True):
    """One of the languages of the passage: a row of ``samples.toml``."""

    language: str
    """A language tag of BCP 47."""
    name: str
    """The language's name in English."""
    endonym: str
    """The language's name in itself."""

    @property
    def words(self) -> str:
        """The name for people."""
        return gettext(self.name)


class Passage(PassageLanguage, frozen=True):
    """The same short text in one of several languages."""

    text: str


class Samples:
    """Lists the samples and reads their texts when asked. DataFileError if the list is wrong."""

    def __init__(self, assets: Assets) -> None:
        self._assets = assets
        file = TomlFile(assets.path("samples", "samples.toml"), ("sample", "passage"))
        self._samples = tuple(file.read(where, row, Sample) for where, row in file.rows("sample").items())
        self._languages = tuple(
            file.read(where, row, PassageLanguage) for where, row in file.rows("passage").items()
        )

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
        folder = self._assets.path("samples", "passages")
        texts = ((folder / f"{each.language}.txt").read_text("utf-8") for each in self._languages)
        return tuple(
            Passage(**asdict(language), text=text.rstrip("\n"))
            for language, text in zip(self._languages, texts, strict=True)
        )
