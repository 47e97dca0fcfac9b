# SPDX-License-Identifier: GPL-2.0-only
"""Pins of the IOAPIC that a cell owns: what is wired to them interrupts that cell, and nobody else.

A timer and a UART, with no IOMMU and with either. A card, the one device of PCI that has memory on
all these machines, is nobody's.
"""

import re

import cells
import guest
import inmates
import machines
import pci
import pytest

FILES = {**guest.files("pattern"), **guest.board_files("hpet", "neighbour", "serial"),
         **{cells.program_file(name): str(cells.build_dir() / f"inmates/tests/{name}.elf")
            for name in ("attack", "neighbour")},
         **{f"/usr/lib/bulkhead/demos/{name}.elf": inmates.demo(name)
            for name in ("hpet", "uart")}}
MACHINE = pytest.mark.machine(*machines.HYPERVISOR, files=FILES, card="e1000", line=True)


FIRST, END = 0xc0000000, 0xfec00000  # of PCI's memory, in the boards' files


def bar(machine):
    """Where some PCI function has memory."""
    said = machine.check("cat /sys/bus/pci/devices/*/resource")
    rows = [[int(word, 16) for word in line.split()] for line in said.splitlines()
            if re.fullmatch("0x[0-9a-f]+( 0x[0-9a-f]+){2}", line.strip())]
    return next(first for first, last, flags in rows if flags & 0x200 and FIRST <= first < END)


def lend(machine, path):
    """Root lends a page of such memory: cut out of what it has of PCI's, in the board's file."""
    at = bar(machine)
    pieces = [("pci", FIRST, at - FIRST, ""), ("bar", at, 4096, " lent = true;"),
              ("rest", at + 4096, END - at - 4096, "")]
    text, count = re.subn(r'\{ name = "pci";[^}]*\}', ", ".join(
        f'{{ name = "{name}"; phys = {start:#x}; size = {size:#x}; access = "rw"; '
        f'kind = "device";{lent} }}' for name, start, size, lent in pieces if size),
        machine.check(f"cat {path}"))
    assert count == 1
    guest.put(machine, path, text)
    return path


def enabled(machine):
    """A machine whose board has the IOAPIC, and no device of PCI but memory of one."""
    if not hasattr(machine, "has_pins"):
        guest.load(machine)
        guest.enable(machine, lend(machine, pci.board(machine, {})))
        machine.has_pins = True


def created(machine, name):
    """A cell as its file has it, that may go on after a fault."""
    # `config create` numbers IOAPICs.
    machine.check(f"sed 's/ioapic:/ioapic0:/; s/\"stop\"/\"report\"/' {cells.cell_file(name)} "
                  f"> /{name}.conf")
    cells.create(machine, name, f"/{name}.conf")


def load(machine, name, demo, words):
    """Load a demo."""
    machine.check(f"bulkhead cell load {name} /usr/lib/bulkhead/demos/{demo}.elf "
                  f"-s '{words}' -a {cells.ARGUMENT:#x}", timeout=120)


@MACHINE
def test_pin_of_a_timer(machine, count=2000):
    """At the timer's rate, without exits; the pin beside it is not the cell's, which is told."""
    enabled(machine)
    neighbour = cells.Neighbour(machine)
    created(machine, "hpet")
    load(machine, "hpet", "hpet", "hz=500 pin=22")
    cells.start(machine, "hpet")
    assert cells.finished(machine, "hpet", 120) == 1
    # It goes on until it is asked: its end takes exits, of which none is an interrupt's.
    load(machine, "hpet", "hpet", "hz=500 pin=23")
    cells.start(machine, "hpet")
    early = cells.wait(machine, "hpet", 60, lambda cell: cell["comm"]["heartbeats"] > 100)
    late = cells.wait(machine, "hpet", 60, lambda cell: cell["comm"]["heartbeats"] > count)
    assert late["state"] == "running"
    machine.check("bulkhead cell shutdown hpet", timeout=60)
    assert cells.finished(machine, "hpet", 120) == 0
    said = machine.check("bulkhead cell console hpet")
    assert "Pin 22 of the I/O APIC is not ours." in said
    counted = cells.show(machine, "hpet")["faults_counted"]
    assert {kind for kind, number in counted.items() if number} == {"pin"}, counted
    # Linux's own timer goes on, and nobody else was interrupted.
    neighbour.check()
    cells.destroy(machine, "hpet")
    neighbour.end()
    guest.undisturbed(machine)
    period, ticks, measured = map(int, re.search(
        r"one every (\d+) ticks\s.*?(\d+) interrupts, one every (\d+) ticks", said,
        re.DOTALL).groups())
    assert ticks >= late["comm"]["heartbeats"] > count
    exits = late["exits"] - early["exits"]
    assert exits == 0
    # Elsewhere time is what the host lets it have.
    if machines.EXACT_TIME not in machine.setup.machine.lacks:
        assert abs(measured - period) < 0.02 * period


