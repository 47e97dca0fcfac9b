# SPDX-License-Identifier: GPL-2.0-only
"""Cells that come and go: a thousand times, with CPUs, beside others, past Linux's death."""

import re
import time

import cells
import guest
import machines
import pytest
from patience import patient

IMAGE, ENTRY = cells.raw("polite")
BLOB = cells.blob("rt0")
CYCLE = f"cycle /rt0.blob /polite.bin {cells.LOADED_AT:#x} {ENTRY}"

MACHINE = pytest.mark.machine(*machines.HYPERVISOR, files={
    **cells.files(("rt0", "neighbour", "smp", "linked", "uart"),
                  ("polite", "neighbour", "ticks", "owner", "beats"), ("cycle", "pattern")),
    "/polite.bin": IMAGE, "/rt0.blob": BLOB})
HEART = re.compile(r"beat (\d+) cpus (\d+)")


def cycles(machine, count, neighbour, seconds):
    """So many lives of a cell; pages come back, and nobody else notices."""
    before = cells.pool(machine)
    neighbour.check()
    said = machine.check(f"{CYCLE} {count}", timeout=seconds, quiet=seconds)
    done, first, last = map(int, re.search(r"cycles (\d+) pages (\d+) (\d+)", said).groups())
    assert done == count and first == last
    neighbour.check()
    assert cells.pool(machine) == before


