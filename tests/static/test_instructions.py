# SPDX-License-Identifier: GPL-2.0-only
"""Instructions that have to be there, and what they do no emulator shows."""

import re

from tree import BUILD, TOP, make, run


def disassembly(name):
    """An object's code with what it calls by name."""
    make("hypervisor")
    done = run("objdump", "-dr", "--no-show-raw-insn", TOP / BUILD / f"hypervisor/{name}.o")
    assert done.returncode == 0, done.stdout
    return done.stdout


def instructions(text):
    """All that an object consists of, in their order."""
    found = re.findall(r"^ *[0-9a-f]+:\t(\w+)", text, re.MULTILINE)
    assert "ret" in found
    return found


def needed(text):
    """Names of others' that it calls or uses."""
    return set(re.findall(r"\bR_X86_64_\w+\t(\w+)", text))


def test_zeros_of_a_scrub_are_in_memory():
    """Not in a cache, into which a device need not look."""
    text = disassembly("core/cell_scrub")
    code = instructions(text)
    assert code.count("movnti") == 8 and "sfence" in code[code.index("movnti"):]
    assert "rep" not in code
    assert "region_is_shared_with" in needed(text) and "memset" not in needed(text)


def test_x87_pointers_are_cleared_before_the_rest():
    """Some processors keep them when the state is restored."""
    code = instructions(disassembly("x86/owner"))
    assert code.index("fninit") < min(code.index("fxrstor64"), code.index("xrstor64"))
