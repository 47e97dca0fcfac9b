# SPDX-License-Identifier: GPL-2.0-only
"""Linters over everything: each finds nothing."""

import json
import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from tree import BUILD, CORES, TOP, files, make, none, run, text


@pytest.fixture(scope="module", name="commands")
def fixture_commands():
    """How the build compiles each source: a list of rows with file and command."""
    make("compile-commands")
    return json.loads((TOP / BUILD / "compile_commands.json").read_text())


def findings(command, sources):
    """Run a linter on each source, as many at a time as there are cores; what it printed."""
    with ThreadPoolExecutor(CORES) as pool:
        done = list(pool.map(lambda source: run(*command(source)), sources))
    # clang-tidy counts in this line what it then leaves out: warnings about headers of the system.
    counts = re.compile(r"^\d+ warnings? generated\.$", re.MULTILINE)
    output = [counts.sub("", one.stdout).strip() for one in done]
    return [said or f"status {one.returncode}" for one, said in zip(done, output)
            if said or one.returncode]


def test_sparse(commands):
    rows = [row for row in commands if row["file"].startswith("hypervisor/")]
    assert rows
    none(findings(lambda row: ["sparse", "-Wsparse-error", "-Wno-decl",
                               *row["command"].split()[1:-2], row["file"]], rows))


# How many states of a function clang's analyzer looks at: a third of what it does unasked, which
# takes a third of the time. Only the longest functions have more.
ANALYZER_STATES = 75000


def test_clang_tidy(commands):
    assert commands
    options = ("-Wno-unknown-warning-option", "-Wno-ignored-optimization-argument", "-Xclang",
               "-analyzer-config", "-Xclang", f"max-nodes={ANALYZER_STATES}")
    # Given a file it takes each of the commands by which that one is compiled.
    none(findings(lambda file: ["clang-tidy-14", "--quiet", f"-p={BUILD}",
                                *(f"--extra-arg={option}" for option in options), file],
                  sorted({row["file"] for row in commands})))


def test_cppcheck():
    done = run("cppcheck", "--quiet", f"-j{CORES}", "--std=c11", "--inline-suppr",
               "--enable=warning,performance,portability",
               "--suppress=arithOperationsOnVoidPointer", "--error-exitcode=1", "--max-configs=1",
               "-D__x86_64__", "-Iinclude", "-Ihypervisor",
               f"--include={BUILD}/include/generated/autoconf.h", "hypervisor", "tools",
               "driver", "tests")
    assert done.returncode == 0, done.stdout


def shell_scripts():
    """Files that a shell interprets."""
    return [name for name in files()
            if re.match(r"#!/bin/(ba|da)?sh", text(name)) or name.endswith((".sh", ".bash"))]


@pytest.mark.parametrize("script", shell_scripts())
def test_shellcheck(script):
    done = run("shellcheck", script)
    assert done.returncode == 0, done.stdout


def python_files():
    """Files that Python interprets."""
    return [name for name in files()
            if name.endswith(".py") or re.match(r"#!.*python3", text(name))]


def test_pyflakes():
    done = run("pyflakes3", *python_files())
    assert done.returncode == 0, done.stdout


def test_man_pages():
    pages = files(".8", ".5")
    assert pages
    done = run("mandoc", "-T", "lint", "-W", "warning", *pages)
    assert done.returncode == 0, done.stdout
