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
IDLE = "8086:2922"  # a controller of disks that Linux has no driver for here
NAMES = {CARD: "nic", DISK: "disk", RNG: "rng"}
FRAMES = [wire.frame(wire.CARD, i, wire.SHORTEST + 37 * i) for i in range(20)]
# Behind ports of their own: a card that cannot reset itself, and one that is not alone there.
MACHINE = pytest.mark.machine(
    "qemu-svm", kernel="amd64", card="e1000e,bus=one", modules=("e1000e", "nvme"),
    # Linux's own driver of hot plug has the ports.
    properties=("ICH9-LPC.acpi-pci-hotplug-with-bridge-support=off",), traces=("pci_cfg_write",),
    devices=("pcie-root-port,id=one,chassis=1", "pcie-root-port,id=two,chassis=2",
             "nvme,serial=mark",
             "virtio-rng-pci,bus=two,addr=0.0,multifunction=on,x-pcie-flr-init=off",
             "virtio-serial-pci,bus=two,addr=0.1"),
    files={**guest.files(kernel="amd64"),
           cells.program_file("mark"): str(cells.build_dir() / "inmates/tests/mark.elf"),
           "/usr/lib/bulkhead/demos/nic.elf": inmates.demo("nic")})

SLOT, STATUS, BRIDGE = 0x18, 0x1a, 0x3e  # the first two from PCI Express's capability on
COMPLETED = 0x0010  # a command to the slot, which is each write to its control
RESET = 0x0040
# That link or presence changed; QEMU's ports tell of the second one only, and by an interrupt.
EVENTS, CHANGES, PRESENCE, TELLS = 0x1008, 0x0108, 0x0008, 0x0028
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


def port_of(machine, function):
    """The port above a function, and where it has its slot control."""
    port = machine.check(f"basename $(dirname $(readlink -f /sys/bus/pci/devices/{function}))")
    port = port.strip()
    return port, pci.capability(pci.space(machine, port), 0x10) + SLOT


def word(machine, function, at):
    """A register of 16 bits, as root reads it."""
    return int.from_bytes(pci.space(machine, function)[at:at + 2], "little")


def put(machine, function, at, content):
    """Root writes these bytes into a register, at once."""
    text = "".join(f"\\x{byte:02x}" for byte in content)
    machine.check(f"printf '{text}' | dd bs={len(content)} seek={at // len(content)} conv=notrunc "
                  f"of=/sys/bus/pci/devices/{function}/config 2> /dev/null")


def node(machine, function):
    """Another one when Linux has found the function anew."""
    return machine.check(f"stat -c %i /sys/bus/pci/devices/{function}/").strip()


def writes(machine, function, registers):
    """What was written into these registers of hardware, as the emulator has noted."""
    noted = re.findall(rf"pci_cfg_write \S+ {function.removeprefix('0000:')} "
                       r"@0x(\w+) <- 0x(\w+)", machine.path("emulator.log").read_text())
    return [(int(at, 16), int(value, 16)) for at, value in noted if int(at, 16) in registers]


class Port:
    """The port above the card: what is written into it from now on, and what it is to be."""

    def __init__(self, machine):
        self.machine = machine
        self.card = enabled(machine, CARD)
        self.port, self.control = port_of(machine, self.card)
        self.node = node(machine, self.card)
        # Linux has a button to wait for, and does not ask who is present.
        slot = word(machine, self.port, self.control) | PRESENCE
        put(machine, self.port, self.control, slot.to_bytes(2, "little"))
        self.slot = word(machine, self.port, self.control)
        assert self.slot == slot and slot & TELLS == TELLS, "Linux has no driver for hot plug"
        self.bridge = word(machine, self.port, BRIDGE)
        self.seen = len(self.written())

    def written(self):
        """All that was written, from the machine's first moment on."""
        return writes(self.machine, self.port,
                      (self.control, self.control + STATUS - SLOT, BRIDGE))

    def new(self):
        """What was written since the last time."""
        new = self.written()[self.seen:]
        self.seen += len(new)
        # Linux's driver notices of each that it is completed.
        return [one for one in new if one != (self.control + STATUS - SLOT, COMPLETED)]

    def reset(self):
        """The writes of one reset by the bus."""
        return [(self.control, self.slot & ~EVENTS), (BRIDGE, self.bridge | RESET),
                (BRIDGE, self.bridge), (self.control + STATUS - SLOT, CHANGES),
                (self.control, self.slot)]

    def as_before(self):
        """Linux has its card, which it has not found anew, and the slot is as it was."""
        assert word(self.machine, self.port, self.control) == self.slot
        assert word(self.machine, self.port, BRIDGE) == self.bridge
        assert node(self.machine, self.card) == self.node
        assert pci.driver(self.machine, self.card) == "e1000e"


