"""What is told of unsaved texts and prompts: whole sentences for each, for languages bend the words."""

from enum import Enum, auto

from tokviz.language import _, ngettext


class Noun(Enum):
    """What is kept."""

    TEXT = auto()
    PROMPT = auto()


def removed(noun: Noun, count: int) -> str:
    """So many were removed, or none was there."""
    if noun is Noun.TEXT:
        return (
            ngettext(
                "Removed {n} unsaved text of earlier sessions.",
                "Removed {n} unsaved texts of earlier sessions.",
                count,
            )
            if count
            else _("No unsaved text is kept.")
        )
    return (
        ngettext(
            "Removed {n} unsaved prompt of earlier sessions.",
            "Removed {n} unsaved prompts of earlier sessions.",
            count,
        )
        if count
        else _("No unsaved prompt is kept.")
    )


def restored(noun: Noun, count: int) -> str:
    """So many of the last session are back."""
    if noun is Noun.TEXT:
        return ngettext(
            "The unsaved text of the last session is back.",
            "The {n} unsaved texts of the last session are back.",
            count,
        )
    return ngettext(
        "The unsaved prompt of the last session is back.",
        "The {n} unsaved prompts of the last session are back.",
        count,
    )


def not_kept(noun: Noun, sentence: str) -> str:
    """``sentence`` says why it cannot be written."""
    if noun is Noun.TEXT:
        return _("The unsaved text cannot be kept for a crash: {sentence}", sentence=sentence)
    return _("The unsaved prompt cannot be kept for a crash: {sentence}", sentence=sentence)
