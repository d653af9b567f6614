"""A user's SentencePiece and tekken files, dropout, and what a library cannot do with a text."""

import hashlib
import io
import json
import os
from base64 import b64encode
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import sentencepiece
import tokenizers
from hypothesis import HealthCheck, given, settings
from mistral_common.tokens.tokenizers.tekken import Tekkenizer
from tokenizers import models, pre_tokenizers

from tests.tokenization.texts import TEXTS, texts
from tests.tokenization.user.test_user_files import byte_level, word_piece
from tokviz.assets import Assets
from tokviz.tokenization import engine
from tokviz.tokenization.engine import TextRefusedError
from tokviz.tokenization.registry import Registry
from tokviz.tokenization.tokenizer import SpecialTokens, Tokenizer
from tokviz.tokenization.user.user_file import UserFileError
from tokviz.tokens import Provenance

CORPUS = [line for text in TEXTS.values() for line in text.splitlines() if 0 < len(line) < 1000] * 3
KINDS: dict[str, dict[str, Any]] = {
    "unigram": {"model_type": "unigram", "vocab_size": 1000},
    "unigram with bytes": {"model_type": "unigram", "vocab_size": 1500, "byte_fallback": True},
    "char": {"model_type": "char", "vocab_size": 300},
    "word": {"model_type": "word", "vocab_size": 60},
    "bpe that rewrites": {"model_type": "bpe", "vocab_size": 1500, "byte_fallback": True},
    "bpe without bytes": {
        "model_type": "bpe",
        "vocab_size": 1000,
        "normalization_rule_name": "identity",
        "remove_extra_whitespaces": False,
    },
    "marks in user-defined pieces": {
        "model_type": "bpe",
        "vocab_size": 1500,
        "byte_fallback": True,
        "normalization_rule_name": "identity",
        "remove_extra_whitespaces": False,
        "user_defined_symbols": ["▁foo", "x▁▁y", "<sep>"],
    },
}


