"""A folder's own Python files are never run by a command that is given in it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

_ROOT = Path(__file__).resolve().parents[2]
_SHADOWED = ("json", "struct", "signal", "multiprocessing", "pygit2", "numpy", "jinja2")
_TRAP = "import pathlib\npathlib.Path('{mark}').write_text('ran')\nraise SystemExit(9)\n"

_PROGRAM = """\
import sys
sys.path.insert(0, {root!r})
from tokviz.__main__ import main
from tokviz.cli import count, process_shards
count.usable_processes = lambda: 2
process_shards._WORTH_A_PROCESS = 1
if __name__ == "__main__":
    sys.exit(main())
"""
"""As the installed program: its own folder stands first in the path, not the one where it is run."""


@pytest.mark.parametrize(
    "arguments",
    [
        ["count", "text.txt", "--tokenizer", "r50k_base", "--tokenizer", "cl100k_base"],
        ["chat", "chat.json", "--model", "gpt-4o", "--template", "template.jinja"],
        ["count", ".", "--tokenizer", "r50k_base"],
    ],
)
def test_modules_in_the_current_folder(tmp_path: Path, arguments: list[str]) -> None:
    program, folder, mark = tmp_path / "program.py", tmp_path / "folder", tmp_path / "mark"
    program.write_text(_PROGRAM.format(root=str(_ROOT)), encoding="utf-8")
    folder.mkdir()
    for name in _SHADOWED:
        (folder / f"{name}.py").write_text(_TRAP.format(mark=mark), encoding="utf-8")
    (folder / "text.txt").write_text("hello\n", encoding="utf-8")
    (folder / "template.jinja").write_text("{{ messages[0].content }}", encoding="utf-8")
    (folder / "chat.json").write_text(
        '{"messages": [{"role": "user", "content": "hello"}]}', encoding="utf-8"
    )
    (folder / ".gitignore").write_text("*.txt\n", encoding="utf-8")
    subprocess.run(["git", "init", "-q"], cwd=folder, check=True)
    subprocess.run(["git", "add", "-f", "text.txt"], cwd=folder, check=True)
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONSAFEPATH"}
    done = subprocess.run(
        [sys.executable, str(program), *arguments],
        cwd=folder,
        env={**environment, "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert not mark.exists()
    assert done.returncode == 0, done.stderr
