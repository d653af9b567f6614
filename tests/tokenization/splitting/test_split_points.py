"""A text tokenized in chunks between split points gives the tokens of the whole, for every tokenizer."""

import contextlib
import pickle
import random
import unicodedata
from functools import cache, lru_cache
from importlib.resources import files as resource_files
from itertools import accumulate, pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from tests.tokenization.split_texts import FRAGMENTS, texts
from tests.tokenization.user.test_user_files import MAKERS
from tokviz.assets import Assets
from tokviz.tokenization.registry import ENGINES, Registry
from tokviz.tokenization.splitting.split_points import REACH, SafeSplitRule
from tokviz.tokenization.splitting.split_policy import SplitPolicy, split_policy, split_policy_of, unproved
from tokviz.tokenization.tokenizer import SpecialTokens, Tokenizer
from tokviz.tokenization.tokenizer_info import read_tokenizer_infos
from tokviz.tokenization.vocabularies import Vocabulary, VocabularyError

pytestmark = pytest.mark.slow
INFOS = read_tokenizer_infos(Assets())
MODES = [(name, mode) for name, info in INFOS.items() for mode in info.modes if mode != SpecialTokens.FRAMED]
SAMPLES = sorted(Assets().path("samples").rglob("*.*"))


def registry(engine: str, name: str) -> Registry:
    """A registry for the tokenizers of one vocabulary: all of them with all engines would take gigabytes."""
    return registry_of(engine, INFOS[name].file)


@lru_cache(len(ENGINES) + 1)
def registry_of(engine: str, vocabulary: Path) -> Registry:
    assert vocabulary.exists()
    return Registry(Assets(), [engine])


def quick(name: str, mode: SpecialTokens = SpecialTokens.PLAIN) -> Tokenizer:
    """With the fastest engine that knows its splits."""
    try:
        return registry(next(iter(ENGINES)), name).get(name, mode)
    except VocabularyError:
        return registry("tokenizers", name).get(name, mode)


@cache
def policy_for(name: str, mode: SpecialTokens) -> SplitPolicy:
    return split_policy_of(INFOS[name], quick(name, mode), mode)


@cache
def special_texts(name: str) -> list[str]:
    added = Vocabulary(INFOS[name]).added
    return sorted({**added.atomic, **added.special})


def split_points_in(rule: SafeSplitRule, text: bytes) -> list[int]:
    found: list[int] = []
    while (split := rule.next_split(text, found[-1] + 1 if found else 0, len(text))) >= 0:
        found.append(split)
    return found


def tokens(
    tokenizer: Tokenizer, how: SplitPolicy, text: bytes, splits: list[int]
) -> tuple[list[int], list[int]]:
    """The text's ids and ends, tokenized in pieces."""
    ids: list[int] = []
    ends: list[int] = []
    for start, end in pairwise([0, *splits, len(text)]):
        piece = how.encode(tokenizer, text[start:end], opens=not start)
        ids += piece.ids.tolist()
        ends += (piece.ends + start).tolist()
    return ids, ends


@cache
def ordinary_tokens(name: str) -> list[bytes]:
    """Every token but the special ones."""
    tokenizer = quick(name)
    found = []
    for token_id in set(range(tokenizer.vocabulary_size)) - set(tokenizer.special_tokens):
        with contextlib.suppress(KeyError):
            found.append(tokenizer.token_bytes(token_id))
    return found


def which_divided(rule: SafeSplitRule, texts: list[bytes]) -> list[int]:
    """The numbers of the texts that the rule would split."""
    # 0xFF is in no UTF-8, and so beside no split point.
    starts = [0, *accumulate(len(text) + 1 for text in texts)]
    joined = b"\xff".join(texts)
    splits = rule._split_points(joined, 1, len(joined))
    return [int(number) for number in np.unique(np.searchsorted(starts, splits, side="right") - 1)]


def divided(rule: SafeSplitRule, tokens: list[bytes]) -> list[bytes]:
    """The tokens that the rule would split."""
    return [tokens[number] for number in which_divided(rule, tokens)]


@cache
def joining_tokens(name: str) -> list[str]:
    """Tokens across a place where other tokenizers could be split."""
    return [t.decode() for t in divided(SafeSplitRule(), ordinary_tokens(name))] if INFOS[name].space else []


@pytest.fixture(autouse=True)
def _load_first(request: pytest.FixtureRequest) -> None:
    """Hypothesis traces every line that an example runs: a vocabulary would load many times slower there."""
    chosen = request.node.callspec.params if hasattr(request.node, "callspec") else {}
    if "name" in chosen and chosen["name"] in INFOS:
        name, mode = chosen["name"], chosen.get("mode", SpecialTokens.PLAIN)
        policy_for(name, mode)
        special_texts(name)
        joining_tokens(name)
        with contextlib.suppress(VocabularyError):
            registry(chosen.get("engine", next(iter(ENGINES))), name).get(name, mode)


