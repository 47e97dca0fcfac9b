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


def test_pages_of_iommus_are_none_where_tables_are_shared():
    """For 4 MiB of RAM from 0 on, in pages of 2 MiB, AMD-Vi has a table on levels 4, 3 and 2."""
    values = build_side.iommu_pages()
    assert values["iommu.shared"] == 0
    assert values["iommu.cell"] == 3
    assert values["iommu.board"] > 3


def test_lines_for_intel_are_not_amds():
    names = build_side.hypervisor_files()
    assert {"hypervisor/x86/vmx/exits.c", "hypervisor/x86/guest/exit_msr.c",
            "hypervisor/core/start.c", "hypervisor/model/walk.c"} <= names
    assert not [name for name in names if "/svm/" in name]
