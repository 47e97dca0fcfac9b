# SPDX-License-Identifier: GPL-2.0-only
"""Cells with much memory: long work is cut into short calls; a long load shows how far it is."""

import re

import cells
import guest
import machines
import pytest

CELL = "/large.conf"
MIB = 1 << 20
SIZE = 48 * MIB
SLICE = 256 << 10  # scrubbed by one call at most: core/cell_scrub.c
PIECE = 64 << 10  # loaded by one: BH_REQUEST_PAGES

MACHINE = pytest.mark.machine(*machines.HYPERVISOR, **guest.standard())


@pytest.fixture(name="large")
def fixture_large(machine):
    """A machine that is enabled, with the file of a large cell."""
    guest.enable(machine)
    machine.check(f"sed 's/size = \"2M\"/size = \"{SIZE // MIB}M\"/' "
                  f"{cells.cell_file('rt0')} > {CELL} && grep -q {SIZE // MIB}M {CELL}")
    yield machine
    machine.check("rm -f /image; bulkhead disable --force", timeout=120)


def calls(machine, command):
    """How often a command calls the hypervisor; what it prints."""
    def count():
        return {cpu["cpu"]: cpu["exits_by_reason"].get(guest.exit_name(machine, "VMCALL"), 0)
                for cpu in guest.status(machine)["cpus"]}

    before = count()
    text = machine.check(command, timeout=120)
    # A CPU that went to a cell, or came back from it, counts from 0 again.
    return sum(max(calls - before.get(cpu, 0), 0) for cpu, calls in count().items()), text


@MACHINE
def test_no_call_is_long(large):
    """However large a cell is, Linux has its CPU back after each slice."""
    needed, _ = calls(large, f"bulkhead cell create {CELL}")
    assert needed >= SIZE // SLICE
    large.check(f"truncate -s {8 * MIB} /image")
    needed, _ = calls(large, "bulkhead cell load rt0 /image -a 0")
    assert needed >= 8 * MIB // PIECE
    needed, _ = calls(large, "bulkhead cell destroy rt0")
    assert needed >= SIZE // SLICE
    guest.undisturbed(large)


@MACHINE
def test_a_long_load_shows_a_bar(large):
    """On a terminal, which the serial line is; not where somebody reads what is printed."""
    cells.create(large, "rt0", CELL)
    large.check(f"truncate -s {SIZE} /image")
    shown = large.run("bulkhead cell load rt0 /image -a 0 2> /dev/ttyS0", timeout=120).output
    assert re.search(rf"\[#+ *\] +\d+%  \d+ of {SIZE // 1024} KiB", shown), shown
    assert shown.rindex("\x1b[K") > shown.rindex("KiB")
    assert "KiB" not in large.check("bulkhead cell load rt0 /image -a 0 2>&1 | cat", timeout=120)
    cells.destroy(large, "rt0")
