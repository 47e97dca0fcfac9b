# SPDX-License-Identifier: GPL-2.0-only
"""Images with less in them: one backend only, on both vendors' processors, one driver of IOMMUs or
none, no filter of PCI. Each does its part, with cells that run to their end and are answered where
they leave their walls, and refuses boards of another in words."""

import contextlib
import re

import cells
import guest
import inmates
import machines
import pci
import pytest
import wire
from built import IMAGE, build_dir
from pci import E1000E

BACKENDS = ("vmx", "svm")
IMAGES = (*BACKENDS, "minimal", "no_iommu")
ONLY = "/lib/firmware/only-{}.bin"
THESE = {ONLY.format(name): str(build_dir() / name / "hypervisor/bulkhead.bin")
         for name in IMAGES}
FILES = {**cells.files(("attacker", "rt0"), ("attack", "polite")), **THESE}
# Images with less drive no IOMMU of VT-d, or none at all: with either is below.
MACHINE = pytest.mark.machine(*machines.EMULATORS, files=FILES)
# Beside an IOMMU that is Linux's: its cloud kernel has no driver for AMD's.
LINUX_IOMMU = pytest.mark.machine(*machines.IOMMU, linux_iommu=True, kernel="amd64",
                                  files={**FILES, **guest.files(kernel="amd64")})
# Beside one that it may drive.
WITH_OUR_IOMMU = pytest.mark.machine(*machines.IOMMU, files=FILES)
# A card, and nothing before it.
CARD = pytest.mark.machine(
    "qemu-svm", kernel="amd64", card="e1000e", modules=("e1000e",),
    files={**guest.files(kernel="amd64"), **THESE,
           "/usr/lib/bulkhead/demos/nic.elf": inmates.demo("nic")})
# The smallest image has no console but the log.
SILENT = (re.compile(r"console = \{[^}]*\}"), 'console = { type = "none"; }')


@pytest.fixture(name="images", scope="module", autouse=True)
def fixture_images():
    """The images, which boots of this file bring along."""
    return [guest.image(name) for name in IMAGES]


def mine(machine):
    """Which backend this processor wants, and which not."""
    return BACKENDS[::-1] if guest.is_svm(machine) else BACKENDS


@contextlib.contextmanager
def instead(machine, name):
    """Another image for a while."""
    machine.check(f"cp {IMAGE} /both.bin && cp {ONLY.format(name)} {IMAGE}")
    yield
    machine.check(f"cp /both.bin {IMAGE}")


def serves(machine):
    """Cells run to their end; what one tries behind its walls is answered, and counted."""
    cells.run(machine, "rt0", "polite", "code=7")
    assert cells.finished(machine, "rt0", 60) == 7
    # Read from memory or, in images that do not show their tables, counted from the board's word.
    pages = cells.show(machine, "rt0")["map_pages"]
    assert [pages[size] for size in ("4K", "2M", "1G")] == [2, 1, 0]
    cells.destroy(machine, "rt0")
    cells.run(machine, "attacker", "attack", "tables events")
    assert cells.finished(machine, "attacker", 300) == 0, machine.check(
        "bulkhead cell console attacker | tail -n 20")
    counted = cells.show(machine, "attacker")["faults_counted"]
    assert counted["memory"] > 2000 and counted["msr"] >= 1, counted
    assert {fault["kind"] for fault in cells.faults(machine, "attacker")} & {"memory", "msr"}
    cells.destroy(machine, "attacker")


@MACHINE
def test_one_backend_is_enough_for_its_processor(machine):
    own, other = mine(machine)
    with instead(machine, other):
        assert ("this hypervisor was built without a backend for this processor"
                in guest.refused(machine))
    with instead(machine, own):
        guest.enable(machine)
        serves(machine)
        guest.disable(machine)
    guest.undisturbed(machine)


@LINUX_IOMMU
def test_an_iommu_may_stay_linuxs(machine):
    """The board lists its registers as root's, and none of its own."""
    assert re.fullmatch(r"(dmar|ivhd)0", machine.check("ls /sys/class/iommu").strip())
    guest.enable(machine)
    cells.create(machine, "rt0")
    cells.destroy(machine, "rt0")
    guest.undisturbed(machine)
    guest.disable(machine)
    guest.undisturbed(machine)


@pytest.mark.machine(*machines.HYPERVISOR, files=FILES)
def test_a_board_is_for_one_backend(machine):
    own, _ = mine(machine)
    change = (('backend = "svm";', 'backend = "vmx";') if guest.is_svm(machine) else
              ("physical_bits", 'backend = "svm";\n\tphysical_bits'))
    board = guest.board(machine, change)
    assert (f"this processor has {own.upper()}, but the file of board" in
            guest.refused(machine, board))
    guest.enable(machine)
    guest.disable(machine)


@MACHINE
def test_the_smallest_has_cells_but_no_devices(machine):
    with instead(machine, "minimal"):
        assert "which this hypervisor was built without" in guest.refused(machine)
        board = guest.board(machine, SILENT)
        guest.enable(machine, board)
        serves(machine)
        guest.disable(machine)
        pins = guest.board(machine, SILENT, (re.compile(r'\n.*\{ name = "ioapic";.*'), ""),
                           ("\tconsole =", '\tioapics = ( { name = "ioapic"; at = 0xfec00000; '
                            "pins = 24; } );\n\tconsole ="))
        assert "built without CONFIG_PCI_FILTER" in guest.refused(machine, pins)
    guest.undisturbed(machine)


@WITH_OUR_IOMMU
def test_an_image_drives_the_iommus_that_it_was_built_for(machine):
    with instead(machine, "svm"):
        if machine.setup.machine.file == "amdvi":
            guest.enable(machine)
            serves(machine)
            guest.disable(machine)
        else:
            assert ("IOMMU dmar0: this hypervisor was built without the driver for it" in
                    guest.refused(machine))
    for name, board in (("minimal", guest.board(machine, SILENT)), ("no_iommu", guest.BOARD_FILE)):
        with instead(machine, name):
            assert ("the board has IOMMUs, but this hypervisor was built without drivers for any"
                    in guest.refused(machine, board))
    guest.undisturbed(machine)


@CARD
def test_without_iommus_devices_still_change_hands(machine):
    """The card comes from Linux, works in the cell by messages, and in Linux again."""
    frames = [wire.frame(wire.CARD, i, 64 + 50 * i) for i in range(20)]
    machine.check("modprobe e1000e")
    card = pci.function(machine, E1000E)
    with instead(machine, "no_iommu"):
        guest.enable(machine, pci.board(machine, {E1000E: "nic"}))
        cells.create(machine, "nic", pci.cell(machine, "nic", ("nic",)))
        assert pci.driver(machine, card) == "bulkhead"
        count, _, interrupts, _ = pci.echo(machine, "nic", "msix", frames)
        assert count == len(frames) and interrupts > 0
        cells.destroy(machine, "nic")
        assert pci.driver(machine, card) == "e1000e"
        pci.linux_speaks(machine, card)
        guest.disable(machine)
    guest.undisturbed(machine)
