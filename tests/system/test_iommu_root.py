# SPDX-License-Identifier: GPL-2.0-only
"""A device that root owns reaches root's memory by DMA and no other; what it tried is recorded."""

import json
import re

import guest
import machines
import pytest
from iommu import (CELLS, EDU_AT, HYPERVISOR, UNTOUCHED, device_read, device_write,
                   reaches_roots_memory, taken_and_given_back)

REGISTERS = {"qemu-svm-vtd": (0xfed90000, 0x1000), "qemu-svm-amdvi": (0xfed80000, 0x4000)}
MACHINE = pytest.mark.machine(*machines.IOMMU, **guest.standard())
# The board lists an IOMMU that is Linux's.
VTD_FILE = f"{guest.BOARD}/vtd.conf"
LINUXS = {"files": {**guest.files(), **guest.board_files("vtd")}, "linux_iommu": True}
# The cloud kernel has no driver for AMD's.
AMDVI_FILE = f"{guest.BOARD}/amdvi.conf"
AMDVI_LINUXS = {"kernel": "amd64", "linux_iommu": True,
                "files": {**guest.files(kernel="amd64"), **guest.board_files("amdvi")}}
# VT-d's are Linux's to look at, where it remaps by them: see test_iommu_linux.py.
AMDVI = pytest.mark.machine("qemu-svm-amdvi", **guest.standard())


@MACHINE
def test_roots_device_reads_and_writes_roots_memory(root):
    reaches_roots_memory(root)


@MACHINE
def test_no_device_changes_memory_that_is_not_roots(machine):
    guest.load(machine)
    for address in CELLS:
        device_write(machine, address, address)
    assert [device_read(machine, address) for address in CELLS] == list(CELLS)
    guest.enable(machine)
    for address in CELLS:
        device_write(machine, address, 0xbad)
        assert device_read(machine, address) in (0, UNTOUCHED, 0xffffffffffffffff)
    guest.disable(machine)
    assert [device_read(machine, address) for address in CELLS] == list(CELLS)


@MACHINE
def test_no_device_changes_the_hypervisor_or_a_cell(root):
    root.check(f"bulkhead cell create {guest.BOARD}/rt0.conf")
    for address in (*HYPERVISOR, 0x38800000, 0x39000000):
        device_write(root, address, 0xbad)
        assert device_read(root, address) in (0, UNTOUCHED, 0xffffffffffffffff)
    root.check("bulkhead cell destroy rt0")
    assert guest.status(root)["cells"]


@MACHINE
def test_each_try_is_a_record_that_names_the_device(root):
    for address in HYPERVISOR:
        device_write(root, address, 0xbad)
        device_read(root, address)
    counted, records = guest.faults(root, "dma")
    text = root.check("bulkhead cell faults root")
    name = EDU_AT[root.setup.kind]
    if root.setup.machine.file == "amdvi":
        # Of eight bytes the emulator makes two records, which tell neither address nor writing.
        assert counted == 4 * len(HYPERVISOR)
        assert text.count(f"device {name} tried to read address 0x0 by DMA") == 1
        return
    assert counted == 2 * len(HYPERVISOR)
    # A device at a page is one place.
    assert [int(record["place"], 16) for record in records] == list(HYPERVISOR)
    assert all(record["access"] == ["write"] for record in records)
    assert text.count(f"device {name} tried to write address") == len(HYPERVISOR)


# On AMD-Vi's board nobody has to be sent its messages: it is polled.
@pytest.mark.machine("qemu-svm-vtd", **guest.standard())
def test_nmis_that_overtake_each_other_are_not_taken_for_linuxs(machine):
    """A unit's, of a fault, comes while another CPU is about to send one: two for two reasons, but
    the first one is all that it takes to see both."""
    guest.load(machine)
    guest.enable(machine, guest.board(
        machine, ("\tconsole =", "\ttest = { stage = \"overtaken\"; cpu = 0; };\n\tconsole =")))
    cell = f"{guest.BOARD}/device.conf"
    machine.check(
        f"while ! [ -e /enough ]; do echo 'edu-write {HYPERVISOR[0]:#x} 1' > /proc/bh_probe; "
        "done & for i in $(seq 5); do "
        f"taskset 2 bulkhead cell create {cell} && taskset 2 bulkhead cell destroy device "
        "|| exit 1; done; touch /enough; wait; rm /enough", timeout=120)
    overtaken = machine.check("bulkhead console").count("test: a kick of CPU 0 was overtaken")
    guest.disable(machine)
    assert overtaken > 0
    guest.not_interrupted(machine)
    guest.undisturbed(machine)


@AMDVI
def test_the_units_registers_are_nobodys(root):
    start, size = REGISTERS[root.setup.kind]
    words = size // 8
    assert guest.probe(root, f"scan {start} {size} 8") == f"words {words} other 0"
    assert guest.probe(root, f"scribble {start} {size} 8") == f"words {words} changed 0"


@MACHINE
def test_units_are_given_back_and_taken_again(machine):
    for _ in range(10):
        taken_and_given_back(machine)
    guest.undisturbed(machine)


