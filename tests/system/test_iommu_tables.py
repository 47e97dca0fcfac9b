# SPDX-License-Identifier: GPL-2.0-only
"""Tables of IOMMUs while a cell has a device: sealed, and never remembered as they were before.

And whom they name: ids around a device that cells may have, by which it could speak too, nobody.
And in memory, for a unit that does not look into caches: QEMU's of VT-d is such a one by its word.
"""

import json
import re

import cells
import guest
import machines
import pci
import pytest
from iommu import cell, control, entries, is_blocked
from pci import EDU
from tables import invalidations, panics

FILES = cells.files((), ("polite",))
FILES["/usr/bin/tables"] = guest.program("tables")
# What of the hypervisor's the "panic" hypercall writes to.
TABLES = {"cell": 4, "root": 8, "devices": 9, "interrupts": 10, "others": 11}


def enabled(machine):
    """A machine whose board has "edu" behind its IOMMU."""
    guest.load(machine)
    guest.enable(machine, pci.board(machine, {EDU: "edu"}))


def source_of(machine):
    """As whom the unit sees "edu"."""
    bus, device, function = re.search(r"(\w\w):(\w\w)\.(\d)$",
                                      pci.function(machine, EDU)).groups()
    return int(bus, 16) << 8 | int(device, 16) << 3 | int(function)


@pytest.mark.machine(*machines.IOMMU, files=FILES)
def test_functions_that_are_not_there_are_nobodys(machine):
    """Of the slot of a device that cells may have, while root has it and while a cell has."""
    enabled(machine)
    own = source_of(machine)
    strays = set(range(own + 1, own + 8))
    before = entries(machine)[:256]
    roots = before[own]
    assert not is_blocked(machine, roots)
    cells.create(machine, "edu", cell(machine, "edu", ("edu",)))
    blocked = entries(machine)[:256]
    cells.destroy(machine, "edu")
    for found in before, blocked, entries(machine)[:256]:
        assert {i for i in range(256) if is_blocked(machine, found[i])} - {own} == strays
        assert {found[i] for i in range(256) if i not in strays | {own}} == {roots}
    assert is_blocked(machine, blocked[own])
    guest.disable(machine)
    guest.undisturbed(machine)


@pytest.mark.machine("qemu-svm-amdvi", files=FILES)
def test_roots_devices_send_what_firmware_says(machine):
    """What the board has from IVRS for a device of root's, its entry has as well, and no other.

    So it has when the device comes back from a cell, which nothing of it was given to.
    """
    guest.load(machine)
    board = pci.board(machine, {EDU: "edu"})
    own = source_of(machine)
    edu = f'{{ kind = "function"; source = "00:{own >> 3:02x}.0"; pass = 0x30; }}'
    machine.check(f"sed -i 's/id = 0; }}/id = 0; pass = 0xd7; }}, {edu}/' {board}")
    guest.enable(machine, board)
    before = entries(machine)[:256]
    # The IOAPIC's: SysMgt 105:104 is 1; INITPass, EIntPass, NMIPass, Lint0Pass and Lint1Pass,
    # 186:184 and 191:190, are set. Of "edu" SysMgt is 3, by which nothing is sent to anybody.
    memory, domain, interrupts, rest = before[0]
    assert (domain >> 32, interrupts) == (0, 0)
    assert before[0xa0] == (memory, domain | 1 << 40, 0xc7 << 56, rest)
    assert before[own] == (memory, domain | 3 << 40, interrupts, rest)
    cells.run(machine, "edu", "polite", path=cell(machine, "edu", ("edu",)))
    given = entries(machine)[own]
    assert given[1] >> 32 == 0 and given[2] & 0xc7 << 56 == 0
    cells.destroy(machine, "edu", force=True)
    assert entries(machine)[:256] == before
    # Nor is it a cell's if what it sends goes to somebody.
    guest.disable(machine)
    machine.check(f"sed -i 's/pass = 0x30/pass = 0x31/' {board}")
    assert "to send what no device of a cell may (pass = 0x31)" in guest.refused(machine, board)
    guest.undisturbed(machine)


@pytest.mark.machine("qemu-svm-amdvi", files=FILES)
@pytest.mark.parametrize("words, bits", [
    ("", 0), ("tunnel = true;", 1 << 1),
    ("pass_pw = true; res_pass_pw = true; isoc = true;", 1 << 8 | 1 << 9 | 1 << 11)])
