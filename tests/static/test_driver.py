# SPDX-License-Identifier: GPL-2.0-only
"""The driver against stock kernels: no warning, and no need of what they do not export."""

import re
from pathlib import Path

import pytest
from tree import BUILD, TOP, make, none, run

KERNELS = ("cloud", "amd64")


@pytest.fixture(scope="module", name="kernel", params=KERNELS)
def fixture_kernel(request):
    """Headers of a kernel and the driver built for it."""
    done = run(TOP / "tests/lab/fetch", "--print", "kdir", request.param)
    assert done.returncode == 0, done.stdout
    kdir = Path(done.stdout.strip().splitlines()[-1])
    make("modules", f"KDIR={kdir}")
    return kdir, TOP / BUILD / "driver" / kdir.name.removeprefix("linux-headers-") / "bulkhead.ko"


def test_every_symbol_it_needs_is_exported(kernel):
    kdir, module = kernel
    exported = {line.split("\t")[1] for line in (kdir / "Module.symvers").read_text().splitlines()}
    needed = run("nm", "--undefined-only", "--format=just-symbols", module).stdout.split()
    assert needed
    none(symbol for symbol in needed if symbol not in exported)


def test_it_builds_without_a_warning(kernel, tmp_path):
    said = make("modules", f"KDIR={kernel[0]}", build=tmp_path)
    none(line for line in said.splitlines() if "warning" in line.lower())


def test_its_version_is_that_of_the_kernel(kernel):
    info = run("/sbin/modinfo", "-F", "vermagic", kernel[1]).stdout
    assert info.split()[0] == kernel[0].name.removeprefix("linux-headers-")


def test_sparse_finds_nothing_in_it(kernel):
    said = make("modules", f"KDIR={kernel[0]}", "C=2", "CHECK=sparse")
    assert "CHECK " in said
    none(line for line in said.splitlines() if re.search(r": (warning|error|\s)", line))
