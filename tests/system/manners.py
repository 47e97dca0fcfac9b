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


def is_being_asked(machine):
    """Wait until somebody has asked rt0 to shut down."""
    machine.check(guest.until("bulkhead cell show rt0 --json | grep -q 'no answer yet'",
                              "bulkhead cell show rt0"))


def beats(machine):
    """Wait until rt0 counts: it sees nobody ask, and would see the next one who does."""
    machine.check(f"first=$(cat {FILES}/*/heartbeats); "
                  + guest.until(f"[ $(cat {FILES}/*/heartbeats) -gt $first ]",
                                "bulkhead cell show rt0"))


def heard(words, count):
    """A command that waits until so many lines with these words were told.

    What a monitor was told is in news.txt: see news() of test_cells_news.py.
    """
    return guest.until(f"[ $(grep -c '{words}' news.txt) -ge {count} ]", "cat news.txt")


def last_seen(state):
    """A command that waits until the cell was seen in that state, if it is one."""
    return guest.until(f"grep '^cell rt0 ' news.txt | tail -n 1 | grep -q ' {state}$'",
                       "cat news.txt") if state else "true"


def all_counted(count):
    """A command that waits until uevents have told of so many faults."""
    return guest.until("awk -F= '/=fault/ { all += $NF } END { exit (all < " + str(count) + ") }' "
                       "news.txt", "cat news.txt")


def under_the_driver(machine):
    """A machine that is enabled; no cell is left, and Linux has all its CPUs at the end."""
    guest.enable(machine)
    machine.check("dmesg -c > /dev/null")
    yield machine
    machine.check("bulkhead disable --force", timeout=120)
    assert "Dazed and confused" not in guest.kernel_log(machine)
    guest.undisturbed(machine)