# Added tokens are found alike whatever the engine, which splits the text between them.
@pytest.mark.parametrize(
    ("name", "mode", "engine"),
    [
        (name, mode, engine)
        for name, mode in MODES
        for engine in ENGINES
        if mode is SpecialTokens.PLAIN or engine == next(iter(ENGINES))
    ],
    ids=str,
)
@given(st.data())
@settings(max_examples=40, deadline=None)
def test_pieces_give_the_tokens_of_the_whole(
    name: str, mode: SpecialTokens, engine: str, data: st.DataObject
) -> None:
    try:
        tokenizer = registry(engine, name).get(name, mode)
    except VocabularyError as error:
        pytest.skip(f"{engine} cannot load {name}: {error}")
    text = data.draw(texts([*special_texts(name), *joining_tokens(name)])).encode()
    how = policy_for(name, mode)
    splits = split_points_in(how.rule, text)
    assume(splits)
    whole = tokenizer.encode(text)
    expected = whole.ids.tolist(), whole.ends.tolist()
    assert tokens(tokenizer, how, text, splits) == expected
    # Each split by itself too: two wrong ones could make up for each other.
    for split in random.Random(len(text)).sample(splits, min(4, len(splits))):
        assert tokens(tokenizer, how, text, [split]) == expected


@pytest.mark.parametrize(("name", "mode"), MODES, ids=str)
def test_samples_have_splits_everywhere_and_pieces_give_their_tokens(name: str, mode: SpecialTokens) -> None:
    tokenizer = quick(name, mode)
    how = policy_for(name, mode)
    for path in SAMPLES:
        text = path.read_bytes()
        splits = split_points_in(how.rule, text)
        longest = max(end - start for start, end in pairwise([0, *splits, len(text)]))
        assert longest < 400, f"{path.name}: {longest} bytes without a split"
        whole = tokenizer.encode(text)
        pieces = how.rule.chunk_ends(text, 300)[:-1]
        assert tokens(tokenizer, how, text, pieces) == (whole.ids.tolist(), whole.ends.tolist())


@pytest.mark.parametrize("name", ["o200k_base", "mistral-v3", "gemma"])
def test_counts_of_pieces_add_up(name: str) -> None:
    tokenizer = quick(name)
    how = policy_for(name, SpecialTokens.PLAIN)
    text = (Assets().path("samples") / "code.py").read_bytes()
    ends = how.rule.chunk_ends(text, 200)
    counts = [len(how.encode(tokenizer, text[a:b], opens=not a)) for a, b in pairwise([0, *ends])]
    assert len(counts) > 4 and sum(counts) == len(tokenizer.encode(text))


def test_the_common_rule_holds_for_every_tokenizer() -> None:
    common = SafeSplitRule.common()
    for name in INFOS:
        rule = policy_for(name, SpecialTokens.PLAIN).rule
        assert common & rule == common, name
    for path in SAMPLES:
        assert len(split_points_in(common, path.read_bytes())) > path.stat().st_size / 300, path.name


@given(texts(["<|im_end|>", "｜DSML｜"]), st.integers(0, 80), st.integers(0, 80))
@settings(deadline=None)
def test_search_finds_what_a_look_at_each_offset_finds(drawn: str, start: int, stop: int) -> None:
    text = drawn.encode()
    for rule in (SafeSplitRule(), SafeSplitRule.common(), policy_for("gemma", SpecialTokens.PARSED).rule):
        each = [at for at in range(len(text) + 1) if rule.next_split(text, at, at) == at]
        assert each == [at for at in range(len(text) + 1) if rule.previous_split(text, at, at) == at]
        within = [at for at in each if start <= at <= stop]
        assert rule.next_split(text, start, stop) == (within[0] if within else -1)
        assert rule.previous_split(text, start, stop) == (within[-1] if within else -1)
        assert all(text[at] & 0xC0 != 0x80 for at in each)


@given(texts(["<s>", "[INST]", "0]"]))
@settings(max_examples=40, deadline=None)
def test_pieces_give_the_tokens_of_the_whole_for_a_users_sentencepiece_model(drawn: str) -> None:
    files, name = sentencepiece()
    tokenizer, text = files.get(name), drawn.encode()
    how = split_policy_of(files.info(name), tokenizer, SpecialTokens.PLAIN)
    assert how.context_prefix and how.rule not in (SafeSplitRule(), SafeSplitRule.never())
    whole = tokenizer.encode(text)
    assert tokens(tokenizer, how, text, split_points_in(how.rule, text)) == (
        whole.ids.tolist(),
        whole.ends.tolist(),
    )


