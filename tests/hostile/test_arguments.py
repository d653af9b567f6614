"""Every command with any options: an exit code that is documented, a sentence where it fails, no traceback.

``TOKVIZ_EFFORT=100 python -m pytest tests/hostile`` tries a hundred times as many.
"""

import argparse
import itertools
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NoReturn

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.cli.conftest import Runner
from tests.hostile.conftest import CODES, EFFORT, check
from tokviz.cli.main import load_command

MODELS = ("gpt-4o", "gpt-3.5-turbo", "o3", "nope", "", "GPT-4O", "claude-opus-4", "\x1b[31m")
VALUES: dict[str, tuple[str, ...]] = {
    "N": ("0", "1", "7", "1,000", "1_0", "-1", "1e9", "99999999999999999999", "½", "٣", "", "x", "1k"),
    "M": ("0", "1", "5", "-3", "9999", "x"),
    "MB": ("0", "1", "500", "-1", "1e3", "99999999999999"),
    "DEPTH": ("0", "1", "3", "x", "99999999999"),
    "ID": MODELS,
    "MODEL": MODELS,
    "NAME": ("r50k_base", "cl100k_base", "estimate", "no-such", "utf-8", "latin1", "base64", "", "\u202e"),
    "GLOB": ("*.txt", "**", "[", "!", "", "{a,b}", "/", "../*", "[!a]*", "\\", "*" * 60, "\udcff", "a\0b"),
    "REV": ("HEAD", "HEAD~1", "", "-x", "@{u}", ":/", "\x00"),
    "A..B": ("HEAD..", "..", "a..b", "...", "x", "HEAD...HEAD", ""),
    "PERCENT": ("0", "80%", "100", "101%", "-1%", "NaN", "x"),
}
"""By the word for it in the help; any other option is given some of all of these, and paths."""
SLOW = {"--all-models"}
"""Options that would load every tokenizer: tried only where more is tried than in CI."""
EVERY = tuple(itertools.chain.from_iterable(VALUES.values()))


class _Stop(Exception):  # noqa: N818 - nothing is wrong
    pass


class _Recorder(argparse.ArgumentParser):
    def parse_args(self, args: object = None, namespace: object = None) -> NoReturn:
        raise _Stop


def actions(name: str) -> list[argparse.Action]:
    """Every option and argument that the command ``name`` takes, as its own parser has them."""
    parser = _Recorder(add_help=False)
    with pytest.raises(_Stop):
        load_command(name).parse(parser, [])
    return parser._actions


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A few small inputs, good and bad."""
    root = tmp_path_factory.mktemp("arguments")
    (root / "folder" / "in").mkdir(parents=True)
    (root / "text.txt").write_bytes("Some words, größer.\n".encode() * 20)
    (root / "latin.txt").write_bytes("größer\n".encode("latin-1") * 9)
    (root / "binary.bin").write_bytes(bytes(range(256)))
    (root / "empty").write_bytes(b"")
    (root / "data.json").write_bytes(b'{"a": [1, 2, {"b": null}], "c": "x"}')
    (root / "chat.json").write_bytes(b'{"model": "gpt-4o", "messages": [{"role": "user", "content": "hi"}]}')
    (root / "list").write_bytes(b"text.txt\0\nlatin.txt\n")
    for name in ("a.py", "b.min.js", "in/c.txt"):
        (root / "folder" / name).write_bytes(b"x = 1\n" * 30)
    return root


def paths(root: Path) -> list[str]:
    inside = [str(path) for path in sorted(root.iterdir())]
    return [*inside, "-", str(root / "missing"), "", "\x1b]52;c;eA==\x07", "a\0b", "x" * 5000, "--", "\udcff"]


@st.composite
def arguments(draw: st.DrawFn, name: str, root: Path) -> list[str]:
    """A command line of ``name``: mostly sensible, now and then anything."""
    known = [one for one in actions(name) if EFFORT > 1 or not SLOW & set(one.option_strings)]
    options = [one for one in known if one.option_strings]
    found: list[str] = []
    for option in draw(st.lists(st.sampled_from(options), max_size=4)) if options else []:
        found.append(draw(st.sampled_from(option.option_strings)))
        if option.nargs != 0:
            found += [draw(_value(option, root)) for _ in range(draw(st.sampled_from((1, 1, 1, 1, 0, 2))))]
    if not any(option in found for option in ("--tokenizer", "--model")) and _has(options, "--tokenizer"):
        found += ["--tokenizer", "r50k_base"]  # so that not all eight are loaded
    if any(not one.option_strings for one in known):
        found += draw(st.lists(st.sampled_from(paths(root)), max_size=3))
    return draw(st.permutations(found)) if draw(st.integers(0, 9)) == 0 else found


def _has(options: Sequence[argparse.Action], name: str) -> bool:
    return any(name in option.option_strings for option in options)


def _value(option: argparse.Action, root: Path) -> st.SearchStrategy[str]:
    if option.choices:
        return st.sampled_from([*map(str, option.choices), "no-such"])
    word = option.metavar if isinstance(option.metavar, str) else ""
    if word in ("DIR", "FILE") or word.startswith("PATH"):
        written = [str(root / "out" / str(number)) for number in range(3)]
        reads = "output" not in option.dest and "pack" not in option.dest
        return st.sampled_from(paths(root) if reads else [*written, "-", str(root / "out" / "x.xml"), ""])
    return st.one_of(st.sampled_from(VALUES.get(word, EVERY)), st.text(max_size=5))


def _texts() -> st.SearchStrategy[bytes]:
    return st.one_of(st.binary(max_size=40), st.just(b"some words\n" * 30), st.just(b'{"messages": []}'))


@pytest.fixture
def kept_in(files: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The inputs, with a current folder that relative paths may write into."""
    (files / "out").mkdir(exist_ok=True)
    monkeypatch.chdir(files / "out")
    yield files


@pytest.mark.parametrize("name", sorted(CODES))
@given(st.data())
@settings(
    max_examples=25 * EFFORT, deadline=None, suppress_health_check=[*HealthCheck], derandomize=EFFORT == 1
)
def test_any_options(name: str, command: Runner, kept_in: Path, data: st.DataObject) -> None:
    found = data.draw(arguments(name, kept_in))
    piped = data.draw(_texts())
    outcome = command(name, *found, piped=piped)
    raw = name in ("cut", "split") or "--pack" in found or "--to" in found
    check(name, outcome, raw)


@given(st.lists(st.text(max_size=8), min_size=1, max_size=4), st.sampled_from(sorted(CODES)))
@settings(
    max_examples=40 * EFFORT, deadline=None, suppress_health_check=[*HealthCheck], derandomize=EFFORT == 1
)
def test_any_words(command: Runner, kept_in: Path, words: list[str], name: str) -> None:
    one = ["--tokenizer", "r50k_base"] if _has(actions(name), "--tokenizer") else []
    outcome = command(name, *one, *words, piped=b"piped\n")
    check(name, outcome, raw=name in ("cut", "split"))
