# SPDX-License-Identifier: GPL-2.0-only
"""A VT-d unit in scalable mode: what devices reach goes by PASID tables, and is the same."""

import json
import re

import cells
import guest
import pci
import pytest
from iommu import (EDU_AT, HYPERVISOR, IQA, IQH, IQT, UNIT, UNTOUCHED, attacked, cell,
                   constants, device_read, device_write, log, moves_to, reaches_roots_memory,
                   recorded_in_the_end, register, taken_and_given_back)
from pci import EDU

SCALABLE_FILE = "/scalable.conf"
SCALABLE, FIRST_LEVEL = "intel-iommu.scalable-mode=on", "intel-iommu.fsts=on"
MACHINE = pytest.mark.machine("qemu-svm-vtd", properties=(SCALABLE,), files=cells.files(
    ("neighbour",), ("attack", "neighbour")))

# Two context tables where legacy mode has one, and a directory with a table by PASID.
MORE_OF_A_BUS, DIRECTORY = 1, 2
# Of the cell's own and of nobody's, of root's, the hypervisor's and the neighbour's.
STEP, LIMIT, PLACES = 64, 1024, (0x200000, 0x38200000, 0x38800000, 0x39000000)
OWN = 2  # at 0 and the first of the places

# IQA of Linux: 256 commands of 32 bytes. A move is two: to forget the entry, and to wait.
WIDE, TWO_PAGES, MOVES = 1 << 11, 1, 200


def scalable(machine, text):
    """That board with its unit in scalable mode; where its file is."""
    changed = text.replace("linux_remaps = true;", "linux_remaps = true; scalable = true;")
    assert changed != text
    guest.put(machine, SCALABLE_FILE, changed)
    return SCALABLE_FILE


def root_tables(machine):
    """Whether each root table that the unit has taken was one of scalable mode."""
    return [mode == "1" for mode in re.findall(
        r"^vtd_reg_dmar_root .* scalable (\d)$",
        machine.path("emulator.log").read_text(errors="replace"), re.MULTILINE)]


@pytest.fixture(name="root")
def fixture_root(machine):
    """A machine that is enabled with its unit in scalable mode, fresh for each test."""
    path = scalable(machine, guest.board_text(machine))
    before = len(root_tables(machine))
    guest.enable(machine, path)
    assert root_tables(machine)[before:] == [True]
    yield machine
    guest.disable(machine)
    guest.undisturbed(machine)


@MACHINE
def test_roots_device_reaches_roots_memory_only(root):
    reaches_roots_memory(root)
    for address in HYPERVISOR:
        device_write(root, address, 0xbad)
        assert device_read(root, address) in (0, UNTOUCHED, 0xffffffffffffffff)
    counted, records = guest.faults(root, "dma")
    assert counted == 2 * len(HYPERVISOR)
    assert [int(record["place"], 16) for record in records] == list(HYPERVISOR)
    text = root.check("bulkhead cell faults root")
    told = f"device {EDU_AT[root.setup.kind]} tried to write address"
    assert text.count(told) == len(HYPERVISOR)


@MACHINE
def test_pages_are_taken_as_predicted(root):
    predicted, legacy = (json.loads(root.check(f"bulkhead config map --json {path}"))["hypervisor"]
                         for path in (SCALABLE_FILE, guest.BOARD_FILE))
    assert predicted["iommus"] - legacy["iommus"] == MORE_OF_A_BUS + DIRECTORY
    used = guest.status(root)["pages"]
    assert used["pool_used"] - used["tables_host"] == sum(
        predicted[part] for part in ("tables_root", "bitmaps", "iommus"))


@MACHINE
def test_one_mode_after_the_other(machine):
    """What the unit remembers of one is nothing in the other, and Linux's devices go on."""
    guest.load(machine)
    path = scalable(machine, guest.board_text(machine))
    before = len(root_tables(machine))
    for board in (path, guest.BOARD_FILE, path, path, guest.BOARD_FILE):
        taken_and_given_back(machine, board)
    assert root_tables(machine)[before:] == [True, False, True, True, False]
    guest.undisturbed(machine)