@pytest.mark.machine("qemu-svm-amdvi", **MACHINE.kwargs)
def test_an_amd_vi_that_is_off_keeps_the_last_table(machine):
    """QEMU's goes by it for interrupts all the same, and dropped some by what lay where the table
    before had been: with another number of CPUs it is somewhere else.
    """
    fewer = guest.board(machine, ('cpus = "0-3";', 'cpus = "0-2";'))
    tables = []
    for path in (guest.BOARD_FILE, fewer, guest.BOARD_FILE):
        online = int(path != fewer)
        machine.check(f"echo {online} > /sys/devices/system/cpu/cpu3/online")
        guest.enable(machine, path)
        guest.disable(machine)
        tables.append(guest.probe(machine, f"mmio-in {REGISTERS['qemu-svm-amdvi'][0]}"))
    assert tables[0] == tables[2] != tables[1]
    guest.undisturbed(machine)


@MACHINE
def test_pages_are_taken_as_predicted(root):
    predicted = json.loads(root.check(f"bulkhead config map --json {guest.BOARD_FILE}"))
    pages = predicted["hypervisor"]
    assert pages["iommus"] > 0
    root.check(f"bulkhead config map {guest.BOARD_FILE} | grep -q 'IOMMUs'")
    used = guest.status(root)["pages"]
    assert used["pool_used"] - used["tables_host"] == sum(
        pages[part] for part in ("tables_root", "bitmaps", "iommus"))


@MACHINE
def test_a_unit_that_is_not_there_is_refused(machine):
    start, _ = REGISTERS[machine.setup.kind]
    text = guest.board_text(machine)
    guest.put(machine, "/elsewhere.conf", text.replace(f"{start:#x}", "0xfeda0000"))
    words = guest.refused(machine, "/elsewhere.conf")
    assert "there is no " in words and "unit at 0xfeda0000" in words
    guest.undisturbed(machine)


@pytest.mark.machine("qemu-svm-vtd", **LINUXS)
def test_a_unit_that_linux_uses_for_dma_is_refused_with_what_helps(machine):
    words = guest.refused(machine, VTD_FILE)
    assert "Linux uses it for DMA: boot with intel_iommu=off" in words
    guest.undisturbed(machine)


@pytest.mark.machine("qemu-svm-amdvi", **AMDVI_LINUXS)
def test_an_amd_vi_that_linux_uses_is_refused_with_what_helps(machine):
    words = guest.refused(machine, AMDVI_FILE)
    assert "IOMMU ivhd0: Linux uses it: boot with amd_iommu=off" in words
    guest.undisturbed(machine)


@pytest.mark.machine("qemu-svm-amdvi", **AMDVI_LINUXS)
def test_devices_for_cells_behind_an_iommu_that_the_board_does_not_name(machine):
    """Linux drives it: root's interrupts go by its table, and say nothing of whom they reach."""
    text = guest.board_text(machine, "devices")
    guest.put(machine, "/devices.conf", text)
    words = guest.refused(machine, "/devices.conf")
    assert re.search(r"Linux drives an IOMMU \(device 0000:00:\S+ is behind it\), and the board "
                     "has devices or IOAPICs for cells: boot with intel_iommu=off or "
                     "amd_iommu=off, and name it in board.iommus", words), words
    guest.undisturbed(machine)


@MACHINE
def test_a_created_board_has_the_units(machine):
    """As ACPI tells of them, with all that root may touch but their registers."""
    start, _ = REGISTERS[machine.setup.kind]
    machine.check("bulkhead config create -n made -o /made.conf")
    text = machine.check("cat /made.conf")
    assert f"registers = {start:#x};" in text and 'kind = "ioapic"' in text
    assert f'kind = "function"; source = "{EDU_AT[machine.setup.kind][5:]}";' in text
    assert ("tunnel = true;" in text) == ("tunnel = true;" in guest.board_text(machine))
    machine.check("bulkhead config check /made.conf")
    guest.enable(machine, "/made.conf")
    device_write(machine, 0x39000000, 0xbad)
    guest.disable(machine)
    assert device_read(machine, 0x39000000) != 0xbad


@pytest.mark.machine("qemu-svm-amdvi", alone=True, **guest.standard())
def test_a_unit_that_does_not_go_back_is_told(machine):
    """Linux goes on; nobody gets the memory that the unit may still go by, nor enables again."""
    guest.load(machine)
    claimed = "grep -c -i bulkhead /proc/iomem; true"
    assert machine.check(claimed).strip() == "0"
    guest.enable(machine, guest.board(
        machine, ("\tconsole =", "\ttest = { stage = \"return\"; cpu = 1; };\n\tconsole =")))
    regions = machine.check(claimed)
    assert int(regions) > 0
    result = machine.run("bulkhead disable", timeout=120)
    assert result.status == 1 and "an IOMMU is not as it was: restart the machine" in result.output
    assert machine.run("bulkhead status").status == 3
    guest.undisturbed(machine)
    assert "an IOMMU is not as it was: restart the machine" in guest.refused(machine)
    assert machine.run("rmmod bulkhead").status != 0
    assert machine.check(claimed) == regions
