"""How a text stands to a model's window, in the words that panel, tree, tooltips and command line share."""

from tokviz.analysis import formatting
from tokviz.analysis.budget import Fit, Limit, Standing
from tokviz.language import _, pgettext


def share(fit: Fit) -> str:
    """The part of the window that the text takes: ``42.1 %``, ``~57.0 %``, ``unknown``."""
    mark = "" if fit.share is None else formatting.mark(fit.count)
    return mark + formatting.percent(fit.share)


def room(fit: Fit, *, brief: bool = False, terse: bool = False) -> str:
    """The limit that binds and how far it is, for the likely count.

    ``1,204 left``, ``over by 60,160`` (the window), ``over input by 84,000`` (the largest input),
    ``answer cut to 1,204`` (only the reserve is short), ``window unknown``.
    ``brief`` rounds the number: ``over by 60.2k``; ``terse`` leaves out what can be: ``over 60.2k``.
    """
    if fit.left is None:
        return _("window unknown")
    write = formatting.short if brief or terse else formatting.grouped

    def number(tokens: int) -> str:
        return formatting.mark(fit.count) + write(tokens)

    if fit.over:
        tokens = number(fit.over)
        if fit.limit is Limit.INPUT:
            return (
                _("over input {tokens}", tokens=tokens)
                if terse
                else _("over input by {tokens}", tokens=tokens)
            )
        return _("over {tokens}", tokens=tokens) if terse else _("over by {tokens}", tokens=tokens)
    if fit.left < 0:
        return _("answer cut to {tokens}", tokens=number(fit.answer_room or 0))
    return pgettext("tokens in a window", "{tokens} left", tokens=number(fit.left))


def doubt(fit: Fit) -> str:
    """What an estimate's range adds to ``room``: ``only the estimate's high end goes over``; else nothing."""
    low, high = fit.count.low, fit.count.high
    if fit.usable is None or fit.sendable is None:
        return ""
    if fit.over:
        if low <= fit.usable:
            return _("the estimate's low end fits")
        return _("the estimate's low end can be sent") if low <= fit.sendable else ""
    if high > fit.sendable:
        return _("only the estimate's high end goes over")
    if fit.used > fit.usable:
        return _("the estimate's low end fits") if low <= fit.usable else ""
    return _("only the estimate's high end cuts the answer") if high > fit.usable else ""


def room_and_doubt(fit: Fit) -> str:
    """Both: ``~1,204 left; only the estimate's high end goes over``."""
    if beside := doubt(fit):
        return _("{room}; {doubt}", room=room(fit), doubt=beside)
    return room(fit)


def verdict(amount: str, fit: Fit, model: str) -> str:
    """A sentence: ``1,204 tokens: 42.1 % of the window of GPT-5: it fits, 1,204 left.``"""
    # Translators: {amount} is such as “1,204 tokens”, {verdict} “42.1 % of the window of GPT-5: it fits”
    return _("{amount}: {verdict}.", amount=amount, verdict=against(fit, model))


def against(fit: Fit, model: str) -> str:
    """A clause to follow a number of tokens: ``42.1 % of the window of GPT-5: it fits, 1,204 left``."""
    if fit.standing is Standing.UNKNOWN:
        return _("the window of {model} is unknown", model=model)
    verdict = {
        Standing.FITS: _("it fits"),
        Standing.MAY_NOT_FIT: _("it may not fit"),
        Standing.ANSWER_CUT: _("it can be sent"),
        Standing.TOO_LONG: _("it does not fit"),
    }[fit.standing]
    if fit.share is None:
        return _("for {model}: {verdict}, {room}", model=model, verdict=verdict, room=room_and_doubt(fit))
    return _(
        "{share} of the window of {model}: {verdict}, {room}",
        share=share(fit),
        model=model,
        verdict=verdict,
        room=room_and_doubt(fit),
    )
