"""A user's own tokenizer files: what is accepted, how it cuts, what is refused and why."""

import base64
import json
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

import pytest
import tokenizers
from hypothesis import HealthCheck, given, settings
from tokenizers import decoders, models, normalizers, pre_tokenizers, processors, trainers

from tests.tokenization.texts import TEXTS, texts
from tokviz.assets import Assets
from tokviz.tokenization.registry import Registry
from tokviz.tokenization.tokenizer import SpecialTokens
from tokviz.tokenization.user.user_file import UserFileError
from tokviz.tokenization.vocabularies import VocabularyError

CORPUS = [text for text in TEXTS.values() if text] * 3


def byte_level(pattern: str = "", **settings: object) -> tokenizers.Tokenizer:
    """A small byte-level BPE tokenizer, trained here."""
    tokenizer = tokenizers.Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    if pattern:
        split = pre_tokenizers.Split(tokenizers.Regex(pattern), "isolated")
        level = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
        tokenizer.pre_tokenizer = pre_tokenizers.Sequence([split, level])
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=1000,
        special_tokens=["<|start|>", "<|end|>"],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(CORPUS, trainer)
    for name, value in settings.items():
        setattr(tokenizer, name, value)
    return tokenizer


def framed_byte_level() -> tokenizers.Tokenizer:
    template = processors.TemplateProcessing(
        single="<|start|> $A <|end|>", special_tokens=[("<|start|>", 0), ("<|end|>", 1)]
    )
    return byte_level(normalizer=normalizers.NFC(), post_processor=template)


def unusual_split() -> tokenizers.Tokenizer:
    return byte_level(r"\p{L}+|\p{N}|\s+|[^\s\p{L}\p{N}]+")


def word_piece() -> tokenizers.Tokenizer:
    tokenizer = tokenizers.Tokenizer(models.WordPiece(unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    trainer = trainers.WordPieceTrainer(
        vocab_size=800, special_tokens=["[UNK]", "[CLS]", "[SEP]"], show_progress=False
    )
    tokenizer.train_from_iterator(CORPUS, trainer)
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 1), ("[SEP]", 2)]
    )
    return tokenizer


def byte_fallback() -> tokenizers.Tokenizer:
    letters = sorted(set("".join(CORPUS[:6]).replace(" ", "▁")))
    pieces = ["<unk>", *(f"<0x{byte:02X}>" for byte in range(256)), *letters, "▁a", "in", "▁in"]
    merges = [("▁", "a"), ("i", "n"), ("▁", "in")]
    vocabulary = {piece: i for i, piece in enumerate(dict.fromkeys(pieces))}
    model = models.BPE(vocabulary, merges, unk_token="<unk>", byte_fallback=True, fuse_unk=True)
    tokenizer = tokenizers.Tokenizer(model)
    tokenizer.normalizer = normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
    return tokenizer


def unigram() -> tokenizers.Tokenizer:
    tokenizer = tokenizers.Tokenizer(models.Unigram())
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    trainer = trainers.UnigramTrainer(
        vocab_size=2000, special_tokens=["<unk>"], unk_token="<unk>", show_progress=False
    )
    tokenizer.train_from_iterator(CORPUS, trainer)
    return tokenizer


MAKERS: list[Callable[[], tokenizers.Tokenizer]] = [
    byte_level,
    framed_byte_level,
    unusual_split,
    word_piece,
    byte_fallback,
    unigram,
]


@pytest.fixture(scope="module", params=MAKERS, ids=lambda maker: maker.__name__)
def tokenizer_json(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp(request.param.__name__) / "tokenizer.json"
    request.param().save(str(path))
    return path


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=texts(["<|start|>", "<|end|>", "[CLS]"]))
def test_a_tokenizer_json_cuts_as_its_library_does(tokenizer_json: Path, text: str) -> None:
    registry = REGISTRIES.setdefault(tokenizer_json, Registry(Assets()))
    name = registry.add_file(tokenizer_json) if registry.names() == BUNDLED else registry.names()[-1]
    reference = REFERENCES.setdefault(tokenizer_json, tokenizers.Tokenizer.from_file(str(tokenizer_json)))
    data = text.encode()
    for mode in registry.info(name).modes:
        reference.encode_special_tokens = mode is SpecialTokens.PLAIN
        expected = reference.encode(text, add_special_tokens=mode is SpecialTokens.FRAMED)
        tokenizer = registry.get(name, mode)
        found = tokenizer.encode(data)
        assert found.ids.tolist() == expected.ids
        assert tokenizer.count(data) == len(expected.ids)
        ends = found.ends.tolist()
        assert ends == sorted(ends)
        assert not ends or mode is SpecialTokens.FRAMED or ends[-1] == len(data)


