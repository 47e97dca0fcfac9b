# SPDX-License-Identifier: GPL-2.0-only
"""README's steps on a machine of one's own, as written: a board file, a cell, a device.

Its example by hand is test_cell_verbs.py's. What a machine of the lab does not have is replaced: it
knows no `sudo`, its driver and demos lie elsewhere, and nothing is followed for ever.
"""

import re

import guest
import pci
import pytest
import wire
from built import DRIVER, TOP, installed_files
from pci import E1000E

# Processor, IOMMU and card as the last step has them; the first boots them no slower.
MACHINE = pytest.mark.machine(
    "qemu-svm-amdvi", kernel="amd64", card="e1000e", modules=("e1000e",),
    files={**guest.files(kernel="amd64"), **guest.board_files("amdvi-devices", "nic", "rt0"),
           **installed_files("amd64", "{board}")})
ELSEWHERE = (("sudo ", ""), ("modprobe bulkhead", f"insmod {DRIVER}"),
             ("/usr/local/lib/", "/usr/lib/"),
             ("bulkhead console -f", "timeout 5 bulkhead console -f || [ $? -ge 124 ]"))
FRAME = wire.frame(wire.CARD, 1, wire.SHORTEST)


def commands(step):
    """The commands of a step, by its number."""
    text = (TOP / "README.md").read_text().split("## Use it on your machine")[1]
    block = re.search(rf"^{step}\. .*?(?=^\d\. |^\S)", text, re.MULTILINE | re.DOTALL).group()
    found = re.findall(r"^ {7}(.*)", block, re.MULTILINE)
    assert len(found) >= 4, block
    for here, there in ELSEWHERE:
        found = [command.replace(here, there) for command in found]
    return found


def run(machine, *steps, console, before):
    """Each command must succeed; what it said. Before `console` something is waited for."""
    said = {}
    for command in (command for step in steps for command in commands(step)):
        if command == console:
            before()
        said[command] = machine.check(command, timeout=120)
    return said


def until(machine, console, words):
    """What the cell is to say."""
    machine.check(guest.until(f"{console} | grep -q '{words}'", console, 60), timeout=120)


@MACHINE
def test_a_board_and_a_cell_of_ones_own(machine):
    """Steps 4 to 6: with what `config create` writes, and rt0 moved to where it says."""
    machine.run("rmmod bh_probe bulkhead")
    for command in commands(4) + commands(5):
        machine.check(command, timeout=120)
    made = machine.check("cat my-board.conf")
    start = re.search(r"cell_memory = \(\s*\{ phys = (0x[0-9a-f]+);", made).group(1)
    cell, moved = re.subn(r'(name = "ram";\s+phys = )0x[0-9a-f]+', rf"\g<1>{start}",
                          guest.board_text(machine, "rt0"))
    assert moved == 1
    guest.put(machine, "my-cell.conf", cell)
    console = "bulkhead cell console rt0"
    said = run(machine, 6, console=console, before=lambda: until(machine, console, "primes"))
    assert "rt0" in said["bulkhead cell list"]
    assert "rt0" not in machine.check("bulkhead cell list")
    guest.disable(machine)
    guest.undisturbed(machine)


@MACHINE
def test_a_device_for_a_cell(machine):
    """Step 7, with the files that it names: the card answers, and goes back to its driver."""
    machine.check("modprobe e1000e")
    card = pci.function(machine, E1000E)
    guest.enable(machine)
    for name, file in (("my-board", "amdvi-devices"), ("nic", "nic")):
        guest.put(machine, f"{name}.conf", guest.board_text(machine, file))
    console = "bulkhead cell console nic"

    def answered():
        until(machine, console, "link up")
        assert pci.driver(machine, card) == "bulkhead"
        pci.drain(machine.cable)
        assert wire.converse(machine.cable, [FRAME]) == [wire.answer(FRAME)]

    said = run(machine, 7, console=console, before=answered)
    assert '"nic"' in said["bulkhead cell show nic"], said
    assert pci.driver(machine, card) == "e1000e"
    guest.disable(machine)
    pci.linux_speaks(machine, card)
    guest.undisturbed(machine)
