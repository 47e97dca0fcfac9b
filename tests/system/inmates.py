# SPDX-License-Identifier: GPL-2.0-only
"""Programs written with inmates/lib, for system tests: where they are, and what they must say."""

import fcntl
import math
import os
import re
import subprocess

from built import TOP, build_dir

DEMOS = ("edu", "faults", "heartbeat", "hello", "hpet", "lifecycle", "nic", "pci", "smp",
         "timer", "uart")
PRIMES = sum(all(n % d for d in range(2, math.isqrt(n) + 1)) for n in range(2, 100000))


def demo(name):
    """A demo, as `make all` built it."""
    return str(build_dir() / f"inmates/demos/{name}.elf")


def make(makefile, target):
    """Build a folder of programs out of the tree."""
    target.mkdir(parents=True, exist_ok=True)
    environment = {name: value for name, value in os.environ.items()
                   if name not in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL")}
    # Other workers may want the same, and all of them build the library if they must.
    with open(target.parent / "lock", "w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return subprocess.run(["make", "-f", makefile,
                               f"BULKHEAD_BUILD={build_dir().relative_to(TOP)}"],
                              cwd=target, env=environment, check=True, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT).stdout


def library():
    """The program that tries what the library promises."""
    target = build_dir() / "programs/inmates"
    make(TOP / "tests/system/inmates/Makefile", target)
    return str(target / "library.elf")


def readme(name):
    """The program of the README, built as that says; nothing of it is changed but a path."""
    target = build_dir() / "programs/readme"
    target.mkdir(parents=True, exist_ok=True)
    text = (TOP / "inmates/README.md").read_text()
    blocks = dict(re.findall(r"^```(\w+)\n(.*?)^```", text, re.MULTILINE | re.DOTALL))
    assert "../bulkhead/inmates" in blocks["make"] and blocks["sh"] == "make\n"
    (target / f"{name}.c").write_text(blocks["c"])
    (target / "Makefile").write_text(blocks["make"].replace("../bulkhead", str(TOP)))
    said = make("Makefile", target)
    assert "warning:" not in said, said
    return str(target / f"{name}.elf")


def promises(text):
    """Assert that the library's program found each promise kept; their names."""
    assert "not ok" not in text, text
    return re.findall(r"^ok (.*)$", text, re.MULTILINE)


def says_hello(text, where, words):
    """Assert that the demo "hello" said what it should."""
    lines = text.replace("\r", "").split("\n")
    assert lines[0] == f"Hello from {where}."
    assert lines[1:1 + len(words)] == [f"argument {i}: {word}" for i, word in enumerate(words, 1)]
    assert (f"sqrt(2) = {math.sqrt(2):.12f}, sin(1) = {math.sin(1):.12f}, "
            f"exp(1) = {math.exp(1):.12f}") in lines
    assert f"There are {PRIMES} primes below 100000." in lines
    assert "The heap is used up, and the program goes on." in lines


def says_ticks(text, count):
    """Assert that the demo "timer" had so many interrupts, none a whole period late."""
    period = int(re.search(r"one every (\d+) ticks", text).group(1))
    found = re.search(r"(\d+) interrupts, late by \d+ to (\d+) ticks", text)
    total, last = map(int, found.groups())
    buckets = re.findall(r"^(?:below|more) +(\d+) ticks +(\d+) #", text, re.MULTILINE)
    assert total == count == sum(int(number) for _, number in buckets), text
    assert last < period, text
    return period


def says_smp(text, cpus, rounds):
    """Assert that the demo "smp" met so many CPUs and that two of them threw the ball."""
    assert re.search(rf"^{cpus} CPUs, ", text, re.MULTILINE), text
    assert len(re.findall(r"^CPU \d, APIC id \d: here", text, re.MULTILINE)) == cpus, text
    assert f"{rounds} rounds: CPU 0 caught {rounds}, CPU 1 caught {rounds};" in text, text
