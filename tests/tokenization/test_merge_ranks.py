"""Ranks, merges and scores of tokens are those of the published files."""

import json
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest

from tests.tokenization.user.test_user_files import byte_level, unigram, word_piece
from tokviz.assets import Assets
from tokviz.tokenization.merge_ranks import MergeRank, read_merge_ranks
from tokviz.tokenization.registry import Registry
from tokviz.tokenization.sentencepiece.sentencepiece_model import PieceKind, read_sentencepiece_model
from tokviz.tokenization.tokenizer_info import Kind, read_tokenizer_infos
from tokviz.tokenization.vocabularies import Vocabulary, VocabularyError
from tokviz.worker.jobs import WorkerContext

INFOS = read_tokenizer_infos(Assets())
MISTRAL = Path(str(files("mistral_common"))) / "data"


def test_a_rank_file_has_ranks() -> None:
    assert read_merge_ranks(INFOS["o200k_base"]).of(290) == MergeRank(rank=290)
    assert read_merge_ranks(INFOS["tekken"]).of(1500) == MergeRank(rank=1500 - INFOS["tekken"].first_id)


@pytest.mark.parametrize("name", [name for name, info in INFOS.items() if info.kind is Kind.MERGES])
def test_a_file_of_merges_has_merges(name: str) -> None:
    merge_ranks = read_merge_ranks(INFOS[name])
    model = json.loads(Vocabulary(INFOS[name]).tokenizer_json())["model"]
    for number in (0, 1, 1000, len(model["merges"]) - 1):
        merge = model["merges"][number]
        merge_rank = merge_ranks.of(model["vocab"]["".join(merge)] + INFOS[name].first_id)
        assert merge_rank.merge == number
        assert merge_rank.rank is None and merge_rank.score is None
    assert merge_ranks.of(model["vocab"]["a"] + INFOS[name].first_id) == MergeRank(), "one byte is not merged"
    assert merge_ranks.of(10**7) == MergeRank()


@pytest.mark.parametrize(
    ("name", "model"),
    [("mistral-v3", "mistral_instruct_tokenizer_240323.model.v3")],
)
def test_merges_of_pieces_go_as_the_published_scores_do(name: str, model: str) -> None:
    pieces = read_sentencepiece_model((MISTRAL / model).read_bytes()).pieces
    merge_ranks = read_merge_ranks(INFOS[name])
    numbers = {token_id: merge_ranks.of(token_id).merge for token_id in range(len(pieces))}
    merged = sorted((number, token_id) for token_id, number in numbers.items() if number is not None)
    scores = [pieces[token_id].score for _, token_id in merged]
    assert len(merged) > 20_000 and scores == sorted(scores, reverse=True)
    assert all(merge_ranks.of(771 + byte) == MergeRank() for byte in range(256))


def test_gemmas_longer_words_are_merged_later() -> None:
    tokenizer, merge_ranks = Registry(Assets()).get("gemma"), read_merge_ranks(INFOS["gemma"])
    (the,), (th,) = tokenizer.encode(b"the").ids.tolist(), tokenizer.encode(b"th").ids.tolist()
    first, last = merge_ranks.of(th).merge, merge_ranks.of(the).merge
    assert first is not None and last is not None and first < last


def test_a_users_model_has_its_scores() -> None:
    registry = Registry(Assets())
    path = MISTRAL / "tokenizer.model.v1"
    merge_ranks = read_merge_ranks(registry.info(registry.add_file(path)))
    pieces = read_sentencepiece_model(path.read_bytes()).pieces
    for token_id in (300, 1000, len(pieces) - 1):
        assert pieces[token_id].kind is PieceKind.NORMAL
        assert merge_ranks.of(token_id) == MergeRank(score=float(np.float32(pieces[token_id].score)))
    byte = next(number for number, piece in enumerate(pieces) if piece.kind is PieceKind.BYTE)
    assert merge_ranks.of(byte) == MergeRank()


def test_other_users_files(tmp_path: Path) -> None:
    found = {}
    for maker in (byte_level, word_piece, unigram):
        path = tmp_path / maker.__name__
        made = maker()
        made.save(str(path))
        registry = Registry(Assets())
        merge_ranks = read_merge_ranks(registry.info(registry.add_file(path)))
        found[maker.__name__] = [merge_ranks.of(token_id) for token_id in range(made.get_vocab_size())]
        if maker is unigram:
            scores = [score for _, score in json.loads(path.read_text())["model"]["vocab"]]
            assert found["unigram"] == [MergeRank(score=float(np.float32(score))) for score in scores]
    assert all(merge_rank == MergeRank() for merge_rank in found["word_piece"])
    merges = [merge_rank.merge for merge_rank in found["byte_level"] if merge_rank.merge is not None]
    assert sorted(merges) == list(range(len(merges))) and len(merges) > 500


def test_a_file_that_has_gone_is_named(tmp_path: Path) -> None:
    path = tmp_path / "mine.json"
    byte_level().save(str(path))
    registry = Registry(Assets())
    name = registry.add_file(path)
    path.unlink()
    with pytest.raises(VocabularyError, match=r"mine\.json cannot be read"):
        read_merge_ranks(registry.info(name))


@pytest.mark.parametrize("now", [b"{}", b"\x89PNG", b'{"model": {"vocab": [1]}}', b"["])
def test_a_file_that_has_changed_is_named(tmp_path: Path, now: bytes) -> None:
    path = tmp_path / "mine.json"
    byte_level().save(str(path))
    registry = Registry(Assets())
    name = registry.add_file(path)
    path.write_bytes(now)
    with pytest.raises(VocabularyError, match=r"mine\.json has changed since it was read\."):
        read_merge_ranks(registry.info(name))


def test_a_file_that_was_replaced_says_nothing_of_the_tokens_read_before(tmp_path: Path) -> None:
    path = tmp_path / "mine.json"
    byte_level().save(str(path))
    context = WorkerContext(Assets())
    name = context.registry.add_file(path)
    contents = json.loads(path.read_text())
    contents["model"]["merges"].reverse()
    path.write_text(json.dumps(contents))
    with pytest.raises(VocabularyError, match=r"mine\.json has changed since it was read\."):
        context.merge_ranks(name)
    context.registry.add_file(path)
    assert context.merge_ranks(name)
