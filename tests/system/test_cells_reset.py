# SPDX-License-Identifier: GPL-2.0-only
"""Devices that are reset when they change hands: by their bus, by themselves, by D3hot and back.

That it was done a register tells which only a reset clears: a mark in it is still there when its
owner looks again, and gone when the next one does. Drivers, which reset devices themselves, are out
of the way meanwhile.
"""

import re

import cells
import guest
import inmates
import pci
import pytest
import wire

CARD, DISK, RNG = "8086:10d3", "1b36:0010", "1af4:1044"
NAMES = {CARD: "nic", DISK: "disk", RNG: "rng"}
FRAMES = [wire.frame(wire.CARD, i, wire.SHORTEST + 37 * i) for i in range(20)]
# Behind ports of their own: a card that cannot reset itself, and one that is not alone there.
MACHINE = pytest.mark.machine(
    "qemu-svm", kernel="amd64", card="e1000e,bus=one", modules=("e1000e", "nvme"),
    devices=("pcie-root-port,id=one,chassis=1", "pcie-root-port,id=two,chassis=2",
             "nvme,serial=mark",
             "virtio-rng-pci,bus=two,addr=0.0,multifunction=on,x-pcie-flr-init=off",
             "virtio-serial-pci,bus=two,addr=0.1"),
    files={**guest.files(kernel="amd64"),
           cells.program_file("mark"): str(cells.build_dir() / "inmates/tests/mark.elf"),
           "/usr/lib/bulkhead/demos/nic.elf": inmates.demo("nic")})

ROOTS, CELLS = 0x00450000, 0x00460000


def enabled(machine, identity):
    """A machine whose board has the devices; the address of one. What Linux proposes for all."""
    if not hasattr(machine, "proposed"):
        machine.check("modprobe e1000e; modprobe nvme")
        guest.load(machine)
        machine.proposed = pci.proposal(machine)
        guest.enable(machine, pci.board(machine, NAMES))
    return pci.function(machine, identity)


def way(machine, identity):
    """How the device is reset, as `config create` has found out."""
    one = machine.proposed.split(f'id = "{identity}"')[1]
    return re.search(r"# resets: ([^;\n]*)", one).group(1)


@MACHINE
def test_a_card_works_after_resets_of_its_bus(machine):
    """Ten times to the cell and back; it answers there in between, and in Linux afterwards."""
    card = enabled(machine, CARD)
    path = pci.cell(machine, "nic", ("nic",))
    five = (f"for i in $(seq 5); do bulkhead cell create {path} && "
            "bulkhead cell destroy nic || exit 1; done")
    machine.check(five, timeout=300)
    cells.create(machine, "nic", path)
    frames, size, interrupts, _ = pci.echo(machine, "nic", "msix", FRAMES)
    assert (frames, size) == (len(FRAMES), sum(map(len, FRAMES))) and interrupts > 0
    cells.destroy(machine, "nic")
    machine.check(five, timeout=300)
    assert pci.driver(machine, card) == "e1000e"
    pci.linux_speaks(machine, card)
    assert "no reset of its own" not in guest.console(machine)


def words_of(identity):
    """The device, for the program."""
    vendor, device = identity.split(":")
    return f"id=0x{device}{vendor}"


def mark(machine, words):
    """What the cell finds in the register, and what stands there then."""
    cells.again(machine, "owner", "mark", words)
    assert cells.finished(machine, "owner", 60) == 0
    said = re.findall(r"found (0x\w+), left (0x\w+)", machine.check("bulkhead cell console owner"))
    return tuple(int(one, 16) for one in said[-1])


# The card's table of multicast addresses, and interrupts of the controller that are masked.
@MACHINE
@pytest.mark.parametrize("identity, module, how, at", (
    (CARD, "e1000e", "a reset of its bus", 0x5200),
    (DISK, "nvme", "a reset of its function", 0x0c)), ids=("bus", "function"))
def test_a_reset_clears_what_an_owner_left(machine, identity, module, how, at):
    function = enabled(machine, identity)
    assert way(machine, identity) == how
    assert pci.driver(machine, function) == module
    machine.check(f"modprobe -r {module}")
    place = machine.check(f"head -n 1 /sys/bus/pci/devices/{function}/resource").split()[0]
    register = hex(int(place, 16) + at)
    guest.probe(machine, f"mmio-out {register} {ROOTS:#x}")
    assert guest.probe(machine, f"mmio-in {register}") == f"value {ROOTS:#x}"
    cells.create(machine, "owner", pci.cell(machine, "owner", (NAMES[identity],)))
    words = f"{words_of(identity)} bar=0 at={at:#x} set={CELLS:#x}"
    assert mark(machine, words) == (0, CELLS)
    # Not at each run.
    assert mark(machine, words) == (CELLS, CELLS)
    cells.destroy(machine, "owner")
    assert guest.probe(machine, f"mmio-in {register}") == "value 0x0"
    machine.check(f"modprobe {module}")
    assert pci.driver(machine, function) == module


def transitions(machine, function):
    """From which state of power to which the function went, as the emulator has noted."""
    return re.findall(rf"pci_pm_transition \S+ {function.removeprefix('0000:')} "
                      r"PM transition (D\d->D\d)", machine.path("emulator.log").read_text())


@MACHINE
def test_one_that_only_power_resets_goes_to_d3hot_and_back(machine):
    """By the emulator's note: no function of QEMU's forgets anything there, as this one says."""
    function = enabled(machine, RNG)
    assert way(machine, RNG) == "D3hot and back"
    before = transitions(machine, function)
    cells.create(machine, "owner", pci.cell(machine, "owner", ("rng",)))
    assert transitions(machine, function) == before + ["D0->D3", "D3->D0"]
    # It is where its header says, and works: the place of a ring (virtio 1.2, 4.1.4.3).
    assert mark(machine, f"{words_of(RNG)} bar=4 at=0x20 set={CELLS:#x}")[1] == CELLS
    cells.destroy(machine, "owner")
    assert transitions(machine, function) == before + ["D0->D3", "D3->D0"] * 2
