# SPDX-License-Identifier: GPL-2.0-only
"""The tree as the static checks see it: the files that git knows, and commands run on it."""

import fcntl
import functools
import os
import subprocess
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
BUILD = os.environ.get("BULKHEAD_BUILD", "build/test")
CORES = len(os.sched_getaffinity(0))


@functools.lru_cache(maxsize=None)
def files(*suffixes, under=""):
    """Names of the tree's files, relative to its top, with one of the suffixes if any is given."""
    done = subprocess.run(["git", "ls-files", "-z", under or "."], cwd=TOP, check=True,
                          stdout=subprocess.PIPE, text=True)
    return [name for name in done.stdout.split("\0")
            if name and (TOP / name).is_file() and name.endswith(suffixes or ("",))]


def text(name):
    """What is in a file."""
    return (TOP / name).read_text(encoding="utf-8")


def lines(name):
    """The lines of a file with their numbers, from 1."""
    return enumerate(text(name).splitlines(), 1)


def run(*command, cwd=TOP, **rest):
    """Run a command; its output and status. Nothing of an outer make leaks in."""
    env = {key: value for key, value in os.environ.items()
           if key not in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL", "BULKHEAD_BUILD")}
    return subprocess.run(list(map(str, command)), cwd=cwd, check=False, text=True, env=env,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, **rest)


def make(*goals, build=BUILD, cwd=TOP):
    """Run make with the tests' configuration; it must succeed. Gives what it printed.

    Tests that run side by side share one build of the tree itself: they take turns.
    """
    with open(TOP / "Makefile", encoding="utf-8") as lock:
        if Path(cwd, build) == TOP / BUILD:
            fcntl.flock(lock, fcntl.LOCK_EX)
        done = run("make", "--no-print-directory", f"-j{CORES}", f"BUILD={build}",
                   "DEFCONFIG=test_defconfig", *goals, cwd=cwd)
    assert done.returncode == 0, "\n".join(["", *done.stdout.splitlines()[-20:]])
    return done.stdout


def none(complaints):
    """Assert that there are no complaints; show all of them."""
    complaints = list(complaints)
    assert not complaints, "\n" + "\n".join(complaints)
