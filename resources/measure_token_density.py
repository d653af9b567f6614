"""Measure how many tokens a byte brings, by kind of file and tokenizer, and compare with token_density.toml.

    python resources/measure_token_density.py [--write] FOLDER...

Needs tokviz installed. Prints what is measured beside what is recorded; with ``--write`` the file gets the
measured figures instead (those of kinds of file that the folders do not hold stay), and a row for each
tokenizer that has none. The exit code is 1 if a figure is missing or further off than the file's head says.
Figures are good if the folders hold much of what people write: take Django's and Linux's sources.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from tokviz.analysis.codebase.languages import BINARY, OTHER, language
from tokviz.analysis.codebase.token_density_priors import TokenDensity, read_token_density
from tokviz.assets import Assets
from tokviz.documents.tree.listing import list_folder
from tokviz.documents.tree.reading import read_files
from tokviz.tokenization.registry import Registry

FILE = Path(__file__).resolve().parent / "catalog" / "token_density.toml"
YARDSTICK = "o200k_base"
ENOUGH = 1 << 20
"""Bytes of one kind of file from which its figure is worth something."""
LIKE_OTHERS = 0.1
"""A kind of file that differs less than this from all others needs no row."""
KIND_OFF, TOKENIZER_OFF = 0.15, 0.10


def main(arguments: Sequence[str]) -> int:
    """Measure, print and perhaps write; 1 if the file is not right."""
    parser = argparse.ArgumentParser(description="Measure the token density priors.")
    parser.add_argument("folders", nargs="+", type=Path, metavar="FOLDER")
    parser.add_argument("--write", action="store_true", help="put the measured figures into the file")
    options = parser.parse_args(arguments)
    recorded = read_token_density(Assets())
    measured = measure(options.folders)
    usual = recorded.per_byte[OTHER]
    wrong = compare("tokens a byte", measured.per_byte, recorded.per_byte, KIND_OFF, usual)
    title = f"against {YARDSTICK}"
    wrong += compare(title, measured.against_o200k_base, recorded.against_o200k_base, TOKENIZER_OFF, None)
    if options.write:
        FILE.write_text(written(measured, recorded), "utf-8")
    return bool(wrong)


def measure(folders: Sequence[Path]) -> TokenDensity:
    """The densities of what is in the folders, as tokviz finds and reads it."""
    registry = Registry(Assets())
    names = [name for name in registry.names() if name != YARDSTICK]
    sizes, tokens, totals = Counter[str](), Counter[str](), Counter[str]()
    for folder in folders:
        listing = list_folder(folder)
        for batch in read_files(folder, enumerate(listing.files)):
            counts = registry.get(YARDSTICK).count_many(batch.texts).tolist()
            for number, count in zip(batch.numbers, counts, strict=True):
                file = listing.files[number]
                kind = language(Path(file.path).name)
                sizes[kind] += file.size
                tokens[kind] += count
            totals[YARDSTICK] += sum(counts)
            for name in names:
                totals[name] += int(registry.get(name).count_many(batch.texts).sum())
    per_byte = {
        kind: tokens[kind] / size for kind, size in sizes.items() if size >= ENOUGH and kind != BINARY
    }
    against = {name: totals[name] / totals[YARDSTICK] for name in registry.names()}
    return TokenDensity(per_byte, against)


def compare(
    title: str, measured: Mapping[str, float], recorded: Mapping[str, float], most: float, usual: float | None
) -> int:
    """Print both, and how many of the measured ones are further off than ``most``, or missing: ``usual``
    stands for those, if it is given."""
    wrong = 0
    print(title)
    for name, value in sorted(measured.items()):
        known = recorded.get(name, usual)
        off = known is None or abs(known / value - 1) > most
        wrong += off
        print(f"  {name:20} {value:6.3f}  recorded {known}{'  <- off' if off else ''}")
    return wrong


def written(measured: TokenDensity, recorded: TokenDensity) -> str:
    """The file's text with the measured figures; a kind of file that is like most needs none."""
    head = FILE.read_text("utf-8").partition("[per_byte]")[0]
    usual = recorded.per_byte[OTHER]
    needed = {
        kind: value for kind, value in measured.per_byte.items() if abs(value / usual - 1) > LIKE_OTHERS
    }
    per_byte = {kind: value for kind, value in recorded.per_byte.items() if kind not in measured.per_byte}
    rows = [f'"{kind}" = {value:.2g}' for kind, value in sorted((per_byte | needed).items())]
    against = [f'"{name}" = {value:.3g}' for name, value in measured.against_o200k_base.items()]
    return "\n".join([f"{head}[per_byte]", *rows, "", "[against_o200k_base]", *against, ""])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
