# SPDX-License-Identifier: GPL-2.0-only
"""A VT-d unit that Linux remaps its interrupts by is taken over, and given back at disable.

The emulator lets messages pass that are not remappable whatever it is told (QEMU 11.1): that
they are blocked is hardware's to show.
"""

import re

import cells
import guest
import inmates
import pci
import pytest
from iommu import (COMPATIBLE, FSTS, GCMD, GSTS, INTERRUPTS, IQH, IQT, IRTA, TRANSLATION, UNIT,
                   cell, constants, log, moves_to, register, write)
from pci import EDU

FILES = {**cells.files(("vtd", "rt0"), ("beats",)),
         "/usr/lib/bulkhead/demos/hpet.elf": inmates.demo("hpet")}
MACHINE = pytest.mark.machine("qemu-svm-vtd", files=FILES)
# Linux gives a message to a port, if to nothing else.
PORT = pytest.mark.machine("qemu-svm-vtd", files=FILES,
                           devices=("pcie-root-port,id=one,chassis=1,addr=6",))
WITHOUT = pytest.mark.machine("qemu-svm-vtd", files=FILES, cmdline="intremap=off")
BOARD = f"{guest.BOARD}/vtd.conf"
IOAPIC = 0xfec00000

# An interrupt as Linux has them: present, vector 0x99, of the function 00:1e.0 alone.
LOW, HIGH = 0x990001, 0x400f0


def put_entry(machine, index, low, high):
    """An entry of Linux's table, written by a device of root's."""
    table = register(machine, IRTA) & 0xfffff000 | register(machine, IRTA + 4) << 32
    for offset, value in ((8, high), (0, low)):
        place = table + 16 * index + offset
        assert guest.probe(machine, f"edu-write {place:#x} {value:#x}") == "done"


@pytest.fixture(name="root")
def fixture_root(machine):
    """A machine that is enabled, fresh for each test."""
    guest.enable(machine, BOARD)
    yield machine
    guest.disable(machine)
    guest.undisturbed(machine)


@MACHINE
def test_interrupts_go_on(machine):
    """Before, while and after; also where they are moved to meanwhile."""
    for _ in range(3):
        moves_to(machine, 0)
        guest.enable(machine, BOARD)
        for cpu in (1, 2, 3, 0):
            moves_to(machine, cpu)
        said = log(machine)
        assert "Linux's" not in said, said
        moves_to(machine, 3)
        guest.disable(machine)
        for cpu in (2, 3, 1):
            moves_to(machine, cpu)
    guest.undisturbed(machine)


@MACHINE
def test_linux_finds_the_unit_as_it_had_it(machine):
    guest.load(machine)
    before = constants(machine)
    assert before[GSTS] & INTERRUPTS and not before[GSTS] & (TRANSLATION | COMPATIBLE)
    for _ in range(2):
        tail = register(machine, IQT)
        guest.enable(machine, BOARD)
        assert constants(machine) == before
        # Linux takes CPUs offline for nobody: what moves is commands.
        moves_to(machine, 1)
        moves_to(machine, 0)
        assert register(machine, IQH) == register(machine, IQT) != tail
        tail = register(machine, IQT)
        guest.disable(machine)
        assert constants(machine) == before
        assert register(machine, IQH) == register(machine, IQT)
        # 16 bytes a command; some of Linux's own came behind.
        assert (register(machine, IQT) - tail) % 4096 < 1024


@MACHINE
def test_what_drives_the_unit_is_not_linuxs(root):
    write(root, GCMD, 0)
    write(root, IRTA, 0x1000)
    said = log(root)
    assert "Linux's write of 0x0 to its register 0x18 is left out" in said
    assert "Linux's write of 0x1000 to its register 0xb8 is left out" in said
    moves_to(root, 1)
    # Behind the end of the queue: an error, which Linux clears as it does the hardware's.
    tail = register(root, IQT)
    write(root, IQT, 0x1000)
    assert register(root, FSTS) == 0x10 and register(root, IQT) == tail
    write(root, FSTS, 0x10)
    assert register(root, FSTS) == 0
    moves_to(root, 0)


@MACHINE
def test_a_cpu_goes_offline_and_comes_back(root):
    moves_to(root, 3)
    root.check("echo 0 > /sys/devices/system/cpu/cpu3/online")
    root.check("echo the line goes on; echo on another CPU")
    root.check("echo 1 > /sys/devices/system/cpu/cpu3/online")
    moves_to(root, 3)
    moves_to(root, 0)


