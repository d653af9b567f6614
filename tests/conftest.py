"""What every test starts from."""

import gc
import os
import sys
import tomllib
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import pytest
from hypothesis import settings
from pytestqt.qtbot import QtBot

from tokviz.tokenization.engine import Engine
from tokviz.tokenization.memory import return_free_memory
from tokviz.tokenization.registry import ENGINES, Registry
from tokviz.tokenization.vocabularies import Vocabulary

# Tests never open windows on somebody's screen, unless asked to (QT_QPA_PLATFORM=xcb, say).
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# Tests read English, wherever they run; a child process takes it from here too.
os.environ["TOKVIZ_LANGUAGE"] = "en"
# Where Python may write no compiled modules, every program and worker that a test starts would compile all
# of tokviz anew: a second each.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False
# Programs that tests start run elsewhere, where a relative path would lead to nothing.
if places := os.environ.get("PYTHONPATH"):
    os.environ["PYTHONPATH"] = os.pathsep.join(map(os.path.abspath, places.split(os.pathsep)))
# Each command, window and catalog of a test reads models.toml and its like, which takes 0.05 s a time.
tomllib.loads = lru_cache(64)(tomllib.loads)
# As in the program (see ``ui.common.garbage``): garbage that may hold a QObject is freed on the main thread.
gc.disable()
# The same examples in every run, so that a change fails for what it changed; with TOKVIZ_EFFORT new ones.
# None has a deadline: how long one takes depends on what else the machine does.
settings.register_profile("here", derandomize="TOKVIZ_EFFORT" not in os.environ, deadline=None)
settings.load_profile("here")
# What is waited for comes at last, also where other tests have the processors.
for wait in (QtBot.waitUntil, QtBot.waitSignal, QtBot.waitSignals, QtBot.waitExposed, QtBot.waitActive):
    wait.__kwdefaults__ = {**(wait.__kwdefaults__ or {}), "timeout": 60_000}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files with slow tests come first: two processes share the files, and neither is to wait for the other's
    last one."""
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """What is imported by now stays to the end: each module's collection would look through all of it again,
    0.4 s each time."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def engines() -> dict[tuple[Path, int], Engine]:
    """The engines of bundled vocabularies: each registry is a program's own and would load them again, which
    takes five seconds for an estimate alone. All of them have one gigabyte."""
    return {}


@pytest.fixture(autouse=True, scope="module")
def _load_once(request: pytest.FixtureRequest, engines: dict[tuple[Path, int], Engine]) -> Iterator[None]:
    """Share them, but where loading is what is tested."""
    make = Registry._engine

    def load_once(registry: Registry, vocabulary: Vocabulary, trusted: bool) -> Engine:
        if not trusted or registry._engine_names != tuple(ENGINES):
            return make(registry, vocabulary, trusted)
        key = vocabulary.info.file, vocabulary.info.tokens
        if key not in engines:
            engines[key] = make(registry, vocabulary, trusted)
        return engines[key]

    with pytest.MonkeyPatch.context() as patch:
        if "tokenization" not in request.path.parts:
            patch.setattr(Registry, "_engine", load_once)
        yield


@pytest.fixture(autouse=True)
def _collect_after_a_test() -> Iterator[None]:
    yield
    gc.collect(1)


@pytest.fixture(autouse=True, scope="module")
def _collect_after_a_module(request: pytest.FixtureRequest) -> Iterator[None]:
    """What a module keeps for all its tests goes with it: all modules' tokenizers would take gigabytes."""
    yield
    kept = [value for value in vars(request.module).values() if _is_cache_of(value, request.module.__name__)]
    for cache in kept:
        cache.cache_clear()
    gc.collect()
    if kept:
        return_free_memory()


def _is_cache_of(value: object, module: str) -> bool:
    """Also one of another module of tests, which may be over, or run in another process."""
    owner = getattr(value, "__module__", "")
    return hasattr(value, "cache_clear") and (owner == module or ".test_" in owner)
