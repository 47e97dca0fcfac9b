# SPDX-License-Identifier: GPL-2.0-only
"""What system tests do with cells: files for the machine, the steps of a cell's life, watchers.

Nothing is asserted here but that a command which must succeed does, and what watchers report.
"""

import re
import subprocess
import time

import guest
from built import TOP, build_dir
from machines import BOARDS, EXACT_TIME
from patience import patient

PROGRAMS = "/usr/lib/bulkhead/tests"
ARGUMENT = 0x1000  # where test programs look for their words
LOADED_AT = 0x100000  # tests.lds
WRONG = 0x80000000  # in the neighbour's message

# Ticks of the TSC between two steps of the neighbour; an interrupted cell would lose as many by one
# message between CPUs. What there is comes from the emulator, whose CPUs take turns.
GAP = 100_000
# Where an emulator's CPUs are threads of the host, that holds them up for as long as it likes.
ANY_GAP = 1 << 32


def cell_file(name):
    """Where a cell file of the board is in the machine."""
    return f"{guest.BOARD}/{name}.conf"


def program_file(name):
    """Where a test program for cells is in the machine."""
    return f"{PROGRAMS}/{name}.elf"


def files(cells, programs, linux=()):
    """Files of a machine: Bulkhead, some cell files and programs for them, programs for Linux."""
    return {**guest.files(*linux), **guest.board_files(*cells),
            **{program_file(name): str(build_dir() / f"inmates/tests/{name}.elf")
               for name in programs}}


def blob(name):
    """A cell file in its binary form, made on this side for every board; where it is."""
    programs = build_dir() / "programs"
    programs.mkdir(parents=True, exist_ok=True)
    for board, file in BOARDS:
        folder = TOP / "configs/boards" / board
        subprocess.run([build_dir() / "tools/bulkhead", "config", "compile",
                        folder / f"{file}.conf", folder / f"{name}.conf",
                        "-o", programs / f"{board}-{file}-{name}.blob"],
                       check=True, stdout=subprocess.PIPE)
    return str(programs / f"{{board}}-{{file}}-{name}.blob")


def raw(name):
    """A test program as it lies in memory from LOADED_AT on; where it is, and its entry."""
    elf = build_dir() / f"inmates/tests/{name}.elf"
    target = build_dir() / "programs" / f"{name}.bin"
    target.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run(["objcopy", "-O", "binary", elf, target], check=True)
    header = subprocess.run(["readelf", "-h", elf], check=True, stdout=subprocess.PIPE, text=True)
    return str(target), re.search(r"Entry point address: +(0x[0-9a-f]+)", header.stdout).group(1)


def create(machine, name, path=None):
    """Create a cell, which must succeed."""
    return machine.check(f"bulkhead cell create {path or cell_file(name)}", timeout=120)


def load(machine, name, program, words=""):
    """Load a test program and its words."""
    return machine.check(f"bulkhead cell load {name} {program_file(program)} "
                         f"-s '{words}' -a {ARGUMENT:#x}", timeout=120)


def start(machine, name):
    """Start, which must succeed."""
    return machine.check(f"bulkhead cell start {name}", timeout=60)


def run(machine, name, program, words="", path=None):
    """Create, load, start."""
    create(machine, name, path)
    load(machine, name, program, words)
    start(machine, name)


def again(machine, name, program, words=""):
    """Load and start a cell that is there."""
    load(machine, name, program, words)
    start(machine, name)


def destroy(machine, name, force=False):
    """Destroy, which must succeed."""
    return machine.check(f"bulkhead cell destroy {'--force ' if force else ''}{name}", timeout=120)


def refused(machine, command, words):
    """A command that must be refused, with words that match."""
    result = machine.run(command, timeout=120)
    assert result.status == 1, result
    assert re.search(words, result.output), result.output
    return result.output


def show(machine, name):
    """What `cell show` tells, as data."""
    return machine.data(f"bulkhead cell show {name} --json")


def listed(machine):
    """What `cell list` tells, as data: cells by their names."""
    return {cell["name"]: cell for cell in machine.data("bulkhead cell list --json")}


def faults(machine, name):
    """Records of a cell's faults."""
    return machine.data(f"bulkhead cell faults {name} --json", timeout=120)


def wait(machine, name, seconds, done=lambda cell: cell["state"] != "running"):
    """Wait until a cell is as it should be; what `show` tells then.

    Most are at once, and each second of a busy machine's time takes longer than one of ours. See
    patience.py for the limit.
    """
    end, pause = time.monotonic() + patient(seconds), 0.1
    while True:
        cell = show(machine, name)
        if done(cell):
            return cell
        assert time.monotonic() < end, (cell["state"], cell.get("comm"), cell["faults_counted"])
        machine.check(f"sleep {pause:.1f}", timeout=120)
        pause = min(2 * pause, 1)


def finished(machine, name, seconds):
    """Wait until a cell has ended by itself; its exit code."""
    cell = wait(machine, name, seconds)
    assert cell["state"] == "shut down", (cell["state"], cell["faults_counted"], machine.check(
        f"bulkhead cell faults {name} | tail -n 8"))
    return cell["exit_code"]


def pool(machine):
    """Pages of hypervisor memory in use, of all kinds."""
    return guest.status(machine)["pages"]["used"]


def longest_gap(machine):
    """More ticks than a program that counts its steps stands still if nobody interrupts it."""
    return ANY_GAP if EXACT_TIME in machine.setup.machine.lacks else GAP


class Neighbour:
    """A cell beside the one that is tested: it goes on, its memory holds, it takes no exit."""

    def __init__(self, machine, words=""):
        self.machine = machine
        run(machine, "neighbour", "neighbour", words)
        self.cell = wait(machine, "neighbour", 60, lambda cell: cell["comm"]["heartbeats"] > 100)

    def check(self):
        """Hold what it says, once it has got on, against what it said before."""
        before = self.cell
        self.cell = wait(self.machine, "neighbour", 10, lambda cell: cell["state"] != "running" or
                         cell["comm"]["heartbeats"] > before["comm"]["heartbeats"])
        assert self.cell["state"] == "running"
        message = self.cell["comm"]["message"]
        assert not message & WRONG, f"wrong at {message & ~WRONG:#x}"
        assert message < longest_gap(self.machine), f"stood still for {message} ticks"
        assert self.cell["exits"] == before["exits"], self.cell["virtual_cpus"]
        return message

    def end(self):
        """Destroy it."""
        self.check()
        destroy(self.machine, "neighbour", force=True)


class Watch:
    """Linux watches itself: memory with a pattern, and that it gets on."""

    PATH = "/pattern"

    def __init__(self, machine, mib=32):
        self.machine = machine
        machine.check(f"rm -f {self.PATH}; pattern {mib} {self.PATH} & echo $! > {self.PATH}.pid")

    def end(self):
        """Stop it; memory must have been sound, and no gap of time a long one."""
        # A busy host has other things to do than to run an emulator's CPUs.
        longest_ms = 30_000 if EXACT_TIME in self.machine.setup.machine.lacks else 2000
        text = self.machine.check(guest.until(f"[ -s {self.PATH} ]", "ps", 60) +
                                  f"; kill $(cat {self.PATH}.pid); cat {self.PATH}", timeout=120)
        rounds, wrong, gap = map(int, re.search(r"rounds (\d+) wrong (\d+) gap (\d+)",
                                                text).groups())
        assert wrong == 0 and gap < longest_ms, (rounds, wrong, gap)
        return gap