@MACHINE
def test_a_cell_takes_a_cpu_that_had_an_interrupt(root):
    moves_to(root, 3)
    cells.run(root, "rt0", "beats")
    cells.wait(root, "rt0", 60, lambda cell: cell["comm"]["heartbeats"] > 100)
    for cpu in (1, 2, 0):
        moves_to(root, cpu)
    cells.destroy(root, "rt0", force=True)
    moves_to(root, 3)
    moves_to(root, 0)


@MACHINE
@pytest.mark.parametrize("index, low, high, words", (
    (900, LOW, 0xf0, "entry 900 of Linux's table cannot be taken over: any device could use it"),
    (900, LOW | 1 << 15, HIGH, "entry 900 .* it is of a posted interrupt"),
    (900, LOW | 4 << 5, HIGH, "entry 900 .* its delivery mode is neither fixed nor lowest"),
    (2000, LOW, HIGH, "Linux uses entry 2000 of its table, but there is room for 1024")))
def test_what_cannot_be_taken_over_is_refused(machine, index, low, high, words):
    guest.load(machine)
    put_entry(machine, index, low, high)
    said = guest.refused(machine, BOARD)
    assert re.search(words, said), said
    moves_to(machine, 1)
    put_entry(machine, index, 0, 0)
    guest.enable(machine, BOARD)
    moves_to(machine, 0)
    guest.disable(machine)


@MACHINE
def test_an_interrupt_that_stays_on_a_cells_cpu_is_refused(machine):
    guest.load(machine)
    put_entry(machine, 900, LOW | 3 << 40, HIGH)
    guest.enable(machine, BOARD)
    cells.refused(machine, f"bulkhead cell create {cells.cell_file('rt0')}",
                  r"an interrupt of root \(entry 900 of IOMMU dmar0\) goes to a CPU that the cell "
                  "is to have")
    guest.undisturbed(machine)
    guest.disable(machine)
    put_entry(machine, 900, 0, 0)


@MACHINE
def test_a_device_of_a_cell_needs_no_word_and_has_no_entry_of_linuxs(machine):
    """What Linux's table says for the cell's device, or a CPU of the cell, is left out."""
    guest.load(machine)
    guest.enable(machine, pci.board(machine, {EDU: "edu"}))
    source = machine.check("basename $(dirname $(grep -l 0x11e8 /sys/bus/pci/devices/*/device))")
    device, function = re.search(r":([0-9a-f]+)\.(\d)", source).groups()
    put_entry(machine, 901, LOW, 0x40000 | int(device, 16) << 3 | int(function))
    put_entry(machine, 902, LOW | 3 << 40, HIGH)
    path = cell(machine, "edu", ("edu",))
    cells.create(machine, "edu", path)
    said = log(machine)
    assert "entry 901 of Linux's is not in force: a device that is not root's could use it" in said
    assert "entry 902 of Linux's is not in force: it reaches a CPU that is not root's" in said
    cells.destroy(machine, "edu")
    for index in (901, 902):
        put_entry(machine, index, 0, 0)
    guest.disable(machine)
    guest.undisturbed(machine)


@MACHINE
def test_a_pin_of_a_cell_goes_by_an_entry_of_its_own(machine):
    """Its driver writes the pin's register as ever, and the interrupt comes."""
    guest.load(machine)
    text = pci.proposal(machine)
    name = re.search(r'ioapics = \(\s*\{ name = "([^"]+)"', text).group(1)
    guest.enable(machine, pci.board(machine, {EDU: "edu"}))
    guest.put(machine, "/hpet.conf",
              guest.board_text(machine, "hpet").replace("ioapic:", f"{name}:"))
    cells.create(machine, "hpet", "/hpet.conf")
    machine.check("bulkhead cell load hpet /usr/lib/bulkhead/demos/hpet.elf "
                  f"-s 'pin=23 count=50' -a {cells.ARGUMENT:#x}", timeout=120)
    cells.start(machine, "hpet")
    assert cells.finished(machine, "hpet", 120) == 0, machine.check(
        "bulkhead cell console hpet | tail")
    assert "50 interrupts, one every" in machine.check("bulkhead cell console hpet")
    assert not any(cells.show(machine, "hpet")["faults_counted"].values())
    cells.destroy(machine, "hpet")
    moves_to(machine, 1)
    guest.disable(machine)
    guest.undisturbed(machine)


