"""Counts that are kept are those that would be counted: of the same bytes, read in the same way, by the same
tokenizer, with the same code."""

import json
import os
import tempfile
import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from tests.speaking import speaking
from tokviz import language
from tokviz.assets import Assets
from tokviz.count_cache import fingerprints
from tokviz.count_cache.cache import Binary, CountCache, Facts
from tokviz.count_cache.fingerprints import code_fingerprint, tokenizer_fingerprint
from tokviz.count_cache.user_cache import CacheError, UserCache
from tokviz.documents.decoding import Basis, ReadOptions, TextFile
from tokviz.documents.encodings import find_encoding
from tokviz.documents.reading import BinaryError, make_text
from tokviz.documents.shortening.shortenings import Shortening
from tokviz.tokenization.registry import Registry

CONTENTS = st.binary(max_size=40)
WAYS = st.sampled_from(["", "latin-1", "shortened"])
FACTS = st.one_of(
    st.builds(Binary, st.text(max_size=20)),
    st.builds(
        Facts,
        st.builds(
            TextFile,
            st.just(b""),
            st.sampled_from(["UTF-8", "UTF-8 with BOM", "GB18030"]),
            st.integers(0, 2**28 - 1),
            st.sampled_from(Basis),
            st.lists(st.sampled_from(["Big5", "EUC-KR"]), max_size=2).map(tuple),
            st.lists(st.sampled_from(Shortening), max_size=2).map(tuple),
            st.integers(0, 2**28 - 1),
            st.text(max_size=10),
        ),
        st.integers(0, 2**28 - 1),
        st.integers(0, 2**28 - 1),
        st.booleans(),
    ),
)


def opened(folder: Path, code: bytes = b"code", fingerprint: str = "1") -> CountCache:
    return CountCache(folder, code, lambda name: name + fingerprint)


def known(cache: CountCache, contents: list[bytes], ways: list[str]) -> list[Facts | Binary | None]:
    """All facts that the cache has, as they were kept."""
    found = cache.recall(cache.keys(list(map(cache.digest, contents)), ways), [])
    facts: list[Facts | Binary | None] = []
    for row, kind in enumerate(found.plain.tolist()):
        if kind < 0:
            facts.append(found.others.get(row))
            continue
        basis = Basis.MARK if kind else Basis.VALID
        file = TextFile(b"", ("UTF-8", "UTF-8 with BOM")[kind], basis=basis)
        characters, lines = found.sizes[row].tolist()
        facts.append(Facts(file, characters, lines, bool(found.generated[row])))
    return facts


def as_made(facts: Facts | Binary) -> Facts | Binary:
    """The same, if it is something that reading can find out."""
    if isinstance(facts, Facts) and facts.file.plain:
        basis = Basis.MARK if facts.file.encoding.endswith("BOM") else Basis.VALID
        return facts._replace(file=TextFile(b"", facts.file.encoding, basis=basis))
    return facts


