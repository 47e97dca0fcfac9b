# SPDX-License-Identifier: GPL-2.0-only
"""Cell files: what is refused with which words, and what good ones become; on the host."""

import json
import re
import struct
import zlib
from pathlib import Path

import pytest
from built import TOP
from config_cells import BOARD, CELL, OTHER
from config_cells_rules import BAD, OF_BOARD, OF_OTHER
from config_tool import tool

BOCHS = TOP / "configs/boards/bochs"


def write(folder, **changes):
    """The three good files with changes; their names in the order in which they are given."""
    texts = {OF_BOARD: BOARD, OF_OTHER: OTHER, "cell.conf": CELL}
    for name, text in texts.items():
        (folder / name).write_text(changes.get(name.removesuffix(".conf"), text))
    return list(texts)


@pytest.mark.parametrize("case", BAD)
def test_bad_cell_refused(case, tmp_path):
    """Every complaint has file, line and words, and there is no other."""
    old, new, expected, *place = BAD[case]
    name = place[0] if place else "cell.conf"
    good = {OF_BOARD: BOARD, OF_OTHER: OTHER, "cell.conf": CELL}[name]
    assert old in good
    files = write(tmp_path, **{name.removesuffix(".conf"): good.replace(old, new, 1)})
    done = tool("config", "check", *files, cwd=tmp_path)
    complaints = [line for line in done.stderr.splitlines()
                  if not re.search(r": warning: |: \d+ complaints?$", line)]
    assert done.returncode == 1 and done.stdout == ""
    assert len(complaints) == len(expected) > 0, done.stderr
    for complaint, (*where, line, words) in zip(complaints, expected):
        start = (where[0] if where else "cell.conf") + (f":{line}: " if line else ": ")
        assert complaint.startswith(start), done.stderr
        assert words in complaint, done.stderr


def test_enough_bad_cells():
    """The table is not lost by accident, and no case hides another of its name."""
    assert len(BAD) >= 200


# What is replaced in the good cell; nothing is to be said against it then.
GOOD_CHANGES = {
    "as-it-is": ("", ""),
    "report": ('"stop"', '"report"'),
    "unlocked": ("locked = true", "locked = false"),
    "no-defaults": ('\ton_fault = "stop";\n\tlocked = true;\n\tstart = "entry";', ""),
    "no-entry": ("\tentry = 0x10000;", ""),
    "reset": ('start = "entry";\n\tentry = 0x10000;', 'start = "reset-vector";'),
    "log": ('{ type = "8250-port"; port = 0x3e8; baud = 115200; }', '"log"'),
    "no-console": ('\tconsole = { type = "8250-port"; port = 0x3e8; baud = 115200; };', ""),
    "console-none": ('{ type = "8250-port"; port = 0x3e8; baud = 115200; }', '{ type = "none"; }'),
    "console-mmio": ('{ type = "8250-port"; port = 0x3e8; baud = 115200; }',
                     '{ type = "8250-mmio"; address = 0xfed40010; }'),
    "baud": ("115200", "14400"),
    "no-msrs": ('\tmsrs = ( "0xc90-0xc9f", 0x1a4 );', ""),
    "empty-ports": ('0x300 );\n\tmsrs = ( "0xc90-0xc9f", 0x1a4 );', "0x300 ); msrs = ( );"),
    "no-at": ("at = 0x400000; ", ""),
    "decimal": ('"2M"', "2097152"),
    "ram-said": ('"rwx"; loadable', '"rwx"; kind = "ram"; loadable'),
    "read-only-share": ('at = 0x600000; size = "64K"; access = "rw"',
                        'at = 0x600000; size = "64K"; access = "r"'),
    "above-4g": ("at = 0x400000", "at = 0x8000000000"),
    "other-core": ('"2,6"', '"1,5"'),
    "two-cores": ('"2,6"', '"1,2,5,6"'),
}


