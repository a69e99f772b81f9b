"""sandbox - runs a program under the system-call rules of a systemd unit, where no systemd runs.

    python3 sandbox.py UNIT PROGRAM ARGUMENT...

Of the unit it takes SystemCallFilter, RestrictAddressFamilies and MemoryDenyWriteExecute: what makes libraries
fail in ways that no reader of the unit foresees. Needs python3-seccomp and systemd-analyze.
"""
import errno
import os
import socket
import subprocess
import sys

import seccomp
from seccomp import ALLOW, EQ, ERRNO, MASKED_EQ, Arg

WRITE, EXEC = 2, 4  # PROT_*
ALWAYS = {"execve", "exit", "exit_group", "rt_sigreturn", "brk", "getrlimit"}  # systemd lets these pass in any list


def members(group):
    """The names in one of systemd's sets, nested ones too."""
    said = subprocess.run(["systemd-analyze", "syscall-filter", "--no-pager", group], capture_output=True, text=True,
                          check=True).stdout
    names = set()
    for word in (line.strip() for line in said.splitlines()[1:]):
        if word.startswith("@"):
            names |= members(word)
        elif word and not word.startswith("#"):
            names.add(word)
    return names


def settings(unit):
    found = {}
    with open(unit, encoding="utf-8") as f:
        for line in f:
            name, is_one, value = line.strip().partition("=")
            if is_one and not name.startswith("#"):
                found.setdefault(name, []).append(value)
    return found


def allowed_calls(filters):
    """Lines in their order: the first is a list of what is allowed, "~" takes away, later ones add."""
    allowed = set(ALWAYS)
    for line in filters:
        names = set()
        for word in line.lstrip("~").split():
            names |= members(word) if word.startswith("@") else {word}
        allowed = allowed - names if line.startswith("~") else allowed | names
    return allowed


def confine(unit):
    has = settings(unit)
    rules = seccomp.SyscallFilter(ERRNO(errno.EPERM))
    for name in sorted(allowed_calls(has["SystemCallFilter"]) - {"socket", "mmap", "mprotect"}):
        try:
            rules.add_rule(ALLOW, name)
        except (RuntimeError, ValueError):
            pass  # of another architecture
    families = {getattr(socket, name) for name in " ".join(has["RestrictAddressFamilies"]).split()}
    for family in range(socket.AF_NETLINK + 1):
        rules.add_rule(ALLOW if family in families else ERRNO(errno.EAFNOSUPPORT), "socket", Arg(0, EQ, family))
    assert has["MemoryDenyWriteExecute"] == ["yes"]
    for call in ("mmap", "mprotect"):
        for protection in (p for p in range(8) if not (p & WRITE and p & EXEC)):
            rules.add_rule(ALLOW, call, Arg(2, MASKED_EQ, 7, protection))
    rules.load()


if __name__ == "__main__":
    confine(sys.argv[1])
    os.execv(sys.argv[2], sys.argv[2:])
