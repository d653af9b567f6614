"""Changes of texts whose bytes do not matter."""

from tokviz.text.change import Change, Reason


def change(start: int, removed: int, inserted: int, old_length: int) -> Change:
    """An edit that replaces so many bytes by so many others."""
    return Change(start, bytes(removed), inserted, old_length, 1, Reason.EDIT)
