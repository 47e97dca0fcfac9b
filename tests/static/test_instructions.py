# SPDX-License-Identifier: GPL-2.0-only
"""Instructions that have to be there, and what they do no emulator shows."""

import re

from tree import BUILD, TOP, make, run


def instructions(name):
    """All that an object consists of, in their order."""
    make("hypervisor")
    done = run("objdump", "-d", "--no-show-raw-insn", TOP / BUILD / f"hypervisor/{name}.o")
    assert done.returncode == 0, done.stdout
    found = re.findall(r"^ *[0-9a-f]+:\t(\w+)", done.stdout, re.MULTILINE)
    assert "ret" in found
    return found


def test_zeros_of_a_scrub_are_in_memory():
    """Not in a cache, into which a device need not look."""
    code = instructions("core/cell_scrub")
    assert code.count("movnti") == 8 and "sfence" in code[code.index("movnti"):]
    assert "rep" not in code and "memset" not in code


def test_x87_pointers_are_cleared_before_the_rest():
    """Some processors keep them when the state is restored."""
    code = instructions("x86/owner")
    assert code.index("fninit") < min(code.index("fxrstor64"), code.index("xrstor64"))
