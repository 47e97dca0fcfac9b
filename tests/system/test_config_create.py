# SPDX-License-Identifier: GPL-2.0-only
"""Configuration on a machine: the board file that it writes for itself, cells judged by its board.

What such files look like is test_config_views.py's.
"""

import guest
import machines
import pci
import pytest
from config_pci import switched

MACHINE = pytest.mark.machine(*machines.HYPERVISOR, **guest.standard())


@MACHINE
def test_created_board_is_enabled(machine):
    """Linux runs on what it told of itself, and touches nothing that is not listed."""
    machine.check("bulkhead config create -n made -o /made.conf")
    assert 'board "made", 4 CPUs' in machine.check("bulkhead config check /made.conf")
    guest.enable(machine, "/made.conf")
    machine.check("cat /proc/interrupts > /dev/null; sleep 2")
    assert guest.status(machine)["faults"] == []
    guest.disable(machine)


@MACHINE
def test_what_it_proposes_is_switched_on(machine):
    """IOAPICs and configuration space served, each by a line that goes; of devices none is kept."""
    machine.check("bulkhead config create -n made -o /made.conf")
    text = pci.chosen(switched(machine.check("cat /made.conf")), {}, False)
    assert "\n\tioapics = (" in text and "\n\tpci = {" in text
    guest.put(machine, "/with.conf", text)
    machine.check("bulkhead config check --live /with.conf")
    guest.enable(machine, "/with.conf")
    machine.check("cat /proc/interrupts > /dev/null; sleep 2")
    assert guest.status(machine)["faults"] == []
    guest.disable(machine)


@MACHINE
def test_cell_is_judged_by_the_enabled_board(machine):
    """A cell file gets file and line, whatever board file lies beside it; nothing has changed."""
    text = guest.board_text(machine, "rt0")
    guest.put(machine, "/bad.conf", text.replace('"3"', '"9"').replace("0x38e00000", "0x1000000"))
    guest.enable(machine)
    result = machine.run("bulkhead cell create /bad.conf", timeout=60)
    line = text[:text.index("cpus")].count("\n") + 1
    assert result.status == 1
    assert f"/bad.conf:{line}: cell.cpus: CPU 9 is none of the board's" in result.output
    assert '"ram": 0x1000000-0x11fffff is not inside board.cell_memory' in result.output
    assert 'overlaps root.memory[3] "main" at 0x1000000' in result.output
    assert machine.check("cat /sys/devices/system/cpu/online").strip() == "0-3"
    guest.disable(machine)