BUNDLED = Registry(Assets()).names()
REGISTRIES: dict[Path, Registry] = {}
REFERENCES: dict[Path, tokenizers.Tokenizer] = {}


def test_byte_level_files_are_cut_by_the_fast_engine_where_it_agrees(tmp_path: Path) -> None:
    engines = {}
    for maker in (byte_level, unusual_split, word_piece):
        path = tmp_path / maker.__name__ / "tokenizer.json"
        path.parent.mkdir()
        maker().save(str(path))
        registry = Registry(Assets())
        engines[maker.__name__] = registry.get(registry.add_file(path)).engine
    assert engines == {"byte_level": "gigatoken", "unusual_split": "tokenizers", "word_piece": "tokenizers"}


def test_the_bytes_of_tokens_join_to_the_text(tmp_path: Path) -> None:
    for maker in (byte_level, unusual_split):
        path = tmp_path / f"{maker.__name__}.json"
        maker().save(str(path))
        registry = Registry(Assets())
        tokenizer = registry.get(registry.add_file(path))
        for text in TEXTS.values():
            data = text.encode()
            found = tokenizer.encode(data)
            assert b"".join(tokenizer.token_bytes(int(i)) for i in found.ids) == data
            ends = found.ends.tolist()
            parts = [data[start:end] for start, end in zip([0, *ends][: len(ends)], ends, strict=True)]
            assert parts == [tokenizer.token_bytes(int(i)) for i in found.ids]


def test_what_a_file_does_to_the_text_is_told(tmp_path: Path) -> None:
    notes = {}
    for maker in (word_piece, byte_fallback, unigram, framed_byte_level):
        path = tmp_path / maker.__name__
        maker().save(str(path))
        registry = Registry(Assets())
        notes[maker.__name__] = registry.info(registry.add_file(path)).note
    assert notes == {
        "word_piece": "It rewrites the text before it cuts it (BertNormalizer).",
        "byte_fallback": "It rewrites the text before it cuts it (Prepend, Replace).",
        "unigram": "",
        "framed_byte_level": "",
    }


def test_byte_tokens_end_inside_their_character(tmp_path: Path) -> None:
    path = tmp_path / "tokenizer.json"
    byte_fallback().save(str(path))
    registry = Registry(Assets())
    tokenizer = registry.get(registry.add_file(path))
    found = tokenizer.encode("a🫠b".encode())
    assert found.ends.tolist() == [1, 2, 3, 4, 5, 6]
    assert tokenizer.token_bytes(int(found.ids[1])) == b"\xf0"


def test_a_rank_file_with_an_assumed_split(tmp_path: Path) -> None:
    source = Assets().path("vocabularies", "cl100k_base.tiktoken").read_bytes()
    path = tmp_path / "mine.tiktoken"
    path.write_bytes(b"".join(source.splitlines(keepends=True)[:-1]))
    registry = Registry(Assets())
    name = registry.add_file(path)
    assert name == "mine.tiktoken"
    assert registry.info(name).note == "Assumed: split as cl100k_base does. A rank file does not say how."
    text = "Hello  world, 12345!\n" * 3
    assert (
        registry.get(name).encode(text.encode()).ids.tolist()
        == registry.get("cl100k_base").encode(text.encode()).ids.tolist()
    )


def test_a_rank_file_with_holes_is_cut_by_tiktoken(tmp_path: Path) -> None:
    lines = Assets().path("vocabularies", "r50k_base.tiktoken").read_bytes().splitlines()
    path = tmp_path / "holes.tiktoken"
    kept = [line for i, line in enumerate(lines) if i < 256 or i % 1000]
    path.write_bytes(b"\n".join(kept))
    registry = Registry(Assets())
    tokenizer = registry.get(registry.add_file(path))
    assert tokenizer.engine == "tiktoken"
    found = tokenizer.encode("Größe of the world".encode())
    assert b"".join(tokenizer.token_bytes(int(i)) for i in found.ids) == "Größe of the world".encode()
    assert found.ends[-1] == 20


@pytest.mark.parametrize("name", ["o200k_base", "llama3", "qwen3"])
def test_a_bundled_file_is_recognized(tmp_path: Path, name: str) -> None:
    registry = Registry(Assets())
    path = tmp_path / "tokenizer.model"
    path.write_bytes(registry.info(name).file.read_bytes())
    added = registry.add_file(path)
    assert registry.info(added).note == registry.info(name).note
    assert registry.get(added).special_tokens == registry.get(name).special_tokens
    assert (
        registry.get(added).encode(b"it's  12345 <|endoftext|>").ids.tolist()
        == registry.get(name).encode(b"it's  12345 <|endoftext|>").ids.tolist()
    )


