"""``tokviz tokenizers``: what can be counted with."""

import json

from tests.cli.conftest import Runner
from tokviz.assets import Assets
from tokviz.tokenization.registry import Registry


def test_the_table_lists_every_tokenizer(command: Runner) -> None:
    outcome = command("tokenizers")
    assert outcome.code == 0
    registry = Registry(Assets())
    names = [line.split(" ", 1)[0] for line in outcome.out.splitlines()[1:]]
    assert names[: len(registry.names())] == list(registry.names())
    assert "200,019" in outcome.out
    assert "Built with Llama." in outcome.out
    for name in registry.estimator_names():
        assert name in outcome.out


def test_json(command: Runner) -> None:
    records = {record["name"]: record for record in json.loads(command("tokenizers", "--json").out)}
    registry = Registry(Assets())
    assert list(records) == [*registry.names(), *registry.estimator_names()]
    assert records["qwen3"]["normalization"] == "NFC"
    assert records["o200k_base"]["normalization"] is None
    assert records["o200k_base"]["provenance"] == "exact"
    assert records["claude-v3"]["provenance"] == "reconstructed"
    assert "not Claude's own" in records["claude-v3"]["note"]
    assert records["estimate"]["provenance"] == "estimate"
    assert set(records["estimate"]["sources"]) <= {*registry.names()}
    assert len(records["o200k_base"]["sha256"]) == 64
