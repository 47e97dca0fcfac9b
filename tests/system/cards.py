# SPDX-License-Identifier: GPL-2.0-only
"""Network cards in cells, with an IOMMU and without: what holds on either sort of machine.

The tests with these bodies are in test_cells_pci.py and test_cells_iommu.py.
"""

import re

import cells
import guest
import pci
from pci import E1000, E1000E, EDU

DRIVERS = {E1000: "e1000", E1000E: "e1000e"}


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
    guest.not_interrupted(machine)
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
