# SPDX-License-Identifier: GPL-2.0-only
"""`bulkhead config` on the host: run it on files, and have it make a board file of a machine."""

import json
import os
import subprocess

from built import TOP

TOOL = TOP / os.environ.get("BULKHEAD_BUILD", "build/test") / "tools/bulkhead"
BOCHS = "configs/boards/bochs/board.conf"
FOLDER = TOP / "configs/boards/bochs"
IOMEM = """\
00000000-00000fff : Reserved
00001000-0009fbff : System RAM
0009fc00-0009ffff : Reserved
000a0000-000bffff : PCI Bus 0000:00
000c0000-000c7fff : Video ROM
000f0000-000fffff : Reserved
  000f0000-000fffff : System ROM
00100000-37ffffff : System RAM
  01000000-01e00000 : Kernel code
38000000-3bffffff : Reserved
3c000000-3ffeffff : System RAM
3fff0000-3fffffff : ACPI Tables
c0000000-febfffff : PCI Bus 0000:00
  e0000000-e0ffffff : 0000:00:02.0
fec00000-fec003ff : IOAPIC 0
fed00000-fed003ff : HPET 0
fee00000-feefffff : Reserved
  fee00000-fee00fff : Local APIC
fffc0000-ffffffff : Reserved
"""
IOPORTS = """\
0000-0cf7 : PCI Bus 0000:00
  0000-001f : dma1
  0020-0021 : pic1
  03f8-03ff : serial
0cf8-0cff : PCI conf1
0d00-ffff : PCI Bus 0000:00
  c000-c00f : 0000:00:01.1
    c000-c00f : ata_piix
"""
CPU = """\
processor\t: {0}
vendor_id\t: GenuineIntel
model name\t: Bochs
physical id\t: 0
core id\t\t: {1}
address sizes\t: 40 bits physical, 48 bits virtual

"""


def tool(*arguments, cwd=TOP):
    """Run the tool; its status and what it printed."""
    return subprocess.run([TOOL, *map(str, arguments)], cwd=cwd, check=False, text=True,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          timeout=60)


def cell_file(name):
    """The cell's file."""
    return FOLDER / f"{name}.conf"


def shown(action, *cells, board=BOCHS, options=()):
    """What an action tells a program of the board and these cells."""
    done = tool("config", action, "--json", *options, board, *map(cell_file, cells))
    assert (done.returncode, done.stderr) == (0, "")
    return json.loads(done.stdout)


def created(folder, cmdline="quiet memmap=64M$0x38000000", iomem=IOMEM, cores=(0, 1, 0, 1),
            cpu=CPU):
    """What `config create` makes of such a machine."""
    for name, text in (("iomem", iomem), ("ioports", IOPORTS), ("cmdline", cmdline + "\n"),
                       ("cpuinfo", "".join(cpu.format(*row) for row in enumerate(cores)))):
        (folder / name).write_text(text)
    return tool("config", "create", "--proc", folder, "-o", folder / "board.conf")