@MACHINE
def test_a_reset_of_the_bus_is_no_hot_plug(machine):
    """The port does not tell of a link that goes down; QEMU's would not, so by what is written."""
    port = Port(machine)
    path = pci.cell(machine, "owner", ("nic",))
    for _ in range(2):
        cells.create(machine, "owner", path)
        assert port.new() == port.reset()
        cells.destroy(machine, "owner")
        assert port.new() == port.reset()
        port.as_before()


@MACHINE
def test_root_does_not_see_that_events_are_off(machine):
    """It reads and writes the slot all the time: hardware is not told, and has the last word."""
    port = Port(machine)
    path = pci.cell(machine, "owner", ("nic",))
    config = f"/sys/bus/pci/devices/{port.port}/config"
    at = f"bs=2 {{}}={port.control // 2} count=1 2> /dev/null"
    machine.check(f"dd if={config} of=/slot {at.format('skip')}")
    held = 0
    for _ in range(10):
        machine.check(
            "touch /busy; while [ -e /busy ]; do "
            f"dd if={config} of=/now {at.format('skip')}; cmp /slot /now || echo differs; "
            f"dd if=/slot of={config} conv=notrunc {at.format('seek')}; done > /said 2>&1 & "
            f"bulkhead cell create {path}; rm /busy; wait", timeout=120)
        assert machine.check("cat /said") == ""
        new = port.new()
        first, last = (new.index((BRIDGE, port.bridge | RESET)),
                       new.index((port.control + STATUS - SLOT, CHANGES)))
        assert {value for at, value in new[first:last] if at == port.control} <= {
            port.slot & ~EVENTS}
        held += sum(at == port.control for at, _ in new[first:last])
        assert {value for at, value in new[last:] if at == port.control} == {port.slot}
        cells.destroy(machine, "owner")
        port.new()
        if held:
            break
    assert held
    # What it writes last is what it finds.
    put(machine, port.port, port.control, (port.slot & ~EVENTS).to_bytes(2, "little"))
    port.new()
    cells.create(machine, "owner", path)
    cells.destroy(machine, "owner")
    assert all(value & EVENTS == 0 for at, value in port.new() if at == port.control)
    put(machine, port.port, port.control, port.slot.to_bytes(2, "little"))
    port.as_before()


@MACHINE
def test_a_cell_refused_in_the_midst_of_a_reset(machine):
    """For a message of root's to a CPU of the cell; the reset goes on, and root gets all back."""
    port = Port(machine)
    other = pci.function(machine, IDLE)
    content = pci.space(machine, other)
    at = pci.capability(content, 5)
    assert content[at + 2] & 0x81 == 0x80, "a message of its own, or other registers"
    put(machine, other, at + 4, (0xfee00000 | 3 << 12).to_bytes(4, "little"))
    put(machine, other, at + 12, b"\x40\0")
    put(machine, other, at + 2, bytes((content[at + 2] | 1, content[at + 3])))
    cells.refused(machine, f"bulkhead cell create {pci.cell(machine, 'owner', ('nic',))}",
                  "sends an interrupt to a CPU that the cell is to have")
    put(machine, other, at + 2, content[at + 2:at + 4])
    assert port.new() == port.reset()
    port.as_before()
