"""One row of the models table: a model with what the current text means for it. No Qt here."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import IntEnum, StrEnum

from tokviz.analysis.budget import Fit, Standing
from tokviz.analysis.cost import Cost
from tokviz.analysis.evaluation import Evaluation
from tokviz.catalog.model import LanguageModel
from tokviz.language import N_
from tokviz.tokens import Count, Provenance


class Column(IntEnum):
    """What the table has of each model. Which columns are seen, and how, depends on the panel's shape."""

    MODEL = 0
    TOKENS = 1
    WINDOW = 2
    """The bar; the share too, where it has no column of its own."""
    SHARE = 3
    LEFT = 4
    COST = 5


class SortKey(StrEnum):
    """What the rows can be ordered by, as the user reads it."""

    CATALOG = N_("As listed")
    RELEASED = N_("Release")
    NAME = N_("Name")
    DEVELOPER = N_("Maker")
    ACCESS = N_("Access")
    TOKENS = N_("Tokens")
    SHARE = N_("Share of the window")
    LEFT = N_("Tokens left")
    WINDOW = N_("Size of the window")
    INPUT_COST = N_("Cost of the input")
    TOTAL_COST = N_("Cost with an answer")


LARGEST_FIRST = frozenset({SortKey.RELEASED, SortKey.SHARE, SortKey.LEFT, SortKey.WINDOW})
"""The keys whose other end is wanted first: the newest model, the fullest window."""

BY_TEXT = frozenset({SortKey.TOKENS, SortKey.SHARE, SortKey.LEFT, SortKey.INPUT_COST, SortKey.TOTAL_COST})
"""The keys whose order changes with the text."""

SortValue = str | int | float | Decimal | date


@dataclass(frozen=True, slots=True)
class Row:
    """One model with what the current text means for it."""

    position: int
    model: LanguageModel
    favourite: bool = False
    evaluation: Evaluation | None = None
    """None: not counted yet."""
    asked: bool = True
    """Whether the page counts for it without being asked."""
    fits_with: int | None = None
    """The most tokens that the text can have, if it is not counted and even so many fit; else None."""

    @property
    def count(self) -> Count | None:
        """The tokens of the text."""
        return self.evaluation.count if self.evaluation else None

    @property
    def preliminary(self) -> bool:
        """Whether the count is an estimate of a known tokenizer: some is not counted yet."""
        estimated = self.count is not None and self.count.provenance is Provenance.ESTIMATE
        return estimated and self.model.provenance is not Provenance.ESTIMATE

    @property
    def fit(self) -> Fit | None:
        """How they stand to the window."""
        return self.evaluation.fit if self.evaluation else None

    @property
    def standing(self) -> Standing | None:
        """The same in a word; None: not known before it is counted."""
        if self.evaluation is not None:
            return self.evaluation.fit.standing
        if self.fits_with is not None:
            return Standing.FITS
        limitless = self.model.context_window is None and self.model.max_input is None
        return Standing.UNKNOWN if limitless and not self.asked else None

    @property
    def sending(self) -> Cost | None:
        """What sending the text costs; None also where the price is unknown or the host's."""
        return self.evaluation.sending if self.evaluation else None

    @property
    def answering(self) -> Cost | None:
        """The same with an answer of the reserved length."""
        return self.evaluation.answering if self.evaluation else None

    def sort_value(self, key: SortKey) -> SortValue | None:
        """What to order by under ``key``; None stands last."""
        model, fit = self.model, self.fit
        match key:
            case SortKey.CATALOG:
                return self.position
            case SortKey.RELEASED:
                return model.released
            case SortKey.NAME:
                return model.name.casefold()
            case SortKey.DEVELOPER:
                return model.developer.casefold()
            case SortKey.ACCESS:
                return str(model.access)
            case SortKey.WINDOW:
                return model.context_window
            case SortKey.TOKENS:
                return self.count.tokens if self.count else None
            case SortKey.SHARE:
                return fit.share if fit else None
            case SortKey.LEFT:
                return None if fit is None or fit.left is None else -(fit.over or 0) or fit.left
            case SortKey.INPUT_COST:
                return self.sending.likely if self.sending else None
            case SortKey.TOTAL_COST:
                return self.answering.likely if self.answering else None


@dataclass(frozen=True, slots=True)
class Order:
    """In which order the rows stand: favourites first, what is unknown last."""

    key: SortKey = SortKey.CATALOG
    descending: bool = False

    def by(self, key: SortKey) -> "Order":
        """What choosing ``key`` makes of it: its usual end first, or the other way round if it was chosen."""
        return Order(key, not self.descending if key is self.key else key in LARGEST_FIRST)

    def sorted(self, rows: list[Row]) -> list[Row]:
        """``rows``, which stand as listed, in this order; equal ones stay as listed."""
        valued = [(row.sort_value(self.key), row) for row in rows]
        known = [(value, row) for value, row in valued if value is not None]
        known.sort(key=lambda pair: pair[0], reverse=self.descending)
        ordered = [row for _, row in known] + [row for value, row in valued if value is None]
        return sorted(ordered, key=lambda row: not row.favourite)