@settings(max_examples=60, deadline=None)
@given(
    st.dictionaries(st.tuples(CONTENTS, WAYS), FACTS.map(as_made), max_size=6),
    st.dictionaries(
        st.tuples(CONTENTS, WAYS, st.sampled_from(["a", "b"])), st.integers(0, 2**40), max_size=8
    ),
)
def test_what_is_kept_is_found_again_and_nothing_else(
    facts: dict[tuple[bytes, str], Facts | Binary], counts: dict[tuple[bytes, str, str], int]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        cache = opened(Path(folder))
        for (content, way), one in facts.items():
            cache.keep_facts(cache.keys([cache.digest(content)], [way]), [one])
        for (content, way, column), tokens in counts.items():
            key = cache.keys([cache.digest(content)], [way])
            cache.keep_counts(key, column, np.array([tokens], np.int64))
        cache.flush()
        asked = sorted({*facts, *((content, way) for content, way, _ in counts), (b"other", "")})
        contents, ways = [content for content, _ in asked], [way for _, way in asked]
        again = opened(Path(folder))
        assert known(again, contents, ways) == [facts.get(one) for one in asked]
        found = again.recall(again.keys(list(map(again.digest, contents)), ways), ["b", "a"]).counts
        assert found.tolist() == [[counts.get((*one, column), -1) for column in ("b", "a")] for one in asked]
        # Other code, and other data of the tokenizers.
        other = opened(Path(folder), b"newer")
        assert known(other, contents, ways) == [None] * len(asked)
        other = opened(Path(folder), fingerprint="2")
        found = other.recall(other.keys(list(map(other.digest, contents)), ways), ["a", "b"]).counts
        assert (found == -1).all()


SAMPLES = (
    b"plain\r\ntext\n",
    b"\xef\xbb\xbfmarked",
    "Grüße aus Köln, schöne Straße".encode("cp1252"),
    "漢字とかな交じり文".encode("cp932"),
    "damaged: é".encode()[:-1] + "é".encode() * 9,
    "wide".encode("utf-16"),
    b"\x89PNG\r\n\x1a\n\0\0\0",
    b"\0\1\2\3",
    b"# Code generated by x. DO NOT EDIT.\n",
    b"",
)


def test_what_reading_finds_out_comes_back_as_it_was(tmp_path: Path) -> None:
    facts: list[Facts | Binary] = []
    for sample in SAMPLES:
        try:
            facts.append(Facts(make_text(sample)._replace(text=b""), 3, 2, True))
        except BinaryError as error:
            facts.append(Binary(error.reason))
    assert {type(one) for one in facts} == {Facts, Binary}
    cache = opened(tmp_path)
    ways = [""] * len(SAMPLES)
    cache.keep_facts(cache.keys(list(map(cache.digest, SAMPLES)), ways), facts)
    cache.flush()
    assert known(opened(tmp_path), list(SAMPLES), ways) == facts


def test_nothing_of_the_texts_is_in_the_files(tmp_path: Path) -> None:
    cache = opened(tmp_path)
    text = "a quite peculiar sentence ÄÖÜ".encode("cp1252")
    key = cache.keys([cache.digest(text)], [""])
    cache.keep_facts(key, [Facts(make_text(text)._replace(text=b""), 1, 1, False)])
    cache.keep_counts(key, "a", np.array([7], np.int64))
    cache.flush()
    everything = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert b"peculiar" not in everything
    # With another secret the same file has another key: what one cache knows of it tells nothing of another.
    assert not (opened(tmp_path / "other").keys([opened(tmp_path / "other").digest(text)], [""]) == key).any()


def test_sentences_about_files_do_not_grow_without_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tokviz.count_cache.cache._MOST_ABOUT", 2000)
    for number in range(200):
        cache = opened(tmp_path)
        key = cache.keys([cache.digest(b"%d" % number)], [""])
        cache.keep_facts(key, [Binary(f"reason {number} {'.' * 30}")])
        cache.flush()
        assert known(opened(tmp_path), [b"%d" % number], [""]) == [Binary(f"reason {number} {'.' * 30}")]
    assert (tmp_path / "about").stat().st_size < 3000


def test_a_damaged_sentence_is_one_that_is_not_there(tmp_path: Path) -> None:
    cache = opened(tmp_path)
    key = cache.keys([cache.digest(b"x")], [""])
    cache.keep_facts(key, [Binary("it holds NUL bytes")])
    cache.flush()
    about = tmp_path / "about"
    about.write_bytes(about.read_bytes().replace(b"NUL", b"LUN"))
    assert known(opened(tmp_path), [b"x"], [""]) == [None]
    about.unlink()
    assert known(opened(tmp_path), [b"x"], [""]) == [None]


def test_how_a_file_is_read_makes_another_key(tmp_path: Path) -> None:
    cache = opened(tmp_path)
    options = [
        ReadOptions(),
        ReadOptions(binaries=True),
        ReadOptions(encoding=find_encoding("cp1252")),
        ReadOptions(encoding=find_encoding("cp1252"), forced=True),
        ReadOptions(shortened=frozenset({Shortening.BASE64})),
        ReadOptions(document_text=True),
    ]
    keys = [cache.keys([cache.digest(b"x")], [one.fingerprint("a.txt")]).tobytes() for one in options]
    assert len(set(keys)) == len(keys)


# -- what counts depend on ---------------------------------------------------------------------------------


def test_every_bundled_tokenizer_has_its_own_fingerprint() -> None:
    registry = Registry(Assets())
    found = [tokenizer_fingerprint(registry.info(name)) for name in registry.names()]
    assert all(found)
    assert len(set(found)) == len(found)


def test_a_tokenizers_data_change_its_fingerprint_and_its_place_does_not() -> None:
    info = Registry(Assets()).info("o200k_base")
    same = tokenizer_fingerprint(info)
    assert tokenizer_fingerprint(structs.replace(info, file=Path("/elsewhere"), note="other")) == same
    for key, value in {"sha256": "0", "special_sha256": "0", "pattern": ".", "normalization": "NFC"}.items():
        assert tokenizer_fingerprint(structs.replace(info, **{key: value})) != same
    assert tokenizer_fingerprint(structs.replace(info, sha256="")) == ""
    assert tokenizer_fingerprint(structs.replace(info, sha256=""), "a") != tokenizer_fingerprint(
        structs.replace(info, sha256=""), "b"
    )


def test_any_change_of_the_code_that_counts_makes_another_fingerprint(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = code_fingerprint()
    assert code_fingerprint() == before
    package = tmp_path / "tokviz"
    for name in (*fingerprints._CODE, *fingerprints._MORE_CODE):
        file = package / name if name.endswith(".py") else package / name / "inner" / "code.py"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("1", encoding="utf-8")
    monkeypatch.setattr(fingerprints, "_PACKAGE", package)
    seen = {code_fingerprint()}
    for file in sorted(package.rglob("*.py")):
        file.write_text("2", encoding="utf-8")
        seen.add(code_fingerprint())
    assert len(seen) == 1 + len(list(package.rglob("*.py")))
    monkeypatch.setattr(fingerprints, "_versions", lambda: iter(["gigatoken-9"]))
    assert code_fingerprint() not in seen


def test_the_libraries_that_count_are_found_with_their_versions() -> None:
    found = {version.partition("-")[0] for version in fingerprints._versions()}
    assert {"gigatoken", "tiktoken", "tokenizers", "chardet", "numpy"} <= found


def test_a_build_without_sources_is_known_by_its_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fingerprints, "_PACKAGE", tmp_path)
    program = tmp_path / "program"
    monkeypatch.setattr("sys.executable", str(program))
    program.write_bytes(b"one")
    one = code_fingerprint()
    program.write_bytes(b"two")
    assert code_fingerprint() != one


# -- the user's ----------------------------------------------------------------------------------------------


def test_it_is_switched_off_and_cleared(tmp_path: Path) -> None:
    registry = Registry(Assets())
    user = UserCache(tmp_path / "counts")
    cache = user.open(registry)
    assert cache is not None
    cache.keep_counts(cache.keys([cache.digest(b"x")], [""]), "o200k_base", np.array([1], np.int64))
    cache.flush()
    assert user.size == 32
    user.use(False)
    assert not user.used
    assert UserCache(tmp_path / "counts").open(registry) is None
    user.clear()
    assert user.size == 0
    assert not user.used  # clearing does not switch it on
    user.use(True)
    assert user.open(registry) is not None
    user.clear()
    assert not (tmp_path / "counts").exists()


def test_what_cannot_be_changed_is_told_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text(json.dumps("mine"), encoding="utf-8")
    user = UserCache(tmp_path / "file" / "counts")
    with pytest.raises(CacheError, match="off cannot be changed"):
        user.use(False)
    assert user.problem().startswith("Nothing can be kept in ")
    assert UserCache(tmp_path / "fine").problem() == ""


def test_words_are_kept_by_language(tmp_path: Path) -> None:
    """Why a file is not text is a sentence: who speaks another language finds it out anew."""
    for code, reason in ((language.ENGLISH, "it is an image"), (language.PSEUDO, "ïẗ ïś")):
        with speaking(code):
            cache = opened(tmp_path)
            assert known(cache, [b"x"], [""]) == [None]
            cache.keep_facts(cache.keys([cache.digest(b"x")], [""]), [Binary(reason)])
            cache.flush()
    for code, reason in ((language.PSEUDO, "ïẗ ïś"), (language.ENGLISH, "it is an image")):
        with speaking(code):
            assert known(opened(tmp_path), [b"x"], [""]) == [Binary(reason)]


def test_no_file_has_nothing_kept_of_it(tmp_path: Path) -> None:
    cache = opened(tmp_path)
    found = cache.recall(cache.keys([], []), ["a", "b"])
    assert found.counts.shape == (0, 2) and len(found.plain) == 0 and not found.others


def test_a_name_that_is_no_utf_8_is_a_way_like_others(tmp_path: Path) -> None:
    cache = opened(tmp_path)
    content = cache.digest(b"a text")
    ways = [os.fsdecode(b"caf\xe9.py"), os.fsdecode(b"caf\xea.py")]
    one, other = (cache.keys([content], [way]) for way in ways)
    assert (one != other).any()


def test_files_that_are_each_read_by_their_own_name_cost_no_more_than_others(tmp_path: Path) -> None:
    cache = opened(tmp_path)
    contents = [cache.digest(b"%d" % number) for number in range(10_000)]
    ways = [ReadOptions(document_text=True).fingerprint(f"{number}.py") for number in range(10_000)]
    began = time.process_time()
    keys = cache.keys(contents, ways)
    assert time.process_time() - began < 5  # 0.03; comparing each with each takes 15
    assert keys[[0, -1]].tolist() == cache.keys([contents[0], contents[-1]], [ways[0], ways[-1]]).tolist()
