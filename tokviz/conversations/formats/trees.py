"""Finds the live branch of a conversation that is kept as a tree."""

from collections.abc import Mapping


def branch(leaf: str | None, parents: Mapping[str, str | None]) -> list[str]:
    """The names from the root down to ``leaf``; a circle or an unknown parent ends the way up."""
    found: dict[str, None] = {}
    while leaf is not None and leaf in parents and leaf not in found:
        found[leaf] = None
        leaf = parents[leaf]
    return list(reversed(found))
