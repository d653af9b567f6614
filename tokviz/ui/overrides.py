"""What Qt calls of ours, made safe to fail.

An error that C code raises (an index out of range, a missing key) is at first a type and a message; Python
makes one exception of the two where it is caught. If the method that failed was called by Qt, while Qt itself
was called from Python, PySide (6.8 to 6.11) takes the message for an exception, and ends the program with a
segmentation fault. Python 3.12 knows exceptions only.
"""

import sys
from collections.abc import Callable
from functools import cache, update_wrapper
from types import CellType, CodeType, FunctionType
from typing import Any

from shiboken6 import Shiboken

_ANY_NUMBER = 0x04 | 0x08
"""Flags of a function that takes any number of arguments (``CO_VARARGS`` and ``CO_VARKEYWORDS``)."""


def keep_errors_whole() -> None:
    """Have the classes of Qt's kind that are made from now on raise whole exceptions from what Qt calls."""
    if sys.version_info < (3, 12):
        Shiboken.Object.__init_subclass__ = classmethod(_guard)  # type: ignore[assignment,arg-type]


def guarded(method: FunctionType) -> Callable[..., Any]:
    """The same method, but what it raises has been caught once. Arguments, names and defaults stay: PySide
    hands a slot as many arguments as it takes."""
    code = method.__code__
    if code.co_flags & _ANY_NUMBER or code.co_kwonlyargcount:
        return method
    arguments = code.co_varnames[: code.co_argcount]
    outer = _catching(len(arguments)).replace(
        co_name=code.co_name, co_qualname=code.co_qualname, co_varnames=arguments
    )
    call = FunctionType(outer, method.__globals__, method.__name__, method.__defaults__, (CellType(method),))
    return update_wrapper(call, method)


def _guard(cls: type, **options: Any) -> None:
    super(Shiboken.Object, cls).__init_subclass__(**options)  # type: ignore[misc]
    for name, method in list(vars(cls).items()):
        if isinstance(method, FunctionType) and not name.startswith("__") and _is_of_qt(cls, name):
            setattr(cls, name, guarded(method))


def _is_of_qt(cls: type, name: str) -> bool:
    """Whether Qt has a method of this name, which it may call."""
    return any(name in vars(base) for base in cls.__mro__[1:] if base.__module__.startswith("PySide6."))


@cache
def _catching(count: int) -> CodeType:
    """Code that calls ``method``, which it finds around it, with ``count`` arguments."""
    names = ",".join(f"a{number}" for number in range(count))
    source = (
        "def around(method):\n"  # verbatim
        f" def call({names}):\n"  # verbatim
        f"  try: return method({names})\n"
        "  except BaseException: raise\n"  # verbatim
        " return call\n"  # verbatim
    )
    namespace: dict[str, Any] = {}
    exec(compile(source, "<guarded>", "exec"), namespace)
    code: CodeType = namespace["around"](None).__code__
    return code
