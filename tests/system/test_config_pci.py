# SPDX-License-Identifier: GPL-2.0-only
"""Devices, IOAPICs and interrupts in board and cell files: what is refused with which words, and
what good ones become; on the host. What `config create` finds of them is test_config_proposal.py's.
"""

import json
import re
import struct

import pytest
from config_pci import BOARD, CELL, expect, write
from config_tool import tool

# What is replaced, by what, and each complaint that follows as (line, words).
BAD_BOARDS = {
    "address": ('"0000:00:03.0"', '"00:03"', [(13, '"00:03" is not understood, must be an address '
                                               'such as "0000:00:03.0"')]),
    "address-function": ('"0000:00:03.0"', '"00:03.8"', [(13, "is not understood")]),
    "address-device": ('"0000:00:03.0"', '"00:20.0"', [(13, "is not understood")]),
    "address-domain": ('"0000:00:03.0"', '"0001:00:03.0"', [(13, "devices of domain 0 alone")]),
    "address-twice": ('"01:00.1"', '"01:00.0"',
                      [(20, 'devices[2] "aux": has the address of board.pci.devices[1] "net" '
                        "(board.conf:16) as well")]),
    "bus": ('"0-255"', '"0-0"', [(16, "has a bus that is not in board.pci.mmconfig.buses"),
                                 (20, "(board.conf:11) (0x1)")]),
    "buses-backwards": ('"0-255"', '"255-0"', [(11, "buses are 0 to 255, the lower one first")]),
    "buses-words": ('"0-255"', '"all"', [(11, '"all" is not understood, must be buses such as')]),
    "id": ('"8086:100e"', '"8086"', [(13, '"8086" is not understood, must be maker and model')]),
    "maker": ('"8086:100e"', '"ffff:100e"', [(13, "no maker has the number 0xffff")]),
    "name-long": ('"nic"', '"network-card-of-ours1"', [(13, "has at most 20 characters")]),
    "name-twice": ('"aux"', '"net"', [(20, 'has the name of board.pci.devices[1] "net"')]),
    "pin": ("pin = 11", "pin = 32", [(13, "32 is an interrupt of none of board.ioapics")]),
    "bar-index": ("index = 1;", "index = 6;", [(15, "BAR 6: there are 0 to 5")]),
    "bar-twice": ("index = 1;", "index = 0;", [(15, "BAR 0 is there twice")]),
    "bar-both": ('ports = "0xc000-0xc03f";', 'ports = "0xc000-0xc03f"; size = 64;',
                 [(15, "a BAR of ports has no size")]),
    "bar-none": ('ports = "0xc000-0xc03f";', "", [(15, '"at" is missing'),
                                                  (15, '"size" is missing')]),
    "bar-odd": ('"0xc000-0xc03f"', '"0xc000-0xc030"', [(14, "49 ports are no power of two")]),
    "bar-backwards": ('"0xc000-0xc03f"', '"0xc03f-0xc000"',
                      [(15, 'ports: runs backwards: use "0xc000-0xc03f"')]),
    "bar-size": ('at = 0xfebc0000; size = "128K"', 'at = 0xfebc0000; size = "96K"',
                 [(14, "size 0x18000 is no power of two")]),
    "bar-in-ram": ("at = 0xfebc0000", "at = 0x20000000",
                   [(14, '"nic.bar0": overlaps root.memory[0] "main" (board.conf:27) at')]),
    "bar-in-hypervisor": ("at = 0xfebc0000", "at = 0x38000000",
                          [(14, '"nic.bar0": overlaps board.hypervisor (board.conf:5)')]),
    "bar-in-bar": ("at = 0xfeb80000", "at = 0xfebc0000",
                   [(17, '"net.bar0": overlaps board.pci.devices: "nic.bar0" (board.conf:14)'),
                    (17, "shares a page of memory with board.pci.devices[0]")]),
    "page": ("at = 0xfeba4100", "at = 0xfebc0000",
             [(21, '"aux.bar0": overlaps board.pci.devices: "nic.bar0" (board.conf:14)'),
              (21, 'shares a page of memory with board.pci.devices[0] "nic" (board.conf:14); give '
               "both one group")]),
    "msix-bar": ("bar = 3;", "bar = 1;", [(19, "BAR 1 is no memory of the device")]),
    "msix-room": ("entries = 5", "entries = 1000", [(19, "do not fit BAR 3")]),
    "msix-empty": ("entries = 5", "entries = 0", [(19, "a table without entries: leave it out")]),
    "ioapic-pins": ("pins = 24", "pins = 0", [(8, "0 pins: an IOAPIC has 1 to 120"),
                                              (13, "11 is an interrupt of none"),
                                              (16, "10 is an interrupt of none")]),
    "ioapic-over": ("first = 24", "first = 23", [(9, "has interrupts that belong to "
                                                  'board.ioapics[0] "ioapic" (board.conf:8)')]),
    "ioapic-page": ('size = "1004M"', 'size = "1005M"',
                    [(28, '"pci+1": overlaps board.ioapics[0] "ioapic" (board.conf:8) at '
                      "0xfec00000; leave that out"),
                     (28, 'overlaps board.ioapics[1] "second"')]),
    "unknown": ("mmconfig = ", "mmconf = ", [(11, "board.pci.mmconf: unknown setting; did you mean "
                                             '"mmconfig"?')]),
}