ATTACKER = """\
cell = {
	name = "hpet";
	cpus = "3";
	on_fault = "report";
	console = "log";
	irqs = ( "ioapic0:23" );
	memory = (
	  { name = "ram"; phys = 0x39800000; at = 0x0; size = "4M"; access = "rwx";
	    loadable = true; },
	  { name = "data"; phys = 0x39c20000; at = 0xc00000; size = "64K"; access = "rw"; },
	  { name = "hpet"; phys = 0xfed00000; size = "4K"; access = "rw"; kind = "device"; },
	  { name = "comm"; kind = "comm"; at = 0x80000000; size = "4K"; access = "rw"; }
	);
};
"""
TIMER, ENABLED, ROUTE, TIMERS = 0xfed00100, 4, 31 << 9, 3


def timers(machine):
    """Configurations of the HPET's timers, as root reads them."""
    return [int(machine.check(f"busybox devmem {TIMER + 0x20 * n:#x} 32").split()[-1], 16)
            for n in range(TIMERS)]


@MACHINE
def test_timers_that_write(machine):
    """A timer neither writes into memory nor raises pins of others, and is silent behind its cell.

    By the HPET's delivery of messages a cell could write anywhere; each try is a fault.
    """
    enabled(machine)
    neighbour, watch = cells.Neighbour(machine), cells.Watch(machine)
    guest.put(machine, "/attack.conf", ATTACKER)
    cells.run(machine, "hpet", "attack", "hpet pin=23", "/attack.conf")
    wrong = cells.finished(machine, "hpet", 300)
    assert wrong == 0, machine.check("bulkhead cell console hpet | tail -n 12")
    counted = {kind: number for kind, number in cells.show(machine, "hpet")["faults_counted"]
               .items() if number}
    # Of each timer: six places in memory, written in seven ways at least; 31 pins in two.
    assert set(counted) == {"memory", "pin"}, counted
    assert counted["memory"] >= TIMERS * 6 * 7 and counted["pin"] >= TIMERS * 31 * 2, counted
    records = [fault for fault in cells.faults(machine, "hpet") if fault["kind"] == "pin"]
    assert 0 in [int(fault["place"], 16) for fault in records]
    assert 23 not in [int(fault["place"], 16) for fault in records]
    neighbour.check()
    watch.end()
    cells.destroy(machine, "hpet")
    assert not any(configuration & ENABLED for configuration in timers(machine))
    neighbour.end()
    guest.undisturbed(machine)


@MACHINE
def test_pin_that_a_timer_does_not_have(machine, pin=13):
    """Told a pin of the cell's that it cannot raise, a timer would raise one of somebody else's."""
    enabled(machine)
    can = int(machine.check(f"busybox devmem {TIMER + 4:#x} 32").split()[-1], 16)
    guest.put(machine, "/attack.conf",
              ATTACKER.replace('"ioapic0:23"', f'"ioapic0:23", "ioapic0:{pin}"'))
    cells.run(machine, "hpet", "attack", f"hpet pin=23 other={pin}", "/attack.conf")
    wrong = cells.finished(machine, "hpet", 300)
    assert wrong == 0, machine.check("bulkhead cell console hpet | tail -n 12")
    denied = {int(fault["place"], 16) for fault in cells.faults(machine, "hpet")
              if fault["kind"] == "pin"}
    assert (pin in denied) == (not can >> pin & 1)
    cells.destroy(machine, "hpet")
    # Nobody's pin is left in a timer, for the next one who has it.
    assert not any(configuration & (ENABLED | ROUTE) for configuration in timers(machine))
    guest.undisturbed(machine)


