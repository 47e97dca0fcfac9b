# SPDX-License-Identifier: GPL-2.0-only
"""Where the build puts what is tested, and where a machine of the lab has it.

The places in the machine are those of `make install`, but for the driver, which tests load by
themselves with insmod.
"""

import os
from pathlib import Path

from initramfs import fetch

TOP = Path(__file__).resolve().parents[2]

TOOL = "/usr/sbin/bulkhead"
IMAGE = "/lib/firmware/bulkhead.bin"
DRIVER = "/lib/modules/bulkhead.ko"
BOARDS = "/etc/bulkhead/boards"
BOARD = BOARDS + "/{}/board.conf"
DEMO = "/usr/lib/bulkhead/demos/{}.elf"


def build_dir():
    """The build under test: what tests/run named, else that of a plain make."""
    return TOP / os.environ.get("BULKHEAD_BUILD", "build")


def bulkhead_files(kernel="cloud", board="{board}"):
    """The files of a setup that has Bulkhead installed: guest path to host path.

    The board is that of the machine's kind, unless another is named: see machines.setup.
    """
    build = build_dir()
    return {
        TOOL: str(build / "tools/bulkhead"),
        IMAGE: str(build / "hypervisor/bulkhead.bin"),
        DRIVER: str(build / "driver" / fetch("release", kernel) / "bulkhead.ko"),
        BOARD.format(board): str(TOP / "configs/boards" / board / "board.conf"),
    }


def installed_files(kernel, board):
    """The same with the board's cell files and the demos, as far as these are built."""
    cells = {f"{BOARDS}/{board}/{file.name}": str(file)
             for file in (TOP / "configs/boards" / board).glob("*.conf")}
    demos = {DEMO.format(program.stem): str(program)
             for program in (build_dir() / "inmates/demos").glob("*.elf")}
    return {**bulkhead_files(kernel, board), **cells, **demos}
