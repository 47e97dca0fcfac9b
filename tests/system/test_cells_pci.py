# SPDX-License-Identifier: GPL-2.0-only
"""Network cards of cells: they come from Linux, work in the cell, and work in Linux again.

Bochs's card pulls a line of the IOAPIC, QEMU's sends messages. What goes through the cable is seen
from outside. Then a cell attacks configuration space, MSI-X and the IOAPIC by what it has.
"""

import re

import cells
import guest
import inmates
import pci
import pytest
import wire

E1000, E1000E, EDU = "8086:100e", "8086:10d3", "1234:11e8"
DRIVERS = {E1000: "e1000", E1000E: "e1000e"}
FRAMES = [wire.frame(wire.EVERYBODY if i % 10 == 0 else wire.CARD, i,
                     min(wire.SHORTEST + 37 * i, wire.LONGEST)) for i in range(50)]
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


def identity_of(machine):
    """Of the card that the machine has."""
    return E1000 if machine.setup.card == "e1000" else E1000E


def enabled(machine):
    """A machine whose board has the card, with the driver of Linux on it."""
    if not hasattr(machine, "card"):
        identity = identity_of(machine)
        names = {identity: "nic", **({EDU: "edu"} if any(
            one.startswith("edu") for one in machine.setup.machine.devices) else {})}
        machine.check(f"modprobe {DRIVERS[identity]}")
        machine.card = pci.function(machine, identity)
        machine.bare = pci.spaces(machine)
        guest.load(machine)
        guest.enable(machine, pci.board(machine, names, pins=machine.setup.card == "e1000"))
        assert pci.driver(machine, machine.card) == DRIVERS[identity]
    return machine.card


def unnoticed(machine, but=()):
    """Root reads the same when it is filtered, and drives its card and the others as before."""
    card = enabled(machine)
    assert pci.spaces(machine, but) == {
        address: one for address, one in machine.bare.items() if address not in but}
    pci.linux_speaks(machine, card)
    assert guest.status(machine)["faults"] == []


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


def owned_once(machine):
    """Refusals name the device, and leave Linux what it has."""
    card = enabled(machine)
    path = pci.cell(machine, "nic", ("nic",))
    cells.create(machine, "nic", path)
    other = pci.cell(machine, "other", ("nic",), cpu=2, ram=0x3a000000)
    cells.refused(machine, f"bulkhead cell create {other}", "is the same device as")
    assert pci.driver(machine, card) == "bulkhead"
    cells.destroy(machine, "nic")
    # CPU 0 stays with Linux, which is found out when the device is taken already, or before.
    machine.check(f"sed -i 's/cpus = \"3\"/cpus = \"0\"/' {path}")
    cells.refused(machine, f"bulkhead cell create {path}", "CPU 0")
    assert pci.driver(machine, card) == DRIVERS[E1000E]
    pci.linux_speaks(machine, card)


@QEMU
def test_device_that_is_not_what_the_file_says(machine):
    held_against_the_file(machine)


def held_against_the_file(machine):
    """Found out when the hypervisor comes up, in words, and Linux goes on."""
    enabled(machine)
    machine.check("bulkhead disable", timeout=120)
    machine.check(f"sed 's/8086:10d3/8086:10d4/' {pci.BOARD} > /wrong.conf")
    said = guest.refused(machine, "/wrong.conf")
    assert "device nic: is 8086:10d3, the board file says 8086:10d4" in said
    # Nor is one taken that nothing resets, if that is not accepted.
    machine.check(f"sed 's/without_reset = true;//' {pci.BOARD} > /wrong.conf")
    said = guest.refused(machine, "/wrong.conf")
    assert re.search("device (edu|nic): nothing resets it.*without_reset = true", said, re.DOTALL)
    guest.enable(machine, pci.BOARD)


def attack(machine, words, devices, kind, but=()):
    """A cell tries all that it can of these: nothing of others changes, and nobody notices.

    The program itself sees to its own functions. Behind, these are Linux's as they were.
    """
    card = enabled(machine)
    addresses = [card, *(pci.function(machine, EDU) for name in devices if name == "edu")]
    pci.linux_speaks(machine, card)
    neighbour, watch = cells.Neighbour(machine), cells.Watch(machine)
    others = (*addresses, *but)
    before = pci.spaces(machine, others)
    own = {address: pci.space(machine, address) for address in addresses}
    path = pci.cell(machine, "nic", devices, on_fault="report")
    cells.run(machine, "nic", "attack", words, path)
    assert cells.finished(machine, "nic", 1800) == 0, machine.check(
        "bulkhead cell console nic | tail -n 20")
    neighbour.check()
    assert pci.spaces(machine, others) == before
    counted = cells.show(machine, "nic")["faults_counted"]
    assert counted[kind] > 100, counted
    if words.startswith("pci"):
        said = machine.check("bulkhead cell console nic")
        assert set(re.findall(r"function (0x[0-9a-f]+) is", said)) == {
            hex(int(one[5:7], 16) << 8 | int(one[8:10], 16) << 3 | int(one[11]))
            for one in addresses}
        for end in re.findall(r"by \w+, behind: (\d+) functions", said):
            assert int(end) == len(addresses)
        assert said.count("is held against what it was") == len(addresses) * len(
            re.findall("by (?:ports|memory), behind", said))
    cells.destroy(machine, "nic")
    neighbour.end()
    watch.end()
    pci.linux_speaks(machine, card)
    assert pci.spaces(machine, others) == before
    changed = {address: pci.given_back(one, pci.space(machine, address))
               for address, one in own.items()}
    assert not any(changed.values()), changed
    guest.undisturbed(machine)


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


def stopped_by_a_fault(machine):
    """Under "stop" the first fault ends the cell, and its card's bus mastering with it."""
    card = enabled(machine)
    cells.run(machine, "nic", "attack", "pci", pci.cell(machine, "nic", ("nic",)))
    cells.wait(machine, "nic", 120)
    assert cells.show(machine, "nic")["state"] == "failed"
    fault = cells.faults(machine, "nic")[0]
    assert fault["kind"] == "pci"
    cells.destroy(machine, "nic")
    pci.linux_speaks(machine, card)
