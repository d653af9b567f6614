"""What a counted text means for one model: how surely it is counted, whether it fits, what it costs."""

from dataclasses import dataclass, replace
from functools import cached_property

from tokviz.analysis.budget import Fit, fit
from tokviz.analysis.cost import Cost, cost
from tokviz.catalog.model import LanguageModel
from tokviz.tokens import Count, Provenance


@dataclass(frozen=True)
class Evaluation:
    """See ``evaluate``."""

    model: LanguageModel
    count: Count
    """With the model's own provenance."""
    fit: Fit

    @cached_property
    def sending(self) -> Cost | None:
        """What sending the text costs; None where the price is unknown or the host's."""
        return cost(self.count, self.model.prices)

    @cached_property
    def answering(self) -> Cost | None:
        """The same with an answer of the reserved length."""
        return cost(self.count, self.model.prices, self.fit.reserve)


def evaluate(model: LanguageModel, count: Count, reserve: int | None = None) -> Evaluation:
    """What a text of ``count`` tokens under the model's tokenizer means for ``model``.

    ``reserve``: tokens kept for the answer; None is the model's own default.
    """
    if count.provenance in (Provenance.EXACT, Provenance.RECONSTRUCTED):
        # The tokenizer counted surely; whether it is the model's own is the catalog's word.
        count = replace(count, provenance=model.provenance)
    return Evaluation(model, count, fit(count, model, reserve))
