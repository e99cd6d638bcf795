"""Runs the program of the first argument, which says what its tests do, in several
processes, which the other arguments start; and checks what they print."""

import os
import re
import subprocess
import sys
import tempfile
import time

import psutil

program, *launcher = sys.argv[1:]
# A timeout of 2 s, and all else that a loaded machine needs.
LONGEST = 60
# The libraries of MPI do not free all.
os.environ["ASAN_OPTIONS"] = os.environ.get("ASAN_OPTIONS", "") + ":detect_leaks=0"
os.environ["NORM_DEVICES_TIMEOUT"] = "2"


def get_running(launched):
    """Returns how many processes of the program run that the launcher has started."""
    name = os.path.basename(program)
    count = 0
    for process in psutil.Process(launched.pid).children(recursive=True):
        try:
            count += process.name() == name[:15] and process.status() != psutil.STATUS_ZOMBIE
        except psutil.NoSuchProcess:
            pass
    return count


def run(test, count, stay):
    """Returns the exit status of the launcher, and the lines that begin with ok or error.
    Processes that `stay` after an error are ended when all have printed one. The status
    is None if the launcher is ended, which it may need: that of Open MPI 4.1 sometimes
    hangs, or crashes, after several processes have failed at once."""
    environment = os.environ | ({"NORM_TEST_WAIT": "1"} if stay else {})
    command = [*launcher, "-n", str(count), program, test]
    with tempfile.TemporaryFile("w+") as output:
        process = subprocess.Popen(command, env=environment, stdout=output, stderr=output)
        start, lines, have_run = time.monotonic(), [], False
        while process.poll() is None and len(lines) != count:
            assert time.monotonic() - start < LONGEST, f"{command}: it hangs: {lines}"
            time.sleep(0.05)
            running = get_running(process)
            if have_run and running == 0:
                break
            have_run |= running == count
            if stay:
                lines = get_lines(output)
        try:
            status = process.wait(0 if stay else 3)
        except subprocess.TimeoutExpired:
            status = None
            process.terminate()
            try:
                process.wait(3)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        return status, get_lines(output)


def get_lines(output):
    """Returns what processes have printed; those that print at once share lines."""
    output.seek(0)
    return re.findall(r"ok|error: (?:(?!error:|ok).)*", output.read())


def check(test, counts, pattern=None, stay=False, may_end=False):
    """Expects all processes to print `ok`; or if there is a `pattern`, an error that has
    it: each if they stay, and none of them `ok` otherwise, as the launcher ends processes
    if one has failed. With `may_end`, those that make fewer calls may have ended before."""
    for count in counts:
        status, lines = run(test, count, stay)
        if may_end and any(line != "ok" for line in lines):
            lines = [line for line in lines if line != "ok"]
        if pattern is None:
            good = status == 0 and lines == ["ok"] * count
        else:
            good = all(re.search(pattern, line) for line in lines)
            # MPICH's launcher may not mind a process that ends early with status 0.
            good &= len(lines) == count if stay else status != 0 or "exit" in test
        assert good, f"{test} of {count}: status {status}, {lines}"


same = r"device \d: expected device \d to make the same call"
late = r"device \d: expected call {} of devices .* to end within 2 s, but another one"
check("groups", [1, 2, 3, 4])
check("embedded", [2, 3])
check("bytes", [2, 3, 4], same, stay=True)
check("later-bytes", [2, 4], f"{same}|{late.format(6)}|expected MPI_Allgather to succeed.* truncated", stay=True)
check("order", [2, 3, 4], same, stay=True)
check("grid", [1, 3], r"expected \d processes for a grid of \dx2, but got \d; start them with mpirun -n", stay=True)
check("grid", [2], "expected 4 processes for a grid of 2x2")
check("number", [2, 3], late.format(4), may_end=True)
check("never", [2, 4], late.format(2))
check("other-group", [2, 3], r"expected devices 0, 1 to form a group within 2 s")
check("exit", [2, 3], f"{late.format(1)}|expected MPI_")
check("later-exit", [2, 3], f"{late.format(2)}|expected MPI_")
