# SPDX-License-Identifier: GPL-2.0-only
"""The figures: what each is called and counted in, what the peer has, and what is in reach.

The peer is Jailhouse v0.12 on VMX, measured in the same emulator. None stands where it has no such
figure, or where nothing was set as a goal. How each is measured is in Documentation/bench.md.
"""

import dataclasses
import json

ONE = "bochs-vmx-1"
FOUR = "bochs-vmx"
SVM = "qemu-svm-1"
SVM_FOUR = "qemu-svm"
HOST = "build"


@dataclasses.dataclass(frozen=True)
class Row:
    """What is known about a figure before it is measured."""

    name: str
    unit: str
    machine: str
    what: str
    peer: float = None
    reach: float = None


ROWS = (
    Row("exit.cpuid", "instructions", ONE, "CPUID leaf 0", 109, 75),
    Row("exit.cpuid_1", "instructions", ONE, "CPUID leaf 1", 136),
    Row("exit.hypercall", "instructions", ONE, "hypercall that does nothing", 140, 75),
    Row("exit.port", "instructions", ONE, "denied port read", 154, 95),
    Row("exit.msr", "instructions", ONE, "read of a served MSR", 115, 80),
    Row("exit.xapic_eoi", "instructions", ONE, "xAPIC EOI as Linux writes it", 2464, 200),
    Row("exit.xapic_eoi_module", "instructions", ONE, "the same from a module's text", 2464),
    Row("exit.xapic_icr", "instructions", ONE, "xAPIC ICR as Linux writes it", 2542, 300),
    Row("exit.xapic_icr_module", "instructions", ONE, "the same from a module's text", 2542),
    Row("exit.x2apic_icr", "instructions", ONE, "x2APIC ICR, to itself by shorthand", 160, 120),
    Row("exit.mmio", "instructions", ONE, "denied MMIO read", 2545, 600),
    Row("exit.pci_read", "instructions", ONE, "read of configuration space: two exits"),
    Row("exit.ioapic_write", "instructions", ONE, "write to an IOAPIC's entry"),
    Row("svm.cpuid", "instructions", SVM, "CPUID leaf 0"),
    Row("svm.pci_read", "instructions", SVM, "read of configuration space by ports: two exits"),
    Row("svm.mmconfig_read", "instructions", SVM, "the same in memory"),
    Row("svm.ioapic_write", "instructions", SVM, "write to an IOAPIC's entry"),
    Row("svm.msix_mask", "instructions", SVM, "masking an entry of an MSI-X table"),
    Row("nic.exits", "exits", SVM_FOUR, "a cell answers 1,000 frames, by MSI", None, 0),
    Row("nic.exits_xapic", "exits", SVM_FOUR, "the same out of x2APIC mode"),
    Row("enable", "instructions", ONE, "enable, one CPU", None, 1_700_000),
    Row("disable", "instructions", ONE, "disable, one CPU", None, 60_000),
    Row("enable.smp", "ticks", FOUR, "enable, four CPUs", 3_400_000, 1_700_000),
    Row("disable.smp", "ticks", FOUR, "disable, four CPUs", 110_000, 60_000),
    Row("cell.create", "ticks", FOUR, "create a cell, its CPU offline", 410_000, 200_000),
    Row("cell.load", "ticks", FOUR, "load 1 MiB", 120_000 * 1024 / 30),
    Row("cell.start", "ticks", FOUR, "start it", 260_000, 100_000),
    Row("cell.stop", "ticks", FOUR, "stop it by force"),
    Row("cell.destroy", "ticks", FOUR, "destroy it", 644_000, 300_000),
    Row("cell.scrub", "ticks", FOUR, "scrub 1 MiB, apart from these"),
    Row("cell.pages", "pages", FOUR, "a cell of 2 MiB, besides its CPUs", 15, 8),
    Row("timer.cell", "ticks", FOUR, "timer interrupt, from deadline to handler, in a cell"),
    Row("timer.bare", "ticks", FOUR, "the same on the bare machine"),
    Row("timer.ratio", "ratio", FOUR, "of the two", None, 1.00),
    Row("ipi.cell", "ticks", FOUR, "IPI between two CPUs of a cell, until the handler"),
    Row("ipi.bare", "ticks", FOUR, "the same on the bare machine"),
    Row("ipi.added", "ticks", FOUR, "what a cell adds to it", None, 110),
    Row("ipi.send", "ticks", FOUR, "of that, at the sender's instruction"),
    Row("idle.exits", "exits/s", FOUR, "idle, all CPUs", 33),
    Row("idle.share", "percent", FOUR, "idle, in the hypervisor"),
    Row("load.exits", "exits/s", FOUR, "mixed load, all CPUs", 600),
    Row("load.share", "percent", FOUR, "mixed load, in the hypervisor"),
    Row("image.bytes", "bytes", HOST, "image file", 88_072, 49_152),
    Row("pages.enabled", "pages", FOUR, "in use after enable, four CPUs", 64),
    Row("iommu.shared", "pages", HOST, "IOMMU tables of a cell whose EPT serves VT-d", None, 0),
    Row("iommu.cell", "pages", HOST, "IOMMU tables of the same cell for AMD-Vi"),
    Row("iommu.board", "pages", HOST, "an AMD-Vi unit, with the tables of root's devices"),
    Row("cpu.bytes", "bytes", HOST, "a CPU, besides its stacks", 24_576, 16_384),
    Row("loc.intel", "lines", HOST, "hypervisor linked for Intel", 9_546),
    Row("loc.driver", "lines", HOST, "driver", 2_148),
    Row("loc.tool", "lines", HOST, "tool", 461 + 2_469),
)


def number(value):
    """A number for a person; a dash for none."""
    if value is None:
        return "-"
    if isinstance(value, float) and value < 100:
        return f"{value:.3g}"
    return f"{value:,}"


def table(values):
    """The text of a table: what was measured beside the peer's figure and the reach."""
    lines = [f"{'FIGURE':22} {'VALUE':>11} {'PEER':>11} {'REACH':>11}  {'UNIT':12} WHAT"]
    for row in ROWS:
        value = values.get(row.name)
        missed = value is not None and row.reach is not None and value > row.reach
        lines.append(f"{row.name:22} {number(value):>11} {number(row.peer):>11} "
                     f"{number(row.reach):>10}{'!' if missed else ' '}  {row.unit:12} {row.what}")
    return "\n".join(lines)


def write_json(values, path):
    """The list that other programs read."""
    rows = [{"name": row.name, "value": values[row.name], "unit": row.unit,
             "machine": row.machine} for row in ROWS if row.name in values]
    path.write_text(json.dumps(rows, indent=1) + "\n")
