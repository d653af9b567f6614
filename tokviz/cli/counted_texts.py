"""The texts of counted inputs, read once more: to be packed, or to see what makes them shorter."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from tokviz.cli.console import Console
from tokviz.cli.inputs import STANDARD_INPUT, read_input
from tokviz.cli.totals import Part
from tokviz.documents.decoding import ReadOptions
from tokviz.documents.shortening.shortenings import Shortening
from tokviz.documents.tree.reading import TextBatch, read_files


def counted_texts(
    part: Part,
    first: int,
    numbers: Sequence[int],
    reading: ReadOptions,
    console: Console,
    shortened: Mapping[int, frozenset[Shortening]] | None = None,
) -> Iterator[TextBatch]:
    """The texts of some files of an input, numbered as among those of all inputs, where its own begin with
    ``first``. ``shortened``: by that number, what is to make each shorter, if it is not what ``reading``
    says."""
    if part.path != STANDARD_INPUT:
        files = ((first + number, part.listing.files[number]) for number in numbers)
        yield from read_files(part.listing.root, files, part.reading(reading), shortened=shortened)
    elif numbers:
        own = reading.shortened if shortened is None else shortened[first]
        text = read_input(STANDARD_INPUT, console, replace(reading, largest=None, shortened=own))
        batch = TextBatch()
        batch.add(first, text, len(text.text))
        yield batch
