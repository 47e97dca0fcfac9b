# SPDX-License-Identifier: GPL-2.0-only
"""What does not enter the hypervisor: exit counters by reason, around a load of each kind.

The counters are those of the processor's basic exit reasons, so what is not counted did not exit.
"""

import re
import time

import guest
import machines
import pytest
from patience import patient

MACHINE = pytest.mark.machine(*machines.HYPERVISOR, **guest.standard())

# All that a load may add to: CPUID by programs that start, the status that is asked for, and writes
# to the xAPIC page. Whatever else exits, an interrupt or a page fault or a HLT, is too much.
ALLOWED = {"CPUID", "VMCALL", "EPT violation"}


@pytest.fixture(name="root")
def fixture_root(machine):
    """An enabled machine."""
    guest.enable(machine)
    yield machine
    guest.disable(machine)


def interrupts(machine):
    """Interrupts that Linux has counted on all CPUs."""
    text = machine.check("cat /proc/interrupts")
    return sum(int(n) for line in text.splitlines()[1:]
               for n in re.findall(r"(?<=\s)\d+(?=\s)", line.split(":", 1)[-1]))


@MACHINE
def test_interrupts_page_faults_and_context_switches_do_not_exit(root):
    before, interrupted = guest.exits(root), interrupts(root)
    end = time.monotonic() + patient(120)
    while interrupts(root) - interrupted <= 1000:
        assert time.monotonic() < end
        root.check("forks 100", timeout=120)          # page faults, CR3 loads, INVLPG
        root.check("timers 1 > /dev/null", timeout=120)  # timer interrupts, HLT, RDTSC
    after = guest.exits(root)
    allowed = {guest.exit_name(root, name) for name in ALLOWED}
    assert {reason for reason in after if after[reason] > before.get(reason, 0)} <= allowed
    # The counters do count: the load started programs.
    assert after["CPUID"] > before["CPUID"]


@MACHINE
def test_xapic_reads_do_not_exit(root):
    assert guest.probe(root, "apic-exits 0x80 100000") == "exits 0"


@pytest.mark.machine("bochs-vmx-1", files=guest.files(), alone=True)
def test_x2apic_end_of_interrupt_does_not_exit(machine):
    """The one CPU takes timer interrupts and EOIs in x2APIC mode; see tests/system/modules."""
    guest.enable(machine, guest.board(machine, ('cpus = "0-3"', 'cpus = "0"')))
    machine.send("echo x2apic-eoi 1000 > /proc/bh_probe")
    machine.expect(r"x2apic-eoi: eois 1000 exits 0\r?\n")
