"""Images of a folder: counted by formula where that is asked for, in every figure of the chosen model."""

import json
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from tests.cli.conftest import Runner
from tests.cli.conftest import command as command  # a fixture
from tests.documents.test_image_size import png
from tests.ui.codebase.conftest import add, finish
from tests.ui.hosts import worker_context
from tokviz.analysis.codebase.tree_shape import TOP
from tokviz.analysis.evaluation import evaluate
from tokviz.assets import Assets
from tokviz.catalog.catalog import Catalog
from tokviz.catalog.model import LanguageModel
from tokviz.tokens import Provenance
from tokviz.ui.codebase import cells
from tokviz.ui.codebase.options import FileChoices
from tokviz.ui.codebase.page import CodebasePage
from tokviz.ui.codebase.tree_metrics import Column
from tokviz.ui.codebase.types_model import type_rows
from tokviz.ui.common.page import model_key
from tokviz.ui.common.settings import Settings
from tokviz.ui.common.theme import Theme
from tokviz.ui.common.worker_client import Worker
from tokviz.worker.codebase_images import CountImages
from tokviz.worker.codebase_writing import MetricsFormat
from tokviz.worker.jobs import Reporter


@pytest.fixture(scope="module")
def some_models() -> list[LanguageModel]:
    known = {model.id: model for model in Catalog(Assets()).models}
    cl100k = [model for model in known.values() if model.tokenizer == "cl100k_base"]
    others = [model for model in known.values() if model.tokenizer == "estimate"][:3]
    return [*cl100k, *others, known["gpt-3"]]


@pytest.fixture
def pictured(folder: Path) -> Path:
    """The small codebase with images: two in a folder of their own, one beside a text, one broken."""
    (folder / "shots").mkdir()
    (folder / "shots" / "a.png").write_bytes(png(1024, 1024))
    (folder / "shots" / "b.png").write_bytes(png(200, 200))
    (folder / "docs" / "c.png").write_bytes(png(640, 480))
    (folder / "broken.png").write_bytes(png(5, 5)[:20])
    return folder


@pytest.fixture
def image_page(
    worker: Worker,
    some_models: list[LanguageModel],
    settings: Settings,
    theme: Theme,
    pictured: Path,
    qtbot: QtBot,
) -> CodebasePage:
    """The page with the folder open, images counted, and a model chosen that has a formula."""
    settings.set("codebase/images", True)
    settings.set("codebase/model", with_formula(some_models).id)
    page = CodebasePage(worker, ["cl100k_base", "estimate", "r50k_base"], some_models, settings, theme)
    add(page, worker, qtbot)
    page.resize(1000, 700)
    page.show()
    page.open_paths([pictured])
    wait_for_images(page, qtbot)
    return page


def with_formula(models: list[LanguageModel]) -> LanguageModel:
    return next(one for one in models if one.tokenizer == "cl100k_base" and one.id.startswith("gpt-4"))


def wait_for_images(page: CodebasePage, qtbot: QtBot) -> None:
    finish(page, qtbot)
    qtbot.waitUntil(lambda: not page.codebase.measuring_images, timeout=10_000)


def node_of(page: CodebasePage, path: str) -> int:
    assert page.codebase.tree is not None
    shape = page.codebase.tree.shape
    return next(node for node in range(1, len(shape)) if shape.path(node) == path)


def test_another_folder_is_shown_by_a_model_that_is_chosen_while_it_is_looked_through(
    image_page: CodebasePage, tmp_path: Path, qtbot: QtBot
) -> None:
    """Its tokenizer does not count yet, so the scan begins anew as soon as the files are known, before any
    row of them is shown. That the first scan has ended must show no figure of files that have no row."""
    other = tmp_path / "other"
    other.mkdir()
    for number in range(30):
        (other / f"{number}.py").write_text(f"print({number})\n")
    codebase, workspace = image_page.codebase, image_page.workspace
    codebase.open([other], codebase.options, ["cl100k_base"])
    workspace.choose_model("gpt-3")
    finish(image_page, qtbot)
    assert workspace.model.rowCount(workspace.model.index(0, 0)) == 30
    assert workspace.metrics is not None and workspace.metrics.decoder.name == "r50k_base"


