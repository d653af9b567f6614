"""The command line and the window count the same tree alike: the same metrics, model by model."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from tests.cli.conftest import Runner
from tests.cli.conftest import command as command  # a fixture
from tokviz.analysis.codebase.scan import CountedBatch
from tokviz.analysis.codebase.token_tree import TokenTree
from tokviz.analysis.codebase.tree_counts import selection_counts
from tokviz.analysis.count_plan import CountPlan
from tokviz.analysis.evaluation import Evaluation, evaluate
from tokviz.assets import Assets
from tokviz.catalog.catalog import Catalog
from tokviz.documents.decoding import FOUND_OUT
from tokviz.documents.tree.walking import WalkOptions
from tokviz.tokens import Count
from tokviz.worker.codebase_counting import CountFiles
from tokviz.worker.codebase_finding import FindFiles, FoundTree
from tokviz.worker.codebase_writing import MetricsFormat, write_metrics
from tokviz.worker.jobs import CountChunk, CountPassages, Job, Reporter, WorkerContext

TEXTS = {
    "README.md": "# Grüße, 世界 🎉\n\nSome text, مرحبا.\n" * 20,
    "src/share.py": "def share(count, total=12345):\n    return count / total\n" * 30,
    "src/deep/data.csv": "1,22,333\n4444,55555,666666\n" * 40,
    "empty.txt": "",
}
RESERVE = 3000


@pytest.fixture(scope="module")
def context() -> WorkerContext:
    return WorkerContext(Assets())


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for path, text in TEXTS.items():
        (tmp_path / "project" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "project" / path).write_text(text, encoding="utf-8")
    return tmp_path / "project"


def perform(job: Job, context: WorkerContext) -> tuple[object, list[object]]:
    """What a job returns and what it reports, here and without a process."""
    reported: list[object] = []
    return job.perform(context, Reporter(reported.append, lambda: True)), reported


def counted_tree(folder: Path, plan: CountPlan, context: WorkerContext) -> TokenTree:
    """The tree as the codebase page has it when a scan is over."""
    found, _ = perform(FindFiles((folder,), WalkOptions(), plan.columns), context)
    assert isinstance(found, FoundTree)
    shape = found.tree.shape
    files = tuple((number, shape.path(int(node)), 0) for number, node in enumerate(shape.file_nodes))
    _, batches = perform(CountFiles(folder, files, plan, FOUND_OUT, 1 << 20), context)
    return found.tree.with_counts(batch for batch in batches if isinstance(batch, CountedBatch))


def model_record(found: Evaluation) -> dict[str, object]:
    """What ``tokviz count --json`` says of one model, of the window's own evaluation."""
    return {
        "id": found.model.id,
        "tokens": found.count.tokens,
        "low": found.count.low,
        "high": found.count.high,
        "provenance": found.count.provenance,
        "reserve": found.fit.reserve,
        "share": found.fit.share,
        "left": found.fit.left,
        "fits": found.fit.fits,
        "input_cost_usd": float(found.sending.likely) if found.sending else None,
        "total_cost_usd": float(found.answering.likely) if found.answering else None,
    }


def test_a_tree_counts_the_same_in_the_window_and_on_the_command_line(
    command: Runner, context: WorkerContext, project: Path, tmp_path: Path
) -> None:
    outcome = command("count", str(project), "--json", "--all-models", "--reserve", str(RESERVE))
    assert outcome.code == 0, outcome.err
    answer = json.loads(outcome.out)
    models = Catalog(Assets()).models
    plan = CountPlan(tuple(each["tokenizer"] for each in answer["counts"]))
    assert {model.tokenizer for model in models} <= set(plan.names)
    tree = counted_tree(project, plan, context)
    counts = selection_counts(tree, plan)
    assert {
        each["tokenizer"]: Count(each["tokens"], each["provenance"], each["low"], each["high"])
        for each in answer["counts"]
    } == counts
    rows = [model_record(evaluate(model, counts[model.tokenizer], RESERVE)) for model in models]
    assert [{key: row[key] for key in rows[0]} for row in answer["models"]] == rows
    # The exports of the window say the same of every file.
    target = tmp_path / "figures.json"
    perform(write_metrics(target, tree, plan, MetricsFormat.JSON), context)
    exported = {row["path"]: list(row["tokens"].values()) for row in json.loads(target.read_text("utf-8"))}
    assert len(answer["paths"]) == len(TEXTS)
    for record in answer["paths"]:
        assert list(record["tokens"].values()) == exported[str(Path(record["path"]).relative_to(project))]


def test_one_file_counts_the_same_on_the_text_page(
    command: Runner, context: WorkerContext, project: Path
) -> None:
    path = "README.md"
    shutil.copy(project / path, project.parent / path)
    answer = json.loads(command("count", str(project.parent / path), "--json", "--all-models").out)
    plan = CountPlan(tuple(each["tokenizer"] for each in answer["counts"]))
    text = TEXTS[path].encode()
    metrics, _ = perform(CountChunk(plan.names, text, opens=True), context)
    assert isinstance(metrics, dict)
    for each in answer["counts"]:
        name = each["tokenizer"]
        expected = Count(each["tokens"], each["provenance"], each["low"], each["high"])
        assert plan.decoders[name].count(np.asarray(metrics[name])) == expected
        assert perform(CountPassages(name, (text,)), context)[0] == (expected,)
