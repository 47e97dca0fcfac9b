# SPDX-License-Identifier: GPL-2.0-only
"""SVM with what processors on sale have and QEMU's has not: NRIP save and flush by ASID.

So that what the backend does by them runs on a machine too: the step behind an instruction that
exits, and what the TLB forgets after a change to a map. All else is tried on qemu-svm.
"""

import cells
import guest
import pytest

MACHINE = pytest.mark.machine("bochs-svm", files=cells.files(
    ("attacker", "device"), ("attack",), ("forks", "timers", "insn")),
    modules=("msr",))
HPET = 0xfed00000
INVALID_OPCODE = "vector 6"


@pytest.fixture(name="root")
def fixture_root(machine):
    """An enabled machine; faults are counted from 0."""
    guest.load(machine)
    guest.enable(machine, guest.board(
        machine, ("\tphysical_bits", '\tbackend = "svm";\n\tphysical_bits')))
    yield machine
    guest.disable(machine)
    guest.undisturbed(machine)


@MACHINE
def test_the_processor_has_what_qemus_lacks(machine):
    machine.check("modprobe msr")
    report = machine.data("bulkhead hardware check --json")
    assert (report["backend"], report["fit"]) == ("svm", True), report
    present = {one["name"]: one["present"] for one in report["features"]}
    assert present["NRIP save"] == present["flush by ASID"] == "yes", present


@MACHINE
def test_root_goes_on_behind_what_exits(root):
    """Programs, every form of access, ports and MSRs, and what raises an exception instead."""
    root.check("forks 20; timers 0.5 > /dev/null", timeout=300)
    assert guest.probe(root, "hole 0x40000000") == "forms 22 wrong 0"
    assert guest.probe(root, "scan 0x38000000 0x100000 0x1000") == "words 256 other 0"
    assert guest.probe(root, "scribble 0x38000000 0x100000 0x1000") == "words 256 changed 0"
    for width, ones in ((1, "0xff"), (2, "0xffff"), (4, "0xffffffff")):
        assert guest.probe(root, f"in 0x510 {width}") == f"value {ones}"
    assert guest.probe(root, "rdmsr 0xc0010114") == "value 0x18"
    assert guest.probe(root, "wrmsr 0xc0010117 1") == "fault"
    assert guest.probe(root, "vmrun") == INVALID_OPCODE
    assert guest.probe(root, "hypercall 9999") == "result -1"
    assert root.check("insn signature").strip() == "ok 40000000 BulkheadCell"
    exits = guest.exits(root)
    assert all(exits[name] for name in ("CPUID", "MSR", "IOIO", "VMMCALL", "VMRUN")), exits
    counted = {kind: n for kind, n in guest.status(root)["faults_counted"].items() if n}
    assert set(counted) == {"memory", "port", "msr", "instruction"}, counted


@MACHINE
def test_a_map_that_changes_is_forgotten(root):
    """A region that is lent goes and comes, under root's hands."""
    period = guest.probe(root, f"mmio-in {HPET + 4:#x}")
    assert int(period.split()[1], 16) in range(1, 100_000_001)  # femtoseconds, HPET 1.0a, 2.3.4
    for _ in range(3):
        cells.create(root, "device")
        assert guest.probe(root, f"mmio-in {HPET + 4:#x}") == "value 0xffffffff"
        cells.destroy(root, "device")
        assert guest.probe(root, f"mmio-in {HPET + 4:#x}") == period


@MACHINE
@pytest.mark.parametrize("words", ("instructions", "msrs"))
def test_a_cell_goes_on_behind_what_exits(root, words):
    cells.run(root, "attacker", "attack", words)
    assert cells.finished(root, "attacker", 600) == 0
    cell = cells.show(root, "attacker")
    assert sum(cell["faults_counted"].values()) > 0
    if words == "instructions":  # RDPMC: six counters of the core, and what cores share
        assert "6 counters answer" in root.check("bulkhead cell console attacker")
        assert cell["virtual_cpus"][0]["exits_by_reason"]["RDPMC"] >= 28
        assert cell["faults_counted"]["msr"] >= 22
    cells.destroy(root, "attacker")
