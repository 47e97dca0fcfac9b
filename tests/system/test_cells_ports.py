# SPDX-License-Identifier: GPL-2.0-only
"""Devices behind ports of PCI Express and an IOMMU: nothing they send passes by it, to a neighbour.

What ports redirect is a register of theirs (ACS): QEMU keeps it, but routes by nothing of it. Its
root ports have one, the ports of its switch have not.
"""

import re

import cells
import guest
import machines
import pci
import pytest
from iommu import entries, is_blocked
from pci import RANDOM

CARD, PORT, SWITCH, BELOW = "8086:10d3", "1b36:000c", "104c:8232", "104c:8233"
WORDS = {"kernel": "amd64", "modules": ("e1000e",), "files": guest.files(kernel="amd64")}
TWO = ("pcie-root-port,id=one,chassis=1,addr=6", "pcie-root-port,id=two,chassis=2,addr=7",
       "e1000e,bus=one", "virtio-rng-pci,bus=two")
PORTS = pytest.mark.machine(*machines.IOMMU, **WORDS, devices=TWO)
TABLES = pytest.mark.machine(*machines.IOMMU, **{
    **WORDS, "files": {**WORDS["files"], "/usr/bin/tables": guest.program("tables")}}, devices=TWO)
SWITCHED = pytest.mark.machine("qemu-svm-vtd", **WORDS, devices=(
    "pcie-root-port,id=up,chassis=1,addr=6", "x3130-upstream,id=switch,bus=up",
    "xio3130-downstream,id=one,bus=switch,chassis=2,addr=1",
    "xio3130-downstream,id=two,bus=switch,chassis=3,addr=2",
    "e1000e,bus=one", "virtio-rng-pci,bus=two"))

# Source validation, redirects of requests and of completions, upstream forwarding.
REDIRECTS = 0x1d
# What else there is: translation blocking, direct translated requests.
OTHERS = 0x42


def all_of(machine, identity):
    """The addresses of all functions with that identity."""
    vendor, device = identity.split(":")
    return machine.check(
        "cd /sys/bus/pci/devices && for one in *; do "
        f"grep -qx 0x{vendor} $one/vendor && grep -qx 0x{device} $one/device && echo $one; "
        "done; true").split()


def control_of(machine, port):
    """Where a port has the control register of its access control services."""
    content = pci.space(machine, port)
    at = 0x100
    while at:
        head = int.from_bytes(content[at:at + 4], "little")
        if head & 0xffff == 0x0d:
            return at + 6
        at = head >> 20
    raise AssertionError(f"{port} has no ACS")


def read(machine, port):
    """What a port redirects."""
    at = control_of(machine, port)
    return int.from_bytes(pci.space(machine, port)[at:at + 2], "little")


def write(machine, port, value):
    """Root tells it otherwise."""
    at = control_of(machine, port)
    machine.check(f"printf '\\x{value & 0xff:02x}\\x{value >> 8:02x}' | dd bs=2 seek={at // 2} "
                  f"conv=notrunc of=/sys/bus/pci/devices/{port}/config 2> /dev/null")


def board(machine, identities):
    """A board with these devices; where it is."""
    machine.check("modprobe e1000e")
    guest.load(machine)
    path = pci.board(machine, identities)
    # Of an AMD-Vi: the last bus with devices.
    machine.check(f"sed -i 's/last_bus = 0;/last_bus = 4;/' {path}")
    return path


@PORTS
def test_ports_above_devices_redirect(machine):
    """All beside the device's, too. Root does not change it, and finds it again as it was."""
    path = board(machine, {CARD: "nic"})
    ports = all_of(machine, PORT)
    assert len(ports) == 2
    card = pci.function(machine, CARD)
    before = {ports[0]: OTHERS, ports[1]: 0}
    for port, value in before.items():
        write(machine, port, value)
        assert read(machine, port) == value
    due = {ports[0]: 0x02 | REDIRECTS, ports[1]: REDIRECTS}
    for _ in range(2):
        guest.enable(machine, path)
        assert {port: read(machine, port) for port in ports} == due
        for value in (0, OTHERS, 0xffff):
            for port in ports:
                write(machine, port, value)
        assert {port: read(machine, port) for port in ports} == due
        assert guest.faults(machine, "pci")[0] >= 6
        cells.create(machine, "nic", pci.cell(machine, "nic", ("nic",)))
        assert {port: read(machine, port) for port in ports} == due
        cells.destroy(machine, "nic")
        assert pci.driver(machine, card) == "e1000e"
        guest.disable(machine)
        assert {port: read(machine, port) for port in ports} == before
    guest.undisturbed(machine)


@SWITCHED
def test_a_switch_that_does_not_redirect_is_refused(machine):
    """Unless all below it go to one cell together. The port above was told, and is as it was."""
    path = board(machine, {CARD: "nic"})
    above = pci.function(machine, PORT)
    write(machine, above, OTHERS)
    switch, (port, _) = pci.function(machine, SWITCH), all_of(machine, BELOW)
    words = (rf"device nic: port {port.removeprefix('0000:')} of the switch above it redirects "
             f"nothing .* give all behind {switch.removeprefix('0000:')} one group")
    said = guest.refused(machine, path)
    assert re.search(words, said), said
    assert read(machine, above) == OTHERS
    # With the neighbour on the board, but not with it in a group.
    both = board(machine, {CARD: "nic", RANDOM: "rng"})
    said = guest.refused(machine, both)
    assert re.search(words, said), said
    machine.check(f"sed -i 's/{{ name = \"\\(nic\\|rng\\)\";/& group = \"switch\";/' {both}")
    guest.enable(machine, both)
    assert read(machine, above) == 0x02 | REDIRECTS
    guest.disable(machine)
    guest.undisturbed(machine)


@TABLES
def test_other_ids_below_the_port_of_a_device_are_nobodys(machine):
    """Of its bus all but its own: a device can send by any. The other port's are root's."""
    guest.enable(machine, board(machine, {CARD: "nic"}))
    first = int(pci.function(machine, CARD)[5:7], 16) << 8
    found = entries(machine)
    assert {i for i in range(0x500) if is_blocked(machine, found[i])} == set(
        range(first + 1, first + 0x100))
    guest.disable(machine)
    guest.undisturbed(machine)