@pytest.fixture(scope="module", params=KINDS, ids=lambda kind: kind.replace(" ", "-"))
def model_file(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SentencePiece model, trained here."""
    made = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(CORPUS),
        model_writer=made,
        hard_vocab_limit=False,
        minloglevel=2,
        character_coverage=0.98,
        **KINDS[request.param],
    )
    path = tmp_path_factory.mktemp("models") / "own.model"
    path.write_bytes(made.getvalue())
    return path


LOADED: dict[Path, tuple[Tokenizer, sentencepiece.SentencePieceProcessor]] = {}


def loaded(path: Path) -> tuple[Tokenizer, sentencepiece.SentencePieceProcessor]:
    if path not in LOADED:
        registry = Registry(Assets())
        processor = sentencepiece.SentencePieceProcessor(model_file=str(path))
        LOADED[path] = registry.get(registry.add_file(path)), processor
    return LOADED[path]


def check(tokenizer: Tokenizer, text: str, expected: list[int]) -> None:
    data = text.encode()
    found = tokenizer.encode(data)
    assert found.ids.tolist() == expected
    assert tokenizer.count(data) == len(expected)
    assert np.all(np.diff(found.ends) >= 0)
    assert not len(found) or found.ends[-1] == len(data)
    for token_id in set(expected):
        tokenizer.token_bytes(token_id)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=texts(["▁foo", " foo", "x  y", "<sep>", "</s>", "<0x41>"]))
def test_a_sentencepiece_model_of_any_kind_cuts_as_its_library_does(model_file: Path, text: str) -> None:
    tokenizer, processor = loaded(model_file)
    check(tokenizer, text, processor.encode(text))


def test_tokens_stand_where_the_library_says(model_file: Path) -> None:
    tokenizer, processor = loaded(model_file)
    text = "Größe  naïve x𒀀y 日本 foo\n"
    data = text.encode()
    found = tokenizer.encode(data)
    starts = [0, *found.ends.tolist()]
    for token_id, start, end in zip(found.ids.tolist(), starts, found.ends.tolist(), strict=False):
        if processor.is_byte(token_id):
            assert data[start:end] == tokenizer.token_bytes(token_id)
    assert sum(np.diff(starts)) == len(data)


def test_a_rewriting_model_says_so(tmp_path: Path) -> None:
    made = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(CORPUS),
        model_writer=made,
        vocab_size=1200,
        minloglevel=2,
        hard_vocab_limit=False,
    )
    path = tmp_path / "x.model"
    path.write_bytes(made.getvalue())
    registry = Registry(Assets())
    info = registry.info(registry.add_file(path))
    assert info.note == "It rewrites characters or spaces before it cuts the text."
    assert info.provenance is Provenance.EXACT


def tekken(**more: object) -> dict[str, object]:
    tokens = [bytes([byte]) for byte in range(256)] + [b"he", b"hel", b"lo", b"hello", b" hello"]
    listed = [
        {"rank": i, "token_bytes": b64encode(t).decode(), "token_str": None} for i, t in enumerate(tokens)
    ]
    config = {
        "pattern": r"[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s+(?!\S)|\s+",
        "num_vocab_tokens": len(tokens),
        "default_vocab_size": len(tokens) + 4,
        "default_num_special_tokens": 4,
        "version": "v7",
    }
    special = [
        {"rank": i, "token_str": text, "is_control": True}
        for i, text in enumerate(["<unk>", "<s>", "</s>", "[X]"])
    ]
    return {"config": config, "vocab": listed, "special_tokens": special} | more


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=texts(["hello", "[X]", " hello"]))
def test_a_tekken_file_cuts_as_mistrals_library_does(tmp_path: Path, text: str) -> None:
    path = tmp_path / "tekken.json"
    if not path.exists():
        path.write_text(json.dumps(tekken()))
        registry = Registry(Assets())
        TEKKEN[path] = registry.get(registry.add_file(path)), Tekkenizer.from_file(str(path))
    tokenizer, reference = TEKKEN[path]
    check(tokenizer, text, reference.encode(text, bos=False, eos=False))


TEKKEN: dict[Path, tuple[Tokenizer, Tekkenizer]] = {}


def test_a_tekken_files_special_tokens_are_parsed(tmp_path: Path) -> None:
    path = tmp_path / "tekken.json"
    path.write_text(json.dumps(tekken()))
    registry = Registry(Assets())
    name = registry.add_file(path)
    assert registry.get(name, SpecialTokens.PARSED).encode(b"[X]").ids.tolist() == [3]
    assert registry.get(name, SpecialTokens.FRAMED).encode(b"[X]").ids.tolist() == [1, 3]
    assert registry.info(name).provenance is Provenance.EXACT


def test_an_older_tekken_file_of_mistrals_is_fast_and_right() -> None:
    path = Path(str(files("mistral_common"))) / "data" / "tekken_240718.json"
    registry = Registry(Assets())
    tokenizer = registry.get(registry.add_file(path))
    reference = Tekkenizer.from_file(str(path))
    assert tokenizer.engine == "gigatoken"
    for text in TEXTS.values():
        if len(text) < 5000:
            check(tokenizer, text, reference.encode(text, bos=False, eos=False))


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"vocab": []}, "it lacks some of the 256 single bytes"),
        ({"vocab": [{"rank": 3, "token_bytes": "AA=="}]}, "its ranks are not 0, 1, 2 and so on"),
        ({"config": {"default_num_special_tokens": 5, "default_vocab_size": 4}}, "how many tokens it has"),
        ({"config": {"default_num_special_tokens": 0}}, "it lacks 'default_vocab_size'"),
    ],
)
def test_a_malformed_tekken_file_is_refused(tmp_path: Path, more: dict[str, object], reason: str) -> None:
    path = tmp_path / "tekken.json"
    path.write_text(json.dumps(tekken(**more)))
    with pytest.raises(UserFileError, match=reason):
        Registry(Assets()).add_file(path)


def with_dropout(made: tokenizers.Tokenizer) -> str:
    contents = json.loads(made.to_str())
    contents["model"]["dropout"] = 0.5
    return json.dumps(contents)


def unusual() -> tokenizers.Tokenizer:
    made = byte_level()
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=True)
    return made


@pytest.mark.parametrize("maker", [byte_level, unusual])
def test_dropout_is_switched_off_and_said(tmp_path: Path, maker: object) -> None:
    made = maker()  # type: ignore[operator]
    path = tmp_path / "tokenizer.json"
    path.write_text(with_dropout(made))
    registry = Registry(Assets())
    name = registry.add_file(path)
    text = "the quick brown fox jumps over the lazy dog. " * 20
    expected = made.encode(text, add_special_tokens=False).ids
    for _ in range(3):
        assert registry.get(name).encode(text.encode()).ids.tolist() == expected
        assert registry.get(name).count(text.encode()) == len(expected)
    assert "Its dropout (0.5) is switched off" in registry.info(name).note


def test_a_pipe_or_a_folder_is_no_tokenizer(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.json"
    os.mkfifo(pipe)
    with pytest.raises(UserFileError, match=r"pipe\.json cannot be read \(it is no regular file\)"):
        Registry(Assets()).add_file(pipe)
    with pytest.raises(UserFileError, match="cannot be read"):
        Registry(Assets()).add_file(tmp_path)
    with pytest.raises(UserFileError, match="it is no regular file"):
        Registry(Assets()).add_file(Path("/dev/zero"))


def test_a_text_that_is_too_large_for_a_library_is_refused_before_it_starts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "words.json"
    word_piece().save(str(path))
    registry = Registry(Assets())
    tokenizer = registry.get(registry.add_file(path))
    monkeypatch.setattr(engine, "MOST_AT_ONCE", 1 << 20)
    assert tokenizer.count(b"x " * 1000) > 0
    large = b"word " * (1 << 18)
    for use in (tokenizer.encode, tokenizer.count):
        with pytest.raises(
            TextRefusedError, match=r"words\.json takes a text only as a whole, of at most 1 MB"
        ):
            use(large)
    small = [b"word " * 1000] * 400
    assert tokenizer.count_many(small).tolist() == [tokenizer.count(small[0])] * 400


def test_a_pattern_that_backtracks_settles_with_a_sentence(tmp_path: Path) -> None:
    vocabulary = {letter: i for i, letter in enumerate(sorted(pre_tokenizers.ByteLevel.alphabet()))}
    made = tokenizers.Tokenizer(models.BPE(vocabulary, []))
    split = pre_tokenizers.Split(tokenizers.Regex("(a+)+$"), "isolated")
    level = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    made.pre_tokenizer = pre_tokenizers.Sequence([split, level])
    path = tmp_path / "slow.json"
    made.save(str(path))
    registry = Registry(Assets())
    tokenizer = registry.get(registry.add_file(path))
    assert len(tokenizer.encode(b"aab")) == 3
    with pytest.raises(
        TextRefusedError, match=r"slow\.json cannot tokenize this text: its split pattern goes"
    ):
        tokenizer.encode(b"a" * 60 + b"b")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"model": {"type": "Magic", "vocab": {"a": 0}, "merges": []}}, "its model is of no kind"),
        ({"pre_tokenizer": {"type": "Magic"}}, "its pre-tokenizer is of no kind"),
        ({"normalizer": {"type": "Magic"}}, "its normalizer is of no kind"),
    ],
)
def test_an_unknown_part_is_named_in_plain_words(
    tmp_path: Path, change: dict[str, object], said: str
) -> None:
    path = tmp_path / "tokenizer.json"
    path.write_text(json.dumps(json.loads(byte_level().to_str()) | change))
    registry = Registry(Assets())
    with pytest.raises(Exception, match=said) as caught:
        registry.get(registry.add_file(path))
    assert "untagged" not in str(caught.value) and "enum" not in str(caught.value)


def test_a_well_known_rank_file_is_exact(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from tokviz.tokenization.user import user_files

    ranks = b"".join(b"%s %d\n" % (b64encode(bytes([byte])), byte) for byte in range(256))
    path = tmp_path / "p50k.tiktoken"
    path.write_bytes(ranks)
    registry = Registry(Assets())
    assert registry.info(registry.add_file(path)).provenance is Provenance.ASSUMED
    digest = hashlib.sha256(ranks).hexdigest()
    monkeypatch.setattr(user_files, "_KNOWN_RANK_FILES", {digest: "r50k_base"})
    info = registry.info(registry.add_file(path))
    assert info.provenance is Provenance.EXACT and not info.note
