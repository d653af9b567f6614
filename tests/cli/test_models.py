"""``tokviz models``: the whole catalog, for people and for programs."""

import json
import os
import re
from datetime import date
from pathlib import Path

import pytest

from tests.cli.conftest import Outcome, Runner
from tokviz.assets import Assets
from tokviz.catalog.catalog import Catalog
from tokviz.cli.model_card import card
from tokviz.cli.models import age, display_name, remarks

CATALOG = Catalog(Assets())


def listed(outcome: Outcome) -> list[str]:
    """The ids in a table."""
    lines = outcome.out.split("\n\n")[0].splitlines()[1:]
    return [line.split("  ")[0].rstrip(" †*") for line in lines]


def test_the_table_lists_every_model_with_maker_access_window_and_prices(command: Runner) -> None:
    outcome = command("models")
    assert outcome.code == 0
    assert listed(outcome) == [model.id for model in CATALOG.models]
    line = next(line for line in outcome.out.splitlines() if line.startswith("gpt-6.1-sol "))
    assert re.split(r"\s{2,}", line) == ["gpt-6.1-sol", "OpenAI", "API", "1,050,000", "2.00", "10.00"]
    assert max(map(len, outcome.out.splitlines())) <= 100


def test_strengths_are_shown_where_there_is_room(command: Runner) -> None:
    outcome = command("models", "--search", "gpt-oss-20b")
    assert "open reasoning model for a laptop" in outcome.out


@pytest.mark.parametrize(
    ("arguments", "found", "missed"),
    [
        (["--search", "open"], {"gpt-oss-20b", "llama-3.1-405b", "minimax-m3"}, {"gpt-4o"}),
        (["--search", "openai"], {"gpt-4o", "gpt-oss-20b"}, {"llama-3.1-405b"}),
        (["--search", "claud"], {"claude-opus-5.5"}, {"gpt-4o"}),
        (["--search", "vision", "--maker", "z.ai"], {"glm-5.3-flash"}, {"gpt-4o", "glm-4.6"}),
        (["--maker", "mistral ai"], {"mistral-large-4"}, {"gpt-4o"}),
        (["--maker", "Mistral"], {"mistral-large-4"}, {"gpt-4o"}),
        (["--fits", "1,000,000"], {"gemini-2.5-pro"}, {"gpt-4o", "claude-opus-5.5", "mai-1"}),
        (["--fits", "995904"], {"claude-opus-5.5"}, {"gpt-4o"}),
        (["--fits", "995905"], {"gemini-2.5-pro"}, {"claude-opus-5.5"}),
        (["--current"], {"gpt-6.1-sol"}, {"gpt-3", "claude-3.5-sonnet"}),
    ],
)
def test_conditions(arguments: list[str], found: set[str], missed: set[str], command: Runner) -> None:
    outcome = command("models", *arguments)
    ids = set(listed(outcome))
    assert outcome.code == 0
    assert found <= ids and not missed & ids
    assert {record["id"] for record in json.loads(command("models", *arguments, "--json").out)} == ids


def test_nothing_found_is_said(command: Runner) -> None:
    outcome = command("models", "--search", "zebra")
    assert (outcome.code, outcome.out) == (1, "")
    assert outcome.err == "tokviz models: No model matches; fewer conditions find more.\n"
    outcome = command("models", "--search", "zebra", "--json")
    assert (outcome.code, outcome.out) == (1, "[]\n")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--maker", "metaa"], "There is no maker “metaa”; did you mean “Meta”?"),
        (["--maker", "zzz"], "There is no maker “zzz”."),
        (["--fits", "many"], "“many” is no number of tokens"),
        (["--yes"], "--yes goes with --update FILE"),
        (["--update", "none.toml"], "none.toml cannot be read"),
    ],
)
def test_what_is_asked_for_wrongly_is_said(arguments: list[str], said: str, command: Runner) -> None:
    outcome = command("models", *arguments)
    assert outcome.code in (1, 2) and said in outcome.err


def test_own_models_are_listed_and_counted_with_and_mistakes_are_told(
    command: Runner, tmp_path: Path
) -> None:
    own = Path(os.environ["XDG_CONFIG_HOME"], "tokviz", "models.toml")
    own.parent.mkdir(parents=True)
    own.write_text(
        '[[models]]\nid = "house"\nlike = "gpt-4o"\ndiscount = 20\n\n'
        '[[models]]\nid = "broken"\nlike = "gpt4o"\n'
    )
    outcome = command("models", "--search", "house")
    assert listed(outcome) == ["house"]
    assert "20 % off the listed price" in outcome.out and "2.00" in outcome.out
    assert outcome.err == (
        f"tokviz models: {own}, line 8: “like”: there is no model “gpt4o”; did you mean “gpt-4o”?\n"
    )
    text = tmp_path / "a.txt"
    text.write_text("word " * 1000)
    record = json.loads(command("count", str(text), "--model", "house", "--json").out)
    assert record["models"][0]["id"] == "house"


