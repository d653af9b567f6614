"""Names: the near one is offered or none, and a search goes by words."""

import pytest

from tokviz.assets import Assets
from tokviz.catalog.catalog import Catalog
from tokviz.names import UnknownNameError, matching, nearest

MODELS = [model.id for model in Catalog(Assets()).models]


@pytest.mark.parametrize(
    ("name", "known", "found"),
    [
        ("GPT-4O", ["gpt-4", "gpt-4o", "gpt-4.1"], "gpt-4o"),
        ("calude-opus-4", ["gpt-4", "claude-opus-4", "o3"], "claude-opus-4"),
        ("claude_opus_4_5", ["claude-opus-4", "claude-opus-4.5"], "claude-opus-4.5"),
        ("sonnet", ["claude-opus-4", "claude-sonnet-5", "claude-sonnet-4"], "claude-sonnet-5"),
        ("llama-3", ["llama-4-scout", "llama-3.1-405b"], "llama-3.1-405b"),
        ("nova-pro", ["amazon.nova-2-lite-v1:0", "amazon.nova-pro-v1:0"], "amazon.nova-pro-v1:0"),
        ("gpt-4.1", ["gpt-4", "gpt-4o"], "gpt-4"),
        ("foo", ["o3", "gpt-4o"], None),
        ("minimax-m3", ["gemini-3.1-pro", "minerva"], None),
        ("x", ["xy"], None),
        ("", ["o3"], None),
        ("gpt-4o", [], None),
    ],
)
def test_a_near_name_or_none(name: str, known: list[str], found: str | None) -> None:
    assert nearest(name, known) == found


def test_every_model_is_nearest_to_itself_however_it_is_written() -> None:
    for model_id in MODELS:
        assert nearest(model_id.upper(), MODELS) == model_id
        assert nearest(model_id.replace(".", "-"), MODELS) == model_id


def test_the_sentence_has_a_hint_only_where_one_is_near() -> None:
    assert str(UnknownNameError("model", "gpt4o", MODELS)) == (
        "There is no model “gpt4o”; did you mean “gpt-4o”?"
    )
    assert str(UnknownNameError("model", "foo", MODELS)) == "There is no model “foo”."


ENTRIES = [
    ["gpt-4.1-mini", "GPT-4.1 mini", "OpenAI", "API"],
    ["gpt-oss-20b", "gpt-oss-20b", "OpenAI", "open weights"],
    ["minimax-m3", "MiniMax M3", "MiniMax", "open weights and API"],
    ["gpt-4o", "GPT-4o", "OpenAI", "API"],
    ["gpt-4", "GPT-4", "OpenAI", "API"],
    ["gpt-40", "GPT-40", "OpenAI", "API"],
]


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("open", [1, 2]),
        ("openai", [0, 1, 3, 4, 5]),
        ("OpenA", [0, 1, 3, 4, 5]),
        ("mini", [0]),
        ("minim", [2]),
        ("4.1", [0]),
        ("4", [0, 3, 4]),
        ("gpt4", [0, 3, 4, 5]),
        ("gpt-4", [0, 3, 4]),
        ("4o", [3]),
        ("gpt-40", [5]),
        ("openai open", [1]),
        ("zebra", []),
        ("", [0, 1, 2, 3, 4, 5]),
        ("  ", [0, 1, 2, 3, 4, 5]),
    ],
)
def test_search_goes_by_words(search: str, found: list[int]) -> None:
    assert [n for n, hit in enumerate(matching(search, ENTRIES)) if hit] == found
