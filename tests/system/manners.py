# SPDX-License-Identifier: GPL-2.0-only
"""Cells that run programs/manners.S, which behaves as it is told to when it is asked to shut down.

Tests of the driver's part in the life of cells share one machine with them.
"""

import guest
import machines
import pytest

RT0, SMP = f"{guest.BOARD}/rt0.conf", f"{guest.BOARD}/smp.conf"
IMAGE = "/manners.elf"
WISH = "0x8000"  # where the program looks for its manners
FILES = "/sys/class/misc/bulkhead/cells"
CPU = "/sys/devices/system/cpu/cpu{}/online"
WANTED = {"share": "driver", "cmdline": "cpu0_hotplug", "files": {
    **guest.files("calls", "news"), **guest.board_files("rt0", "smp"),
    IMAGE: guest.assembled("manners")}}
MACHINE = pytest.mark.machine(*machines.HYPERVISOR, **WANTED)


def create(machine, path=RT0):
    """Create, which must succeed."""
    machine.check(f"bulkhead cell create {path}", timeout=60)


def run(machine, manners, name="rt0"):
    """Load and start a cell with such manners."""
    machine.check(f"bulkhead cell load {name} {IMAGE} -s {manners} -a {WISH} && "
                  f"bulkhead cell start {name}")


def says(machine, command, words):
    """A command that is refused, in exactly these words."""
    verb = " ".join(command.split()[:2]) if command.startswith("cell") else command.split()[0]
    assert machine.run(f"bulkhead {command}", timeout=60) == (1, f"bulkhead: {verb}: {words}\n")


def state(machine, name="rt0"):
    """A cell as `cell list` tells it; None if there is none."""
    cells = machine.data("bulkhead cell list --json")
    return next((cell for cell in cells if cell["name"] == name), None)


def online(machine):
    """Linux's CPUs."""
    return machine.check("cat /sys/devices/system/cpu/online").strip()
