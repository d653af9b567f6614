"""Record ctok's counts of our own texts: ``python -m tests.tokenization.claude.record``."""

import json
import random

from tests.tokenization.claude.claude_texts import EXAMPLES, mixture
from tests.tokenization.claude.oracle import FIXTURE, VERSIONS, ctok
from tests.tokenization.texts import TEXTS

MIXTURES = 1500


def main() -> None:
    """Write the fixture anew; the same texts give the same file."""
    draw = random.Random(11)
    texts = [*EXAMPLES, *TEXTS.values(), *(mixture(draw) for _ in range(MIXTURES))]
    rows = [[text, *(ctok(family)(text) for family in VERSIONS)] for text in dict.fromkeys(texts)]
    lines = ",\n".join(json.dumps(row) for row in rows)
    FIXTURE.write_text(f"[\n{lines}\n]\n", encoding="utf-8")
    print(f"{len(rows)} texts, {FIXTURE.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
