"""How much of a text the chosen models take: what the models panel says, and the text page shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from PySide6.QtCore import SignalInstance


@dataclass(frozen=True, slots=True)
class ModelLimit:
    """What one model takes."""

    name: str
    """The model's, as it is shown."""
    tokenizer: str
    """What it counts by: a tokenizer, or a counter without boundaries."""
    tokens: int
    """The longest text that leaves the reserve free."""


class ModelLimits(Protocol):
    """Whoever knows which models are chosen: the models panel."""

    @property
    def selected_limit(self) -> ModelLimit | None:
        """Of the model whose row is selected; None if none is, or if its window is unknown."""

    @property
    def other_limits(self) -> Sequence[ModelLimit]:
        """Of the other models that are shown as chosen, such as the favourites."""

    @property
    def limits_changed(self) -> SignalInstance:
        """A model was selected, or the reserve changed."""
