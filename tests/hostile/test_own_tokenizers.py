"""A user's own tokenizer file that says anything at all: used, or refused in one sentence."""

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
import tokenizers
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.cli.conftest import Runner
from tests.conversations.test_hostile import replaced
from tests.hostile.conftest import EFFORT, check
from tests.tokenization.user.test_user_files import MAKERS

TEXT = "It's a text: größer, 你好 🎉 12345\n\t  end <|start|>".encode()
ANY = settings(
    max_examples=25 * EFFORT, deadline=None, suppress_health_check=[*HealthCheck], derandomize=EFFORT == 1
)


@cache
def trained(maker: Callable[[], tokenizers.Tokenizer]) -> str:
    """What the maker's tokenizer is saved as; training it takes longer than to try it."""
    return str(maker().to_str())


def tried(command: Runner, path: Path) -> None:
    """The file named as a tokenizer, by two commands."""
    for arguments in (("count", "-"), ("tokens", "-", "--special", "framed")):
        outcome = command(*arguments, "--tokenizer", str(path), piped=TEXT)
        check(arguments[0], outcome)
        assert outcome.code in (0, 1, 2)


@pytest.mark.parametrize("maker", MAKERS)
@given(st.data())
@ANY
def test_any_value_may_stand_anywhere(
    maker: Callable[[], tokenizers.Tokenizer], command: Runner, tmp_path: Path, data: st.DataObject
) -> None:
    contents = json.loads(trained(maker))
    path = tmp_path / "tokenizer.json"
    path.write_text(json.dumps(replaced(contents, data)), "utf-8", "surrogatepass")
    tried(command, path)


@given(st.binary(max_size=60), st.sampled_from(["json", "tiktoken", "model", "bin"]))
@ANY
def test_any_bytes_at_all(command: Runner, tmp_path: Path, data: bytes, suffix: str) -> None:
    path = tmp_path / f"tokenizer.{suffix}"
    path.write_bytes(data)
    tried(command, path)


@given(st.lists(st.tuples(st.binary(max_size=3), st.integers(-2, 300)), max_size=40))
@ANY
def test_any_ranks(command: Runner, tmp_path: Path, ranks: list[tuple[bytes, int]]) -> None:
    import base64

    path = tmp_path / "ranks.tiktoken"
    path.write_bytes(b"".join(base64.b64encode(token) + b" %d\n" % rank for token, rank in ranks))
    tried(command, path)
