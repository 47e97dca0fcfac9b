# SPDX-License-Identifier: GPL-2.0-only
"""What Linux's kernel may ask the processor and the hypervisor for, and what it gets.

Walls of memory, ports and MSRs are in test_root_walls.py.
"""

import guest
import machines
import pytest

MACHINE = pytest.mark.machine(*machines.HYPERVISOR, **guest.standard())

VMX_INSTRUCTIONS = ("vmxon", "vmxoff", "vmread", "vmlaunch", "invept", "invvpid")
SVM_INSTRUCTIONS = ("vmrun", "vmload", "vmsave", "stgi", "clgi", "skinit", "invlpga")
INVALID_OPCODE, GENERAL_PROTECTION = "vector 6", "vector 13"
# In no region of the board, below and above 4 GiB.
HOLES = (0x40000000, 0xaffff000, 0x100000000, 0xfffffff000)
HYPERVISOR, CELLS, MAIN = 0x38000000, 0x38800000, 0x100000
READ, INFO, LOG = 1, 0, 1
NO_SUCH_CALL, BAD_ARGUMENT, NOT_YOUR_MEMORY = "result -1", "result -2", "result -3"


def counted(machine):
    """The kinds of faults that were counted."""
    return {kind: n for kind, n in guest.status(machine)["faults_counted"].items() if n}


@MACHINE
def test_instructions_of_the_hypervisor_are_invalid_for_the_kernel_too(root):
    """Each is one place of one kind: one record, however often it is tried."""
    names = SVM_INSTRUCTIONS if guest.is_svm(root) else VMX_INSTRUCTIONS
    for name in names * 3:
        assert guest.probe(root, name) == INVALID_OPCODE, name
    count, records = guest.faults(root, "instruction")
    assert (count, len(records)) == (3 * len(names), len(names))
    assert all(record["privilege"] == 0 for record in records)


@MACHINE
@pytest.mark.parametrize("name", ["getsec", "vmfunc", "encls", "rsm", "invlpgb", "tlbsync"])
def test_instructions_of_what_is_not_there_are_invalid(root, name):
    assert guest.probe(root, name) == INVALID_OPCODE


@MACHINE
def test_caches_are_written_back_where_they_would_be_lost(root):
    before = guest.exits(root).get("INVD", 0)
    assert guest.probe(root, "invd") == "done"
    assert guest.exits(root)["INVD"] == before + 1
    assert guest.probe(root, "wbinvd") == "done"
    assert "WBINVD or WBNOINVD" not in guest.exits(root)
    assert counted(root) == {}


@MACHINE
def test_extended_state_is_set_as_the_processor_allows(root):
    before = guest.exits(root).get("XSETBV", 0)
    for value, answer in ((7, "done"), (3, "done"), (0, GENERAL_PROTECTION),
                          (5, GENERAL_PROTECTION), (1 << 62 | 7, GENERAL_PROTECTION)):
        assert guest.probe(root, f"xsetbv {value:#x}") == answer, hex(value)
    # Those that were taken, and what puts Linux's own value back; SVM leaves it to the processor.
    exits = guest.exits(root).get("XSETBV", 0) - before
    assert exits == 0 if guest.is_svm(root) else exits >= 5
    assert counted(root) == {}


@MACHINE
@pytest.mark.parametrize("hole", HOLES, ids=hex)
def test_every_form_of_access_to_a_hole(root, hole):
    """Reads give all ones, writes are dropped, whatever instruction it is: design.md, Faults."""
    assert guest.probe(root, f"hole {hole:#x}") == "forms 22 wrong 0"
    assert set(counted(root)) == {"memory"}
    count, records = guest.faults(root, "memory")
    assert count >= 22
    assert {int(record["place"], 16) for record in records} <= {hole, hole + 0x44, hole + 8}
    for record in records:
        assert int(record["rip"], 16) >> 32 == 0xffffffff and record["privilege"] == 0


@MACHINE
def test_hypercalls_check_their_arguments(root):
    for number in (10, 79, 1 << 31, (1 << 64) - 1):
        assert guest.probe(root, f"hypercall {number}") == NO_SUCH_CALL
    assert guest.probe(root, f"hypercall {READ} 10 0 {MAIN}") == BAD_ARGUMENT
    assert guest.probe(root, f"hypercall {READ} {INFO} 0 {MAIN + 8}") == BAD_ARGUMENT
    assert guest.probe(root, f"hypercall {READ} 3 4 {MAIN}") == BAD_ARGUMENT


@MACHINE
def test_hypercalls_write_to_no_page_but_roots_own(root):
    """Nor to the hypervisor's, nor to a cell's, nor to what root may only read or not at all."""
    pages = [*range(HYPERVISOR, HYPERVISOR + 0x800000, 0x20000), CELLS, 0xc0000, 0xfee00000,
             *HOLES, 1 << 51, (1 << 64) - 0x1000]
    said = root.check(f"for page in {' '.join(map(str, pages))}; do "
                      f"echo hypercall {READ} {LOG} 0 $page > /proc/bh_probe; "
                      "cat /proc/bh_probe; done", timeout=120)
    assert said.splitlines() == [NOT_YOUR_MEMORY] * len(pages)
    assert "Bulkhead" in root.check("bulkhead console")


@MACHINE
def test_files_for_scripts(machine):
    """/sys/devices/bulkhead says what `bulkhead status` says, and nothing while not enabled."""
    guest.load(machine)
    names = machine.check("ls /sys/devices/bulkhead").split()
    assert {"enabled", "board", "build", "cpus", "cells", "pool_used", "pool_total", "faults",
            "exits"} <= set(names)

    def read(name):
        return machine.run(f"cat /sys/devices/bulkhead/{name}")

    assert read("enabled") == (0, "0\n")
    for name in ("board", "cpus", "exits"):
        assert read(name).status == 1 and "No such device" in read(name).output
    guest.enable(machine)
    guest.probe(machine, "in 0x510 1")
    assert [read(name).output.strip() for name in ("enabled", "board", "cpus", "cells", "faults")
            ] == ["1", machine.setup.machine.board, "4", "1", "1"]
    assert 0 < int(read("pool_used").output) < int(read("pool_total").output)
    exits = [line.split() for line in read("exits").output.splitlines()]
    assert [cpu for cpu, _ in exits] == ["0", "1", "2", "3"]
    assert all(int(count) > 0 for _, count in exits)
    assert machine.check("stat -c %a /sys/devices/bulkhead/enabled").strip() == "444"
    guest.disable(machine)
    assert read("enabled") == (0, "0\n")


@MACHINE
@pytest.mark.oops
def test_machine_comes_up_again_when_linux_panics(machine):
    """Nobody disables then: the reset must get past the hypervisor."""
    guest.enable(machine)
    machine.reset("echo c > /proc/sysrq-trigger")
    guest.load(machine)
    assert "---- enable number" in machine.check(f"bulkhead console --last {guest.BOARD_FILE}")
    guest.enable(machine)
    guest.disable(machine)
    guest.undisturbed(machine)
