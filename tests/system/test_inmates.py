# SPDX-License-Identifier: GPL-2.0-only
"""The library for programs in cells, and the demos, in cells: what people see who try them."""

import math
import re

import cells
import guest
import inmates
import machines
import pytest

DEMOS = "/usr/lib/bulkhead/demos"
LIBRARY = f"{DEMOS}/library.elf"

FILES = {
    **cells.files(("rt0", "smp"), ()),
    **{f"{DEMOS}/{name}.elf": inmates.demo(name) for name in inmates.DEMOS},
    LIBRARY: inmates.library(),
    f"{DEMOS}/blink.elf": inmates.readme("blink")}
MACHINE = pytest.mark.machine(*machines.HYPERVISOR, files=FILES)
TIMER = pytest.mark.machine(*machines.HYPERVISOR, files=FILES, needs=(machines.DEADLINE,))

# What is recorded of each way out, under either policy.
FAULTS = {
    "memory-read": "memory", "memory-write": "memory", "fetch": "memory", "port-in": "port",
    "port-out": "port", "msr-read": "msr", "msr-write": "msr", "instruction": "instruction",
    "ipi": "interrupt", "nmi": "interrupt", "init": "interrupt", "sipi": "interrupt",
    "xapic": "apic", "hypercall": "hypercall", "delivery": "delivery", "triple": "triple",
}
ANSWERS = {
    "memory-read": "read 0xffffffff", "memory-write": "nothing came of it",
    "fetch": "exception 6", "port-in": "read 0xffffffff", "port-out": "nothing came of it",
    "msr-read": "exception 13", "msr-write": "exception 13", "instruction": "exception 6",
    "ipi": "nothing came of it", "nmi": "nothing came of it", "init": "nothing came of it",
    "sipi": "nothing came of it", "xapic": "nothing came of it",
    "hypercall": "read 0xfffffffffffffffc",
}


@pytest.fixture(name="enabled")
def fixture_enabled(machine):
    """An enabled machine, with nothing but root in it.

    It stays enabled: where a cell has used x2APIC mode, Bochs's CPU cannot go back to Linux's.
    """
    guest.load(machine)
    if machine.run("bulkhead status").status:
        guest.enable(machine)
    yield machine
    for cell in cells.listed(machine):
        if cell != "root":
            cells.destroy(machine, cell, force=True)
    guest.undisturbed(machine)


class Program:
    """A program of ours in a cell that is created for it."""

    def __init__(self, machine, cell, program, words="", path=None):
        self.machine, self.cell = machine, cell
        self.before = self.console()
        cells.create(machine, cell, path)
        self.again(program, words)
        # A later cell of this name must not be taken for it, nor an earlier one.
        self.id = cells.show(machine, cell)["id"]

    def again(self, program, words=""):
        """Load and start it in the cell that is there."""
        self.machine.check(f"bulkhead cell load {self.cell} {DEMOS}/{program}.elf "
                           f"-s '{words}' -a {cells.ARGUMENT:#x}", timeout=120)
        cells.start(self.machine, self.cell)

    def console(self):
        """All that cells of this name ever said: by hypercall, or on COM3."""
        if self.cell == "rt0":
            return self.machine.run("bulkhead cell console rt0").output
        path = self.machine.path("com3.txt")
        return path.read_text() if path.exists() else ""

    def said(self):
        """What this one said."""
        return self.console().removeprefix(self.before)

    def faults(self):
        """Records of what it did beyond its walls."""
        return cells.faults(self.machine, self.id)

    def beats(self):
        """Wait until it runs well."""
        return cells.wait(self.machine, self.cell, 30,
                          lambda cell: cell["comm"]["heartbeats"] > 100)

    def ended(self):
        """Wait until it ends by itself; its status."""
        return cells.finished(self.machine, self.cell, 60)


def reporting(machine, cell):
    """A cell file under the policy "report"; where it is."""
    text = machine.check(f"cat {cells.cell_file(cell)}")
    assert 'on_fault = "stop"' in text
    guest.put(machine, f"/{cell}.conf", text.replace('on_fault = "stop"', 'on_fault = "report"'))
    return f"/{cell}.conf"


@MACHINE
def test_hello(enabled):
    program = Program(enabled, "rt0", "hello", "two words")
    assert program.ended() == 0
    inmates.says_hello(program.said(), "cell rt0", ["two", "words"])