def test_a_unit_sends_as_firmware_says(machine, words, bits):
    """Whatever the register held: HtTunEn, PassPW, ResPassPW and Isoc are as the board has it."""
    guest.load(machine)
    guest.enable(machine, guest.board(machine, ("tunnel = true;", words)))
    # It translates and takes commands, and walks look into caches.
    assert control(machine) & 0x1f03 == 0x1401 | bits
    guest.disable(machine)
    guest.undisturbed(machine)


@pytest.mark.machine(*machines.IOMMU, files=FILES)
def test_no_change_of_a_device_lacks_its_invalidation(machine):
    """Whenever its entry was written the unit forgets it, before anything else changes."""
    enabled(machine)
    last = max([0] + [record["sequence"] for record in invalidations(machine, 0)])
    cells.run(machine, "edu", "polite", path=cell(machine, "edu", ("edu",)))
    cells.destroy(machine, "edu", force=True)
    records = [record for record in invalidations(machine, last)
               if record["kind"] in ("device", "unit", "unit-all", "return")]
    changes = [i for i, record in enumerate(records) if record["kind"] == "device"]
    # From root to nobody, to the cell, and the same way back.
    assert len(changes) >= 4
    for index in changes:
        done = records[index + 1]
        assert records[index]["vpid"] == source_of(machine)
        assert done["kind"] == "unit-all" or (
            done["kind"] == "unit" and done["vpid"] == records[index]["vpid"])
    guest.disable(machine)
    guest.undisturbed(machine)


def written(records):
    """How many pages were written back."""
    return sum(record["vpid"] for record in records if record["kind"] == "written")


def until(records, *kinds):
    """The records before the first one of these kinds."""
    (first, *_) = [i for i, record in enumerate(records) if record["kind"] in kinds]
    return records[:first]


def pages_for_devices(machine, board, path):
    """What the cell takes for its devices, as predicted."""
    told = machine.check(f"bulkhead config map {board} {path} | grep '^hypervisor memory:'")
    return int(re.search(r"(\d+) for its devices", told).group(1))


def what_the_unit_reads_is_written_back(machine, words, directory):
    """All of a board's pages before translation begins, of a cell's before it has a device.

    A cell's directory is written when a device goes by it.
    """
    guest.load(machine)
    board = pci.board(machine, {EDU: "edu"})
    machine.check(f"sed -i 's/linux_remaps = true;/& {words}/' {board}")
    guest.enable(machine, board)
    predicted = json.loads(machine.check(f"bulkhead config map --json {board}"))["hypervisor"]
    records = invalidations(machine, 0)
    assert written(until(records, "unit-all")) == predicted["iommus"]
    path = cell(machine, "edu", ("edu",))
    pages = pages_for_devices(machine, board, path)
    for _ in range(2):
        last = records[-1]["sequence"]
        cells.run(machine, "edu", "polite", path=path)
        records = invalidations(machine, last)
        # To nobody at its creation, to the cell at its start.
        first, second = [i for i, one in enumerate(records) if one["kind"] == "device"][:2]
        assert written(records[:first]) == pages - directory > 0
        (given,) = [i for i, one in enumerate(records)
                    if one["kind"] == "unit-all" and i > second][:1]
        assert written(records[first:given]) == directory
        cells.destroy(machine, "edu", force=True)
        records = invalidations(machine, last)
    guest.disable(machine)
    guest.undisturbed(machine)


@pytest.mark.machine("qemu-svm-vtd", files=FILES)
def test_what_the_unit_reads_is_written_back(machine):
    what_the_unit_reads_is_written_back(machine, "", 0)


@pytest.mark.machine("qemu-svm-vtd", files=FILES,
                     properties=("intel-iommu.scalable-mode=on",))
def test_what_the_unit_reads_in_scalable_mode_is_written_back(machine):
    what_the_unit_reads_is_written_back(machine, "scalable = true;", 2)


@pytest.mark.machine(*machines.IOMMU, files=FILES, cmdline="isolcpus=2", alone=True)
@pytest.mark.parametrize("what", TABLES)
def test_a_write_to_a_sealed_table_faults(machine, what):
    enabled(machine)
    cells.create(machine, "edu", cell(machine, "edu", ("edu",)))
    # Page fault: the page is there (bit 0), and it was a write (bit 1).
    assert ("PANIC on CPU 2: page fault (vector 14, error code 0x3)" in
            panics(machine, TABLES[what]))
