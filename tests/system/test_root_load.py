# SPDX-License-Identifier: GPL-2.0-only
"""A stock Debian Linux works under the hypervisor as without, and gets its machine back."""

import re

import guest
import machines
import pytest

MACHINE = pytest.mark.machine(*machines.HYPERVISOR, **guest.standard())
FULL_KERNEL = pytest.mark.machine(*machines.HYPERVISOR, kernel="amd64",
                                  files=guest.files("timers", "forks", kernel="amd64"))


def load(machine):
    """The mixed load; each part says that it did its work."""
    machine.check("dd if=/dev/zero of=/zeroes bs=64k count=256 2>/dev/null; "
                  "md5sum /zeroes | grep -q ^2c7ab85a893283e98c931e9511add182; rm /zeroes")
    assert machine.check("forks 200", timeout=180).strip() == "forks 200"
    ticks = re.findall(r"cpu (\d) ticks (\d+)", machine.check("timers 1 100", timeout=180))
    assert sorted(cpu for cpu, _ in ticks) == ["0", "1", "2", "3"]
    assert all(int(count) >= 100 for _, count in ticks), ticks


def hotplug(machine):
    """Each CPU but the first offline and online again, and usable."""
    for cpu in (1, 2, 3):
        machine.check(f"echo 0 > /sys/devices/system/cpu/cpu{cpu}/online")
        assert machine.check("nproc").strip() == "3"
        machine.check(f"echo 1 > /sys/devices/system/cpu/cpu{cpu}/online")
    guest.undisturbed(machine)


def backtraces(machine):
    """NMIs to all other CPUs; how many answered."""
    machine.check("dmesg -c > /dev/null; echo l > /proc/sysrq-trigger; sleep 1")
    return len(re.findall(r"NMI backtrace for cpu \d", guest.kernel_log(machine)))


@MACHINE
def test_mixed_load_under_the_hypervisor(machine):
    guest.enable(machine)
    load(machine)
    hotplug(machine)
    assert backtraces(machine) == 4
    load(machine)
    guest.disable(machine)
    guest.undisturbed(machine)
    load(machine)


@MACHINE
def test_ipis_reach_every_cpu(machine):
    """Function calls, reschedules and TLB shootdowns between all pairs of CPUs."""
    guest.enable(machine)
    for cpu in range(4):
        machine.check(f"taskset {1 << cpu:x} forks 20", timeout=120)
    assert machine.check("for i in 1 2 3 4 5 6 7 8; do timers 0.1 > /dev/null & done; wait; "
                         "echo done", timeout=120).strip() == "done"
    guest.disable(machine)


@MACHINE
def test_offline_cpu_leaves_too(machine):
    guest.enable(machine)
    machine.check("echo 0 > /sys/devices/system/cpu/cpu2/online")
    guest.disable(machine)
    machine.check("echo 1 > /sys/devices/system/cpu/cpu2/online")
    guest.undisturbed(machine)
    # It is really on bare metal: CPUID shows VMX or SVM on it again, and no hypervisor.
    if guest.is_svm(machine):
        # QEMU is always seen, as what it is.
        assert machine.check("taskset 4 insn svm") == "ok svm 1\n"
        assert machine.check("taskset 4 insn signature").endswith(" TCGTCGTCGTCG\n")
    else:
        assert machine.check("taskset 4 insn features").startswith("ok hypervisor 0 vmx 1")
    guest.enable(machine)
    assert machine.check("taskset 4 insn svm") == "ok svm 0\n"
    guest.disable(machine)


@MACHINE
def test_cpus_keep_their_identity_through_hotplug(machine):
    """They come back as the same virtual CPUs, each with the VPID that is its own (I4)."""
    guest.enable(machine)
    before = [(cpu["cpu"], cpu["apic_id"], cpu["vpid"]) for cpu in guest.status(machine)["cpus"]]
    hotplug(machine)
    after = guest.status(machine)["cpus"]
    assert [(cpu["cpu"], cpu["apic_id"], cpu["vpid"]) for cpu in after] == before
    assert all(cpu["state"] == "runs" for cpu in after)
    assert sorted(vpid for _, _, vpid in before) == [1, 2, 3, 4]
    guest.disable(machine)


@MACHINE
def test_fifty_rounds_leak_nothing(machine):
    """Enable and disable: the same pages each time, no CPU lost, no memory lost."""
    guest.load(machine)
    rounds = (f"for i in $(seq %d); do bulkhead enable {guest.BOARD_FILE} > /dev/null || exit 1; "
              "cat /sys/devices/bulkhead/pool_used; bulkhead disable > /dev/null || exit 1; done")
    machine.check(rounds % 15, timeout=300)
    lost = []
    # 50 rounds that lost one page each would be 200 KiB, each time. The noise of a running Linux is
    # less, and once in a while more.
    while not lost or (lost[-1] >= 200 and len(lost) < 3):
        before = guest.free_memory(machine)
        used = machine.check(rounds % 50, timeout=900).split()
        assert len(used) == 50 and len(set(used)) == 1, used
        lost.append(before - guest.free_memory(machine))
    assert lost[-1] < 200, lost
    guest.undisturbed(machine)


@FULL_KERNEL
def test_the_full_kernel_too(machine):
    guest.enable(machine)
    load(machine)
    hotplug(machine)
    assert backtraces(machine) == 4
    guest.disable(machine)
    guest.undisturbed(machine)
