"""``tokviz cost``: what a habit costs, on the command line."""

import csv
import io
import json
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings
from pytestqt.qtbot import QtBot

from tests.cli.conftest import Runner
from tokviz.assets import Assets
from tokviz.catalog.caching import CachingRules
from tokviz.catalog.catalog import Catalog
from tokviz.tokens import Count, Provenance
from tokviz.ui.common.settings import Settings
from tokviz.ui.common.theme import Themes
from tokviz.ui.models.panel import ModelsPanel
from tokviz.ui.models.planner_dialog import PlannerDialog


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "a.txt"
    path.write_text("word " * 2_000)
    return path


def test_models_stand_side_by_side(command: Runner, file: Path) -> None:
    outcome = command(
        "cost",
        str(file),
        "--model",
        "gpt-4o",
        "--model",
        "gpt-4o-mini",
        "--calls",
        "1,000",
        "--answer",
        "500",
    )
    assert (outcome.code, outcome.err) == (0, "")
    assert "1,000 calls a day, each with the text and an answer of 500 tokens." in outcome.out
    assert "Cheapest that fits: GPT-4o mini." in outcome.out
    assert "Prices in US dollars as of" in outcome.out


def test_cached_and_batch_make_it_cheaper_in_every_form(command: Runner, file: Path) -> None:
    base = ["cost", str(file), "--model", "gpt-4o", "--calls", "10"]

    def day(*options: str) -> float:
        record = json.loads(command(*base, *options, "--json").out)
        return float(record["models"][0]["per_day"]["likely"])

    assert day("--batch") < day("--cached", "80%") < day("--cached", "60%") < day() == day("--cached", "50%")
    (row,) = csv.DictReader(io.StringIO(command(*base, "--csv").out))
    assert float(row["per_day"]) == day()
    assert command(*base, "--markdown").out.startswith("| Model |")
    assert "80 % of it cached: written once a day" in command(*base, "--cached", "80%").out


def test_standard_input_is_reckoned_too(command: Runner) -> None:
    outcome = command("cost", "-", "--model", "gpt-4o", "--json", piped=b"hello world")
    assert json.loads(outcome.out)["models"][0]["tokens"] == 2


def test_several_models_may_be_named_with_commas_between(command: Runner, file: Path) -> None:
    outcome = command(
        "cost", str(file), "--model", "gpt-4o, o3,,claude-opus-4", "--model", "gpt-4o", "--json"
    )
    found = [model["id"] for model in json.loads(outcome.out)["models"]]
    assert sorted(found) == ["claude-opus-4", "gpt-4o", "o3"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "Name a model with --model ID"),
        (["--model", ","], "There is no model “,”. `tokviz models` lists them."),
        (["--model", "gpt-4o,foo"], "There is no model “foo”. `tokviz models` lists them."),
        (["--model", "nova-pro"], "There is no model “nova-pro”; did you mean “amazon.nova-pro-v1:0”?"),
        (["--model", "gpt4o"], "There is no model “gpt4o”; did you mean “gpt-4o”?"),
        (["--model", "gpt-4o", "--cached", "120%"], "“120%” is no percentage from 0 to 100"),
        (["--model", "gpt-4o", "--cached", "x"], "“x” is no number of tokens"),
        (["--model", "gpt-4o", "--calls", "x"], "“x” is no number\n"),
        (["--model", "gpt-4o", "--calls", "-1"], "it cannot be negative, as -1 is"),
        (["--model", "gpt-4o", "--calls", "0"], "--calls takes at least 1"),
    ],
)
def test_what_is_asked_for_wrongly_is_said(
    arguments: list[str], said: str, command: Runner, file: Path
) -> None:
    outcome = command("cost", str(file), *arguments)
    assert outcome.code == 2 and said in outcome.err


def test_a_tier_ahead_is_told(command: Runner, tmp_path: Path) -> None:
    path = tmp_path / "long.txt"
    path.write_text(" a" * 270_200)
    outcome = command("cost", str(path), "--model", "gpt-6.1-sol")
    assert "more and the whole request" in outcome.out


def test_the_windows_planner_has_the_same_figures(command: Runner, tmp_path: Path, qtbot: QtBot) -> None:
    ids = ("gpt-4o", "gpt-4o-mini", "claude-opus-5.5", "grok-4.7", "mai-1", "deepseek-v4-pro")
    file = tmp_path / "a.txt"
    file.write_text("word " * 3_000)
    told = [part for model_id in ids for part in ("--model", model_id)]
    options = ("--calls", "250", "--answer", "700", "--cached", "60%", "--batch")
    counted = json.loads(command("cost", str(file), *told, *options, "--json").out)
    models = Catalog(Assets()).models
    settings = Settings(QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat))
    panel = ModelsPanel(models, settings, Themes(Assets()).load("light"))
    qtbot.addWidget(panel)
    planner = PlannerDialog(panel, lambda: "Text: a.txt", settings, CachingRules(Assets()), panel)
    tokenizers = {model.id: model.tokenizer for model in models}
    panel.set_counts(
        {
            tokenizers[row["id"]]: Count(
                row["tokens"], Provenance(row["provenance"]), row["low"], row["high"]
            )
            for row in counted["models"]
        }
    )
    inputs = planner.inputs
    for field, value in ((inputs.calls, 250), (inputs.answer, 700), (inputs.cached, 60)):
        field.setValue(value)
    inputs.batch.setChecked(True)
    planner.chooser.choose(ids)
    planner.reckon()
    shown = json.loads(planner.text("json"))
    of_command = {row["id"]: row for row in counted.pop("models")}
    assert {row["id"]: row for row in shown.pop("models")} == of_command
    assert len(of_command) == len(ids)
    del counted["files"]
    assert shown == counted
