"""Runs a command under Open MPI on hosts of their own: network namespaces of this
machine, which reach each other over TCP. The arguments are their number and the command.

Called by mpirun as its agent, it enters the namespace of the host that mpirun names."""

import contextlib
import os
import subprocess
import sys

NAME, NETWORK = f"norm{os.getpid()}", "10.213.7"


def ip(*arguments):
    subprocess.run(["ip", *arguments], check=True)


def enter(host, command):
    namespace = f"{os.environ['NORM_HOSTS']}-{host.rsplit('.', 1)[1]}"
    # mpirun wants hosts to have names of their own.
    os.execvp("ip", ["ip", "netns", "exec", namespace, "unshare", "--uts", "sh", "-c",
                     f"hostname {namespace}; {' '.join(command)}"])


def run(count, command):
    hosts = [f"{NETWORK}.{i + 1}" for i in range(count)]
    with contextlib.ExitStack() as stack:
        ip("link", "add", NAME, "type", "bridge")
        stack.callback(ip, "link", "del", NAME)
        ip("address", "add", f"{NETWORK}.254/24", "dev", NAME)
        ip("link", "set", NAME, "up")
        for i, host in enumerate(hosts):
            namespace = f"{NAME}-{i + 1}"
            ip("netns", "add", namespace)
            stack.callback(ip, "netns", "del", namespace)
            ip("link", "add", f"{NAME}v{i}", "type", "veth", "peer", "eth0", "netns", namespace)
            ip("link", "set", f"{NAME}v{i}", "master", NAME, "up")
            ip("-netns", namespace, "address", "add", f"{host}/24", "dev", "eth0")
            for device in ("eth0", "lo"):
                ip("-netns", namespace, "link", "set", device, "up")
        variables = [word for name in os.environ if name.startswith(("NORM_", "PYTHON"))
                     for word in ("-x", name)]
        subnet = f"{NETWORK}.0/24"
        os.environ["NORM_HOSTS"] = NAME
        return subprocess.run(
            ["mpirun.openmpi", "--allow-run-as-root", "-n", str(count), *variables,
             "--host", ",".join(f"{host}:1" for host in hosts),
             "--mca", "plm_rsh_agent", f"{sys.executable} {os.path.abspath(__file__)} --enter",
             "--mca", "oob_tcp_if_include", subnet, "--mca", "btl", "tcp,self",
             "--mca", "btl_tcp_if_include", subnet, *command]).returncode


if sys.argv[1] == "--enter":
    words = [word for word in sys.argv[2:]]
    while words[0].startswith("-"):
        words.pop(0)
    enter(words[0], words[1:])
sys.exit(run(int(sys.argv[1]), sys.argv[2:]))
