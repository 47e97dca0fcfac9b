# SPDX-License-Identifier: GPL-2.0-only
"""Board and cell files with devices, for tests of `bulkhead config` on the host; complaints of
them, and what makes a proposal of `config create` a board's.
"""

import re

BOARD = """\
board = {
	name = "test";
	physical_bits = 40;
	cpus = "0-3";
	hypervisor = { phys = 0x38000000; size = "8M"; };
	cell_memory = ( { phys = 0x38800000; size = "24M"; } );
	console = { type = "8250-port"; port = 0x2f8; };
	ioapics = ( { name = "ioapic"; at = 0xfec00000; pins = 24; },
		{ name = "second"; at = 0xfec01000; first = 24; pins = 8; } );
	pci = {
		mmconfig = { at = 0xb0000000; buses = "0-255"; };
		devices = (
  { name = "nic"; address = "0000:00:03.0"; id = "8086:100e"; pin = 11;
    bars = ( { index = 0; at = 0xfebc0000; size = "128K"; },
             { index = 1; ports = "0xc000-0xc03f"; } ); without_reset = true; },
  { name = "net"; address = "01:00.0"; id = "8086:10d3"; pin = 10; group = "slot";
    bars = ( { index = 0; at = 0xfeb80000; size = "128K"; },
             { index = 3; at = 0xfeba0000; size = "16K"; } );
    msix = { bar = 3; offset = 0x1000; entries = 5; }; },
  { name = "aux"; address = "01:00.1"; id = "8086:10d3"; group = "slot";
    bars = ( { index = 0; at = 0xfeba4100; size = 256; } ); }
		);
	};
};
root = {
	memory = (
  { name = "main"; phys = 0x0; size = "896M"; access = "rwx"; kind = "ram"; },
  { name = "pci"; phys = 0xc0000000; size = "1004M"; access = "rw"; kind = "device"; }
	);
	ports = ( "0x3f8-0x3ff", "0xcf8-0xcff", "0xc000-0xc0ff" );
};
"""

CELL = """\
cell = {
	name = "rt0";
	cpus = "3";
	unprotected_dma = true;
	pci = ( "nic", "0000:01:00.0", "aux" );
	irqs = ( "ioapic:8", "second:3" );
	memory = (
  { name = "ram"; phys = 0x38800000; at = 0x0; size = "2M"; access = "rwx"; loadable = true; },
  { name = "more"; phys = 0x38a00000; at = 0x200000; size = "2M"; access = "rw"; dma = false; }
	);
};
"""

# A base address that is not there, as Linux shows it.
NONE = "0x0000000000000000 0x0000000000000000 0x0000000000000000\n"


def write(folder, board=BOARD, cell=CELL):
    """Both files; their names."""
    (folder / "board.conf").write_text(board)
    (folder / "cell.conf").write_text(cell)
    return ["board.conf", "cell.conf"]


def expect(done, name, expected):
    """All complaints, and no others."""
    complaints = [line for line in done.stderr.splitlines()
                  if not re.search(r": warning: |: \d+ complaints?$", line)]
    assert done.returncode == 1
    assert len(complaints) == len(expected) > 0, done.stderr
    for complaint, (line, words) in zip(complaints, expected):
        assert complaint.startswith(f"{name}:{line}: "), done.stderr
        assert words in complaint, done.stderr


def put(folder, **files):
    """A folder of sysfs."""
    folder.mkdir(parents=True)
    for name, content in files.items():
        (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())


def switched(text):
    """What is proposed without its comment signs; and a sign before each line that says so."""
    start = text.index("# ioapics = (")
    body, tail = text[start:].split("\n};\n", 1)
    tail, count = re.subn(r"(where the board has `(?:ioapics|pci.mmconfig)`: take this line out "
                          r"then.\n)\t", r"\1\t#", tail)
    assert count == len(re.findall(r"# +(?:\{ name = \"ioapic|mmconfig = )", body)) > 0, text
    return text[:start] + re.sub(r"(?m)^(\t?)# ", r"\1", body) + "\n};\n" + tail
