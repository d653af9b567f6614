"""Run the benchmarks by name, or all of them."""

import argparse
import difflib
import importlib
import json
import pkgutil
import sys

import tests.benchmarks
from tests.benchmarks.harness import Benchmark, Missing, Result


def find() -> dict[str, Benchmark]:
    """Every benchmark of the modules beside this one, by name."""
    found: dict[str, Benchmark] = {}
    for module in pkgutil.iter_modules(tests.benchmarks.__path__):
        if module.name not in ("__main__", "harness"):
            loaded = importlib.import_module(f"tests.benchmarks.{module.name}")
            found.update(getattr(loaded, "BENCHMARKS", {}))
    return found


def row(result: Result) -> dict[str, object]:
    """One result as ``--json`` gives it."""
    if isinstance(result, Missing):
        return {
            "name": f"{result.name}: {result.reason}",
            **dict.fromkeys(("value", "baseline", "ratio", "limit", "ok")),
        }
    return {key: getattr(result, key) for key in ("name", "value", "baseline", "ratio", "limit", "ok")}


def line(result: Result) -> str:
    """One result as a person reads it."""
    if isinstance(result, Missing):
        return f"not run  {result.name}: {result.reason}"
    sign = "≥" if result.at_least else "≤"
    verdict = "ok" if result.ok else "MISSED"
    return (
        f"{verdict:8} {result.name}: {result.value:.4g} against {result.baseline:.4g}, "
        f"ratio {result.ratio:.3g} (limit {sign} {result.limit:g})"
    )


def main(argv: list[str]) -> int:
    """Run, print, and exit 1 if a limit is missed, 2 for a name that there is not."""
    benchmarks = find()
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(benchmarks))
    parser.add_argument("--json", action="store_true", help="print a list of objects")
    arguments = parser.parse_args(argv)
    for name in arguments.names:
        if name not in benchmarks:
            near = difflib.get_close_matches(name, benchmarks, 1)
            parser.error(f"there is no benchmark {name!r}" + (f"; did you mean {near[0]!r}?" if near else ""))
    results: list[Result] = []
    for name in arguments.names or benchmarks:
        for result in benchmarks[name]():
            results.append(result)
            if not arguments.json:
                print(line(result), flush=True)
    if arguments.json:
        print(json.dumps([row(result) for result in results], indent=1))
    return int(any(not isinstance(result, Missing) and not result.ok for result in results))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
