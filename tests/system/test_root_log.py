# SPDX-License-Identifier: GPL-2.0-only
"""What the hypervisor says is found, whatever the console: while it runs, after it, after a reset.

Also what must leave words behind: a fault inside the hypervisor, a stopped root cell, sleep and
reboot while enabled.
"""

import re
import time

import guest
import machines
import pytest
from machine import MachineDied
from patience import patient

MACHINE = pytest.mark.machine(*machines.HYPERVISOR, files=guest.files())
STOPS = pytest.mark.machine(*machines.HYPERVISOR, files=guest.files(), alone=True)
# CPU 2 gets only what a test puts there: Linux does not learn that it is gone, and would wait for
# whatever else it runs there.
PANICS = pytest.mark.machine(*machines.HYPERVISOR, files=guest.files(), cmdline="isolcpus=2")

BOARD = guest.BOARD_FILE
CONSOLE = 'console = { type = "8250-port"; port = 0x2f8; baud = 115200; };'
# A port that no device has and the board does not list.
PORT = 0x510
TITLE = re.compile(r"---- enable number \d+ in this log ----\n")


def log(machine, options=""):
    """What `bulkhead console` shows."""
    return machine.check(f"bulkhead console {options}")


def lines(text):
    """What of it the hypervisor said."""
    return TITLE.sub("", text)


def last_enable(text):
    """What was said since the last enable."""
    return TITLE.split(text)[-1]


def wait_for(words, say, seconds=30):
    """Until some words are in a text that grows; the text."""
    end = time.monotonic() + patient(seconds)
    while words not in say():
        assert time.monotonic() < end, f"no {words!r} in:\n{say()}"
        time.sleep(0.2)
    return say()


def read_port(machine, port=PORT):
    """A read that root is denied."""
    assert guest.probe(machine, f"in {port} 1") == "value 0xff"


@MACHINE
def test_ring_and_serial_console_say_the_same(machine):
    guest.enable(machine)
    read_port(machine)
    said = log(machine)
    assert said.startswith("---- enable number 1 in this log ----\nBulkhead ")
    assert f"tried to read port {PORT:#x}" in said
    assert lines(said) == wait_for(f"port {PORT:#x}", lambda: guest.console(machine))
    guest.disable(machine)


@MACHINE
def test_ring_after_disable(machine):
    guest.enable(machine)
    read_port(machine, PORT + 1)
    said = log(machine)
    guest.disable(machine)
    assert log(machine).startswith(said)
    assert f"tried to read port {PORT + 1:#x}" in last_enable(log(machine))
    assert log(machine, f"--last {BOARD}") == log(machine) == log(machine, "--last")


@MACHINE
def test_ring_after_a_refused_enable(machine):
    test = f'test = {{ stage = "vmxon"; cpu = 2; }}; {CONSOLE}'
    words = "SVM could not be turned on" if guest.is_svm(machine) else "VMXON failed"
    assert f"CPU 2: {words}" in guest.refused(machine, guest.board(machine, (CONSOLE, test)))
    assert f"CPU 2 steps back: {words}\n" in last_enable(log(machine))


@MACHINE
def test_ring_without_a_console(machine):
    path = guest.board(machine, (CONSOLE, 'console = { type = "none"; };'))
    before = guest.console(machine)
    guest.enable(machine, path)
    read_port(machine)
    said = last_enable(log(machine))
    guest.disable(machine)
    assert said.startswith("Bulkhead ") and f"tried to read port {PORT:#x}" in said
    assert said in log(machine)
    assert guest.console(machine) == before


@MACHINE
def test_follow(machine):
    """From before an enable over the next one, each line as it comes."""
    guest.load(machine)
    machine.check("bulkhead console -f > /follow & echo $! > /pid")

    def followed():
        return machine.check("cat /follow")

    for port in (PORT, PORT + 1):
        guest.enable(machine)
        read_port(machine, port)
        wait_for(f"port {port:#x}", lambda: last_enable(followed()))
        guest.disable(machine)
    machine.check("kill $(cat /pid); " + guest.until("! kill -0 $(cat /pid) 2>/dev/null", "ps"))
    assert followed() == log(machine)


@MACHINE
def test_sleep_is_refused_while_enabled(machine):
    guest.enable(machine)
    for state, words in (("freeze", "suspend"), ("mem", "suspend"), ("disk", "hibernation")):
        machine.check("dmesg -c > /dev/null")
        result = machine.run(f"echo {state} > /sys/power/state")
        assert result.status == 1 and "Device or resource busy" in result.output, result
        assert (f"bulkhead: {words} refused: disable the hypervisor first\n"
                in guest.kernel_log(machine))
        guest.undisturbed(machine)
    assert all(cpu["state"] == "runs" for cpu in guest.status(machine)["cpus"])
    guest.disable(machine)


@MACHINE
@pytest.mark.parametrize("sign", "<>", ids=("hibernate", "restore"))
def test_enable_is_refused_from_the_notice_of_a_sleep_to_its_end(machine, sign):
    """As long as a program has /dev/snapshot open, Linux may freeze and go at any moment."""
    guest.load(machine)
    guest.probe(machine, "sleepless 1")
    begin, try_it = f"exec 7{sign} /dev/snapshot", f"bulkhead enable {BOARD}"
    words = "bulkhead: enable: Linux is about to sleep: try again afterwards\n"
    assert machine.run(f"{begin}; {try_it}") == (1, words)
    # One that is over, since another refused it, is not the end of this one.
    assert machine.run(f"{begin}; echo mem > /sys/power/state 2> /dev/null; {try_it}") == (1, words)
    assert machine.run("echo mem > /sys/power/state").status == 1
    guest.enable(machine)
    assert machine.run(f"{begin}; {try_it}").status != 0
    guest.disable(machine)
    # What was refused above has not begun.
    guest.enable(machine)
    guest.disable(machine)
    guest.probe(machine, "sleepless 0")


