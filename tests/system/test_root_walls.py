# SPDX-License-Identifier: GPL-2.0-only
"""What the root cell cannot reach, what it is told instead, and what is written down about it."""

import guest
import machines
import pytest

MACHINE = pytest.mark.machine(*machines.HYPERVISOR, **guest.standard())

START, SIZE = 0x38000000, 0x800000
PAGE = 0x1000
PLACES = 256  # of a cell that are recorded: core/fault_log.h
# A port that no device has and the board does not list.
PORT = 0x510
# Processor Trace: past the walls, hence denied.
MSR = 0x570


@MACHINE
def test_every_page_of_the_hypervisor_reads_as_all_ones(root):
    pages = SIZE // PAGE
    assert guest.probe(root, f"scan {START} {SIZE} {PAGE}") == f"words {pages} other 0"
    counted, records = guest.faults(root, "memory")
    assert counted == pages
    # Every page is a place of its own; the first places of a cell are recorded, all are counted.
    places = [int(record["place"], 16) for record in records]
    assert places == list(range(START, START + PLACES * PAGE, PAGE))
    assert all(record["access"] == ["read"] and record["size"] == 8 for record in records)


@MACHINE
def test_every_word_of_some_pages_reads_as_all_ones(root):
    """The log, the image, the CPUs' areas and the pool, word by word."""
    for first in (0x0, 0x11000, 0x40000, 0x60000, 0x7ff000):
        answer = guest.probe(root, f"scan {START + first} {PAGE} 8")
        assert answer == "words 512 other 0"
    assert guest.faults(root, "memory")[0] == 5 * 512


@MACHINE
def test_no_page_of_the_hypervisor_takes_a_write(root):
    pages = SIZE // PAGE
    assert guest.probe(root, f"scribble {START} {SIZE} {PAGE}") == f"words {pages} changed 0"
    # Read, write, read again: three attempts a page.
    assert guest.faults(root, "memory")[0] == 3 * pages
    assert "\nBulkhead 0" in root.check("bulkhead console")


@MACHINE
def test_memory_set_aside_for_cells_is_nobodys(root):
    assert guest.probe(root, f"scan {START + SIZE} {64 * PAGE} {PAGE}") == "words 64 other 0"
    assert guest.faults(root, "memory")[0] == 64


@MACHINE
def test_denied_port_reads_all_ones_and_is_recorded_once(root):
    for width, ones in ((1, "0xff"), (2, "0xffff"), (4, "0xffffffff")):
        for _ in range(5):
            assert guest.probe(root, f"in {PORT} {width}") == f"value {ones}"
        guest.probe(root, f"out {PORT} {width} 0x12345678")
    counted, records = guest.faults(root, "port")
    assert counted == 18
    assert [int(record["place"], 16) for record in records] == [PORT]
    assert records[0]["exit_reason_name"] == guest.exit_name(root, "I/O instruction")
    assert records[0]["setting"] == 'root.ports: "0x510"'


@MACHINE
def test_ports_of_the_hypervisors_console_are_denied(root):
    assert guest.probe(root, "in 0x2fd 1") == "value 0xff"
    assert guest.faults(root, "port")[0] == 1


@MACHINE
def test_allowed_port_is_not_denied(root):
    assert guest.probe(root, "in 0x71 1") != "value 0xff"
    assert guest.faults(root, "port") == (0, [])


@MACHINE
def test_denied_msr_is_a_fault_for_the_guest_and_a_record(root):
    for _ in range(5):
        assert guest.probe(root, f"rdmsr {MSR}") == "fault"
        assert guest.probe(root, f"wrmsr {MSR} 1") == "fault"
    counted, records = guest.faults(root, "msr")
    assert counted == 10
    assert [int(record["place"], 16) for record in records] == [MSR]


@MACHINE
@pytest.mark.parametrize("msr", [0x480, 0x48b, 0x79, 0x9e, 0x4b564d00, 0xc0010117])
def test_other_denied_msrs(root, msr):
    assert guest.probe(root, f"wrmsr {msr} 1") == "fault"
    counted, records = guest.faults(root, "msr")
    assert counted == 1 and int(records[0]["place"], 16) == msr