def test_mistrals_sentencepiece_model_is_recognized_and_others_are_converted(tmp_path: Path) -> None:
    folder = files("mistral_common") / "data"
    registry = Registry(Assets())
    known = tmp_path / "tokenizer.model"
    known.write_bytes((folder / "mistral_instruct_tokenizer_241114.model.v7").read_bytes())
    assert registry.get(registry.add_file(known)).special_tokens == registry.get("mistral-v7").special_tokens
    older = tmp_path / "old.model"
    older.write_bytes((folder / "tokenizer.model.v1").read_bytes())
    tokenizer = registry.get(registry.add_file(older))
    import sentencepiece

    reference = sentencepiece.SentencePieceProcessor(model_file=str(older))
    for text in TEXTS.values():
        found = tokenizer.encode(text.encode())
        assert found.ids.tolist() == reference.encode(text)
        assert not text or found.ends[-1] == len(text.encode())


def test_names_tell_files_apart_and_stay(tmp_path: Path) -> None:
    registry = Registry(Assets())
    paths = [tmp_path / "a" / "tokenizer.json", tmp_path / "b" / "tokenizer.json"]
    for path in paths:
        path.parent.mkdir()
        byte_level().save(str(path))
    assert [registry.add_file(path) for path in paths] == ["tokenizer.json", "b/tokenizer.json"]
    assert registry.add_file(paths[0]) == "tokenizer.json"
    assert registry.names()[-2:] == ("tokenizer.json", "b/tokenizer.json")


def test_a_changed_file_is_read_again(tmp_path: Path) -> None:
    registry = Registry(Assets())
    path = tmp_path / "t.json"
    byte_level().save(str(path))
    before = registry.get(registry.add_file(path))
    word_piece().save(str(path))
    after = registry.get(registry.add_file(path))
    assert after is not before
    assert after.count(b"hello world") != before.count(b"hello world")


RANK = base64.b64encode(b"a").decode()
MALFORMED = {
    "not a model": ("x.model", b"\x00\x01\x02", "it is not a SentencePiece model"),
    "empty model": ("x.model", b"", "it is not a SentencePiece model"),
    "broken json": ("x.json", b'{"model": ', "it is not valid JSON"),
    "json of something else": ("x.json", b'{"a": 1}', "it lacks 'model'"),
    "json list": ("x.json", b" [1, 2]", "it is not a JSON object"),
    "no vocabulary": ("x.json", b'{"model": {"vocab": {}}}', "its vocabulary is empty"),
    "bad base64": (
        "x.tiktoken",
        f"{RANK} 0\n???? 1\n".encode(),
        "its line 2 is not a token in base64 and its rank",
    ),
    "few bytes": ("x.tiktoken", f"{RANK} 0\n".encode(), "it lacks some of the 256 single bytes"),
    "prose": ("x.tiktoken", b"Once upon a time", "its first line is not a token"),
}


@pytest.mark.parametrize(("file", "data", "reason"), MALFORMED.values(), ids=MALFORMED.keys())
def test_a_malformed_file_is_refused_with_the_reason(
    tmp_path: Path, file: str, data: bytes, reason: str
) -> None:
    path = tmp_path / file
    path.write_bytes(data)
    registry = Registry(Assets())
    with pytest.raises(UserFileError) as caught:
        registry.add_file(path)
    message = str(caught.value)
    assert message.startswith(f"{file} cannot be used as a tokenizer: ")
    assert reason in message
    assert message.endswith(".")
    assert registry.names() == Registry(Assets()).names()


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserFileError, match=r"gone\.json cannot be read \(No such file"):
        Registry(Assets()).add_file(tmp_path / "gone.json")


def test_a_link_that_leads_in_a_circle_is_named(tmp_path: Path) -> None:
    circle = tmp_path / "circle.json"
    circle.symlink_to(circle)
    with pytest.raises(UserFileError, match=r"circle\.json cannot be read \(Too many levels"):
        Registry(Assets()).add_file(circle)


def test_a_file_the_library_refuses_is_refused_when_it_is_used(tmp_path: Path) -> None:
    path = tmp_path / "odd.json"
    path.write_text(json.dumps({"model": {"type": "Nothing", "vocab": {"a": 0}}}))
    registry = Registry(Assets())
    name = registry.add_file(path)
    with pytest.raises(
        VocabularyError, match=r"odd\.json cannot be used: tokenizers cannot read it \(.*\)\."
    ):
        registry.get(name)
