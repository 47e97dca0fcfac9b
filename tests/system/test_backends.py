# SPDX-License-Identifier: GPL-2.0-only
"""Images with one backend only, each on both vendors' processors; and boards of the other one."""

import cells
import guest
import machines
import pytest
from built import IMAGE, build_dir

BACKENDS = ("vmx", "svm")
ONLY = "/lib/firmware/only-{}.bin"
FILES = {**cells.files(("rt0",), ()),
         **{ONLY.format(name): str(build_dir() / name / "hypervisor/bulkhead.bin")
            for name in BACKENDS}}
MACHINE = pytest.mark.machine(*machines.HYPERVISOR, files=FILES, always=True)
# Beside an IOMMU, which is Linux's.
WITH_IOMMU = pytest.mark.machine(*machines.HYPERVISOR, *machines.IOMMU, files=FILES,
                                 always=True)


@pytest.fixture(name="images", scope="module", autouse=True)
def fixture_images():
    """The images, which boots of this file bring along."""
    return [guest.image(name) for name in BACKENDS]


def mine(machine):
    """Which backend this processor wants, and which not."""
    return BACKENDS[::-1] if guest.is_svm(machine) else BACKENDS


@WITH_IOMMU
def test_one_backend_is_enough_for_its_processor(machine):
    own, other = mine(machine)
    machine.check(f"cp {IMAGE} /both.bin && cp {ONLY.format(other)} {IMAGE}")
    assert ("this hypervisor was built without a backend for this processor"
            in guest.refused(machine))
    machine.check(f"cp {ONLY.format(own)} {IMAGE}")
    guest.enable(machine)
    cells.create(machine, "rt0")
    cells.destroy(machine, "rt0")
    guest.disable(machine)
    machine.check(f"cp /both.bin {IMAGE}")
    guest.undisturbed(machine)


@MACHINE
def test_a_board_is_for_one_backend(machine):
    own, _ = mine(machine)
    change = (('backend = "svm";', 'backend = "vmx";') if guest.is_svm(machine) else
              ("physical_bits", 'backend = "svm";\n\tphysical_bits'))
    board = guest.board(machine, change)
    assert (f"this processor has {own.upper()}, but the file of board" in
            guest.refused(machine, board))
    guest.enable(machine)
    guest.disable(machine)
