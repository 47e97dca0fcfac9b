# SPDX-License-Identifier: GPL-2.0-only
"""What tests/run says at its end: of what failed the gist first, as a log may be cut short."""

import importlib.machinery
import importlib.util

from tree import TOP

LOADER = importlib.machinery.SourceFileLoader("suites", str(TOP / "tests/run"))
suites = importlib.util.module_from_spec(importlib.util.spec_from_loader("suites", LOADER))
LOADER.exec_module(suites)

FUZZER = "".join([*(f"#{number}\tNEW cov: 298\n" for number in range(40)),
                  "0xfd: changed, and must not\n", "==8596== ERROR: libFuzzer: deadly signal\n",
                  *(f"    #{number} 0x5629e0b50e72 in main\n" for number in range(40))])
CMOCKA = "".join(["1..40\n", *(f"ok {number} - test_{number}\n" for number in range(20)),
                  "not ok 20 - test_20\n", "# 0x1 != 0x2\n",
                  *(f"ok {number} - test_{number}\n" for number in range(21, 40))])
PYTEST = "".join([*(f"    step({number})\n" for number in range(40)), ">   assert a == b\n",
                  "E   AssertionError: what it found\n",
                  *(f"E   [{number}.0] dmesg\n" for number in range(40)), "\n",
                  "tests/system/guest.py:212: AssertionError\n"])


def told(*failures):
    """The summary's lines after so many failures."""
    tally = suites.Tally()
    tally.reasons["nothing to run it on"] += 3
    for name, text in failures:
        tally.fail(name, text)
    return tally.summary().splitlines()


def test_what_failed_comes_first_with_the_gist():
    """And then why others were skipped, and how many."""
    lines = told(("fuzz_pci", FUZZER), ("test_b", CMOCKA), ("test_c", PYTEST))
    assert lines[:2] == ["== summary", "FAILED fuzz_pci"]
    assert lines[-2:] == ["skipped 3: nothing to run it on", "0 passed, 3 failed, 3 skipped"]
    at = {name: lines.index(f"FAILED {name}") for name in ("fuzz_pci", "test_b", "test_c")}
    assert lines[at["fuzz_pci"] + 1].strip() == "0xfd: changed, and must not"
    assert "    not ok 20 - test_20" in lines[at["test_b"]:at["test_c"]]
    assert "    # 0x1 != 0x2" in lines[at["test_b"]:at["test_c"]]
    assert [line.strip() for line in lines[at["test_c"] + 1:at["test_c"] + 3]] == [
        "tests/system/guest.py:212: AssertionError", "AssertionError: what it found"]


def test_many_failures_are_named_all():
    """Of the first ones the gist is told, and no line is long."""
    names = [f"test_{number}" for number in range(30)]
    lines = told(*((name, "E   " + "x" * 9000) for name in names))
    assert [line.split()[1] for line in lines if line.startswith("FAILED ")] == names
    assert max(map(len, lines)) < 200 and len(lines) < 80
