"""How a text stands to a model's window, in the words that panel, tree, tooltips and command line share."""

from tokviz.analysis import formatting
from tokviz.analysis.budget import Fit, Limit, Standing


def share(fit: Fit) -> str:
    """The part of the window that the text takes: ``42.1 %``, ``~57.0 %``, ``unknown``."""
    mark = "" if fit.share is None else formatting.mark(fit.count)
    return mark + formatting.percent(fit.share)


def room(fit: Fit, *, brief: bool = False) -> str:
    """The limit that binds and how far it is, for the likely count.

    ``1,204 left``, ``over by 60,160`` (the window), ``over input by 84,000`` (the largest input),
    ``answer cut to 1,204`` (only the reserve is short), ``window unknown``.
    ``brief`` rounds the number: ``over by 60.2k``.
    """
    if fit.left is None:
        return "window unknown"
    write = formatting.short if brief else formatting.grouped

    def number(tokens: int) -> str:
        return formatting.mark(fit.count) + write(tokens)

    if fit.over:
        return f"over {'input ' if fit.limit is Limit.INPUT else ''}by {number(fit.over)}"
    if fit.left < 0:
        return f"answer cut to {number(fit.answer_room or 0)}"
    return f"{number(fit.left)} left"


def doubt(fit: Fit) -> str:
    """What an estimate's range adds to ``room``: ``only the estimate's high end goes over``; else nothing."""
    low, high = fit.count.low, fit.count.high
    if fit.usable is None or fit.sendable is None:
        return ""
    if fit.over:
        if low <= fit.usable:
            return "the estimate's low end fits"
        return "the estimate's low end can be sent" if low <= fit.sendable else ""
    if high > fit.sendable:
        return "only the estimate's high end goes over"
    if fit.used > fit.usable:
        return "the estimate's low end fits" if low <= fit.usable else ""
    return "only the estimate's high end cuts the answer" if high > fit.usable else ""


def room_and_doubt(fit: Fit) -> str:
    """Both: ``~1,204 left; only the estimate's high end goes over``."""
    return "; ".join(words for words in (room(fit), doubt(fit)) if words)


def against(fit: Fit, model: str) -> str:
    """A clause to follow a number of tokens: ``42.1 % of the window of GPT-5: it fits, 1,204 left``."""
    if fit.standing is Standing.UNKNOWN:
        return f"the window of {model} is unknown"
    verdict = {
        Standing.FITS: "it fits",
        Standing.MAY_NOT_FIT: "it may not fit",
        Standing.ANSWER_CUT: "it can be sent",
        Standing.TOO_LONG: "it does not fit",
    }[fit.standing]
    of = f"for {model}" if fit.share is None else f"{share(fit)} of the window of {model}"
    return f"{of}: {verdict}, {room_and_doubt(fit)}"
