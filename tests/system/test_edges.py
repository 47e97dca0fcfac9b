# SPDX-License-Identifier: GPL-2.0-only
"""Where processors are odd: guests in states that a careless hypervisor could not enter again, and
what a cell might leave behind in its CPU.

The cell is CPU 3 and 2 MiB; its program is programs/edges.S, whose first comment says what its
letters do.
"""

import subprocess

import cells
import guest
import machines
import pytest
from edges import create, end, found, run

BEYOND, PORT, ROOTS_CALL = 0x10000000, 0x510, 3


def symbol(name):
    """Where something of the program is."""
    text = subprocess.run(["nm", guest.assembled("edges")], check=True, stdout=subprocess.PIPE,
                          text=True).stdout
    return next(int(line.split()[0], 16) for line in text.splitlines() if line.endswith(f" {name}"))


MACHINE = pytest.mark.machine(*machines.HYPERVISOR, **guest.standard())
# Bochs's APIC stays in x2APIC mode, if a cell leaves it there: this one is not disabled any more.
LASTING = pytest.mark.machine(*machines.HYPERVISOR, files=guest.standard()["files"],
                              cmdline="quiet")


def failed(machine, letter):
    """The one record of a run that fails, and the CPU's registers then."""
    before = cells.faults(machine, "edges")
    assert run(machine, letter)["state"] == "failed"
    record, = cells.faults(machine, "edges")[len(before):]
    show = "bulkhead cell show edges --registers --json"
    registers, = machine.data(show)["registers"]
    return record, registers


@MACHINE
def test_a_cell_goes_on_where_processors_are_odd(machine):
    create(machine, "report")
    assert found(machine, "r") == 4  # RDMSR, WRMSR twice, XSETBV
    assert found(machine, "w") == 5
    # STI, NOP, the load of SS with CPUID, NOP, PUSHF, AND, POPF
    assert found(machine, "s") == 7
    end(machine)


@MACHINE
def test_a_cell_stops_once_and_shows_where_it_was(machine):
    create(machine, "stop")
    record, registers = failed(machine, "u")
    assert (record["kind"], int(record["place"], 16)) == ("memory", BEYOND)
    assert registers["segments"]["cs"]["selector"] == "0x33"
    record, registers = failed(machine, "v")
    assert (record["kind"], int(record["place"], 16)) == ("port", PORT)
    assert int(registers["rflags"], 16) & 0x20000
    record, registers = failed(machine, "k")
    assert (record["kind"], int(record["place"], 16)) == ("hypercall", ROOTS_CALL)
    assert int(record["rip"], 16) == int(registers["rip"], 16) == symbol("roots_call")
    end(machine)


@pytest.mark.machine(*machines.HYPERVISOR, **guest.standard(), needs=(machines.ALIGNMENT,))
def test_an_exception_for_ever_ends_the_cell(machine):
    create(machine, "stop")
    record, registers = failed(machine, "a")
    assert record["kind"] == "delivery" and record["place"] == record["rip"]
    assert int(registers["rip"], 16) == int(record["rip"], 16)
    end(machine)


@MACHINE
def test_a_processor_forgets_its_owner(machine):
    create(machine, "stop")
    assert found(machine, "c") == 1 and found(machine, "g") == 0
    assert found(machine, "i") == 1 and found(machine, "j") == 0
    assert found(machine, "i") == 1
    # Vectors of exceptions, that the hypervisor drops when the cell ends and when it goes.
    assert found(machine, "n") == 0xffff and found(machine, "n") == 0xffff
    end(machine)
    assert "Stale IRR" not in machine.check("dmesg")


@MACHINE
def test_a_cell_causes_no_smi(machine):
    create(machine, "stop")
    record, _ = failed(machine, "l")
    assert (record["kind"], int(record["place"], 16)) == ("apic", 0x340)
    end(machine)


@LASTING
def test_in_x2apic_mode_the_page_of_registers_is_closed(machine):
    create(machine, "stop")
    record, _ = failed(machine, "m")
    assert (record["kind"], int(record["place"], 16)) == ("apic", 0x340)
    record, _ = failed(machine, "x")
    assert (record["kind"], int(record["place"], 16)) == ("apic", 0xb0)
    cells.destroy(machine, "edges")


@MACHINE
def test_a_program_of_linux_at_the_end_of_4_gib(machine):
    guest.enable(machine)
    assert machine.check("insn wrap").strip() == "signal 11"
    assert "stopped" not in machine.check("bulkhead status")
    guest.disable(machine)
    assert machine.check("insn wrap").strip() == "signal 11"
