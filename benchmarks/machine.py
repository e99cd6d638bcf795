"""The machine that the numbers are from."""

import os
import pathlib
import re
import subprocess


def read(path):
    return pathlib.Path(path).read_text().strip()


def processor():
    """Returns the processor's name, family and model, and widest vectors."""
    fields = dict(
        re.findall(r"^(.+?)\s*: (.*)$", read("/proc/cpuinfo").split("\n\n")[0], re.M)
    )
    flags = fields.get("flags", "").split()
    vectors = next((v for v in ("avx512f", "avx2", "sse2") if v in flags), "")
    name = fields.get("model name", os.uname().machine)
    family = ", ".join(
        f"{key} {fields[key]}" for key in ("cpu family", "model") if key in fields
    )
    return f"{name} ({', '.join(filter(None, (family, vectors)))})"


def caches():
    """Returns the caches of the first core, such as L3 32768K for 2 cores."""
    found = []
    for index in sorted(pathlib.Path("/sys/devices/system/cpu/cpu0/cache").glob("index*")):
        level, kind, size = (read(index / name) for name in ("level", "type", "size"))
        if kind == "Instruction":
            continue
        shared = bin(int(read(index / "shared_cpu_map").replace(",", ""), 16)).count("1")
        cores = f" for {shared} cores" if shared > 1 else ""
        found.append(f"L{level} {size}{cores}")
    return ", ".join(found)


def describe(build):
    """Returns what the measured times depend on. The load is the number of
    running threads, a minute's mean, before the run."""
    git = ["git", "--no-optional-locks", "-C", build.parent, "describe", "--always", "--dirty"]
    version = subprocess.run(git, capture_output=True, text=True).stdout.strip()
    return {
        "processor": processor(),
        "caches": caches(),
        "threads": len(os.sched_getaffinity(0)),
        "load": os.getloadavg()[0],
        "kernel": os.uname().release,
        "norm": version or "unknown",
    }
