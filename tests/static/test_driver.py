# SPDX-License-Identifier: GPL-2.0-only
"""The driver against stock kernels: no warning, and no need of what they do not export."""

import re
from pathlib import Path

import pytest
from tree import BUILD, TOP, make, none, run

# Those that machines of the lab boot, and one that has other interfaces.
BOOTED = ("cloud", "amd64")
LATER = ("headers-6.12",)


def headers(name):
    """Where the headers of a kernel are; those of a later one Debian may not offer the host."""
    done = run(TOP / "tests/lab/fetch", "--print", "kdir", name)
    last = done.stdout.strip().splitlines()[-1]
    if done.returncode != 0 and name in LATER:
        pytest.skip(f"no headers of a later kernel: {last}")
    assert done.returncode == 0, done.stdout
    return Path(last)


@pytest.fixture(scope="module", name="kernel", params=(*BOOTED, *LATER))
def fixture_kernel(request):
    """Headers of a kernel and the driver built for it; the tests' own module is built too."""
    kdir = headers(request.param)
    make("modules", f"KDIR={kdir}")
    make("probe", f"KDIR={kdir}")
    return kdir, TOP / BUILD / "driver" / kdir.name.removeprefix("linux-headers-") / "bulkhead.ko"


def test_every_symbol_it_needs_is_exported(kernel):
    """And not for some modules only, which the last column would name."""
    kdir, module = kernel
    rows = [line.split("\t") for line in (kdir / "Module.symvers").read_text().splitlines()]
    exported = {row[1] for row in rows if not row[4]}
    needed = run("nm", "--undefined-only", "--format=just-symbols", module).stdout.split()
    assert needed
    none(symbol for symbol in needed if symbol not in exported)


def test_it_builds_without_a_warning(kernel, tmp_path):
    said = make("modules", f"KDIR={kernel[0]}", build=tmp_path)
    # The kernel's build system misses a program that adds debugging information.
    none(line for line in said.splitlines()
         if "warning" in line.lower() and not line.startswith("warning: pahole version differs"))


def test_its_version_is_that_of_the_kernel(kernel):
    info = run("/sbin/modinfo", "-F", "vermagic", kernel[1]).stdout
    assert info.split()[0] == kernel[0].name.removeprefix("linux-headers-")


@pytest.mark.parametrize("name", BOOTED)
def test_sparse_finds_nothing_in_it(name):
    """Of later kernels' headers it knows too little."""
    said = make("modules", f"KDIR={headers(name)}", "C=2", "CHECK=sparse")
    assert "CHECK " in said
    none(line for line in said.splitlines() if re.search(r": (warning|error|\s)", line))
