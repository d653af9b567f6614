"""The texts of 200 PDFs, in a process with limits, against the library's own loop in this one."""

import random
import tempfile
from pathlib import Path

from tests.benchmarks.harness import Benchmark, Result, Row, interleave, timed
from tests.documents.extraction.made import pdf_of_lines
from tokviz.documents.decoding import ReadOptions
from tokviz.documents.tree.reading import read_files
from tokviz.documents.tree.walking import FoundFile

FILES, PAGES, LINES = 200, 8, 45
_WORDS = ("report", "meeting", "on budgets", "figures", "plans", "which were", "discussed", "and agreed")


def make_files(folder: Path) -> list[FoundFile]:
    """Write the PDFs: pages full of prose, as reports are."""
    chance, files = random.Random(3), []
    for number in range(FILES):
        pages = [[" ".join(chance.choices(_WORDS, k=12)) for _ in range(LINES)] for _ in range(PAGES)]
        data = pdf_of_lines(pages)
        (folder / f"{number}.pdf").write_bytes(data)
        files.append(FoundFile(f"{number}.pdf", len(data), 0))
    return files


def two_hundred_pdfs() -> list[Result]:
    """Every file is read and its text taken out, the start of the process included."""
    import pypdfium2

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        files = make_files(folder)

        def ours() -> None:
            batches = read_files(folder, enumerate(files), ReadOptions(document_text=True))
            assert sum(len(batch.texts) for batch in batches) == FILES

        def bare() -> None:
            for file in files:
                document = pypdfium2.PdfDocument((folder / file.path).read_bytes())
                for page in document:
                    page.get_textpage().get_text_bounded()

        ours_time, bare_time = interleave(lambda: timed(ours), lambda: timed(bare))
    return [Row(f"{FILES} PDFs as text against pypdfium2's bare loop (s)", ours_time, bare_time, 1.5)]


BENCHMARKS: dict[str, Benchmark] = {"documents-200-pdfs": two_hundred_pdfs}
