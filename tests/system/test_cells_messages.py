# SPDX-License-Identifier: GPL-2.0-only
"""Forged messages that reach the IOMMU: it alone keeps a device's interrupts in its cell.

What a cell writes into MSI and MSI-X registers is judged first, so that a message which is not its
own never gets to a unit (test_cells_iommu.py). Here the board says that the cell's CPU gets all of
it into the device, as it was written ("messages"). Beside it two others: a cell with a device, and
so with entries of its own in the unit's table, which listens for interrupts, and one without.

QEMU's VT-d lets messages pass that name no entry, whatever it was told, so there those that name
one are forged. Its AMD-Vi takes all by the device's table, but does not look where that ends: the
attacker's is behind all others.
"""

import re

import cells
import guest
import machines
import pci
import pytest
from iommu import cell, is_vtd
from pci import E1000E, EDU

NAMES = {"nic": E1000E, "edu": EDU}
MACHINE = pytest.mark.machine(
    *machines.IOMMU, kernel="amd64", card="e1000e", modules=("e1000e",),
    files={**guest.files("pattern", kernel="amd64"), **guest.board_files("neighbour"),
           **{cells.program_file(name): str(cells.build_dir() / f"inmates/tests/{name}.elf")
              for name in ("attack", "neighbour")}})
LISTENER_RAM = 0x3a000000
# The cell of test_cells_iommu.py's attacks runs there.
CPU = 3


def board(machine, attacker):
    """The board with both devices, the attacker's last, and what its cell writes unjudged."""
    path = pci.board(machine, {NAMES[name]: name for name in sorted(NAMES, key=attacker.__eq__)})
    stage = f"test = {{ stage = \"messages\"; cpu = {CPU}; }};"
    machine.check(f"sed -i 's/^\tconsole =/\t{stage}\\n&/' {path}")
    return path


def listens(machine, name):
    """The cell that listens, when it has had a message of its own; none came after that."""
    shown = cells.wait(machine, name, 60, lambda cell: cell["comm"]["heartbeats"] > 1000)
    assert "wrong" not in machine.check(f"bulkhead cell console {name}")
    return shown


@MACHINE
@pytest.mark.parametrize("attacker", ("edu", "nic"))
def test_the_iommu_keeps_forged_messages_from_others(machine, attacker):
    """By "edu" through MSI, by a card through MSI-X; the attacker's own entry is among all."""
    machine.check("modprobe e1000e")
    guest.load(machine)
    guest.enable(machine, board(machine, attacker))
    listener = "nic" if attacker == "edu" else "edu"
    function = pci.function(machine, NAMES[attacker])
    neighbour, watch = cells.Neighbour(machine), cells.Watch(machine)
    cells.run(machine, listener, "attack", "listen",
              cell(machine, listener, (listener,), "report", cpu=1, ram=LISTENER_RAM))
    before = listens(machine, listener)
    cells.run(machine, attacker, "attack", "msi handles" if is_vtd(machine) else "msi",
              cell(machine, attacker, (attacker,), "report"))
    assert cells.finished(machine, attacker, 600) == 0, machine.check(
        f"bulkhead cell console {attacker} | tail -n 20")
    said = machine.check(f"bulkhead cell console {attacker}")
    sender = "e1000e" if attacker == "nic" else attacker
    assert re.search(rf"by {sender}: brought us [1-9]\d* interrupts, 0 NMIs", said), said
    after = listens(machine, listener)
    assert after["state"] == "running" and after["comm"]["message"] == 0
    assert after["comm"]["heartbeats"] > before["comm"]["heartbeats"]
    neighbour.check()
    counted = cells.show(machine, attacker)["faults_counted"]
    assert counted["pci"] > 400
    if is_vtd(machine):
        # The emulator's AMD-Vi records nothing of interrupts.
        told = machine.check(f"bulkhead cell faults {attacker}")
        assert f"device {function} tried to interrupt a CPU" in told
    cells.destroy(machine, attacker)
    cells.destroy(machine, listener, force=True)
    neighbour.end()
    watch.end()
    guest.not_interrupted(machine)
    guest.disable(machine)
    guest.undisturbed(machine)