@cache
def sentencepiece() -> tuple[Registry, str]:
    """A registry with an older model of Mistral's, which is not bundled."""
    files = Registry(Assets())
    return files, files.add_file(Path(str(resource_files("mistral_common") / "data" / "tokenizer.model.v1")))


def beside(left: list[str], right: list[str]) -> list[tuple[str, str]]:
    """The pairs of characters between which the rule splits."""
    pairs = [(a, b) for a in left for b in right]
    return [pairs[number] for number in which_divided(SafeSplitRule(), [(a + b).encode() for a, b in pairs])]


@pytest.fixture(scope="module", params=MAKERS, ids=lambda maker: maker.__name__)
def own(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Registry, str]:
    """A registry with a user's own tokenizer, and its name."""
    path = tmp_path_factory.mktemp("own") / "tokenizer.json"
    request.param().save(str(path))
    files = Registry(Assets())
    return files, files.add_file(path)


@given(data=st.data())
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_pieces_give_the_tokens_of_the_whole_for_a_users_own_tokenizer(
    own: tuple[Registry, str], data: st.DataObject
) -> None:
    files, name = own
    for mode in set(files.info(name).modes) - {SpecialTokens.FRAMED}:
        tokenizer = files.get(name, mode)
        how = split_policy_of(files.info(name), tokenizer, mode)
        # How those split is not known that the library splits from beginning to end.
        assert (how.rule == SafeSplitRule.never()) == (not files.info(name).splits)
        text = data.draw(texts(sorted(tokenizer.special_tokens.values()))).encode()
        splits = split_points_in(how.rule, text)
        whole = tokenizer.encode(text)
        assert tokens(tokenizer, how, text, splits) == (whole.ids.tolist(), whole.ends.tolist())


def test_every_character_keeps_what_the_proof_asks_of_it() -> None:
    """The characters beside a split, over all of Unicode, as they are and as NFC and NFKC make them."""
    every = [chr(code) for code in range(0x110000) if not 0xD800 <= code < 0xE000]
    before_a_blank, before_a_stop = beside(every, [" "]), beside(every, ["."])
    behind = beside(["a", "字"], every)
    assert len(before_a_blank) > 1_000_000 and len(before_a_stop) > 30_000 and len(behind) > 80
    for character, _ in before_a_blank:
        ends = {form[-1] for form in forms(character)}
        assert not any(end.isspace() or end in "▁\u180e\u200b\ufeff" for end in ends), character
    for character, _ in before_a_stop:
        assert all(form[-1].isalnum() for form in forms(character)), character
    for _, character in behind:
        for form in forms(character):
            assert unicodedata.category(form[0])[0] in "PSZC" and form[0] not in "'’", character
            assert not unicodedata.combining(unicodedata.normalize("NFKD", form)[0]), character


def forms(character: str) -> list[str]:
    """The character, normalized in each way."""
    return [character, *(unicodedata.normalize(form, character) for form in ("NFC", "NFKC"))]


@given(texts(), texts(), texts())
@settings(deadline=None)
def test_a_split_depends_on_its_neighbours_alone(before: str, drawn: str, after: str) -> None:
    text = drawn.encode()
    for rule in (SafeSplitRule(), SafeSplitRule.common()):
        for at in split_points_in(rule, text):
            near = text[max(at - REACH, 0) : at], text[at : at + REACH]
            other = before.encode() + near[0] + near[1] + after.encode()
            place = len(before.encode()) + len(near[0])
            assert rule.next_split(other, place, place) == place


@given(texts(longest=60), st.integers(1, 50))
@settings(deadline=None)
def test_pieces_cover_the_text(drawn: str, about: int) -> None:
    text, rule = drawn.encode(), SafeSplitRule()
    ends = rule.chunk_ends(text, about)
    assert ends == sorted(set(ends)) and ends[-1:] == [len(text)] * bool(text)
    splits = set(split_points_in(rule, text))
    assert set(ends[:-1]) <= splits
    for start, end in pairwise([0, *ends]):
        # Only where there is no split is a piece longer.
        assert end - start <= about or not any(start + about <= split < end for split in splits)


