# SPDX-License-Identifier: GPL-2.0-only
"""The cell whose program is programs/edges.S: CPU 3 and 2 MiB, and one run for each letter."""

import cells
import guest

CELL, WISH = "/cell.conf", "0x8000"
CONFIG = """
cell = {
	name = "edges"; cpus = "3"; on_fault = "POLICY"; console = "log";
	memory = (
	  { name = "ram"; phys = 0x38e00000; at = 0x0; size = "2M"; access = "rwx";
	    loadable = true; },
	  { name = "comm"; kind = "comm"; at = 0xfef00000; size = "4K"; access = "rw"; }
	);
};
"""


def create(machine, policy):
    """The cell, under that policy."""
    guest.enable(machine)
    guest.put(machine, CELL, CONFIG.replace("POLICY", policy))
    cells.create(machine, "edges", CELL)


def begin(machine, letter):
    """The beginning of a run of the cell."""
    machine.check(f"bulkhead cell load edges {guest.EDGES} -s {letter} -a {WISH}", timeout=60)
    cells.start(machine, "edges")


def run(machine, letter):
    """One run of the cell, to its end; what `cell show` tells then."""
    begin(machine, letter)
    return cells.wait(machine, "edges", 60)


def found(machine, letter):
    """The exit code of a run that ends by itself."""
    cell = run(machine, letter)
    assert cell["state"] == "shut down", cell
    return cell["exit_code"]


def end(machine):
    """The cell goes, and Linux is on bare metal again with all its CPUs."""
    cells.destroy(machine, "edges", force=True)
    assert machine.check("cat /sys/devices/system/cpu/online").strip() == "0-3"
    guest.disable(machine)
    guest.undisturbed(machine)
