# SPDX-License-Identifier: GPL-2.0-only
"""Cell files: what is refused with which words, and what good ones become; on the host."""

import json
import re
import struct
import subprocess
import zlib

import pytest
from config_cells import BAD, BOARD, CELL, OF_BOARD, OF_OTHER, OTHER
from test_config import TOP, tool

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