def test_the_worker_counts_what_is_an_image(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(png(1024, 1024))
    (tmp_path / "b.png").write_bytes(b"no image")
    gpt = next(model for model in Catalog(Assets()).models if model.id == "gpt-4o")
    job = CountImages((tmp_path / "a.png", tmp_path / "b.png", tmp_path / "gone"))
    found = job.perform(worker_context(), Reporter(lambda _: None, lambda: True))
    assert [size is not None for size in found.sizes] == [True, False, False]
    tokens = found.counts.by_image(gpt)
    assert tokens is not None and tokens.tolist() == [765]


def test_the_toggle_asks_for_no_other_scan(tmp_path: Path, qtbot: QtBot) -> None:
    settings = Settings(QSettings(str(tmp_path / "s.ini"), QSettings.Format.IniFormat))
    window = QWidget()
    qtbot.addWidget(window)
    choices = FileChoices(settings, window)
    was_on, options = choices.images, choices.options
    assert not was_on
    scans: list[None] = []
    choices.changed.connect(lambda: scans.append(None))
    action = next(each for each in choices.menu.actions() if "Images" in each.text().replace("&", ""))
    with qtbot.waitSignal(choices.images_changed):
        action.trigger()
    assert scans == []
    assert choices.options == options
    assert FileChoices(settings, window).images


def test_window_and_command_line_count_the_same_tree_alike(
    image_page: CodebasePage, command: Runner, pictured: Path, some_models: list[LanguageModel]
) -> None:
    asked = [option for model in some_models for option in ("--model", model.id)]
    outcome = command("count", str(pictured), "--images", "--json", *asked)
    assert outcome.code == 0, outcome.err
    answer = json.loads(outcome.out)
    assert len(answer["images"]) == 3
    counts = image_page.counts()
    found = {}
    for model in some_models:
        count = counts.get(model_key(model.id), counts[model.tokenizer])
        row = evaluate(model, count)
        found[model.id] = [
            row.count.tokens, row.count.low, row.count.high, row.count.provenance, row.fit.share, row.fit.left
        ]  # fmt: skip
    keys = ("tokens", "low", "high", "provenance", "share", "left")
    assert found == {row["id"]: [row[key] for key in keys] for row in answer["models"]}
    assert {row["provenance"] for row in answer["models"]} >= {"by formula", "exact"}
    for model in some_models:
        image_page.workspace.choose_model(model.id)
        metrics = image_page.workspace.metrics
        assert metrics is not None
        fit = metrics.of(TOP).fit
        assert fit is not None and fit.count.tokens == found[model.id][0], model.id


def test_images_are_in_tree_treemap_types_and_sums(image_page: CodebasePage) -> None:
    metrics = image_page.workspace.metrics
    assert metrics is not None and metrics.model is not None
    top, shots = metrics.of(TOP), metrics.of(node_of(image_page, "shots"))
    picture = metrics.of(node_of(image_page, "shots/a.png"))
    assert picture.tokens.provenance is Provenance.FORMULA
    assert picture.tokens.tokens == 765
    assert shots.tokens.tokens == 765 + 255
    assert top.tokens.provenance is Provenance.FORMULA
    assert top.tokens.tokens == top.of_text + top.of_images
    nodes = metrics.node_tokens
    assert nodes[node_of(image_page, "shots")] == 765 + 255
    assert nodes[TOP] == top.tokens.tokens
    rows = type_rows(metrics)
    assert sum(row.tokens.tokens for row in rows) == top.tokens.tokens
    broken = metrics.of(node_of(image_page, "broken.png"))
    assert broken.left_out and not broken.tokens.tokens
    assert {entry.what.path for entry in image_page.codebase.left_out.entries()} >= {"broken.png"}
    assert not {entry.what.path for entry in image_page.codebase.left_out.entries()} & {"shots/a.png"}
    assert "(3 images by formula)" in image_page.status


def test_each_figure_says_that_it_is_by_formula(image_page: CodebasePage) -> None:
    metrics = image_page.workspace.metrics
    assert metrics is not None and metrics.model is not None
    name, node = metrics.model.name, node_of(image_page, "shots/a.png")
    assert f"Tokens: 765 (by the formula of {name})" in cells.tooltip(metrics, node)
    assert "1,024 × 1,024 pixels (PNG)" in cells.tooltip(metrics, node)
    assert cells.cell(metrics, node, Column.BYTES) == cells.cell(metrics, node, Column.DENSITY) == ""
    docs = cells.tooltip(metrics, node_of(image_page, "docs"))
    assert "text exact, by cl100k_base; images by formula" in docs
    assert f"Of these, 425 of images by the formula of {name}" in docs
    assert f"425 of images by the formula of {name}" in cells.summary(metrics, node_of(image_page, "docs"))
    assert image_page.image_row.text.startswith(f"3 images by formula, in all figures; tokens: {name} 1,445")


def test_a_model_without_a_formula_has_none_and_says_so(image_page: CodebasePage) -> None:
    image_page.workspace.choose_model("gpt-3")
    metrics = image_page.workspace.metrics
    assert metrics is not None
    assert metrics.of(TOP).tokens.provenance is Provenance.EXACT
    assert metrics.of(node_of(image_page, "shots/a.png")).left_out
    assert "unknown to GPT-3 (davinci)" in image_page.image_row.text


def test_another_tokenizers_tokens_have_no_images_but_the_window_has(image_page: CodebasePage) -> None:
    image_page.workspace.toolbar.choose_tokenizer("r50k_base")
    image_page.workspace.show_metrics()
    metrics = image_page.workspace.metrics
    assert metrics is not None and metrics.decoder.name == "r50k_base"
    top = metrics.of(TOP)
    assert top.tokens.provenance is Provenance.EXACT and top.fit is not None
    assert top.fit.count.provenance is Provenance.FORMULA
    assert "not in the tokens by r50k_base" in image_page.image_row.text


def test_exported_figures_have_a_column_of_images(
    image_page: CodebasePage, tmp_path: Path, qtbot: QtBot
) -> None:
    target = tmp_path / "figures.json"
    with qtbot.waitSignal(image_page.exports.information, timeout=10_000):
        image_page.exports.write_metrics(target, MetricsFormat.JSON)
    metrics = image_page.workspace.metrics
    assert metrics is not None and metrics.model is not None
    rows = {row["path"]: row for row in json.loads(target.read_text())}
    title = f"{metrics.model.name}, images by formula"
    assert rows["shots/a.png"]["tokens"][title] == 765
    assert rows["shots"]["tokens"][title] == 765 + 255
    assert rows["shots/a.png"]["included"] == "yes" and rows["broken.png"]["included"] == "no"


def test_taken_out_images_count_for_nothing(image_page: CodebasePage) -> None:
    before = image_page.workspace.metrics
    assert before is not None
    image_page.codebase.set_nodes_included([node_of(image_page, "shots")], False)
    metrics = image_page.workspace.metrics
    assert metrics is not None and metrics.model is not None
    assert metrics.of(TOP).of_images == 425
    key = model_key(metrics.model.id)
    assert image_page.counts()[key].tokens == metrics.of(TOP).tokens.tokens
    assert image_page.image_row.text.startswith("1 image by formula")


def test_the_plan_leaves_images_out_as_the_command_line_does(
    image_page: CodebasePage, command: Runner, pictured: Path, qtbot: QtBot
) -> None:
    for number in range(180):
        (pictured / "shots" / f"{number}.png").write_bytes(png(4000, 4000))
    image_page.codebase.rescan(image_page.choices.options)
    wait_for_images(image_page, qtbot)
    metrics, plan = image_page.workspace.metrics, image_page.workspace.plan
    assert metrics is not None and metrics.model is not None
    qtbot.waitUntil(lambda: plan.planned, timeout=10_000)
    arguments = ("--images", "--json", "--fits", metrics.model.id)
    told = json.loads(command("count", str(pictured), *arguments).out)["plan"]
    shape = metrics.tree.shape
    steps = [
        [step.suggestion.kind.value, sorted(step.suggestion.lines(shape)), step.suggestion.saves]
        for step in plan.steps
    ]
    # docs/c.png is named by itself: what lies beside it is a text
    assert [step["provenance"] for step in told] == ["by formula"] * 2
    kind, names, saved = told[0]["kind"], sorted(step["path"] for step in told), [s["tokens"] for s in told]
    assert steps == [[kind, names, sum(saved)]]
    after = plan.fit_after()
    assert after is not None and after.fits
    plan.apply_plan()
    metrics = image_page.workspace.metrics
    assert metrics is not None and metrics.of(TOP).of_images == 0
    assert metrics.of(TOP).tokens.provenance is Provenance.EXACT
    assert set(names) <= set(plan.lines(0))
    assert any(line.startswith("# images by formula, ") for line in plan.lines(0))
    assert image_page.image_row.isHidden() and "by formula" not in image_page.status
    plan.restore_all()
    assert image_page.workspace.metrics is not None
    assert image_page.workspace.metrics.of(TOP).of_images == sum(saved)


def test_after_a_rescan_images_are_still_counted(
    image_page: CodebasePage, pictured: Path, qtbot: QtBot
) -> None:
    (pictured / "shots" / "a.png").write_bytes(png(200, 200))
    (pictured / "new.png").write_bytes(png(200, 200))
    (pictured / "aaa.txt").write_text("moves every number")
    image_page.codebase.rescan(image_page.choices.options)
    wait_for_images(image_page, qtbot)
    metrics = image_page.workspace.metrics
    assert metrics is not None and metrics.images is not None
    assert metrics.of(TOP).of_images == 3 * 255 + 425
    assert np.unique(metrics.images.numbers).size == 4


def test_the_toggle_takes_them_back(image_page: CodebasePage) -> None:
    menu = image_page.choices.menu
    action = next(each for each in menu.actions() if "Images" in each.text().replace("&", ""))
    action.trigger()
    metrics = image_page.workspace.metrics
    assert metrics is not None
    assert metrics.of(TOP).tokens.provenance is Provenance.EXACT
    assert image_page.image_row.isHidden()
    assert all(not name.startswith("model ") for name in image_page.counts())
