#!/usr/bin/env python3
"""Runs the examples of README.md and docs/*.md and checks what they print.

    <!-- run -->                     the block that follows is a shell script
    <!-- run: norm-opt %s -->        the command reads the block as the file %s
    <!-- output -->                  the block is what the last run prints;
                                     a line "..." stands for any lines

Usage: doc-examples.py BUILD_DIR [FILE.md...]
Every example runs in a folder of its own that looks like the repository.
"""

import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
EXAMPLE = re.compile(
    r"^<!-- (run|output)(?:: (.*?))? -->\n+```(\w*)\n(.*?)^```$", re.M | re.S
)


def run(command, language, block, build_dir):
    """Returns the process that ran one example."""
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        for entry in ROOT.iterdir():
            if not entry.name.startswith((".git", "build")):
                (folder / entry.name).symlink_to(entry)
        (folder / "build").symlink_to(build_dir)
        source = folder / f"example.{language}"
        source.write_text(block)
        script = command.replace("%s", source.name) if command else block
        return subprocess.run(
            ["bash", "-euo", "pipefail", "-c", script],
            cwd=folder, capture_output=True, text=True, stdin=subprocess.DEVNULL,
        )  # fmt: skip


def matches(expected, printed):
    """Compares line by line; "..." in `expected` stands for any lines."""
    lines = [line.strip() for line in expected.strip().splitlines()]
    pattern = "".join(
        r"(?:.*\n)*?" if line == "..." else re.escape(line) + r"\n" for line in lines
    )
    text = "".join(line.strip() + "\n" for line in printed.strip().splitlines())
    return re.fullmatch(pattern, text) is not None


def main():
    build_dir = pathlib.Path(sys.argv[1]).resolve()
    files = [pathlib.Path(name).resolve() for name in sys.argv[2:]]
    files = files or [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
    count = failures = 0
    for path in filter(pathlib.Path.exists, files):
        text = path.read_text()
        result = None
        for example in EXAMPLE.finditer(text):
            kind, command, language, block = example.groups()
            where = f"{path.name}:{text.count(chr(10), 0, example.start()) + 1}"
            error = None
            if kind == "run":
                count += 1
                result = run(command, language, block, build_dir)
                if result.returncode:
                    error = f"exit status {result.returncode}\n{result.stderr}"
            elif result is None:
                error = "an output without a run"
            elif not matches(block, result.stdout):
                error = f"prints something else:\n{result.stdout}"
            if error:
                failures += 1
                print(f"{where}: {error}")
    print(f"{count} examples, {failures} failures")
    return failures > 0


sys.exit(main())
