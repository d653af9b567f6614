"""Where gigatoken is not installed, tiktoken and `tokenizers` give the same tokens, and say their name."""

import json
import subprocess
import sys
from functools import lru_cache

import pytest

from tests.tokenization.split_texts import FRAGMENTS
from tokviz.assets import Assets
from tokviz.tokenization.registry import Registry
from tokviz.tokenization.tokenizer import Tokenizer
from tokviz.tokenization.tokenizer_info import read_tokenizer_infos
from tokviz.tokenization.vocabularies import Vocabulary

INFOS = read_tokenizer_infos(Assets())
# tiktoken splits by one pattern, and not as SentencePiece does.
ENGINES = {name: "tokenizers" if info.splits or info.space else "tiktoken" for name, info in INFOS.items()}
NOT_GIGATOKENS = {"command-r"}
"""gigatoken does not know how it splits."""
WITHOUT_GIGATOKEN = """
import json, sys
sys.modules["gigatoken"] = None  # as if it were not installed
from tokviz.assets import Assets
from tokviz.tokenization.registry import Registry
texts = [text.encode() for text in json.load(sys.stdin)]
answer = {}
for name in Registry(Assets()).names():
    tokenizer = Registry(Assets()).get(name)  # all at once would take gigabytes
    cuts = [tokenizer.encode(text) for text in texts]
    answer[name] = tokenizer.engine, [[c.ids.tolist(), c.ends.tolist()] for c in cuts]
    assert tokenizer.count_many(texts).tolist() == [len(c) for c in cuts], name
json.dump(answer, sys.stdout)
"""


@lru_cache(1)
def default(name: str) -> Tokenizer:
    return Registry(Assets()).get(name)


@lru_cache(1)
def fallback(name: str) -> Tokenizer:
    return Registry(Assets(), engines=("tiktoken", "tokenizers")).get(name)


def texts() -> list[str]:
    """Every sample and fragment, and the text of special tokens, which is plain text here."""
    samples = [path.read_text("utf-8") for path in sorted(Assets().path("samples").glob("*.*"))]
    special = [" ".join(list(Vocabulary(info).added.special)[:40]) for info in INFOS.values()]
    return [*samples, *special, "".join(FRAGMENTS), " x ".join(reversed(FRAGMENTS)), "", "\ufffd a\ufffd"]


def both(name: str, data: bytes) -> tuple[Tokenizer, list[int]]:
    """The fallback for a tokenizer, and the ids it gives, once they are those of gigatoken."""
    one, other = default(name), fallback(name)
    expected, found = one.encode(data), other.encode(data)
    assert found.ids.tolist() == expected.ids.tolist()
    assert found.ends.tolist() == expected.ends.tolist()
    assert other.count(data) == len(expected)
    return other, found.ids.tolist()


def test_without_gigatoken_every_tokenizer_gives_the_same_and_names_its_library() -> None:
    run = subprocess.run(
        [sys.executable, "-c", WITHOUT_GIGATOKEN],
        input=json.dumps(texts()),
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    answer = json.loads(run.stdout)
    # Claude's pieces are tokviz's own work, whatever is installed.
    assert {name: answer[name][0] for name in INFOS} == ENGINES
    for name in INFOS:
        _, cuts = answer[name]
        tokenizer = default(name)
        assert tokenizer.engine == ("tiktoken" if name in NOT_GIGATOKENS else "gigatoken")
        for text, cut in zip(texts(), cuts, strict=True):
            expected = tokenizer.encode(text.encode())
            assert cut == [expected.ids.tolist(), expected.ends.tolist()], (name, text[:80])


@pytest.mark.parametrize("name", ["cl100k_base", "gemma"])
def test_a_million_spaces_are_cut_alike_and_quietly(name: str, capfd: pytest.CaptureFixture[str]) -> None:
    run = b" " * 1_000_500
    tokenizer, _ = both(name, b"Before it. " + run + b"after, too.\n")
    assert tokenizer.engine == ENGINES[name]
    # tiktoken would panic, which Rust reports on stderr however it is caught.
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("run", ["\u00a0", "\n "], ids=ascii)
def test_long_runs_of_any_white_space_are_cut_alike(run: str, capfd: pytest.CaptureFixture[str]) -> None:
    both("r50k_base", ("x" + run * (1_050_000 // len(run)) + "y").encode())
    assert capfd.readouterr() == ("", "")