@pytest.mark.parametrize("case", GOOD_CHANGES)
def test_good_cell_taken(case, tmp_path):
    """Nothing to say against it, and it can be shown, mapped and compiled with its board."""
    old, new = GOOD_CHANGES[case]
    assert old in CELL
    files = write(tmp_path, cell=CELL.replace(old, new, 1))
    for command in (["check"], ["show"], ["show", "--json"], ["map"], ["map", "--json"],
                    ["compile", "-o", "blob"]):
        done = tool("config", *command, *files, cwd=tmp_path)
        assert (done.returncode, done.stderr) == (0, ""), command
        if "--json" in command:
            assert json.loads(done.stdout)


def test_blob_says_what_the_cell_file_says(tmp_path):
    """Header, check sum and values, read here by the layout in include/bulkhead/config.h."""
    assert tool("config", "compile", "-o", "blob", *write(tmp_path), cwd=tmp_path).returncode == 0
    blob = (tmp_path / "blob").read_bytes()
    magic, version, size, crc, reserved = struct.unpack_from("<8s4I", blob)
    assert (magic, version, size, reserved) == (b"BULKCELL", 5, len(blob), 0)
    assert crc == zlib.crc32(blob[:16] + bytes(4) + blob[20:])
    cell = struct.unpack_from("<32s4Q2IQ IIQII 6I", blob, 24)
    assert cell[0] == b"rt0".ljust(32, b"\0")
    # CPUs 2 and 6; stop; locked and with an entry; the entry; a UART at ports; counts.
    assert cell[1:8] == (0x44, 0, 0, 0, 1, 1 | 4, 0x10000)
    assert cell[8:] == (1, 1, 0x3e8, 1, 0, 7, 2, 2, 0, 0, 0)
    at = 24 + struct.calcsize("<32s4Q2IQ IIQII 6I")
    regions = [struct.unpack_from("<32s3Q4I", blob, at + 72 * n) for n in range(7)]
    assert [region[0].rstrip(b"\0").decode() for region in regions] == \
        ["ram", "data", "ring", "mail", "timer", "regs", "comm"]
    # phys, at, size, access (1 r, 2 w, 4 x), kind (1 device, 2 comm), flags (1 shared, 2 loadable,
    # 8 for DMA, 64 the board's HPET)
    assert [region[1:] for region in regions] == [
        (0x38800000, 0, 0x200000, 7, 0, 2 | 8, 0),
        (0x38a00000, 0x400000, 0x10000, 3, 0, 8, 0),
        (0x3bf00000, 0x600000, 0x10000, 3, 0, 1, 0),
        (0x3be00000, 0x500000, 0x2000, 3, 0, 1, 0),
        (0xfed00000, 0xfed00000, 0x1000, 3, 1, 64, 0),
        (0xfed40010, 0xfed40010, 16, 3, 1, 0, 0),
        (0, 0xfef00000, 0x1000, 3, 2, 0, 0),
    ]
    at += 7 * 72
    assert struct.unpack_from("<8H", blob, at) == (0x3e8, 0x3ef, 0, 0, 0x300, 0x300, 0, 0)
    assert struct.unpack_from("<4I", blob, at + 16) == (0xc90, 0xc9f, 0x1a4, 0x1a4)
    assert len(blob) == at + 32


def test_words_and_flags_in_the_blob(tmp_path):
    """Policies, the log as console, the reset vector."""
    text = CELL.replace('"stop"', '"report"').replace("locked = true", "locked = false") \
        .replace('start = "entry";\n\tentry = 0x10000;', 'start = "reset-vector";') \
        .replace('{ type = "8250-port"; port = 0x3e8; baud = 115200; }', '"log"')
    files = write(tmp_path, cell=text)
    assert tool("config", "compile", "-o", "blob", *files, cwd=tmp_path).returncode == 0
    cell = struct.unpack_from("<32s4Q2IQ IIQII 6I", (tmp_path / "blob").read_bytes(), 24)
    assert cell[5:13] == (0, 2 | 8, 0, 0, 0, 0, 0, 0)


