# SPDX-License-Identifier: GPL-2.0-only
"""Maps of cells on a machine: as foretold, sealed, and never stale.

What `config map` shows is held against the tables in memory, the record of invalidations against
every change that a TLB could have cached, and the seal by writing to a sealed page.
"""

import json
import subprocess

import cells
import guest
import machines
import pytest
from built import build_dir
from tables import invalidations, panics

# Sets of cells that go together on the board, all of the tree.
SETS = (("smp", "rt0"), ("device",), ("smp", "linked"), ("attacker", "neighbour"), ("uart",))
NAMES = sorted({name for names in SETS for name in names})
MACHINE = pytest.mark.machine(*machines.HYPERVISOR, **guest.standard())


@pytest.fixture
def enabled(machine):
    """The hypervisor is enabled, without cells."""
    guest.enable(machine)
    yield machine
    machine.check("bulkhead disable --force", timeout=200)


def foretold(machine, names):
    """What `config map` prints for these cells beside each other: leaves by cell."""
    files = [guest.board_source(machine, name) for name in ("board", *names)]
    tool = build_dir() / "tools/bulkhead"
    said = subprocess.run([tool, "config", "map", "--json", *files], check=True,
                          stdout=subprocess.PIPE, text=True).stdout
    return {cell["name"]: cell for cell in json.loads(said)["cells"]}


def leaves(machine, name):
    """The leaves of a cell's map in memory."""
    found = []
    for line in machine.check(f"tables map {cells.show(machine, name)['id']}").splitlines():
        at, phys, size, access, kind = line.split()
        found.append({"at": at, "phys": phys, "size": int(size), "access": access, "type": kind})
    return found


def is_as_foretold(machine, name, expected):
    """The tables of a cell that was created are what `config map` told of it."""
    real = leaves(machine, name)
    assert len(real) == len(expected["leaves"]) >= 2
    for leaf, told in zip(real, expected["leaves"]):
        # The communication page is the hypervisor's choice.
        if "phys" not in told:
            leaf.pop("phys")
        assert leaf == {key: told[key] for key in leaf}


@MACHINE
@pytest.mark.parametrize("names", SETS, ids="+".join)
def test_tables_in_memory_are_those_that_were_foretold(enabled, names):
    before = guest.status(enabled)["pages"]["pool_used"]
    expected = foretold(enabled, names)
    for name in names:
        cells.create(enabled, name)
    for name in names:
        is_as_foretold(enabled, name, expected[name])
    used = guest.status(enabled)["pages"]["pool_used"]
    assert used - before == sum(cell["hypervisor_pages"]["total"] for cell in expected.values())
    for name in names:
        enabled.check(f"bulkhead cell destroy {name}", timeout=120)
    assert guest.status(enabled)["pages"]["pool_used"] == before


@pytest.mark.machine(*machines.HYPERVISOR, files=cells.files(["rt0"], ["polite"], ["tables"]))
def test_code_lies_in_small_pages_where_the_board_says_so(machine):
    """It runs in them; what was foretold is what is built and taken."""
    setting = "itlb_multihit = true;"
    change = (("itlb_multihit = false;", setting) if "itlb_multihit" in guest.board_text(machine)
              else ("physical_bits", f"{setting}\n\tphysical_bits"))
    board = guest.board(machine, change)
    told = machine.data(f"bulkhead config map --json {board} {cells.cell_file('rt0')}")
    guest.enable(machine, board)
    before = guest.status(machine)["pages"]["pool_used"]
    cells.create(machine, "rt0")
    is_as_foretold(machine, "rt0", told["cells"][0])
    code = [leaf["size"] for leaf in leaves(machine, "rt0") if "x" in leaf["access"]]
    assert code == [4096] * 512
    assert (guest.status(machine)["pages"]["pool_used"] - before ==
            told["cells"][0]["hypervisor_pages"]["total"])
    cells.load(machine, "rt0", "polite", "code=7")
    cells.start(machine, "rt0")
    assert cells.finished(machine, "rt0", 60) == 7
    cells.destroy(machine, "rt0")
    guest.disable(machine)
    guest.undisturbed(machine)


def call_of(records, index):
    """The records from one on to the return of the management call that it is part of."""
    for end in range(index, len(records)):
        if records[end]["kind"] == "return":
            return records[index:end]
    raise AssertionError(f"the call of {records[index]} did not return")


@MACHINE
def test_no_map_change_and_no_handover_lacks_its_invalidation(enabled):
    last = max([0] + [record["sequence"] for record in invalidations(enabled, 0)])
    cells.create(enabled, "device")
    enabled.check("bulkhead cell destroy device", timeout=120)
    records = invalidations(enabled, last)
    changes = [i for i, record in enumerate(records) if record["kind"] == "change"]
    owners = [i for i, record in enumerate(records) if record["kind"] == "owner"]
    # Root lost the lent region; the CPU went to the cell and came back.
    assert changes and len(owners) == 2
    for index in changes:
        done = {record["cpu"] for record in call_of(records, index)
                if record["kind"] == "invept" and record["cell"] == records[index]["cell"]}
        assert done >= {0, 1, 2, 3}
    for index in owners:
        owner = records[index]
        call = call_of(records, index)
        assert owner["vpid"] != 0
        assert any(record["kind"] == "invvpid" and record["cpu"] == owner["cpu"] and
                   record["vpid"] == owner["vpid"] for record in call)
        assert any(record["kind"] == "invept" and record["cpu"] == owner["cpu"]
                   for record in call)


@MACHINE
def test_vpids_are_never_zero_or_shared(enabled):
    cells.create(enabled, "smp")
    cells.create(enabled, "rt0")
    vpids = [cpu["vpid"] for cpu in guest.status(enabled)["cpus"]]
    assert len(set(vpids)) == 4 and 0 not in vpids
    assert not {1, 2, 3, 4} & set(vpids[1:])  # root's own wait for their CPUs


@pytest.mark.machine(*machines.HYPERVISOR, files=cells.files(["rt0"], []), cmdline="isolcpus=2",
                     alone=True)
@pytest.mark.parametrize("what", (1, 3), ids=("root", "cell"))
def test_a_write_to_a_sealed_map_faults(machine, what):
    guest.enable(machine)
    cells.create(machine, "rt0")
    # Page fault: the page is there (bit 0), and it was a write (bit 1).
    assert "PANIC on CPU 2: page fault (vector 14, error code 0x3)" in panics(machine, what)