@MACHINE
def test_memory_of_a_device_that_is_not_listed(machine):
    """With a function's registers a cell would have its DMA: that is no plain region's."""
    enabled(machine)
    text = re.sub(r'"hpet"; phys = \w+', f'"bar"; phys = {bar(machine):#x}', ATTACKER)
    guest.put(machine, "/bar.conf", text)
    cells.refused(machine, "bulkhead cell create /bar.conf",
                  r'"bar" is memory of the PCI device 0000:\S+: list that in board.pci.devices')
    assert machine.check("cat /sys/devices/system/cpu/online").strip() == "0-3"


@MACHINE
def test_line_of_a_uart(machine):
    """A cell serves a serial line by interrupts: more bytes than any queue holds, both ways."""
    enabled(machine)
    neighbour = cells.Neighbour(machine)
    created(machine, "serial")
    load(machine, "serial", "uart", "port=0x2e8 pin=3")
    cells.start(machine, "serial")
    machine.check("for i in $(seq 60); do bulkhead cell console serial | grep -q echoing && break; "
                  "sleep 1; done", timeout=90)
    sent = bytes(range(0x20, 0x7f)) * 20
    assert machine.line.converse(sent) == sent.upper()
    machine.line.send(b"\x04")
    assert cells.finished(machine, "serial", 60) == 0
    count, interrupts, lost = map(int, re.search(
        r"(\d+) bytes, (\d+) interrupts, (\d+) lost",
        machine.check("bulkhead cell console serial")).groups())
    assert (count, lost) == (len(sent) + 1, 0) and interrupts > 0
    assert not any(cells.show(machine, "serial")["faults_counted"].values())
    neighbour.check()
    cells.destroy(machine, "serial")
    neighbour.end()
    guest.undisturbed(machine)


IOAPIC, ENTRIES = 0xfec00000, range(0x10, 0x10 + 2 * 24)
# What an entry tells of itself: delivery pending, a line's interrupt in service.
STATUS = 1 << 12 | 1 << 14


def entries(machine):
    """All entries of the IOAPIC as root sees them."""
    said = machine.check(
        f"for i in $(seq {ENTRIES[0]} {ENTRIES[-1]}); do "
        f"echo mmio-out {IOAPIC} $i > /proc/bh_probe; "
        f"echo mmio-in {IOAPIC + 0x10} > /proc/bh_probe; cat /proc/bh_probe; done", timeout=120)
    values = [int(line.removeprefix("value "), 16) & ~STATUS for line in said.splitlines()]
    assert len(values) == len(ENTRIES) and any(values)
    return values


@MACHINE
def test_attack_by_the_owner_of_a_pin(machine):
    """All registers of the IOAPIC in all ways: the pins of others stay as Linux has set them."""
    enabled(machine)
    neighbour = cells.Neighbour(machine)
    path = pci.cell(machine, "owner", (), on_fault="report")
    machine.check("sed -i '/unprotected_dma/d; s/pci = (  );/irqs = ( \"ioapic0:23\" );/' "
                  f"{path}")
    cells.create(machine, "owner", path)
    before = entries(machine)
    cells.again(machine, "owner", "attack", "ioapic")
    assert cells.finished(machine, "owner", 600) == 0, machine.check(
        "bulkhead cell console owner | tail -n 20")
    said = machine.check("bulkhead cell console owner")
    # Its own pin it could set: no interrupt comes by it, as nothing is wired to it here.
    assert re.search(r"ioapic: brought us \d+ interrupts, 0 NMIs", said), said
    assert entries(machine) == before
    counted = cells.show(machine, "owner")["faults_counted"]
    assert counted["pin"] > 100, counted
    neighbour.check()
    cells.destroy(machine, "owner")
    neighbour.end()
    guest.undisturbed(machine)
