"""The numbers at a chart's scale: round steps, written short."""

from math import ceil, floor, log10


def round_step(top: int) -> int:
    """A round step that makes three to six lines up to ``top``."""
    size = 10 ** floor(log10(top)) if top >= 10 else 1
    return next((s for s in (size // 4, size // 2, size, 2 * size) if s and top / s <= 5), 2 * size)


def rounded_up(tokens: float) -> int:
    """The next round number of steps."""
    step = max(1, round_step(max(1, ceil(tokens))))
    return ceil(tokens / step) * step


def brief(tokens: int) -> str:
    """``150k``, ``1.05M``."""
    for size, unit in ((1_000_000, "M"), (1_000, "k")):
        if tokens >= size:
            return f"{tokens / size:.4g}{unit}"
    return str(tokens)
