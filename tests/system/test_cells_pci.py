# SPDX-License-Identifier: GPL-2.0-only
"""Network cards of cells: they come from Linux, work in the cell, and work in Linux again.

Bochs's card pulls a line of the IOAPIC, QEMU's sends messages. What goes through the cable is seen
from outside. Then a cell attacks configuration space, MSI-X and the IOAPIC by what it has.
"""

import cells
import guest
import inmates
import pci
import pytest
import wire
from cards import (DRIVERS, attack, enabled, held_against_the_file, identity_of, owned_once,
                   stopped_by_a_fault, unnoticed)
from wire import FRAMES

FILES = {**guest.files("pattern", kernel="amd64"),
         **guest.board_files("devices", "neighbour", "nic"),
         **{cells.program_file(name): str(cells.build_dir() / f"inmates/tests/{name}.elf")
            for name in ("attack", "neighbour", "polite")},
         "/usr/lib/bulkhead/demos/nic.elf": inmates.demo("nic")}

BOCHS = pytest.mark.machine("bochs-vmx", kernel="amd64", card="e1000", modules=("e1000",),
                            files=FILES)
# Messages are nowhere else: so these run always.
QEMU = pytest.mark.machine("qemu-svm", kernel="amd64", card="e1000e",
                           modules=("e1000e",), devices=("edu",), files=FILES)


@BOCHS
def test_root_does_not_notice_by_ports(machine):
    unnoticed(machine)


@QEMU
def test_root_does_not_notice(machine):
    unnoticed(machine)


def as_shipped(machine):
    """The files of configs/ are about this machine, with nothing of it left out.

    Before a cell runs: Bochs's CPUs cannot leave the x2APIC mode that it may switch to.
    """
    card = enabled(machine)
    machine.check("bulkhead disable", timeout=120)
    machine.check(f"bulkhead enable {cells.cell_file('devices')}", timeout=120)
    cells.create(machine, "nic")
    assert pci.driver(machine, card) == "bulkhead"
    cells.destroy(machine, "nic")
    for name in ("hpet", "serial", *machine.setup.devices):
        guest.put(machine, "/shipped.conf", guest.board_text(machine, name))
        cells.create(machine, name, "/shipped.conf")
        cells.destroy(machine, name)
    pci.linux_speaks(machine, card)
    # What Linux tries with MSRs of a CPU that comes back is another matter.
    assert {fault["kind"] for fault in guest.status(machine)["faults"]} <= {"msr"}
    machine.check("bulkhead disable", timeout=120)
    guest.enable(machine, pci.BOARD)


@BOCHS
def test_files_of_bochs(machine):
    as_shipped(machine)


@QEMU
def test_files_of_qemu(machine):
    as_shipped(machine)


def echoes(machine, words):
    """The demo answers in a cell, as said; Linux has the card before and behind."""
    card = enabled(machine)
    pci.linux_speaks(machine, card)
    cells.create(machine, "nic", pci.cell(machine, "nic", ("nic",)))
    shown = cells.show(machine, "nic")
    assert [(one["name"], one.get("iommu"), one["dma_reaches"]) for one in shown["devices"]] == \
        [("nic", None, "any memory, any interrupt")]
    assert pci.driver(machine, card) == "bulkhead"
    # Root sees nothing there any more.
    assert set(machine.check(f"od -An -v -tx1 -N64 /sys/bus/pci/devices/{card}/config"
                             ).split()) == {"ff"}
    said = pci.echo(machine, "nic", words, FRAMES)
    assert said[:2] == (len(FRAMES), sum(map(len, FRAMES)))
    shown = cells.show(machine, "nic")
    assert not any(shown["faults_counted"].values()), cells.faults(machine, "nic")
    cells.destroy(machine, "nic")
    assert pci.driver(machine, card) == DRIVERS[identity_of(machine)]
    pci.linux_speaks(machine, card)
    return said


@BOCHS
@pytest.mark.parametrize("words", ("poll", "intx"))
def test_card_by_its_line(machine, words):
    # The firmware's note of its line is about the 8259.
    if words == "intx":
        pin = machine.check(f"cat /sys/bus/pci/devices/{enabled(machine)}/irq").strip()
        words = f"intx pin={pin}"
    frames, _, interrupts, exits = echoes(machine, words)
    assert (interrupts == 0) if words == "poll" else 0 < interrupts <= 4 * frames
    # In x2APIC mode nothing of it exits: the card's registers, the interrupt, its end, the wait.
    assert exits == 0


@QEMU
@pytest.mark.parametrize("words", ("poll", "msi", "msix", f"msix mmconfig={pci.MMCONFIG:#x}",
                                   "msi xapic"))
def test_card_by_messages(machine, words):
    frames, _, interrupts, exits = echoes(machine, words)
    assert (interrupts == 0) if words == "poll" else 0 < interrupts <= 4 * frames
    pci.as_many_exits_as_its_mode_takes(words, interrupts, exits)
    # What the emulator saw on the cable.
    seen = [one for one in machine.cable.captured() if wire.ETHERTYPE == one[12:14]]
    assert seen[-2 * frames:] == [one for frame in FRAMES for one in (frame, wire.answer(frame))]
    guest.undisturbed(machine)


@BOCHS
def test_some_handovers(machine):
    """A tenth of them, as a second takes long there; the way is the same."""
    handovers(machine, 10)


@QEMU
def test_a_hundred_handovers(machine):
    handovers(machine, 100)


def handovers(machine, times):
    """To a cell and back; pages come back, and the card is as good as before."""
    card = enabled(machine)
    path = pci.cell(machine, "nic", ("nic",))
    neighbour = cells.Neighbour(machine)
    before = cells.pool(machine)
    machine.check(f"for i in $(seq {times}); do bulkhead cell create {path} && "
                  "bulkhead cell destroy nic || exit 1; done", timeout=1800, quiet=600)
    neighbour.check()
    assert cells.pool(machine) == before
    neighbour.end()
    assert pci.driver(machine, card) == DRIVERS[identity_of(machine)]
    pci.linux_speaks(machine, card)


@QEMU
def test_who_has_it_and_who_has_not(machine):
    owned_once(machine)
    unsaid = pci.cell(machine, "unsaid", ("nic",))
    machine.check(f"sed -i '/unprotected_dma/d' {unsaid}")
    cells.refused(machine, f"bulkhead cell create {unsaid}", "say unprotected_dma = true")


@QEMU
def test_device_that_is_not_what_the_file_says(machine):
    held_against_the_file(machine)


# A cell without pins does not find an IOAPIC at all.
@QEMU
@pytest.mark.parametrize("words, kind", (
    ("pci", "pci"), (f"pci by_ports=0 mmconfig={pci.MMCONFIG:#x}", "pci"), ("msi", "pci"),
    ("ioapic", "memory")))
def test_attack(machine, words, kind):
    attack(machine, words, ("nic", "edu"), kind)


@BOCHS
@pytest.mark.parametrize("words, kind", (("pci", "pci"), ("ioapic", "pin")))
def test_attack_by_ports_and_a_pin(machine, words, kind):
    attack(machine, words, ("nic",), kind)


@QEMU
def test_fault_stops_the_device(machine):
    stopped_by_a_fault(machine)
