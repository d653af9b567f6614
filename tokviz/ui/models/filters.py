"""Which models the panel shows. No Qt here."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from tokviz.analysis.budget import Standing
from tokviz.catalog.model import Access, Capability, LanguageModel
from tokviz.language import N_
from tokviz.names import matching
from tokviz.ui.models.rows import Row


class Trait(StrEnum):
    """What can be asked of a model with one click."""

    API = "API"
    OPEN_WEIGHTS = N_("Open weights")
    CURRENT = N_("Current")
    RETIRED = N_("Retired")
    FITS = N_("Fits")


_OPPOSITES = {Trait.CURRENT: Trait.RETIRED, Trait.RETIRED: Trait.CURRENT}


@dataclass(frozen=True, slots=True)
class Filters:
    """Everything that is asked for holds of every model shown: each choice narrows the list."""

    search: str = ""
    makers: frozenset[str] = frozenset()
    """Any of these; none named: all."""
    traits: frozenset[Trait] = frozenset()
    capabilities: frozenset[Capability] = frozenset()
    hidden: frozenset[str] = frozenset()
    """Ids of models that the user has put away."""
    show_hidden: bool = False

    @property
    def narrow(self) -> bool:
        """Whether anything is asked for that could be cleared."""
        return bool(self.search.strip() or self.makers or self.traits or self.capabilities)

    def cleared(self) -> "Filters":
        """The same without search and choices; models that were put away stay so."""
        return Filters(hidden=self.hidden, show_hidden=self.show_hidden)

    def with_trait(self, trait: Trait, on: bool) -> "Filters":
        """The same with ``trait`` asked for or not; of two opposites only one is."""
        others = self.traits - {trait, _OPPOSITES.get(trait, trait)} if on else self.traits - {trait}
        return replace(self, traits=others | {trait} if on else others)

    def with_maker(self, maker: str, on: bool) -> "Filters":
        """The same with the models of ``maker`` among those shown or not."""
        return replace(self, makers=self.makers | {maker} if on else self.makers - {maker})

    def with_capability(self, capability: Capability, on: bool) -> "Filters":
        """The same with ``capability`` asked for or not."""
        found = self.capabilities | {capability} if on else self.capabilities - {capability}
        return replace(self, capabilities=found)

    def accepted(self, rows: Sequence[Row], today: date) -> list[Row]:
        """The rows that are shown, in the order given."""
        kept = [row for row in rows if self._accepts(row, today)]
        if not self.search.strip():
            return kept
        found = matching(self.search, [_words_of(row.model) for row in kept])
        return [row for row, match in zip(kept, found, strict=True) if match]

    def _accepts(self, row: Row, today: date) -> bool:
        model = row.model
        if model.id in self.hidden and not self.show_hidden:
            return False
        if self.makers and model.developer not in self.makers:
            return False
        if not self.capabilities <= set(model.capabilities or ()):
            return False
        return all(_has(row, trait, today) for trait in self.traits)


def _has(row: Row, trait: Trait, today: date) -> bool:
    match trait:
        case Trait.API:
            return row.model.access is not Access.OPEN_WEIGHTS
        case Trait.OPEN_WEIGHTS:
            return row.model.access is not Access.API
        case Trait.CURRENT:
            return not row.model.is_retired(today)
        case Trait.RETIRED:
            return row.model.is_retired(today)
        case Trait.FITS:
            return row.standing is Standing.FITS


def _words_of(model: LanguageModel) -> tuple[str, ...]:
    """What a search looks in."""
    capabilities = model.capabilities or ()
    return (
        *(model.name, model.id, model.developer, model.access, model.tokenizer, model.strengths),
        *(model.access.words, model.good_at),
        *(capability.words for capability in capabilities),
        *capabilities,
    )


def makers_of(models: Iterable[LanguageModel]) -> list[str]:
    """Every maker once, by name."""
    return sorted({model.developer for model in models}, key=str.casefold)


def capabilities_of(models: Iterable[LanguageModel]) -> list[Capability]:
    """Every capability that some model has."""
    found = {capability for model in models for capability in model.capabilities or ()}
    return [capability for capability in Capability if capability in found]