def test_defaults_in_the_blob(tmp_path):
    """What is left out: a cell stops at a fault, is not locked, sees RAM where it is."""
    files = write(tmp_path, cell="""cell = { name = "x"; cpus = "2,6";
        memory = ( { name = "ram"; phys = 0x38800000; size = 4096; access = "rwx"; } ); };""")
    assert tool("config", "compile", "-o", "blob", *files, cwd=tmp_path).returncode == 0
    blob = (tmp_path / "blob").read_bytes()
    assert struct.unpack_from("<32s4Q2IQ IIQII 6I", blob, 24)[5:] == \
        (1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0)
    assert struct.unpack_from("<32s3Q4I", blob, len(blob) - 72)[1:] == \
        (0x38800000, 0x38800000, 4096, 7, 0, 8, 0)


def test_memory_set_aside_is_told_where_it_is_missed(tmp_path):
    """What was asked and what there is, for a cell's RAM and for what root shares."""
    board, other, cell = write(tmp_path, cell=CELL.replace("0x38a00000", "0x3a800000"))
    done = tool("config", "check", board, other, cell, cwd=tmp_path)
    assert ("cell.conf:11: cell.memory[1] \"data\": 0x3a800000-0x3a80ffff is not inside "
            "board.cell_memory, where cells' RAM comes from: that is 0x38800000-0x39ffffff, "
            "0x3b000000-0x3bffffff\n") in done.stderr
    start, end = BOARD.index("\tcell_memory"), BOARD.index("\tconsole")
    write(tmp_path, board=BOARD[:start] + BOARD[end:])
    done = tool("config", "check", board, cwd=tmp_path)
    assert "where shared memory comes from: the board has none\n" in done.stderr


@pytest.mark.parametrize("bits", [49, 52])
def test_addresses_end_where_the_tables_do(bits, tmp_path):
    """A board may be as wide as tables of four levels are, and no wider."""
    files = write(tmp_path, board=BOARD.replace("40;", f"{bits};"))
    done = tool("config", "check", *files, cwd=tmp_path)
    assert done.returncode == 1
    assert f"board.conf:3: board.physical_bits: {bits} bits are more than the 48" in done.stderr
    beyond = 'phys = 0x1000000000000; size = "1M"'
    for where, status in ((beyond, 1), ('phys = 0xfffffff00000; size = "1M"', 0)):
        write(tmp_path, board=BOARD.replace("40;", "48;").replace(
            'phys = 0xf0000000; size = "1M"', where))
        done = tool("config", "check", *files, cwd=tmp_path)
        assert done.returncode == status, done.stderr
        assert ("with 48 physical bits 0xffffffffffff is the last" in done.stderr) == status


def test_a_cell_has_one_console(tmp_path):
    """A log and a UART at once cannot be said: the file would have two settings of one name."""
    line = '\tconsole = "log";\n'
    files = write(tmp_path, cell=CELL.replace("\tconsole", f"{line}\tconsole", 1))
    done = tool("config", "check", *files, cwd=tmp_path)
    assert done.returncode == 1 and "cell.conf:9: duplicate setting name" in done.stderr


def test_order_of_cells_does_not_matter(tmp_path):
    """Two cells go together whichever comes first; a clash is told in the later one."""
    board, other, cell = write(tmp_path, cell=CELL.replace('"2,6"', '"3"'))
    for first, second, line in ((other, cell, 3), (cell, other, 3)):
        done = tool("config", "check", board, first, second, cwd=tmp_path)
        assert done.returncode == 1
        assert f"{second}:{line}: cell.cpus: has a CPU of cell " in done.stderr
        assert f" cell.cpus ({first}:3) (3)\n" in done.stderr


