#!/usr/bin/env python3
"""Writes what pipeline-fuzzer starts from: each function of the tests that it takes
as a file of its own, and a dictionary of the words of the dialect's syntax.

    make-corpus.py FOLDER      # FOLDER/corpus/*.mlir, FOLDER/norm.dict
"""

import hashlib
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
MAX_LENGTH = 4096
# As in pipeline-fuzzer.cpp.
UNWANTED = re.compile(r'[#!"\0]|loc\(|\{-#|[^\x00-\x7f]')


def find_functions():
    for path in sorted((ROOT / "test").rglob("*.mlir")):
        text = re.sub(r"//.*", "", path.read_text().replace("// -----", "\0"))
        for part in text.split("\0"):
            # A function ends at the first brace in the first column.
            for function in re.findall(r"^func\.func.*?^}$", part, re.MULTILINE | re.DOTALL):
                function = re.sub(r"\n\s*\n+", "\n", function) + "\n"
                if "norm." in function and len(function) <= MAX_LENGTH and not UNWANTED.search(function):
                    yield function


def find_words():
    text = "".join(path.read_text() for path in sorted((ROOT / "include/Norm/IR").glob("*.td")))
    words = set(re.findall(r"`(\w{2,})`", text))
    words |= {f"norm.{name}" for name in re.findall(r'Op<"(\w+)"', text)}
    words |= set(re.findall(r'EnumAttrCase<"\w+", \d+, "(\w+)">', text))
    words |= {"memref<", "tensor<", "strided<[", "offset: ?", "?x", "0x", "1x", "x", "f32", "f64", "f16", "bf16", "[]",
              "func.func @f(", "return", "tensor.empty", "arith.constant dense<", "%", ", ", " = ", " : "}
    return sorted(words)


def main(folder):
    corpus = folder / "corpus"
    corpus.mkdir(parents=True, exist_ok=True)
    for function in find_functions():
        name = hashlib.sha1(function.encode()).hexdigest()[:16]
        (corpus / f"{name}.mlir").write_text(function)
    (folder / "norm.dict").write_text("".join(f'"{word}"\n' for word in find_words()))
    print(f"{len(list(corpus.iterdir()))} functions, {len(find_words())} words")


main(pathlib.Path(sys.argv[1]))