@MACHINE
def test_the_hypervisors_mode_shows_as_locked_off(root):
    assert guest.probe(root, "rdmsr 0x3a") == "value 0x1"
    if guest.is_svm(root):  # VM_CR: LOCK and SVMDIS
        assert guest.probe(root, "rdmsr 0xc0010114") == "value 0x18"


@MACHINE
def test_apic_page_cannot_be_moved(root):
    base = int(guest.probe(root, "rdmsr 0x1b").split()[1], 16)
    assert guest.probe(root, f"wrmsr 0x1b {base + 0x1000:#x}") == "fault"
    assert guest.probe(root, f"wrmsr 0x1b {base & ~0x800:#x}") == "fault"
    counted, records = guest.faults(root, "control")
    assert counted == 2 and int(records[0]["place"], 16) == 0x1b
    assert guest.probe(root, "rdmsr 0x1b") == f"value {base:#x}"


@MACHINE
def test_apic_registers_are_checked(root):
    """Its id, its version, a reserved register, a place between registers."""
    identity = guest.probe(root, "apic-read 0x30 1")
    for offset in (0x20, 0x30, 0x40, 0x3f0, 0x304):
        guest.probe(root, f"apic-write {offset} 0x5a000000")
    counted, records = guest.faults(root, "apic")
    assert counted == 5
    assert [int(record["place"], 16) for record in records] == [0x20, 0x30, 0x40, 0x3f0, 0x304]
    # AMD's extended local vectors: Linux sets them on each CPU that comes online.
    guest.probe(root, f"apic-write {0x500} 0x10000")
    assert guest.faults(root, "apic")[0] == 5
    assert guest.probe(root, "apic-read 0x30 1") == identity


@MACHINE
def test_interrupt_commands_are_filtered(root):
    """SMI, and INIT, SIPI and NMI to a CPU that is not there: dropped, and recorded."""
    for command in (0x4200, 0x4500, 0x4699, 0x4400):
        guest.probe(root, f"icr 0x77 {command}")
    counted, records = guest.faults(root, "interrupt")
    assert counted == 4
    # One kind and one place, hence one record.
    assert [int(record["place"], 16) for record in records] == [0x77]
    guest.undisturbed(root)


@MACHINE
def test_vmx_instructions_are_invalid(root):
    """At user level VMXON is #UD by CR4.VMXE, and CPUID hides it."""
    assert root.check("insn vmxon").strip() == "signal 4"
    assert root.check("insn features").strip() == "ok hypervisor 1 vmx 0 smx 0 osxsave 1"


@MACHINE
def test_hypercall_from_user_level_is_invalid_and_recorded(root):
    for _ in range(3):
        assert root.check("insn vmcall").strip() == "signal 4"
    counted, records = guest.faults(root, "hypercall")
    assert counted == 3 and len(records) == 1
    assert records[0]["privilege"] == 3


@MACHINE
def test_cpuid_tells_who_is_there(root):
    assert root.check("insn signature").strip() == "ok 40000000 BulkheadCell"


@MACHINE
def test_instructions_that_cpuid_shows_work(root):
    flags = root.check("grep -m1 ^flags /proc/cpuinfo").split()
    if "rdtscp" in flags:
        assert root.check("insn rdtscp").strip() == "ok"
    assert "avx" in flags
    assert root.check("for i in 1 2 3; do insn avx & done; wait").split() == ["ok", "100008"] * 3


@MACHINE
def test_normal_use_is_no_fault(root):
    """What Debian's kernel does all day is allowed on the board that the tree ships."""
    root.check("forks 50", timeout=120)
    root.check("cat /proc/interrupts /proc/ioports /proc/iomem /proc/cpuinfo > /dev/null")
    root.check("hwclock > /dev/null; dmesg > /dev/null")
    state = guest.status(root)
    assert {kind: n for kind, n in state["faults_counted"].items() if n} == {}


@MACHINE
def test_status_tells_people_what_to_add(root):
    guest.probe(root, f"in {PORT} 1")
    text = root.check(f"bulkhead status --faults --board {guest.BOARD_FILE}")
    assert "CPU" in text and "tried to read port 0x510, which is not its own, 1 byte" in text
    assert 'if this was meant, add to root.ports: "0x510"' in text