def test_the_help_says_where_ones_own_models_stand(command: Runner) -> None:
    outcome = command("models", "--help")
    assert str(Path(os.environ["XDG_CONFIG_HOME"], "tokviz", "models.toml")) in outcome.out
    assert 'like = "claude-opus-5.5"' in outcome.out


def test_an_update_is_shown_taken_with_a_yes_and_undone(command: Runner, tmp_path: Path) -> None:
    text = Assets().path("catalog", "models.toml").read_text("utf-8")
    update = tmp_path / "newer.toml"
    update.write_text(
        text.replace("date = 2026-11-20", "date = 2026-11-28").replace("Mercury 3", "Mercury III")
    )
    shown = command("models", "--update", str(update))
    assert shown.code == 0
    assert "Mercury 3:\n  name: Mercury 3 → Mercury III\n" in shown.out
    assert "Nothing was changed. --yes takes it." in shown.out
    assert "Mercury 3" in command("models", "--search", "mercury-3", "--json").out
    assert "Taken." in command("models", "--update", str(update), "--yes").out
    assert "Mercury III" in command("models", "--search", "mercury-3", "--json").out
    assert "(an update that you took)" in command("models", "--search", "mercury-3").out
    assert "ships with tokviz is in use again" in command("models", "--revert").out
    assert "There was no update" in command("models", "--revert").out
    assert "Mercury 3" in command("models", "--search", "mercury-3", "--json").out


def test_old_figures_have_a_word() -> None:
    catalog = Catalog(Assets(), date(2026, 11, 29))
    assert age(catalog) == "Figures of 2026-11-20, 9 days old."
    aged = Catalog(Assets(), date(2027, 2, 19))
    assert age(aged).startswith("Figures of 2026-11-20, 91 days old: prices have likely changed.")


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


def test_the_card_of_a_model_tells_prices_limits_and_sources(command: Runner) -> None:
    outcome = command("models", "gpt-4o")
    assert outcome.code == 0
    lines = outcome.out.splitlines()
    assert lines[0] == "GPT-4o (gpt-4o) · OpenAI · API"
    assert lines[1] == "To use it, you send your text to OpenAI, whose terms apply to it."
    prices = [re.split(r"\s{2,}", line) for line in lines[3:7]]
    assert prices == [
        ["US dollars per million tokens", "Input", "Cached", "Output"],
        ["Standard", "2.50", "–", "10.00"],
        ["Input sent again, cached", "–", "1.25", "10.00"],
        ["Batch, answer within 24 hours", "1.25", "0.625", "5.00"],
    ]
    assert "Limits     window 128,000 · input 128,000 · answer 16,384" in lines
    assert max(map(len, lines)) <= 100


@pytest.mark.parametrize("width", [60, 100])
def test_every_card_keeps_to_the_width_and_names_its_sources(width: int) -> None:
    for model in CATALOG.models:
        lines = card(model, CATALOG.today, width)
        assert lines[0].startswith(model.name) and any(line.startswith("Sources") for line in lines)
        facts = lines[next(at for at, line in enumerate(lines) if line.startswith("Good at")) :]
        # A word is not cut.
        assert all(len(line) <= width or " " not in line.split("  ")[-1].strip() for line in facts)


def test_several_cards_follow_one_another(command: Runner) -> None:
    lines = command("models", "llama-3.1-405b", "deepseek-v3", "llama-3.1-405b").out.splitlines()
    assert [line.partition(" (")[0] for line in lines if line.endswith(("open weights", "and API"))] == [
        "Llama 3.1 405B",
        "DeepSeek-V3",
    ]
    assert "Whoever runs the open weights sets the price" in lines


def test_the_record_of_one_model(command: Runner) -> None:
    found = json.loads(command("models", "gpt-4o", "--json").out)
    assert [each["id"] for each in found] == ["gpt-4o"]


def test_an_unknown_id_is_answered_with_a_near_one(command: Runner) -> None:
    outcome = command("models", "gpt4o")
    assert (outcome.code, outcome.out) == (2, "")
    assert "did you mean “gpt-4o”?" in outcome.err


@pytest.mark.parametrize("option", [["--search", "x"], ["--fits", "0"], ["--current"], ["--revert"]])
def test_an_id_goes_with_no_condition(command: Runner, option: list[str]) -> None:
    outcome = command("models", "gpt-4o", *option)
    assert outcome.code == 2 and "--json alone" in outcome.err