@MACHINE
def test_linuxs_interrupts_go_on(machine):
    """Its queue has commands of 256 bits then, in two pages; its commands come round to both."""
    guest.load(machine)
    before = constants(machine)
    assert before[IQA] & 0xfff == WIDE | TWO_PAGES
    path = scalable(machine, guest.board_text(machine))
    for _ in range(2):
        guest.enable(machine, path)
        assert constants(machine) == before
        for cpu in (1, 2, 3, 0):
            moves_to(machine, cpu)
        said = machine.check(f"for i in $(seq {MOVES}); do "
                             f"echo $((i % 4)) > /proc/irq/{guest.SERIAL}/smp_affinity_list; "
                             f"echo 'mmio-in {UNIT + IQT:#x}' > /proc/bh_probe; "
                             "cat /proc/bh_probe; done")
        tails = [int(tail, 16) for tail in re.findall(r"value (\w+)", said)]
        assert len(tails) == MOVES
        assert all(tail % 32 == 0 for tail in tails)
        assert min(tails) < 0x1000 <= max(tails) and tails != sorted(tails)
        assert register(machine, IQH) == register(machine, IQT)
        assert "Linux's" not in log(machine)
        guest.disable(machine)
        assert constants(machine) == before
        for cpu in (2, 3, 1):
            moves_to(machine, cpu)
    guest.undisturbed(machine)


@MACHINE
def test_a_cells_device_reaches_its_cells_memory_only(machine):
    """And root's again when the cell is gone."""
    guest.load(machine)
    board = scalable(machine, machine.check(f"cat {pci.board(machine, {EDU: 'edu'})}"))
    guest.enable(machine, board)
    assert root_tables(machine)[-1]
    path = cell(machine, "edu", ("edu",), on_fault="report")
    told = machine.check(f"bulkhead config map {board} {path} | grep '^hypervisor memory:'")
    legacy = machine.check(f"bulkhead config map {pci.BOARD} {path} | grep '^hypervisor memory:'")
    total, devices = map(int, re.search(r"(\d+) pages: .* (\d+) for its devices", told).groups())
    assert devices - int(re.search(r"(\d+) for its devices", legacy).group(1)) == DIRECTORY
    neighbour = cells.Neighbour(machine)
    before = cells.pool(machine)
    cells.create(machine, "edu", path)
    assert cells.pool(machine) - before == total
    said = attacked(machine, STEP, f"limit={LIMIT} at={','.join(map(hex, PLACES))}")
    assert f"own memory: {OWN} places written as told, 0 others changed" in said
    neighbour.check()
    stopped = {place * STEP << 20 for place in range(LIMIT // STEP)} | set(PLACES)
    stopped -= {0, PLACES[0]}
    assert recorded_in_the_end(machine, path, STEP, stopped) == stopped
    name = pci.function(machine, EDU)
    assert f"device {name} tried to" in machine.check("bulkhead cell faults edu")
    cells.destroy(machine, "edu")
    assert cells.pool(machine) == before
    neighbour.end()
    guest.disable(machine)
    device_write(machine, 0x39000000, 0x77)
    assert device_read(machine, 0x39000000) == 0x77
    guest.undisturbed(machine)


def is_refused(machine):
    """What does not fit is not tried."""
    words = guest.refused(machine, scalable(machine, guest.board_text(machine)))
    assert "it has no scalable mode with second level (ECAP.SMTS, SLTS): say scalable = false" \
        in words
    guest.undisturbed(machine)


@pytest.mark.machine("qemu-svm-vtd", **guest.standard())
def test_a_unit_without_it_is_refused(machine):
    is_refused(machine)


@pytest.mark.machine("qemu-svm-vtd", properties=(SCALABLE, FIRST_LEVEL), files=guest.files())
def test_a_unit_with_first_level_tables_only_is_refused(machine):
    is_refused(machine)
