"""A tokenizer that the user names in place of a model's own."""

from tokviz.analysis.conversation.answering_model import AnsweringModel
from tokviz.assets import Assets
from tokviz.catalog.catalog import Catalog
from tokviz.tokens import Provenance

MODEL = Catalog(Assets()).models[0]


def test_that_it_is_the_model_s_is_assumed() -> None:
    asked = AnsweringModel(MODEL.name, MODEL.tokenizer, None, MODEL)
    assert asked.counted_by(MODEL.tokenizer) is asked
    found = asked.counted_by("own.json")
    assert found.model is not None
    assert (found.tokenizer, found.model.tokenizer) == ("own.json", "own.json")
    assert found.model.provenance is Provenance.ASSUMED
    assert (found.model.id, found.rule, found.name) == (MODEL.id, None, MODEL.name)
    unknown = AnsweringModel("aide", "o200k_base", None, None).counted_by("own.json")
    assert (unknown.tokenizer, unknown.model) == ("own.json", None)