@MACHINE
def test_reboot_takes_the_hypervisor_down(machine):
    guest.enable(machine)
    read_port(machine, PORT + 2)
    said = lines(log(machine))
    linux = guest.reboot(machine)
    assert "bulkhead: disabled" in linux and "not disabled before reboot" not in linux
    assert machine.run("bulkhead status").status == 3
    guest.load(machine)
    # The ring outlives the reset, and the next enable goes on in it.
    assert lines(log(machine, f"--last {BOARD}")).startswith(said)
    guest.enable(machine)
    assert log(machine).startswith("---- enable number 1 in this log ----\n")
    assert f"port {PORT + 2:#x}" in log(machine)
    guest.disable(machine)
    guest.undisturbed(machine)


@MACHINE
def test_power_off_takes_the_hypervisor_down(machine):
    guest.enable(machine)
    since = machine.mark()["com1.txt"]
    machine.shutdown()
    linux = machine.path("com1.txt").read_bytes()[since:].decode(errors="replace")
    assert "bulkhead: disabled" in linux and "Power down" in linux


def answer(machine, *cpus):
    """These CPUs run processes."""
    for cpu in cpus:
        assert machine.check(f"taskset {1 << cpu:x} echo alive") == "alive\n"


def cause_panic(machine, cpu):
    """A fault of the hypervisor on a CPU; what it said of it."""
    test = f'test = {{ stage = "panic"; cpu = {cpu}; }}; {CONSOLE}'
    guest.enable(machine, guest.board(machine, (CONSOLE, test)))
    # The line by which commands come must not interrupt the CPU that stops.
    guest.line_interrupts(machine, 0)
    machine.check(f"taskset {1 << cpu:x} sh -c 'echo hypercall 4 > /proc/bh_probe' &")
    text = wait_for("PANIC on CPU", lambda: guest.console(machine))
    wait_for("  stack ", lambda: guest.console(machine))
    return text


@pytest.mark.oops
@PANICS
def test_fault_inside_the_hypervisor(machine):
    """It stops its CPU and no other, and its words outlive a reset."""
    guest.load(machine)
    cause_panic(machine, 2)
    answer(machine, 0, 1, 3)
    said = lines(log(machine))
    assert "PANIC on CPU 2: page fault (vector 14, error code 0x3); this CPU stops\n" in said
    panic = said[said.index("PANIC on CPU 2"):]
    # A write to the hypervisor's own code, which is mapped and not writable.
    assert re.search(r"  rip ffff8\w{11} cs \w+ rflags \w+ rsp ffff8\w{11} ", panic)
    assert re.search(r"  cr0 \w{16} cr2 ffff8\w{11} cr3 00000000380?\w+ cr4 \w{16}\n", panic)
    assert re.search(r"  rax \w{16} rbx \w{16} rcx \w{16} rdx \w{16}\n", panic)
    assert re.search(r"  r13 \w{16} r14 \w{16} r15 \w{16}\n", panic)
    assert re.search(r"  stack ffff8\w{11}:(?: \w{16})+\n", panic)
    assert panic in guest.console(machine)

    states = [cpu["state"] for cpu in guest.status(machine)["cpus"]]
    assert states == ["runs", "runs", "panicked", "runs"]
    assert re.search(r"^ *2 .* panicked ", machine.check("bulkhead status"), re.MULTILINE)
    result = machine.run("bulkhead disable")
    assert (result.status, result.output) == (
        1, "bulkhead: disable: CPU 2 stopped when the hypervisor failed on it: "
        "the machine has to be reset\n")
    answer(machine, 0, 1, 3)

    machine.reset()
    guest.load(machine)
    assert panic in log(machine, f"--last {BOARD}")
    guest.enable(machine)
    guest.disable(machine)
    answer(machine, 0, 1, 2, 3)


@STOPS
def test_stopped_root_cell(machine):
    """Policy stop: the first thing denied is the last thing that Linux did, on all its CPUs."""
    guest.enable(machine, guest.board(machine, ('on_fault = "report"', 'on_fault = "stop"')))
    assert "on a fault: stop" in log(machine)
    for cpu in range(4):
        machine.check(f"taskset {1 << cpu:x} sh -c 'while :; do echo tick{cpu}; done' "
                      "> /dev/ttyS0 2>&1 &")
    for cpu in range(4):
        machine.expect(f"tick{cpu}")
    # Not at once: that it goes must have left the busy line before.
    machine.check(f"taskset 2 sh -c 'sleep 2; echo in {PORT} 1 > /proc/bh_probe' &")
    said = wait_for("stopped, its policy says so\n", lambda: guest.console(machine))
    assert re.search(rf"CPU 1 tried to read port {PORT:#x}\b.*; stopped", said)
    machine.drain(2)
    linux = machine.path("com1.txt")
    size = machine.mark()["com1.txt"]
    with pytest.raises(MachineDied, match=f"within {patient(3)} s"):
        machine.run("echo alive", timeout=3)
    assert linux.read_bytes()[size:].strip() == b">>> echo alive"
