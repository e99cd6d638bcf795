"""Reads assembly from standard input and prints, for each function, what its innermost
loops have:

    NAME: REGISTERS [fma] [stream] [prefetch] [masked]; spills N; scalarized N; calls N

REGISTERS is the widest kind, N what the worst loop has: stores and loads of spilled
vectors, elements of vectors that are moved one by one, calls. `masked` is said of the
whole function. What is a loop is told by LLVM's comments.
"""

import re
import sys

WIDTHS = (r"%zmm", r"%ymm", r"%xmm|\bv\d+\.(?:4s|2d|8h|4h|16b)|\bq\d+")
NAMES = ("zmm", "ymm", "xmm or v")
FEATURES = {
    "fma": r"^v?fn?m(add|sub)\d*p[sd]|^fml[as]",
    "stream": r"^v?movnt|^stnp",
    "prefetch": r"^prefetch|^prfu?m",
}
MASKED = r"\{%k\d\}|\{z\}|maskmov"
SPILL = r"(16|32|64)-byte .*(Spill|Reload)"
# Moves of one element, and what selects one.
ELEMENT = r"^v?(pextr|pinsr|insertps|extractps)|^u?comiss|^vucomiss|^cmov|^(u|s)mov|^mov\.[hs]|^ins$"
CALL = r"^(callq?|blr?)$"


def read_functions(lines):
    """Yields the name and the instructions with their comments, and labels."""
    name, body = None, []
    for line in lines:
        label = re.match(r"([A-Za-z_]\w*):", line)
        if label:
            if name:
                yield name, body
            name, body = label[1], []
        elif name:
            body.append(line.strip())
    if name:
        yield name, body


def find_loops(body):
    """Returns the innermost loops: from a label to the last jump back to it."""
    loops, label = [], None
    for i, line in enumerate(body):
        label = m[1] if (m := re.match(r"(\.LBB\w+):", line)) else label
        if "Inner Loop Header" in line:
            jumps = [j for j in range(i, len(body)) if re.search(rf"^(j|b|cb|tb).*\{label}$", body[j].split(" #")[0].strip())]
            loops.append(body[i : jumps[-1] + 1] if jumps else [])
    return loops


def count(pattern, loops, text=lambda line: line.split()[0]):
    """Returns the largest number of lines of a loop that the pattern is found in."""
    return max((sum(bool(re.search(pattern, text(line))) for line in loop if line) for loop in loops), default=0)


for name, body in read_functions(sys.stdin):
    if "." in name or name.startswith("_"):
        continue
    loops = find_loops(body)
    words = [next((n for w, n in zip(WIDTHS, NAMES) if count(w, loops, str)), "scalar")]
    words += [word for word, pattern in FEATURES.items() if count(pattern, loops)]
    words += ["masked"] * bool(count(MASKED, [body], str))
    numbers = f"spills {count(SPILL, loops, str)}; scalarized {count(ELEMENT, loops)}; calls {count(CALL, loops)}"
    print(f"{name}: {' '.join(words)}; {numbers}")