@MACHINE
def test_a_board_that_does_not_say_so_is_refused(machine):
    board = guest.board_text(machine, "vtd").replace(" linux_remaps = true;", "")
    guest.put(machine, "/without.conf", board)
    said = guest.refused(machine, "/without.conf")
    assert ("IOMMU dmar0: Linux remaps its interrupts by it: say linux_remaps = true, or boot "
            "with intremap=off") in said
    moves_to(machine, 1)


@PORT
def test_a_board_with_devices_that_does_not_name_the_unit_is_refused(machine):
    """Linux drives it for interrupts alone, and the board has no IOAPIC whose pins would tell."""
    assert " IR-PCI-MSI" in machine.check("cat /proc/interrupts")
    guest.load(machine)
    path = pci.board(machine, {EDU: "edu"})
    text = machine.check(f"cat {path}")
    for part in ("iommus", "ioapics"):
        text, count = re.subn(rf"^\t{part} = \(\n.*?^\t\);\n", "", text,
                              flags=re.MULTILINE | re.DOTALL)
        assert count == 1, text
    pages = "".join(f'  {{ name = "{name}"; phys = {at:#x}; size = "4K"; access = "rw"; '
                    'kind = "device"; },\n' for name, at in (("ioapic", IOAPIC), ("unit", UNIT)))
    text, count = re.subn(r'^(?=\s*\{ name = "hpet")', pages, text, flags=re.MULTILINE)
    assert count == 1, text
    guest.put(machine, "/unnamed.conf", text)
    said = guest.refused(machine, "/unnamed.conf")
    assert re.search(r"Linux remaps interrupts by an IOMMU \(those of device 0000:00:\S+\), and "
                     "whom they reach cannot be told: start it with intremap=off, or, if it is a "
                     "VT-d, list it in iommus with linux_remaps = true", said), said
    guest.undisturbed(machine)


@MACHINE
def test_a_created_board_says_so(machine):
    machine.check("bulkhead config create -n made -o /made.conf")
    text = machine.check("cat /made.conf")
    assert "linux_remaps = true;" in text and "boot it with intel_iommu=off. What" in text
    guest.enable(machine, "/made.conf")
    moves_to(machine, 1)
    guest.disable(machine)


def commands(machine):
    """All that was written to the unit's command register."""
    return [int(value, 16) for value in re.findall(
        r"^vtd_reg_write_gcmd .* value (0x[0-9a-f]+)$",
        machine.path("emulator.log").read_text(errors="replace"), re.MULTILINE)]


@WITHOUT
def test_no_command_blocks_interrupts_that_are_not_remappable(machine):
    """Linux has no others. The emulator does not tell whether they pass, so all have to say it."""
    guest.load(machine)
    board = guest.board_text(machine, "vtd").replace(" linux_remaps = true;", "")
    guest.put(machine, "/without.conf", board)
    before = len(commands(machine))
    guest.enable(machine, "/without.conf")
    guest.disable(machine)
    written = commands(machine)[before:]
    remapping = [value for value in written if value & INTERRUPTS]
    assert remapping
    assert all(value & COMPATIBLE for value in remapping), list(map(hex, written))
    assert not written[-1] & (TRANSLATION | INTERRUPTS | COMPATIBLE)
    guest.undisturbed(machine)


@WITHOUT
def test_where_linux_does_not_remap_that_is_said_and_forging_accepted(machine):
    said = guest.refused(machine, BOARD)
    assert ("IOMMU dmar0: Linux does not remap its interrupts by it: say linux_remaps = false, or "
            "boot without intremap=off") in said
    machine.check("bulkhead config create -n made -o /made.conf")
    assert "linux_remaps" not in machine.check("cat /made.conf")
    board = pci.board(machine, {EDU: "edu"})
    machine.check(f"sed -i 's/linux_remaps = true;//' {board}")
    guest.enable(machine, board)
    # Its registers are nobody's.
    assert guest.probe(machine, f"scan {UNIT} 4096 8") == "words 512 other 0"
    assert guest.probe(machine, f"scribble {UNIT} 4096 8") == "words 512 changed 0"
    path = pci.cell(machine, "edu", ("edu",))
    cells.create(machine, "edu", path)
    cells.destroy(machine, "edu")
    machine.check(f"sed -i /unprotected_dma/d {path}")
    cells.refused(machine, f"bulkhead cell create {path}", "but not from forging interrupts")
    guest.disable(machine)
    guest.undisturbed(machine)
