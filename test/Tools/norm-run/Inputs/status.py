"""Runs a command and checks that it exits with the status given."""

import subprocess
import sys

status = subprocess.run(sys.argv[2:]).returncode
if status != int(sys.argv[1]):
    sys.exit(f"expected status {sys.argv[1]}, but got {status}")
