# SPDX-License-Identifier: GPL-2.0-only
"""What the driver tells monitors of cells and of faults: by uevents, and by waking who polls."""

import re

import guest
import machines
import pytest
from manners import (CPU, FILES, IMAGE, MACHINE, RT0, WANTED, WISH, all_counted, create, heard,
                     last_seen, under_the_driver)

REPORTING = "/reporting.conf"


@pytest.fixture(name="root")
def fixture_root(machine):
    """A machine that is enabled; no cell is left, and Linux has all its CPUs at the end."""
    yield from under_the_driver(machine)


def news(machine, commands):
    """What a monitor is told while these commands run, and for as long as it is told more."""
    machine.check("rm -f news.txt; news > news.txt & echo $! > news.pid; "
                  + guest.until("grep -q waits news.txt", "cat news.txt"))
    machine.check(commands, timeout=120)
    machine.check("kill -USR1 $(cat news.pid); "
                  + guest.until("! kill -0 $(cat news.pid) 2> /dev/null", "cat news.txt"))
    return machine.check("cat news.txt").splitlines()[1:]


def told(lines, kind):
    """Lines of that kind without it."""
    return [line.removeprefix(kind + " ") for line in lines if line.startswith(kind + " ")]


@MACHINE
def test_news_of_a_cells_life(root):
    """A monitor is woken for each change and told it by uevents, and not once more."""
    states = ["created", "running", "shut down", "running", "shut down", "running", "failed",
              "destroyed"]
    numbers = {"created": 2, "running": 3, "shut down": 4, "failed": 5}
    steps = [f"create {RT0}", "start rt0", "shutdown rt0", "start rt0", "shutdown rt0", "start rt0",
             "shutdown rt0", "destroy rt0"]
    # What comes and goes before anybody looks is not told.
    commands = [f"bulkhead cell {step}; {heard('STATE=', number)}; {last_seen(numbers.get(state))}"
                for number, (step, state) in enumerate(zip(steps, states), 1)]
    commands[0] += f"; bulkhead cell load rt0 {IMAGE} -s a -a {WISH}"
    commands[4] += f"; bulkhead cell load rt0 -s f -a {WISH}"
    commands[6] += f"; {all_counted(1)}"
    lines = news(root, "\n".join(commands))
    assert told(lines, "uevent") == [
        *(f"BULKHEAD_EVENT=state CELL=rt0 STATE={name}" for name in states[:6]),
        *told(lines, "uevent")[6:8], "BULKHEAD_EVENT=state CELL=rt0 STATE=destroyed"]
    # The fault and the failure are one event: their order does not matter.
    assert set(told(lines, "uevent")[6:8]) == {"BULKHEAD_EVENT=state CELL=rt0 STATE=failed",
                                               "BULKHEAD_EVENT=fault CELL=rt0 FAULTS=1"}
    assert told(lines, "fault") == ["1"]
    seen = [int(cell.split()[1]) for cell in told(lines, "cell") if cell.startswith("rt0")]
    changes = [number for number, before in zip(seen, [None, *seen]) if number != before]
    assert changes == [numbers[name] for name in states[:-1]]
    # One for each change, one for the fault; two may fall together or apart.
    assert len(states) <= lines.count("readable") <= len(states) + 2


def counted(lines, cell):
    """What each uevent about faults of a cell counts."""
    counts = [re.fullmatch(rf"BULKHEAD_EVENT=fault CELL={cell} FAULTS=(\d+)", line)
              for line in told(lines, "uevent") if "=fault" in line]
    return [int(count.group(1)) for count in counts]


@MACHINE
def test_news_of_many_faults_are_complete(root):
    text = guest.board_text(root, "rt0")
    assert '"stop"' in text
    guest.put(root, REPORTING, text.replace('"stop"', '"report"'))
    create(root, REPORTING)
    lines = news(root, f"bulkhead cell load rt0 {IMAGE} -s m -a {WISH}; bulkhead cell start rt0; "
                       f"{all_counted(200)}; bulkhead cell shutdown rt0; "
                       f"{heard('^fault 200$', 1)}; {heard('STATE=shut down', 1)}")
    assert told(lines, "fault") == [str(number) for number in range(1, 201)]
    assert sum(counted(lines, "rt0")) == 200
    assert root.check(f"grep memory {FILES}/*/faults") == "memory 200\n"


@MACHINE
def test_faults_one_after_the_other_make_few_uevents(root):
    """Ten rounds a second, however many there are."""
    lines = news(root, "cat /proc/uptime > since; "
                       "for port in $(seq 8192 8291); do echo in $port 1 > /proc/bh_probe; done; "
                       f"{all_counted(100)}; {heard('^fault 100$', 1)}; cat /proc/uptime > until")
    since, until = map(float, root.check("cut -d ' ' -f 1 since until").split())
    counts = counted(lines, "root")
    assert sum(counts) == 100 and len(counts) <= 10 * (until - since) + 2
    assert told(lines, "fault") == [str(number) for number in range(1, 101)]


@MACHINE
def test_news_outlive_a_disable(root):
    """A monitor is told of disable and enable, and of the new hypervisor's first fault."""
    fault = "echo in 0x510 1 > /proc/bh_probe"
    lines = news(root, f"{fault}; {all_counted(1)}; {heard('^cell root', 1)}; "
                       f"bulkhead disable; {heard('^readable', 2)}; "
                       f"bulkhead enable {guest.BOARD_FILE}; {heard('^cell root', 2)}; "
                       f"{fault}; {all_counted(2)}; {heard('^cell root', 3)}")
    assert told(lines, "uevent") == ["BULKHEAD_EVENT=fault CELL=root FAULTS=1"] * 2
    assert told(lines, "cell") == ["root 3"] * 3 and 4 <= lines.count("readable") <= 5


@pytest.mark.machine(*machines.HYPERVISOR, **WANTED, needs=(machines.BOOT_CPU,))
def test_news_wait_for_cpu_0(root):
    """It is the one that is told; while it is offline they wait, and none is lost."""
    # Linux's own uevent of the CPU wakes the monitor too: it has looked before the fault.
    lines = news(root, f"echo 0 > {CPU.format(0)}; sleep 2; "
                       "echo in 0x510 1 > /proc/bh_probe; sleep 1; "
                       "if grep fault news.txt; then echo told too early; exit 1; fi; "
                       f"echo 1 > {CPU.format(0)}; {all_counted(1)}; "
                       f"echo in 0x511 1 > /proc/bh_probe; {all_counted(2)}; "
                       f"{heard('^fault 2$', 1)}")
    assert sum(counted(lines, "root")) == 2 and told(lines, "fault") == ["1", "2"]