BAD_CELLS = {
    "no-such": ('"nic"', '"nick"', [(5, '"nick" is no device that the board has for cells; did '
                                     'you mean "nic"?')]),
    # What would follow from the cell's having it, or not, is not said.
    "no-such-alone": ('"nic", "0000:01:00.0", "aux"', '"nick"', [(5, 'did you mean "nic"?')]),
    "no-such-of-group": ('"aux" );\n\tirqs = ( "ioapic:8"', '"aux1" );\n\tirqs = ( "ioapic:10"',
                         [(5, 'cell.pci[2]: "aux1" is no device that the board has')]),
    "no-such-of-line": ('"nic", "0000:01:00.0", "aux" );\n\tirqs = ( "ioapic:8"',
                        '"nick", "0000:01:00.0", "aux" );\n\tirqs = ( "ioapic:11"',
                        [(5, 'did you mean "nic"?')]),
    "no-such-with-console": ('"nic", "0000:01:00.0", "aux" );',
                             '"nick", "0000:01:00.0", "aux" );\n\tconsole = { '
                             'type = "8250-port"; port = 0xc000; };', [(5, 'did you mean "nic"?')]),
    "no-such-at-all": ('"nic"', '"00:1f.3"', [(5, "board.pci.devices lists them")]),
    "twice": ('"nic"', '"nic", "00:03.0"', [(5, 'device "nic" is there twice')]),
    "group": (', "aux"', "", [(5, 'cell.pci[1]: is of one group with board.pci.devices[2] "aux" '
                               "(board.conf:20); one cell has all of a group, so add that one")]),
    "dma": ("unprotected_dma = true", "unprotected_dma = false",
            [(4, "cell.unprotected_dma: no IOMMU keeps the cell's devices in its memory: they can "
              "reach all of the machine's; say unprotected_dma = true if that is accepted")]),
    "no-device": ('"nic", "0000:01:00.0", "aux"', "", [(4, "the cell has no device: leave it")]),
    "irq-form": ('"ioapic:8"', '"8"', [(6, '"8" is not understood, must be a pin of an IOAPIC '
                                        'such as "ioapic:11"')]),
    "irq-name": ('"ioapic:8"', '"apic:8"', [(6, '"apic" is none of board.ioapics')]),
    "irq-pin": ('"second:3"', '"second:8"', [(6, '"second:8": second has the pins 0 to 7')]),
    "irq-twice": ('"second:3"', '"ioapic:8"', [(6, '"ioapic:8" is there twice')]),
    "memory": ('phys = 0x38a00000; at = 0x200000; size = "2M"; access = "rw"; dma = false; }',
               'phys = 0xfebc0000; size = "128K"; access = "rw"; kind = "device"; }',
               [(5, '"nic.bar0": overlaps cell.memory[1] "more"'), (5, "overlaps"),
                (9, 'is memory of a device: board.pci.devices: "nic.bar0" (board.conf:14); leave '
                 "it out, and have the device itself in cell.pci")]),
    "dma-device": ("dma = false", 'dma = true; kind = "device"', [(9, "nor for DMA"), (9, "")]),
    "at-ioapic": ("at = 0x200000", "at = 0xfec00000",
                  [(9, 'overlaps board.ioapics[0] "ioapic" (board.conf:8) at 0xfec00000 of the '
                    "cell, where it is served"), (9, "overlaps board.ioapics[1]")]),
    "at-mmconfig": ("at = 0x200000", "at = 0xb0000000",
                    [(9, "overlaps board.pci.mmconfig (board.conf:11) at 0xb0000000 of the cell")]),
    "ports": ('irqs = ( "ioapic:8", "second:3" );', 'ports = ( "0xcf8-0xcff" );',
              [(6, "overlaps root.ports[1]"), (6, "0xcf8-0xcff lead to all of PCI")]),
}


