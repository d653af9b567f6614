"""Find the words that read the same from both ends, and say how often each occurs."""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

WORD = re.compile(r"[^\W\d_]{3,}", re.UNICODE)


@dataclass(slots=True)
class Index:
    """Counts palindromes over any number of texts."""

    minimum_length: int = 3
    counts: Counter[str] = field(default_factory=Counter)

    def add(self, text: str) -> None:
        for word in self._palindromes(text):
            self.counts[word] += 1

    def most_common(self, limit: int | None = None) -> list[tuple[str, int]]:
        # Ties go to the longer word, then to the alphabet.
        ordered = sorted(self.counts.items(), key=lambda item: (-item[1], -len(item[0]), item[0]))
        return ordered[:limit]

    def _palindromes(self, text: str) -> Iterator[str]:
        for match in WORD.finditer(text.casefold()):
            word = match.group()
            if len(word) >= self.minimum_length and word == word[::-1]:
                yield word


def main(paths: Iterable[str]) -> int:
    index = Index()
    for path in map(Path, paths):
        try:
            index.add(path.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError) as error:
            print(f"{path}: {error}", file=sys.stderr)
            return 1
    for word, count in index.most_common(20):
        print(f"{count:>6,}  {word}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
