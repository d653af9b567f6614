"""What a standalone build is asked, to be compared with what its sources answer.

Between them the commands start every kind of process that the program has: the reader of documents, git, a
user's chat template, tokenizers in shards.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.documents.extraction.made import docx, paragraph, pdf

ROOT = Path(__file__).parents[2]
ONE = ["--tokenizer", "o200k_base"]
COMMANDS = {
    "version": ["--version"],
    "folder": ["count", "tree", "--json", "--no-cache", *ONE],
    "shards": ["count", "tree/code.py", "--json", "--no-cache", "--all-models"],
    "documents": ["count", "paper.pdf", "letter.docx", "--json", "--no-cache", *ONE],
    "git": ["count", "repository", "--staged", "--json", "--no-cache", *ONE],
    "chat": ["chat", "chat.json", "--model", "gpt-4o"],
    "template": ["chat", "chat.json", "--model", "gpt-4o", "--template", "template.jinja"],
    "compare": ["compare", "--forms", "chat.json", *ONE],
    "tokens": ["tokens", "tree/greek.txt", *ONE],
    "tokenizer": ["tokens", "tree/greek.txt", "--tokenizer", "claude-opus-5"],
    "models": ["models"],
}


def write_files(folder: Path) -> None:
    """What the commands read, below ``folder``."""
    tree = folder / "tree"
    tree.mkdir(parents=True)
    (tree / "code.py").write_text("def main():\n    return 'AI models are fascinating'\n", "utf-8")
    (tree / "greek.txt").write_text("Ἄνδρα μοι ἔννεπε, μοῦσα\n", "utf-8")
    (tree / "old.txt").write_bytes("Größe und Maß, für immer\n".encode("cp1252"))
    (folder / "paper.pdf").write_bytes(pdf(["The first page", "The second page"]))
    (folder / "letter.docx").write_bytes(docx(paragraph("Dear reader")))
    messages = [{"role": "user", "content": "Hello"}, {"role": "assistant", "content": "Hello, what is it?"}]
    (folder / "chat.json").write_text(json.dumps({"model": "gpt-4o", "messages": messages}), "utf-8")
    (folder / "template.jinja").write_text(
        "{% for m in messages %}<{{ m.role }}>{{ m.content }}{% endfor %}", "utf-8"
    )
    repository = folder / "repository"
    repository.mkdir()
    (repository / "kept.txt").write_text("one two three\n", "utf-8")
    identity = ["-c", "user.name=A", "-c", "user.email=a@b", "-c", "commit.gpgsign=false"]
    for command in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "first"]):
        subprocess.run(["git", *identity, *command], cwd=repository, check=True)
    (repository / "kept.txt").write_text("one two three four\n", "utf-8")
    subprocess.run(["git", "add", "."], cwd=repository, check=True)


def answer_of_sources(folder: Path, arguments: list[str]) -> tuple[int, str]:
    """Exit code and answer of the sources."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "HOME": str(folder / "home")}
    done = subprocess.run(
        [sys.executable, "-m", "tokviz", *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )
    return done.returncode, done.stdout
