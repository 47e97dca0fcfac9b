# SPDX-License-Identifier: GPL-2.0-only
"""Units of IOMMUs on a machine: what devices reach through them, and what Linux sees of its own."""

import re

import cells
import guest
import pci

# Where the device "edu" stands on the bus, by the machine.
EDU_AT = {"qemu-svm-vtd": "0000:00:01.0", "qemu-svm-amdvi": "0000:00:02.0"}
UNTOUCHED = 0x5a5a5a5a5a5a5a5a
MIB = 1 << 20
HYPERVISOR = range(0x38000000, 0x38800000, 2 * MIB)
CELLS = range(0x38800000, 0x3bf00000, 8 * MIB)

# Of VT-d, which Linux remaps its interrupts by.
UNIT = 0xfed90000
GCMD, GSTS, FSTS, IQH, IQT, IQA, IRTA = 0x18, 0x1c, 0x34, 0x80, 0x88, 0x90, 0xb8
# VER, CAP, ECAP, FECTL, FEDATA, FEADDR and FEUADDR beside those that Linux has set.
CONSTANT = (0, 8, 0xc, 0x10, 0x14, GSTS, FSTS, 0x38, 0x3c, 0x40, 0x44, IQA, IQA + 4, IRTA,
            IRTA + 4)
TRANSLATION, ROOT_TABLE, INTERRUPTS, COMPATIBLE = 1 << 31, 1 << 30, 1 << 25, 1 << 23

# So many places fit on the line that names them, and into what is remembered of a cell's faults.
AT_ONCE = 200
ROUNDS = 10


def is_vtd(machine):
    """Else it is AMD-Vi."""
    return machine.setup.kind == "qemu-svm-vtd"


def cell(machine, name, devices, on_fault="stop", **where):
    """A cell file, without a word of unprotected DMA: nothing has to be accepted."""
    path = pci.cell(machine, name, devices, on_fault, **where)
    machine.check(f"sed -i /unprotected_dma/d {path}")
    return path


def attacked(machine, step, words):
    """What the cell says that has "edu", once it has tried all that the words name, in MiB."""
    cells.again(machine, "edu", "attack", f"dma step={step} messages=0 {words}")
    assert cells.finished(machine, "edu", 1800) == 0, machine.check(
        "bulkhead cell console edu | tail -n 20")
    return machine.check("bulkhead cell console edu")


def recorded_places(machine):
    """Where records say that the cell "edu" tried DMA."""
    records = [one for one in cells.faults(machine, "edu") if one["kind"] == "dma"]
    return {int(one["place"], 16) for one in records}


def recorded_in_the_end(machine, path, step, stopped):
    """Where they say so, once those of `stopped` were tried again that none names.

    The emulator's VT-d makes one record of what the same device does while a record of it waits
    for root's first CPU, as on a busy host; and more than AT_ONCE places are counted only.
    """
    places = recorded_places(machine)
    for _ in range(ROUNDS):
        missing = sorted(stopped - places)[:AT_ONCE]
        if not missing:
            break
        # A new cell, of which nothing is remembered. It has to reach memory of its own as well.
        cells.destroy(machine, "edu")
        cells.create(machine, "edu", path)
        attacked(machine, step, f"limit={step} at={','.join(map(hex, missing))}")
        places |= recorded_places(machine)
    return places


def device_read(machine, address):
    """Eight bytes, as the device sees them."""
    (value,) = re.fullmatch(r"value (0x[0-9a-f]+)",
                            guest.probe(machine, f"edu-read {address:#x}")).groups()
    return int(value, 16)


def device_write(machine, address, value):
    """Eight bytes, if the device is let."""
    assert guest.probe(machine, f"edu-write {address:#x} {value:#x}") == "done"


def reaches_roots_memory(machine):
    """A device that is root's reads and writes a page of root's kernel."""
    page, _ = re.fullmatch(r"page (0x[0-9a-f]+) word (\w+)",
                           guest.probe(machine, "page")).groups()
    device_write(machine, int(page, 16), 0x123456789abc)
    assert guest.probe(machine, "page") == f"page {page} word 0x123456789abc"
    assert device_read(machine, int(page, 16)) == 0x123456789abc


def taken_and_given_back(machine, path=guest.BOARD_FILE):
    """Enable and disable: in between, memory for cells is out of a device's reach."""
    guest.enable(machine, path)
    assert device_read(machine, 0x39000000) in (0, UNTOUCHED, 0xffffffffffffffff)
    guest.disable(machine)
    device_write(machine, 0x39000000, 0x77)
    assert device_read(machine, 0x39000000) == 0x77


def register(machine, offset):
    """A register of the unit, as Linux finds it."""
    said = guest.probe(machine, f"mmio-in {UNIT + offset:#x}")
    return int(said.removeprefix("value "), 16)


def write(machine, offset, value):
    """The same, written."""
    guest.probe(machine, f"mmio-out {UNIT + offset:#x} {value:#x}")


def constants(machine):
    """Registers that stay as they are; but nobody takes back that the unit was given a table."""
    return {offset: register(machine, offset) & ~(ROOT_TABLE if offset == GSTS else 0)
            for offset in CONSTANT}


def of_cpu(machine, number, cpu):
    """How many of a remapped interrupt a CPU has had."""
    head, *lines = machine.check("cat /proc/interrupts").splitlines()
    column = head.split().index(f"CPU{cpu}")
    (line,) = [one for one in lines if one.split()[0] == f"{number}:"]
    assert " IR-IO-APIC " in line, line
    return int(line.split()[1 + column])


def moves_to(machine, cpu):
    """The serial line's interrupt is moved, and comes where it is to come."""
    guest.line_interrupts(machine, cpu)
    machine.check("echo the first one may still come where it came")
    before = of_cpu(machine, guest.SERIAL, cpu)
    machine.check("echo this one does not")
    assert of_cpu(machine, guest.SERIAL, cpu) > before


def log(machine):
    """What the hypervisor has said."""
    return machine.check("bulkhead console")


def entries(machine):
    """What the unit finds for each id, as words."""
    lines = machine.text("tables entries | head -n 65536", timeout=120).splitlines()
    return [tuple(int(word, 16) for word in line.split()) for line in lines]


def control(machine):
    """What AMD-Vi's control register holds."""
    return int(machine.check("tables entries | tail -n 1").split()[0], 16)


def is_blocked(machine, entry):
    """Does an entry let nothing through, neither memory nor interrupts?"""
    if is_vtd(machine):
        return entry == (0, 0, 0, 0)
    # Valid, with a translation that neither reads nor writes; interrupts by a table, of which none
    # is there (AMD IOMMU specification, 2.2.2.1).
    return (entry[0] & 3 == 3 and entry[0] >> 61 & 3 == 0 and
            entry[2] & 1 == 1 and entry[2] >> 60 & 3 == 0)
