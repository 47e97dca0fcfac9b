# SPDX-License-Identifier: GPL-2.0-only
"""The part of the benchmark that needs no machine: sizes and lines of what was built."""

import sys

from built import TOP, build_dir

sys.path.insert(0, str(TOP / "tests/bench"))

import build_side  # noqa: E402
import figures  # noqa: E402


def test_sizes_and_lines_are_those_of_this_build():
    values = build_side.measure_build()
    assert set(values) == {row.name for row in figures.ROWS if row.machine == figures.HOST}
    assert values["image.bytes"] == (build_dir() / "hypervisor/bulkhead.bin").stat().st_size
    assert values["cpu.bytes"] == 3 * build_side.PAGE  # struct cpu, VMXON region, VMCS
    assert values["loc.intel"] > 1000


def test_lines_for_intel_are_not_amds():
    names = build_side.hypervisor_files()
    assert {"hypervisor/x86/vmx/exits.c", "hypervisor/x86/guest/exit_msr.c",
            "hypervisor/core/start.c", "hypervisor/model/walk.c"} <= names
    assert not [name for name in names if "/svm/" in name]