@pytest.mark.parametrize("case", BAD_BOARDS)
def test_bad_board_refused(case, tmp_path):
    """Every complaint has file, line and words."""
    old, new, expected = BAD_BOARDS[case]
    assert old in BOARD
    board = write(tmp_path, board=BOARD.replace(old, new, 1))[0]
    expect(tool("config", "check", board, cwd=tmp_path), board, expected)


@pytest.mark.parametrize("case", BAD_CELLS)
def test_bad_cell_refused(case, tmp_path):
    """The same for a cell."""
    old, new, expected = BAD_CELLS[case]
    assert old in CELL
    files = write(tmp_path, cell=CELL.replace(old, new, 1))
    expect(tool("config", "check", *files, cwd=tmp_path), files[1], expected)


def test_lines_and_devices_go_together(tmp_path):
    """A pin that a device of somebody else pulls; a device of two cells."""
    files = write(tmp_path, cell=CELL.replace('"nic", ', "").replace('"second:3"', '"ioapic:11"'))
    done = tool("config", "check", *files, cwd=tmp_path)
    assert ('cell.conf:6: cell.irqs[1]: is the interrupt of board.pci.devices[0] "nic" '
            "(board.conf:13) as well (11)") in done.stderr
    other = CELL.replace('"rt0"', '"rt1"').replace('"3"', '"2"').replace("0x388", "0x390") \
        .replace("0x38a", "0x394")
    (tmp_path / "other.conf").write_text(other)
    done = tool("config", "check", *write(tmp_path), "other.conf", cwd=tmp_path)
    assert done.returncode == 1
    for words in ("other.conf:5: cell.pci[0]: is the same device as cell rt0: cell.pci[0] "
                  "(cell.conf:5); one cell can have it",
                  "other.conf:6: cell.irqs[0]: is the same interrupt as cell rt0: cell.irqs[0]"):
        assert words in done.stderr


def test_a_device_of_two_cells_is_told_once(tmp_path):
    """The device itself, and not each base address, port and pin that it brings."""
    ram = '{ name = "ram"; phys = 0x39000000; size = "2M"; access = "rwx"; }'
    other = (f'cell = {{ name = "rt1"; cpus = "2"; memory = ( {ram} );\n'
             'unprotected_dma = true;\npci = ( "nic", "net", "aux" );\nirqs = ( "ioapic:8" ); };')
    (tmp_path / "other.conf").write_text(other)
    done = tool("config", "check", *write(tmp_path), "other.conf", cwd=tmp_path)
    expect(done, "other.conf", [
        (3, f"cell.pci[{index}]: is the same device as cell rt0: cell.pci[{index}] (cell.conf:5); "
         "one cell can have it") for index in range(3)] + [
        (4, "cell.irqs[0]: is the same interrupt as cell rt0: cell.irqs[0] (cell.conf:6) (8)")])
    # What belongs to none of its devices is told as before.
    wanted = '{ name = "more"; phys = 0xfebc0000; size = "128K"; access = "rw"; kind = "device"; }'
    (tmp_path / "other.conf").write_text(re.sub("unprotected.*\npci.*\nirqs.* };", "};", other)
                                         .replace("; }", "; }, " + wanted, 1))
    done = tool("config", "check", *write(tmp_path), "other.conf", cwd=tmp_path)
    assert 'cell.memory[1] "more": overlaps cell rt0: cell.memory[2] "nic.bar0"' in done.stderr


def test_what_is_accepted_is_said(tmp_path):
    """Loudly, with the devices' names; and nothing where there is no device."""
    done = tool("config", "check", *write(tmp_path), cwd=tmp_path)
    assert done.returncode == 0
    assert ("cell.conf:4: warning: cell.unprotected_dma: NO IOMMU STANDS BETWEEN nic, net, aux AND "
            "MEMORY.") in done.stderr
    assert "of Linux, of other cells and of the hypervisor" in done.stderr


IOMMUS = '''
	iommus = ( { name = "unit"; kind = "%s"; registers = 0xfed90000; levels = 4; all = true;
	             last_bus = 1; %s } );
	console ='''


@pytest.mark.parametrize("kind, remaps", (
    ("vt-d", "remaps = true;"), ("vt-d", ""), ("vt-d", "remaps = true; linux_remaps = true;"),
    ("amd-vi", "remaps = true;"), ("amd-vi", "")))
