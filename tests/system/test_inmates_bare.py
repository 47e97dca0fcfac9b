# SPDX-License-Identifier: GPL-2.0-only
"""The library for programs in cells, and the demos, on machines without a hypervisor.

What is true here can be compared with what a cell sees (test_inmates.py). QEMU's processor has an
xAPIC and no TSC deadline timer, Bochs's has x2APIC mode.
"""

import pytest
from initramfs import LabError
from patience import patient

import inmates

EMULATORS = ("qemu", "bochs")


@pytest.mark.parametrize("emulator", EMULATORS)
def test_hello(run, emulator):
    text, status = run(emulator, inmates.demo("hello"), "two words")
    inmates.says_hello(text, "a bare machine", ["two", "words"])
    assert status == 0


@pytest.mark.parametrize("emulator", EMULATORS)
def test_promises_of_the_library(run, emulator):
    text, status = run(emulator, inmates.library(), cpus=3)
    kept = inmates.promises(text)
    assert status == 0 and "CPUs: 3" in text
    assert ("a periodic timer does not drift" in kept) == (emulator == "bochs")
    assert "a CPU knows its number" in kept


@pytest.mark.parametrize("how, status", (("abort", 128 + 6), ("exception", 128 + 14), ("exit", 77)))
def test_ways_to_end(run, how, status):
    text, said = run("qemu", inmates.library(), how)
    assert said == status
    assert ("exception vector 000000000000000e" in text) == (how == "exception")
    assert ("cr2 0000000100000000" in text) == (how == "exception")


@pytest.mark.parametrize("emulator, mode", (("qemu", "xAPIC"), ("bochs", "x2APIC")))
def test_smp(run, emulator, mode):
    text, status = run(emulator, inmates.demo("smp"), "1000", cpus=4)
    inmates.says_smp(text, 4, 1000)
    assert f"4 CPUs, {mode} mode" in text and status == 0


def test_smp_alone(run):
    assert run("qemu", inmates.demo("smp"))[1] == 1


def test_timer(run):
    text, status = run("bochs", inmates.demo("timer"), "2000")
    inmates.says_ticks(text, 2000)
    assert status == 0


def test_timer_without_a_deadline(run):
    text, status = run("qemu", inmates.demo("timer"), "2000")
    assert "no TSC deadline timer" in text and status == 1


def test_heartbeat(run):
    assert run("qemu", inmates.demo("heartbeat"), "300")[1] == 0


def test_faults_lists_its_kinds(run):
    text, status = run("qemu", inmates.demo("faults"))
    assert "memory-write" in text and status == 2
    text, status = run("qemu", inmates.demo("faults"), "memory-rite")
    assert "memory-rite: no such kind" in text and status == 2


def test_a_program_that_says_nothing_is_given_up(run):
    with pytest.raises(LabError, match=f"within {patient(1)} s"):
        run("qemu", inmates.demo("heartbeat"), seconds=1)


def test_the_program_of_the_readme(run):
    text, status = run("bochs", inmates.readme("blink"))
    assert text.split("\n")[:2] == ["blinking in a bare machine", "blinked 50 times"]
    assert status == 0