@MACHINE
def test_hello_without_words_by_a_uart_of_its_own(enabled):
    program = Program(enabled, "smp", "hello")
    assert program.ended() == 0
    inmates.says_hello(program.said(), "cell smp", [])


@MACHINE
@pytest.mark.parametrize("cell, cpus", (("rt0", 1), ("smp", 2)))
def test_promises_of_the_library(enabled, cell, cpus):
    """All that hold on a bare machine hold in a cell, and none of them is a fault."""
    program = Program(enabled, cell, "library")
    assert program.ended() == 0
    assert program.faults() == []
    # The library's timer is the TSC deadline; without one it says so.
    assert (("a periodic timer does not drift" in inmates.promises(program.said()))
            == (machines.DEADLINE not in enabled.setup.machine.lacks))
    assert f"CPUs: {cpus}" in program.said()
    # Started again, and not loaded again, it finds everything as at first.
    cells.start(enabled, cell)
    assert program.ended() == 0


@MACHINE
@pytest.mark.parametrize("how, status", (("abort", 134), ("exception", 142), ("exit", 77)))
def test_ways_to_end(enabled, how, status):
    program = Program(enabled, "rt0", "library", how)
    assert program.ended() == status
    assert ("exception vector 000000000000000e" in program.said()) == (how == "exception")


@MACHINE
def test_smp(enabled):
    program = Program(enabled, "smp", "smp", "500")
    assert program.ended() == 0
    inmates.says_smp(program.said(), 2, 500)


@TIMER
def test_timer(enabled):
    program = Program(enabled, "rt0", "timer", "2000")
    assert program.ended() == 0
    period = inmates.says_ticks(program.said(), 2000)
    assert math.isclose(period, guest.tsc_hz(enabled) / 1000, rel_tol=0.01)


@TIMER
def test_the_program_of_the_readme(enabled):
    program = Program(enabled, "rt0", "blink")
    assert program.ended() == 0
    assert program.said().splitlines() == ["blinking in a cell", "blinked 50 times"]


@TIMER
def test_timer_until_it_is_asked_to_end(enabled):
    program = Program(enabled, "rt0", "timer")
    program.beats()
    enabled.check("bulkhead cell shutdown rt0")
    assert program.ended() == 0


@MACHINE
def test_heartbeat(enabled):
    program = Program(enabled, "rt0", "heartbeat")
    assert 0 < program.beats()["comm"]["message"] < cells.longest_gap(enabled)
    enabled.check("bulkhead cell shutdown rt0")
    assert program.ended() == 0


@MACHINE
def test_lifecycle_refuses_once(enabled):
    program = Program(enabled, "rt0", "lifecycle")
    program.beats()
    cells.refused(enabled, "bulkhead cell shutdown rt0", "refuse")
    cell = cells.show(enabled, "rt0")
    assert cell["state"] == "running" and cell["comm"]["message"] == 1
    # It has seen that the request was taken back, or it would not see the next one.
    cells.wait(enabled, "rt0", 30, lambda now: (
        now["comm"]["heartbeats"] > cell["comm"]["heartbeats"] + 1))
    enabled.check("bulkhead cell shutdown rt0")
    assert program.ended() == 0
    said = program.said()
    assert "started 0 times before" in said and "not now" in said and "good night" in said
    program.again("lifecycle")
    program.beats()
    assert "started 1 times before" in program.said()


@MACHINE
@pytest.mark.parametrize("kind", FAULTS)
def test_each_way_out_stops_the_cell(enabled, kind):
    program = Program(enabled, "rt0", "faults", kind)
    assert cells.wait(enabled, "rt0", 30)["state"] == "failed"
    assert [record["kind"] for record in program.faults()] == [FAULTS[kind]]
    assert f"{kind}: leaving the walls" in program.said()
    assert program.said().count(f"{kind}:") == 1


@MACHINE
def test_each_way_out_is_answered_and_reported(enabled):
    program = Program(enabled, "rt0", "faults", " ".join(ANSWERS), reporting(enabled, "rt0"))
    assert program.ended() == 0
    answers = dict(re.findall(r"^([a-z-]+): (?!leaving)(.*)$", program.said(), re.MULTILINE))
    assert answers == ANSWERS
    assert ({record["kind"] for record in program.faults()}
            == {FAULTS[kind] for kind in ANSWERS})