def test_what_an_iommu_confines_needs_no_word(kind, remaps, tmp_path):
    """VT-d that Linux does not remap by lets messages pass: that has to be accepted."""
    confined = kind == "amd-vi" or "linux_remaps" in remaps
    board = BOARD.replace("\n\tconsole =", IOMMUS % (kind, remaps), 1)
    assert board != BOARD
    files = write(tmp_path, board, CELL.replace("\tunprotected_dma = true;\n", ""))
    done = tool("config", "check", *files, cwd=tmp_path)
    assert (done.returncode == 0) == confined, done.stderr
    assert "has no effect" not in done.stderr
    assert ("VT-d keeps the cell's devices in its memory, but not from forging interrupts of any "
            "CPU; say unprotected_dma = true if that is accepted" in done.stderr) != confined, \
        done.stderr
    files = write(tmp_path, board)
    done = tool("config", "check", *files, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "NO IOMMU" not in done.stderr
    assert ("cell.conf:4: warning: cell.unprotected_dma: nic, net, aux CAN RAISE ANY INTERRUPT ON "
            "ANY CPU. By DMA they reach no memory but this cell's." in done.stderr) != confined, \
        done.stderr
    # The line that is not needed is remarked on, and refuses nothing.
    assert ("cell.conf:4: warning: cell.unprotected_dma: has no effect on this board, whose IOMMUs "
            "confine nic, net, aux; without" in done.stderr) == confined, done.stderr
    shown = json.loads(tool("config", "show", "--json", *files, cwd=tmp_path).stdout)["cells"][0]
    assert shown["unprotected_dma"] != confined
    assert shown["dma_reaches"] == ("own memory" if confined else "own memory, any interrupt")
    text = tool("config", "show", *files, cwd=tmp_path).stdout
    assert ("they are NOT kept from forging interrupts" in text) != confined
    assert "NOT confined to the cell's memory" not in text


@pytest.mark.parametrize("kind, remaps, interrupts, reaches, words", (
    (None, "", "may be forged", "any memory, any interrupt", "DMA is NOT confined"),
    ("vt-d", "remaps = true;", "remapped, may be forged", "own memory, any interrupt",
     "are NOT kept from forging interrupts"),
    ("vt-d", "", "may be forged", "own memory, any interrupt", "are NOT kept from forging"),
    ("vt-d", "remaps = true; linux_remaps = true;", "remapped", "own memory",
     "their DMA is confined to the cell's memory, and their interrupts to the cell"),
    ("amd-vi", "remaps = true;", "remapped", "own memory", "their DMA is confined to"),
    ("amd-vi", "", "own", "own memory", "their DMA is confined to")))
def test_what_stands_before_a_device_is_shown(kind, remaps, interrupts, reaches, words, tmp_path):
    """Of each device of the board and of the cell: which unit, and what that keeps it from."""
    board = BOARD.replace("\n\tconsole =", IOMMUS % (kind, remaps), 1) if kind else BOARD
    files = write(tmp_path, board)
    text = tool("config", "show", *files, cwd=tmp_path).stdout
    unit = "unit" if kind else "none"
    memory = "own memory" if kind else "any memory"
    assert re.search(r"^DEVICE .* GROUP +IOMMU +DMA TO +INTERRUPTS +BARS$", text, re.MULTILINE)
    assert re.search(rf"^net .* slot +{unit} +{memory} +{interrupts} +0: 0xfeb80000", text,
                     re.MULTILINE), text
    (line,) = re.findall("^PCI: .*", text, re.MULTILINE)
    assert f"nic (0000:00:03.0) behind {unit if kind else 'no IOMMU'}, net (" in line
    assert words in line
    shown = json.loads(tool("config", "show", "--json", *files, cwd=tmp_path).stdout)
    for device in shown["pci"] + shown["cells"][0]["pci"]:
        assert device.get("iommu") == ("unit" if kind else None)
        assert device["dma_reaches"] == reaches
        assert device["interrupts_remapped"] == ("remapped" in interrupts)
    # Nothing is said of a cell that has none.
    cell = CELL.replace("\tunprotected_dma = true;\n", "") \
        .replace('\tpci = ( "nic", "0000:01:00.0", "aux" );\n', "")
    text = tool("config", "show", *write(tmp_path, board, cell), cwd=tmp_path).stdout
    assert "PCI: " not in text and "their DMA" not in text and "cell rt0: CPUs 3" in text


def test_devices_become_regions(tmp_path):
    """Root's memory falls into pieces around what devices have; the cell has the same."""
    files = write(tmp_path)
    shown = json.loads(tool("config", "map", "--json", *files, cwd=tmp_path).stdout)
    root = {part["name"]: part for part in shown["root"]["mappings"]}
    assert [name for name, part in root.items() if not part["present"]] == \
        ["nic.bar0", "net.bar0", "net.bar3", "net.bar3.rest"]
    assert (root["pci"]["first"], root["pci"]["size"]) == ("0xc0000000", 0x3eb80000)
    rest = sorted((int(part["first"], 16), part["size"]) for name, part in root.items()
                  if name.startswith("pci+"))
    assert rest == [(0xfeba5000, 0x1b000), (0xfebe0000, 0x20000)]
    cell = {part["name"]: part for part in shown["cells"][0]["mappings"]}
    assert {name for name in cell if "." in name} == \
        {"nic.bar0", "net.bar0", "net.bar3", "net.bar3.rest"}
    assert (cell["net.bar3.rest"]["first"], cell["net.bar3.rest"]["size"]) == ("0xfeba2000", 0x2000)
    text = tool("config", "map", *files, cwd=tmp_path).stdout
    assert re.search(r"net.bar3.table +0xfeba1000 .*not mapped: MSI-X table", text)
    assert re.search(r"aux.bar0 +0xfeba4100 .*not mapped: less than a page", text)


def test_devices_are_shown(tmp_path):
    """Owners, pins, groups; ports that root has lent are the cell's."""
    files = write(tmp_path)
    shown = json.loads(tool("config", "show", "--json", *files, cwd=tmp_path).stdout)
    assert [(device["name"], device["address"], device["id"], device["owner"])
            for device in shown["pci"]] == [("nic", "0000:00:03.0", "8086:100e", "rt0"),
                                            ("net", "0000:01:00.0", "8086:10d3", "rt0"),
                                            ("aux", "0000:01:00.1", "8086:10d3", "rt0")]
    assert shown["pci"][0]["bars"] == [
        {"index": 0, "kind": "memory", "at": "0xfebc0000", "size": 0x20000},
        {"index": 1, "kind": "ports", "at": "0xc000", "size": 64}]
    ports = {part["first"]: part["owner"] for part in shown["ports"]}
    assert (ports["0xc000"], ports["0xc040"]) == ("rt0", "root")
    cell = shown["cells"][0]
    assert [irq["pin"] for irq in cell["irqs"]] == ["ioapic:8", "second:3", "ioapic:11",
                                                    "ioapic:10"]
    assert [irq["gsi"] for irq in cell["irqs"]] == [8, 27, 11, 10]
    assert cell["unprotected_dma"] is True
    assert cell["dma_reaches"] == "any memory, any interrupt"
    assert [region["dma"] for region in cell["memory"][:3]] == [True, False, False]
    alone = json.loads(tool("config", "show", "--json", files[0], cwd=tmp_path).stdout)
    assert {device["owner"] for device in alone["pci"]} == {"root"}
    text = tool("config", "show", *files, cwd=tmp_path).stdout
    assert "their DMA is NOT confined to the cell's memory" in text
    assert re.search(r"net +0000:01:00.0 +8086:10d3 +rt0 +ioapic:10 +5 +slot", text)


def test_devices_in_the_blob(tmp_path):
    """Read by the layout in include/bulkhead/config.h."""
    files = write(tmp_path)
    assert tool("config", "compile", "-o", "blob", files[0], cwd=tmp_path).returncode == 0
    blob = (tmp_path / "blob").read_bytes()
    at = blob.index(b"nic".ljust(32, b"\0"))
    assert struct.unpack_from("<I2H6I", blob, at + 64) == \
        (0x18, 0x8086, 0x100e, 11, 0, 0, 0, 1, 0)
    assert struct.unpack_from("<2Q2I", blob, at + 96) == (0xfebc0000, 0x20000, 1, 0)
    assert struct.unpack_from("<2Q2I", blob, at + 120) == (0xc000, 64, 2, 0)
    assert struct.unpack_from("<I2H6I", blob, at + 240 + 64) == \
        (0x100, 0x8086, 0x10d3, 10, 5, 3, 0x1000, 0, 0)
    assert struct.unpack_from("<I2H4I", blob, at + 2 * 240 + 64)[3] == 0xffffffff
    assert tool("config", "compile", "-o", "blob", *files, cwd=tmp_path).returncode == 0
    blob = (tmp_path / "blob").read_bytes()
    assert struct.unpack("<14I", blob[-56:]) == (0x18, 0, 0x100, 0, 0x101, 0,
                                                 8, 0, 27, 0, 11, 0, 10, 0)
