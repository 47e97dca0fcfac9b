# SPDX-License-Identifier: GPL-2.0-only
"""Machine checks: what is another CPU's leaves cells alone, and what is a cell's own ends it.

QEMU's monitor makes them, by its order `mce`: one CPU at a time, as its broadcast is for processors
of Intel, with what that tells the others. Its processor does not ask for an intercept of the
exception, so on it a cell gets its own as if there were no hypervisor. One that has CR4.MCE clear
would be the end of the machine there.
"""

import time

import cells
import edges
import guest
import pytest
from patience import patient

BANK, TOLD_BANK = 4, 1
IN_PROGRESS, RESTARTABLE = 1 << 2, 1 << 0
UNCORRECTED, ENABLED, CORRUPT, SIGNALED = 1 << 63 | 1 << 61, 1 << 60, 1 << 57, 1 << 56
FATAL = UNCORRECTED | ENABLED | CORRUPT
# The other kernel knows nothing of machine checks, and leaves CR4.MCE clear.
WORDS = {"kernel": "amd64", "files": {**guest.files(kernel="amd64"),
                                      guest.EDGES: guest.assembled("edges")}}
QEMU = pytest.mark.machine("qemu-svm", monitor=True, **WORDS)


def check(machine, status, bank=BANK, restartable=True):
    """A machine check of the cell's CPU."""
    state = IN_PROGRESS | (RESTARTABLE if restartable else 0)
    said = machine.monitor.order(f"mce 3 {bank} {status:#x} {state:#x} 0 0")
    assert not said, said


def records(machine):
    """Machine checks among the cell's faults."""
    return [one for one in cells.faults(machine, "edges") if one["kind"] == "machine_check"]


def recorded(machine, count):
    """The records, once there are so many: the cell's CPU makes them, when it comes to it."""
    end = time.monotonic() + patient(10)
    while len(found := records(machine)) < count:
        assert time.monotonic() < end, found
    assert len(found) == count
    return found


@QEMU
def test_a_cpu_that_rests_survives_what_is_not_its_own(machine):
    edges.create(machine, "stop")
    for _ in range(2):  # one more while the first is in progress would be the machine's end
        check(machine, UNCORRECTED, TOLD_BANK)
        guest.undisturbed(machine, 3)
        check(machine, UNCORRECTED | ENABLED | SIGNALED)  # memory that nobody has used yet
        guest.undisturbed(machine, 3)
        assert edges.found(machine, "j") == 0 and not records(machine)
    edges.end(machine)


@QEMU
def test_the_end_of_a_cells_cpu_is_a_record(machine):
    edges.create(machine, "report")
    check(machine, FATAL, restartable=False)
    guest.undisturbed(machine, 3)
    record, = recorded(machine, 1)
    assert (record["place"], record["value"], record["stopped"]) == (
        f"{BANK:#x}", f"{FATAL:#x}", True), record
    assert f"CPU 3 had a machine check of bank {BANK}, value {FATAL:#x}" in record["text"]
    # Nobody's state was lost. A cell that runs, and could serve it by CR4.MCE, has no handler.
    assert edges.found(machine, "j") == 0
    edges.begin(machine, "o")
    cell = cells.wait(machine, "edges", 60, lambda cell: cell["comm"]["heartbeats"] > 0)
    assert cell["state"] == "running"
    check(machine, FATAL)
    assert cells.wait(machine, "edges", 60)["state"] == "failed"
    assert len(records(machine)) == 2
    guest.undisturbed(machine, 3)
    # The instruction is not read: its bytes may be what the check is about.
    assert [one["bytes"] for one in records(machine)] == ["", ""]
    edges.end(machine)


@pytest.mark.machine("bochs-vmx", **WORDS)
def test_a_cell_has_a_cr4_mce_of_its_own(machine):
    """Builds for tests assert that the processor's is Linux's, wherever the cell's is looked at."""
    edges.create(machine, "stop")
    before = guest.exits(machine).get("control-register access", 0)
    assert edges.found(machine, "p") == 2
    assert guest.exits(machine)["control-register access"] == before + 2
    edges.end(machine)