@pytest.mark.parametrize("unit", [b" ", b"a", b"\n", b"7", "字".encode(), "。".encode(), "👩‍👩‍👧".encode()])
def test_a_text_without_splits_is_one_piece(unit: bytes) -> None:
    text = unit * (3_000_000 // len(unit))
    assert SafeSplitRule().chunk_ends(text, 1000) == [len(text)]
    assert SafeSplitRule().previous_split(text, 0, len(text)) == -1
    assert SafeSplitRule().chunk_ends(bytearray(text + b" b"), 1000) in (
        [len(text) + 2],
        [len(text), len(text) + 2],
    )


@given(texts(), st.lists(st.sampled_from([f for f in FRAGMENTS if f]), min_size=1, max_size=3))
@settings(deadline=None)
def test_no_split_inside_or_just_after_what_is_taken_away(drawn: str, atoms: list[str]) -> None:
    text = (drawn + "x".join(atoms) + drawn).encode()
    rule = SafeSplitRule().without([atom.encode() for atom in atoms], ends=True)
    inside: set[int] = set()
    for atom in atoms:
        at = text.find(atom.encode())
        while at >= 0:
            inside.update(range(at + 1, at + len(atom.encode()) + 1))
            at = text.find(atom.encode(), at + 1)
    assert not inside & set(split_points_in(rule, text))


def test_rules_travel_and_compare() -> None:
    rule = SafeSplitRule().without([b"a|b"])
    copy = pickle.loads(pickle.dumps(rule))
    assert copy == rule and hash(copy) == hash(rule) and rule != SafeSplitRule()
    assert len(pickle.dumps(rule)) < 8192
    assert split_points_in(copy, b"xa|b c|d") == [4, 6]
    assert split_points_in(SafeSplitRule.never(), b"some text. more") == []


GPT2 = r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"


@pytest.mark.parametrize(
    ("patterns", "splits"),
    [
        ([GPT2], True),
        ([r"\p{N}{1,3}", GPT2], True),
        (["|".join(reversed(GPT2.split("|")))], True),
        # An alternative nobody has proved, one too few, and one that takes a letter with what follows it.
        ([GPT2 + r"|\p{Han}+"], False),
        ([GPT2.replace(r"|\s+(?!\S)|\s+", "")], False),
        ([GPT2.replace(r" ?\p{L}+", r" ?\p{L}+[.,]?")], False),
    ],
)
def test_only_proved_patterns_allow_splits(patterns: list[str], splits: bool) -> None:
    how = split_policy(patterns, "", "", None, [])
    assert (how.rule == SafeSplitRule()) == splits and (how.rule == SafeSplitRule.never()) != splits


@pytest.mark.parametrize("name", INFOS)
def test_every_alternative_of_a_bundled_pattern_is_proved(name: str) -> None:
    info = INFOS[name]
    for pattern in info.splits or ([info.pattern] if info.pattern else []):
        for alternative in unproved([pattern]):
            pytest.fail(f"{name}: no proof in split_policy for {alternative!r} of {pattern!r}")


def test_an_alternative_that_is_not_proved_is_named_and_never_split() -> None:
    patterns = [r"\p{N}{1,3}", GPT2 + r"|\p{Han}+|[a|b]c"]
    assert unproved(patterns) == [r"\p{Han}+", "[a|b]c"]
    never = split_policy(patterns, "", "", None, []).rule
    assert never == SafeSplitRule.never()
    for path in SAMPLES:
        assert never.chunk_ends(path.read_bytes(), 100) == [path.stat().st_size]


def test_no_splits_for_an_unknown_normalization_or_a_line_break_that_joins() -> None:
    assert split_policy([GPT2], "NFD", "", None, []).rule == SafeSplitRule.never()
    assert split_policy([], "", " ", lambda: [b"a", b"\n", b"ab"], []) == SplitPolicy(
        SafeSplitRule().without([b"ab"]), b"\n"
    )
    assert split_policy([], "", " ", lambda: [b"a\n"], []).rule == SafeSplitRule.never()
    assert split_policy([], "", "", None, []).rule == SafeSplitRule.never()


@pytest.mark.parametrize(
    "name", [name for name, info in INFOS.items() if not info.pattern and not info.splits]
)
def test_no_token_of_a_vocabulary_crosses_a_split(name: str) -> None:
    """Merges build tokens only, so nothing merges across a split that is inside no token."""
    tokens, how = ordinary_tokens(name), policy_for(name, SpecialTokens.PLAIN)
    assert divided(SafeSplitRule(), [b"a", b"b c.d", b"e"]) == [b"b c.d"]
    assert max(map(len, tokens)) > 10 and divided(how.rule, tokens) == []
    assert not how.context_prefix or not [
        token for token in tokens if how.context_prefix in token and token != how.context_prefix
    ]
