"""What a count means for a model: one provenance, one fit, one cost, wherever it is shown."""

import pytest

from tokviz.analysis.budget import fit
from tokviz.analysis.cost import cost
from tokviz.analysis.evaluation import evaluate
from tokviz.assets import Assets
from tokviz.catalog.catalog import Catalog
from tokviz.catalog.model import LanguageModel
from tokviz.tokens import Count, Provenance

CATALOG = Catalog(Assets())
ESTIMATE = Count(1_000, Provenance.ESTIMATE, 900, 1_200)


@pytest.mark.parametrize("model", CATALOG.models, ids=lambda model: model.id)
def test_fit_and_cost_are_those_of_the_count_with_the_models_own_label(model: LanguageModel) -> None:
    found = evaluate(model, Count.certain(5_000), 100)
    own = Count.certain(5_000, model.provenance)
    assert found.count == own
    assert found.fit == fit(own, model, 100)
    assert found.sending == cost(own, model.prices)
    assert found.answering == cost(own, model.prices, 100)


def test_an_estimate_stays_one_even_where_the_models_tokenizer_is_known() -> None:
    exact = next(model for model in CATALOG.models if model.provenance is Provenance.EXACT)
    assert evaluate(exact, ESTIMATE).count == ESTIMATE


@pytest.mark.parametrize("provenance", [Provenance.ASSUMED, Provenance.FORMULA, Provenance.MEASURED])
def test_what_was_not_just_counted_is_never_called_exact(provenance: Provenance) -> None:
    exact = next(model for model in CATALOG.models if model.provenance is Provenance.EXACT)
    count = Count(1_000, provenance, 990, 1_010)
    assert evaluate(exact, count).count == count


def test_the_answer_costs_as_many_tokens_as_are_kept_for_it() -> None:
    priced = CATALOG.get("gpt-4o")
    found = evaluate(priced, ESTIMATE)
    assert found.fit.reserve == 4_096
    assert found.answering == cost(ESTIMATE, priced.prices, 4_096)


def test_what_the_host_charges_is_not_known() -> None:
    open_weights = next(model for model in CATALOG.models if model.host_sets_price)
    found = evaluate(open_weights, ESTIMATE)
    assert (found.sending, found.answering) == (None, None)