def test_boards_in_turn_with_their_cells(tmp_path):
    """Each board is judged with the cells that follow it."""
    board, other, cell = write(tmp_path)
    done = tool("config", "check", board, cell, board, cell, other, board, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert [line.split(":")[0] for line in done.stdout.splitlines()] == \
        [board, cell, board, cell, other, board]


@pytest.mark.parametrize("action", ["check", "show", "map"])
def test_cell_needs_its_board(action, tmp_path):
    """A cell file alone is wrong usage."""
    write(tmp_path)
    done = tool("config", action, "cell.conf", cwd=tmp_path)
    assert done.returncode == 2 and done.stdout == ""
    assert "cell.conf is a cell file: name its board file before it" in done.stderr


def test_bad_board_leaves_cells_alone(tmp_path):
    """What is wrong with the board is told once; what a cell alone got wrong, too."""
    files = write(tmp_path, board=BOARD.replace("40;", "90;"), cell=CELL.replace('"2,6"', '"2,"'))
    done = tool("config", "check", *files, cwd=tmp_path)
    assert done.returncode == 1
    assert re.findall(r"^(\w+\.conf:\d+): ", done.stderr, re.MULTILINE) == \
        ["board.conf:3", "cell.conf:3"]


def test_unreadable_cell(tmp_path):
    """A cell file that is not there is told with the others' complaints."""
    files = write(tmp_path, other=OTHER.replace("0x310", "0x3f8"))
    done = tool("config", "check", *files, "none.conf", cwd=tmp_path)
    assert done.returncode == 1
    assert "none.conf: cannot be opened: No such file or directory" in done.stderr
    assert "other.conf:10: " in done.stderr


def test_too_many_cells(tmp_path):
    """As many as the hypervisor has room for, root included."""
    write(tmp_path)
    done = tool("config", "check", OF_BOARD, *["cell.conf"] * 32, cwd=tmp_path)
    assert done.returncode == 1 and "at most 32 cells at a time, root included" in done.stderr


@pytest.mark.parametrize("cpus, warnings", [
    ("2,6", []),
    ("2", [(2, 6, ", which Linux keeps,")]),
    ("1,2,5", [(2, 6, ", which Linux keeps,")]),
    ("1,2", [(1, 5, ", which Linux keeps,"), (2, 6, ", which Linux keeps,")]),
    ("7", [(7, 3, ", of cell net1,")]),
])
def test_divided_core(cpus, warnings, tmp_path):
    """A core in two cells is a warning, and refuses nothing; once for two cells."""
    files = write(tmp_path, cell=CELL.replace('"2,6"', f'"{cpus}"'),
                  other=OTHER.replace('"3,7"', '"3"' if cpus == "7" else '"3,7"'))
    done = tool("config", "check", *files, cwd=tmp_path)
    assert done.returncode == 0
    told = [line for line in done.stderr.splitlines() if line.startswith("cell.conf:3: warning: ")]
    assert len(told) == len(warnings), done.stderr
    for line, (cpu, sibling, owner) in zip(told, warnings):
        assert f"cell.cpus: CPU {cpu} and CPU {sibling}{owner} are threads of one core" in line


@pytest.mark.parametrize("cores, line", [
    ('"0,8"', "board.siblings[0]: CPU 8 is none of board.cpus"),
    ('"0"', "board.siblings[0]: one thread has no sibling: leave it out"),
    ('"0,4", "4,5"', "board.siblings[1]: CPU 4 is in a core before as well"),
    ("4", "board.siblings[0]: is a number, must be CPUs of one core"),
])
def test_bad_siblings(cores, line, tmp_path):
    """Cores of the board file that make no sense."""
    board = BOARD.replace('"0,4", "1,5", "2,6", "3,7"', cores)
    write(tmp_path, board=board)
    done = tool("config", "check", OF_BOARD, cwd=tmp_path)
    assert done.returncode == 1 and f"board.conf:6: {line}" in done.stderr


def test_siblings_of_this_machine(tmp_path):
    """--live asks Linux, and not the board file."""
    lists = Path("/sys/devices/system/cpu").glob("cpu1/topology/thread_siblings_list")
    is_divided = any(not path.read_text().strip().isdigit() for path in lists)
    files = write(tmp_path, cell=CELL.replace('"2,6"', '"1"'))
    done = tool("config", "check", "--live", *files, cwd=tmp_path)
    assert done.returncode == 0
    # The board file has CPU 5 as the sibling of CPU 1.
    assert ("warning: cell.cpus: CPU 1 and CPU " in done.stderr) == is_divided
