"""``tokviz models``: the whole catalog, for people and for programs."""

import json
from datetime import date

from tests.cli.conftest import Runner
from tokviz.assets import Assets
from tokviz.catalog.catalog import Catalog
from tokviz.cli.models import display_name, remarks

CATALOG = Catalog(Assets())


def test_the_table_lists_every_model(command: Runner) -> None:
    outcome = command("models")
    assert outcome.code == 0
    for model in CATALOG.models:
        assert any(
            line.startswith(model.name) and f" {model.id} " in line for line in outcome.out.splitlines()
        )
    assert max(map(len, outcome.out.splitlines())) <= 100


def test_json_carries_every_figure_with_source_and_date(command: Runner) -> None:
    records = json.loads(command("models", "--json").out)
    assert [record["id"] for record in records] == [model.id for model in CATALOG.models]
    by_id = {record["id"]: record for record in records}
    gemini = by_id["gemini-2.5-pro"]
    assert gemini["context_window"] == 1_048_576
    assert gemini["prices"]["input"] == 1.25
    assert gemini["prices"]["tiers"][0]["above"] == 200_000
    assert gemini["sources"]["prices"]["date"] == gemini["prices_as_of"]
    assert by_id["llama-3.1-405b"]["prices"] == "set by the host"
    assert by_id["llama-3.1-405b"]["max_output"] is None
    assert by_id["deepseek-v4-pro"]["prices"]["peak"]["factor"] == 2.0


def test_marks_are_explained() -> None:
    today = date(2026, 11, 24)
    assert display_name(CATALOG.get("gpt-4o"), today) == "GPT-4o"
    assert display_name(CATALOG.get("claude-opus-4"), today) == "Claude Opus 4 †"
    assert display_name(CATALOG.get("deepseek-v4-pro"), today) == "DeepSeek V4 Pro *"
    assert remarks([CATALOG.get("gpt-4o")], today) == []
    lines = remarks([CATALOG.get("deepseek-v4-pro"), CATALOG.get("claude-opus-4")], today)
    assert lines[0].startswith("† ")
    assert lines[1].startswith("* DeepSeek V4 Pro: 2 times as much ")
