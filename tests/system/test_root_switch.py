# SPDX-License-Identifier: GPL-2.0-only
"""Stepping over and back holds whatever Linux does meanwhile, and however it was started.

NMIs at every moment, a load on all CPUs, the boot CPU offline; page-table isolation, no PCID, no
address randomisation, one CPU, eight.
"""

import re

import guest
import machines
import pytest

FILES = guest.files("timers", "forks", "rounds")
# The storm of NMIs comes from a timer that Linux does not need when it has no HPET.
BUSY = pytest.mark.machine(*machines.HYPERVISOR, files=FILES, cmdline="hpet=disable cpu0_hotplug")
BUSY_ALONE = pytest.mark.machine(*machines.ONE_CPU, files=FILES,
                                 cmdline="hpet=disable nopcid nokaslr")
CPU0 = "/sys/devices/system/cpu/cpu0/online"


def rounds(count, path=guest.BOARD_FILE):
    """Shell commands that enable and disable that often and say each time how many CPUs came."""
    return (f"for i in $(seq {count}); do bulkhead enable {path} > /dev/null || exit 1; "
            "cat /sys/devices/bulkhead/cpus; bulkhead disable > /dev/null || exit 1; done")


def board(machine, cpus):
    """The board file for a machine with that many CPUs."""
    return guest.board(machine, ('cpus = "0-3";', f'cpus = "0-{cpus - 1}";'))


def in_a_storm(machine, microseconds, command, timeout=300):
    """A command while NMIs come that often to all CPUs; what it said, how many came.

    All in one go: while an idle machine waits for its next command its time may run far ahead.
    """
    guest.load(machine)
    said = machine.check(f"taskset 1 sh -c 'echo nmi-start {microseconds} > /proc/bh_probe' && "
                         f"{command} && taskset 1 sh -c 'echo nmi-stop > /proc/bh_probe' && "
                         "cat /proc/bh_probe", timeout=timeout)
    said, count = re.fullmatch(r"(.*)count (\d+)\n", said, re.DOTALL).groups()
    assert "Dazed and confused" not in guest.kernel_log(machine)
    return said, int(count)


@BUSY
def test_nmis_at_every_moment_of_the_switch(machine):
    """On the bridge, in the hypervisor, before and behind it.

    Bochs with more than one CPU loses RIP where a VM exit by NMI follows an exception at once, so
    no program may run between enable and disable here: rounds.c.
    """
    machine.check(f"bulkhead config compile {guest.BOARD_FILE} -o board.bin")
    said, count = in_a_storm(machine, 150, "rounds board.bin 100")
    assert said == "rounds 100\n" and count > 1000
    guest.undisturbed(machine)


@BUSY
def test_switch_under_load(machine):
    """Processes, timers and files on all CPUs all the time."""
    guest.load(machine)
    machine.check("while [ ! -e end ]; do forks 20; done > /dev/null & echo $! > pids")
    machine.check("while [ ! -e end ]; do timers 0.2; done > /dev/null & "
                  "echo $! >> pids")
    machine.check("while [ ! -e end ]; do dd if=/dev/zero of=zeroes bs=64k count=32; "
                  "done 2> /dev/null & echo $! >> pids")
    assert machine.check(rounds(8), timeout=300).split() == ["4"] * 8
    machine.check("touch end; for p in $(cat pids); do while kill -0 $p 2> /dev/null; "
                  "do sleep 0.1; done; done; rm end", timeout=120)
    guest.undisturbed(machine)


@pytest.mark.machine(*machines.HYPERVISOR, files=FILES, cmdline="hpet=disable cpu0_hotplug",
                     needs=(machines.BOOT_CPU,))
def test_boot_cpu_offline_and_online(machine):
    """The boot CPU is woken by an NMI, not by INIT."""
    guest.enable(machine)
    machine.check(f"echo 0 > {CPU0}")
    assert machine.check("cat /sys/devices/system/cpu/online").strip() == "1-3"
    machine.check(f"echo 1 > {CPU0}")
    guest.undisturbed(machine)
    machine.check(f"echo 0 > {CPU0}")
    guest.disable(machine)
    machine.check(f"echo 1 > {CPU0}")
    guest.undisturbed(machine)
    guest.enable(machine)
    guest.disable(machine)


def comes_and_goes(machine, cpus):
    """A few rounds, and work under the hypervisor."""
    path = board(machine, cpus)
    guest.load(machine)
    assert machine.check(rounds(3, path), timeout=180).split() == [str(cpus)] * 3
    guest.enable(machine, path)
    machine.check("forks 50", timeout=120)
    assert machine.check("timers 0.5", timeout=60).count("ticks") == cpus
    assert [cpu["state"] for cpu in guest.status(machine)["cpus"]] == ["runs"] * cpus
    guest.disable(machine)
    guest.undisturbed(machine, cpus)


@BUSY_ALONE
def test_one_cpu_without_pcid_and_randomisation(machine):
    flags = machine.check("grep -m1 ^flags /proc/cpuinfo").split()
    assert "pcid" not in flags and "pti" not in flags
    comes_and_goes(machine, 1)


# On QEMU an instruction takes a nanosecond: all of this is over before a thousand NMIs have come.
@pytest.mark.machine("bochs-vmx-1", **BUSY_ALONE.kwargs)
def test_nmis_at_every_moment_of_enable_work_and_disable(machine):
    path = board(machine, 1)
    said, count = in_a_storm(machine, 150, rounds(10, path))
    assert said.split() == ["1"] * 10 and count > 1000
    guest.enable(machine, path)
    said, count = in_a_storm(machine, 150, "forks 50")
    assert said == "forks 50\n" and count > 1000
    guest.disable(machine)
    guest.undisturbed(machine, 1)


@BUSY_ALONE
def test_nmis_reach_linux_as_often_as_without(machine):
    """A hypervisor that swallows NMIs, or makes one into two, would show in their number."""
    _, before = in_a_storm(machine, 10000, "sleep 10")
    guest.enable(machine, board(machine, 1))
    _, under = in_a_storm(machine, 10000, "sleep 10")
    guest.disable(machine)
    assert before > 900 and abs(under - before) < before / 20, (before, under)


@pytest.mark.machine(*machines.HYPERVISOR, files=FILES, cpus=8, cmdline="pti=on")
def test_page_table_isolation_on_eight_cpus(machine):
    assert " pti " in machine.check("grep -m1 ^flags /proc/cpuinfo")
    comes_and_goes(machine, 8)
