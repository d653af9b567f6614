"""One row of the models table: a model with what the current text means for it. No Qt here."""

from dataclasses import dataclass
from decimal import Decimal
from enum import IntEnum, StrEnum

from tokviz.analysis.budget import Fit
from tokviz.analysis.cost import Cost
from tokviz.analysis.evaluation import Evaluation
from tokviz.catalog.model import LanguageModel
from tokviz.tokens import Count


class Column(IntEnum):
    """The table's columns; each cell has a main line and a quieter second one."""

    MODEL = 0
    TOKENS = 1
    WINDOW = 2
    COST = 3


HEADERS = {
    Column.MODEL: (
        "Model",
        "Name, maker, and whether the text goes to a server (API) or weights can be run at home",
    ),
    Column.TOKENS: (
        "Tokens",
        "Tokens of the text under the model's tokenizer, and how surely they are known",
    ),
    Column.WINDOW: ("Context window", "Used, reserved for the answer, and free"),
    Column.COST: (
        "Cost",
        "US dollars: sending the text; below, with an answer of the reserved length",
    ),
}


class SortKey(StrEnum):
    """What the rows can be ordered by, as the user reads it."""

    CATALOG = "As listed"
    NAME = "Name"
    DEVELOPER = "Developer"
    ACCESS = "Access"
    TOKENS = "Tokens"
    SHARE = "Share of the window"
    LEFT = "Tokens left"
    WINDOW = "Size of the window"
    INPUT_COST = "Cost of sending"
    TOTAL_COST = "Cost with an answer"


@dataclass(frozen=True, slots=True)
class Row:
    """One model with what the current text means for it."""

    position: int
    model: LanguageModel
    favourite: bool
    evaluation: Evaluation | None = None
    """None: not counted yet."""

    @property
    def count(self) -> Count | None:
        """The tokens of the text."""
        return self.evaluation.count if self.evaluation else None

    @property
    def fit(self) -> Fit | None:
        """How they stand to the window."""
        return self.evaluation.fit if self.evaluation else None

    @property
    def sending(self) -> Cost | None:
        """What sending the text costs; None also where the price is unknown or the host's."""
        return self.evaluation.sending if self.evaluation else None

    @property
    def answering(self) -> Cost | None:
        """The same with an answer of the reserved length."""
        return self.evaluation.answering if self.evaluation else None

    def sort_value(self, key: SortKey) -> str | int | float | Decimal | None:
        """What to order by under ``key``; None stands last."""
        match key:
            case SortKey.CATALOG:
                return self.position
            case SortKey.NAME:
                return self.model.name.casefold()
            case SortKey.DEVELOPER:
                return self.model.developer.casefold()
            case SortKey.ACCESS:
                return str(self.model.access)
            case SortKey.WINDOW:
                return self.model.context_window
            case SortKey.TOKENS:
                return self.count.tokens if self.count else None
            case SortKey.SHARE:
                return self.fit.share if self.fit else None
            case SortKey.LEFT:
                return self.fit.left if self.fit else None
            case SortKey.INPUT_COST:
                return self.sending.likely if self.sending else None
            case SortKey.TOTAL_COST:
                return self.answering.likely if self.answering else None