@MACHINE
def test_a_thousand_lives_with_the_cpu_offline(enabled):
    neighbour = cells.Neighbour(enabled)
    enabled.check("echo 0 > /sys/devices/system/cpu/cpu3/online")
    cycles(enabled, 1000 // machines.part(enabled.setup.kind), neighbour, 600)
    assert enabled.check("cat /sys/devices/system/cpu/online").strip() == "0-1"
    enabled.check("echo 1 > /sys/devices/system/cpu/cpu3/online")
    neighbour.end()


@MACHINE
def test_fifty_lives_with_the_whole_handover(enabled):
    neighbour, watch = cells.Neighbour(enabled), cells.Watch(enabled)
    cycles(enabled, 50, neighbour, 600)
    assert enabled.check("cat /sys/devices/system/cpu/online").strip() == "0-1,3"
    watch.end()
    neighbour.end()


@MACHINE
def test_memory_is_scrubbed_before_another_has_it(enabled):
    cells.run(enabled, "rt0", "owner", "leave")
    assert cells.finished(enabled, "rt0", 60) == 0
    # The same owner finds what it left: this test can see it.
    cells.again(enabled, "rt0", "owner")
    assert cells.finished(enabled, "rt0", 60) > 100_000
    cells.destroy(enabled, "rt0")
    cells.run(enabled, "rt0", "owner")
    assert cells.finished(enabled, "rt0", 60) == 0


@MACHINE
def test_restart_without_create(enabled):
    cells.create(enabled, "rt0")
    for starts in range(1, 5):
        cells.again(enabled, "rt0", "polite", f"code={starts}")
        assert cells.finished(enabled, "rt0", 30) == starts
        assert cells.show(enabled, "rt0")["starts"] == starts
    cells.start(enabled, "rt0")
    assert cells.finished(enabled, "rt0", 30) == 4


@MACHINE
def test_a_start_that_fails_leaves_the_state_that_was(enabled):
    """Its CPU did begin, and is stopped; but what the cell has come to by itself, it has."""
    guest.disable(enabled)
    guest.enable(enabled, guest.board(enabled, (
        "console =", 'test = { stage = "begin"; cpu = 1; }; console =')))
    cells.create(enabled, "rt0")
    cells.load(enabled, "rt0", "polite")
    cells.refused(enabled, "taskset 2 bulkhead cell start rt0", "CPU 3 does not answer")
    stopped = cells.show(enabled, "rt0")
    assert stopped["state"] == "created" and stopped["comm"]["heartbeats"] > 0
    assert cells.show(enabled, "rt0")["comm"]["heartbeats"] == stopped["comm"]["heartbeats"]
    cells.load(enabled, "rt0", "polite", "code=5")
    cells.refused(enabled, "taskset 2 bulkhead cell start rt0", "CPU 3 does not answer")
    assert cells.finished(enabled, "rt0", 30) == 5
    cells.destroy(enabled, "rt0")


def hearts(machine, name):
    """What a cell has printed on its UART so far: beats, and how many CPUs moved."""
    text = machine.path(name).read_text(errors="replace")
    return [(int(beat), int(cpus)) for beat, cpus in HEART.findall(text)]


def wait_for_hearts(machine, counts, seconds):
    """Wait until so many beats have come on each UART; all that came."""
    end = time.monotonic() + patient(seconds)
    while True:
        beats = {name: hearts(machine, name) for name in counts}
        if all(len(beats[name]) >= count for name, count in counts.items()):
            return beats
        assert time.monotonic() < end, {name: beats[name][-1:] for name in beats}
        time.sleep(1)


@MACHINE
def test_two_cpus_in_xapic_mode(enabled):
    cells.run(enabled, "smp", "beats")
    beats = wait_for_hearts(enabled, {"com3.txt": 100}, 60)["com3.txt"]
    all_move(enabled, beats, 2)
    cells.destroy(enabled, "smp")


def all_move(machine, beats, cpus):
    """All CPUs of a cell count on from beat to beat."""
    moving = [count for _, count in beats[10:]]
    if machines.EXACT_TIME in machine.setup.machine.lacks:
        # A busy host holds a CPU up for more than a beat; but not most of the time.
        assert moving.count(cpus) > len(moving) / 2
    else:
        assert set(moving) == {cpus}


# Bochs's APIC stays in x2APIC mode: such a machine is not given back to Linux.
STAYS = {"cmdline": "panic=0", "files": cells.files(("rt0", "smp", "uart"), ("ticks", "beats"))}
LASTING = pytest.mark.machine(*machines.HYPERVISOR, **STAYS)
COMES_BACK = [kind for kind in machines.HYPERVISOR if kind != "bochs-vmx"]


@LASTING
def test_hundred_thousand_interrupts_without_an_exit(machine):
    guest.enable(machine)
    # Where the timer is one of the host's, that does nothing else at the rate of the other.
    slow = machines.EXACT_TIME in machine.setup.machine.lacks
    cells.run(machine, "rt0", "ticks", "every=50000" if slow else "")
    assert cells.finished(machine, "rt0", 300) == 0
    cell = cells.show(machine, "rt0")
    assert cell["comm"]["heartbeats"] == 100_000
    # Its two questions, its end, the switch to x2APIC mode, and the timer's vector, of which the
    # mode is looked at: all before and behind. With SVM EFER is read and written by the hypervisor,
    # as the switch to 64-bit mode does.
    exits = cell["virtual_cpus"][0]["exits_by_reason"]
    assert exits == ({"VMMCALL": 3, "MSR": 5} if guest.is_svm(machine) else
                     {"VMCALL": 3, "RDMSR": 1, "WRMSR": 2})
    cells.destroy(machine, "rt0")
    guest.undisturbed(machine)


@pytest.mark.machine(*COMES_BACK, **STAYS)
def test_an_apic_comes_back_from_x2apic_mode(machine):
    """Linux has its page of registers again, and the machine without a hypervisor."""
    if machine.run("bulkhead status").status:
        guest.enable(machine)
    cells.run(machine, "rt0", "beats", "x2apic")
    cells.wait(machine, "rt0", 60, lambda cell: cell["comm"]["heartbeats"] > 10)
    cells.destroy(machine, "rt0", force=True)
    assert [cpu["state"] for cpu in guest.status(machine)["cpus"]] == ["runs"] * 4
    guest.undisturbed(machine)
    guest.disable(machine)
    guest.undisturbed(machine)


@pytest.mark.machine("qemu-svm", **STAYS)
def test_an_apic_that_would_not_come_back_stays_in_its_mode(machine):
    """Nothing makes up registers for Linux with SVM: where the board says so no cell may go."""
    if not machine.run("bulkhead status").status:
        guest.disable(machine)
    stays = 'apic_stays = true;\n\tphysical_bits'
    guest.enable(machine, guest.board(machine, ("physical_bits", stays)))
    cells.run(machine, "rt0", "ticks")
    assert cells.wait(machine, "rt0", 60)["state"] == "failed"
    record, = cells.faults(machine, "rt0")
    assert record["kind"] == "triple"
    cells.destroy(machine, "rt0")
    guest.disable(machine)
    guest.undisturbed(machine)


@pytest.mark.machine("bochs-vmx", **STAYS)
def test_an_apic_that_stays_in_x2apic_mode_is_told(machine):
    """Bochs's do: Linux works on with it, and a disable that cannot be ends no cell."""
    if machine.run("bulkhead status").status:
        guest.enable(machine)
    cells.run(machine, "rt0", "ticks")
    assert cells.finished(machine, "rt0", 300) == 0
    cells.destroy(machine, "rt0")
    states = [cpu["state"] for cpu in guest.status(machine)["cpus"]]
    assert states == ["runs", "runs", "runs", "keeps x2APIC"]
    cells.create(machine, "smp")
    cells.refused(machine, "bulkhead disable --force", "CPU 3 has a local APIC that cannot leave a "
                  "cell's x2APIC mode: the machine has to be reset")
    assert "smp" in cells.listed(machine)
    cells.destroy(machine, "smp")
    guest.undisturbed(machine)


@pytest.mark.oops
@LASTING
def test_cells_go_on_when_linux_dies(machine):
    if machine.run("bulkhead status").status:
        guest.enable(machine)
    cells.run(machine, "smp", "beats", "x2apic")
    cells.run(machine, "uart", "beats")
    wait_for_hearts(machine, {"com3.txt": 10, "com4.txt": 10}, 60)
    machine.send("echo c > /proc/sysrq-trigger")
    machine.expect("Kernel panic - not syncing", 60, deadly=())
    before = {name: len(hearts(machine, name)) for name in ("com3.txt", "com4.txt")}
    # A host's CPUs take longer for a beat.
    count = 101 if machines.EXACT_TIME in machine.setup.machine.lacks else 1001
    beats = wait_for_hearts(machine, {name: n + count for name, n in before.items()}, 300)
    for name, cpus in (("com3.txt", 2), ("com4.txt", 1)):
        numbers = [beat for beat, _ in beats[name]]
        assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))
        all_move(machine, beats[name], cpus)
