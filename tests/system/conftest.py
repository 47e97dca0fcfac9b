# SPDX-License-Identifier: GPL-2.0-only
"""Gives system tests the machine they ask for.

    @pytest.mark.machine(*machines.HYPERVISOR, modules=[...], files={...}, cmdline="...")
    def test_something(machine): ...

A test runs once on each kind; those that lack what it `needs` (machines.py) skip it. Tests of one
file that ask for the same machine share one boot, in the order they stand in the file, on one
worker; so do those of several files that give the same `share`. `alone=True` gives a test its own.
A failed test takes its machine with it, and the next one gets a fresh boot. What the kernel log
shows of an oops fails the test, unless it is marked `oops`. Consoles: build/.../lab/TEST/.
"""

import collections
import functools
import hashlib
import re
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lab"))

# What these assert is told as what a test asserts is: with the values, if it does not hold.
pytest.register_assert_rewrite("cards", "cells", "config_pci", "config_tool", "guest", "inmates",
                               "iommu", "manners", "pci", "tables")

import bare  # noqa: E402
import guest  # noqa: E402
import machines  # noqa: E402
from built import build_dir  # noqa: E402
from machine import Machine  # noqa: E402


def pytest_addoption(parser):
    """Options of the lab."""
    parser.addoption("--machine", action="append", choices=list(machines.KINDS),
                     help="only tests on this kind of machine (may be given more than once)")
    parser.addoption("--brief", action="store_true",
                     help="what runs on all machines with SVM on one of them, nothing in full")


def pytest_configure(config):
    """The lab's marks, and how much is done."""
    if config.getoption("--brief"):
        machines.be_brief()
    config.addinivalue_line("markers", "machine(kind, ..., modules, files, cmdline, kernel, cpus, "
                            "model, triple_fault_resets, rom, card, line, monitor, devices, "
                            "properties, traces, linux_iommu, alone, share, needs): one")
    config.addinivalue_line("markers", "oops: the kernel log may show an oops or a warning")


def pytest_generate_tests(metafunc):
    """One test for each kind of machine that it names."""
    if "machine" in metafunc.fixturenames:
        mark = metafunc.definition.get_closest_marker("machine")
        assert mark and mark.args, f"{metafunc.definition.nodeid} names no kind of machine"
        kinds = mark.args
        if metafunc.config.getoption("--brief"):
            # Tests that share a machine are together.
            name = mark.kwargs.get("share", metafunc.definition.path.stem)
            kinds = machines.in_brief(kinds, name)
        metafunc.parametrize("machine", kinds, indirect=True)


def kind_of(item):
    """The kind of machine that a test was generated for; None for a test without one."""
    callspec = getattr(item, "callspec", None)
    return callspec.params.get("machine") if callspec else None


def setup_of(item):
    """The machine that a test asks for, and the name of those who share it."""
    wanted = dict(item.get_closest_marker("machine").kwargs)
    alone = wanted.pop("alone", False)
    wanted.pop("needs", None)
    share = wanted.pop("share", item.path.stem)
    setup = machines.setup(kind_of(item), **wanted)
    sharing = item.originalname + repr(item.callspec.id) if alone else ""
    digest = hashlib.sha256(f"{setup}{sharing}".encode()).hexdigest()[:8]
    return setup, f"{share}-{setup.kind}-{digest}"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config, items):
    """Keep those that share a machine together, for pytest-xdist as well.

    It gives groups to workers in this order, so what takes longest comes first, and what needs no
    machine last: Bochs is slower than QEMU, and many tests take longer than few.
    """
    chosen = config.getoption("--machine")
    left_out = [item for item in items if chosen and kind_of(item) not in chosen]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]
    sizes = collections.Counter()
    for item in items:
        if kind_of(item):
            item.lab_setup, item.lab_group = setup_of(item)
            item.add_marker(pytest.mark.xdist_group(item.lab_group))
            sizes[item.lab_group] += 1

    def place(item):
        if not kind_of(item):
            return (2,)
        is_fast = machines.KINDS[item.lab_setup.kind].emulator != "bochs"
        return is_fast, -sizes[item.lab_group], item.lab_group

    items.sort(key=place)


class Pool:
    """The one machine that a worker keeps running, for tests that want the same."""

    def __init__(self):
        self.group = None
        self.machine = None

    def get(self, setup, group, directory):
        """The running machine of a group, or a newly started one; and whether it is new."""
        if self.machine and self.group == group and self.machine.alive:
            return self.machine, False
        self.drop()
        self.group, self.machine = group, Machine(setup, directory)
        return self.machine, True

    def drop(self):
        """Stop the machine."""
        if self.machine:
            self.machine.close()
            self.machine = None


@pytest.fixture(scope="session", name="pool")
def fixture_pool():
    """The worker's machines; the last one is stopped at the end."""
    pool = Pool()
    yield pool
    pool.drop()


@pytest.fixture(name="machine")
def fixture_machine(request, pool):
    """A booted machine as the test's mark describes it."""
    item = request.node
    words = item.get_closest_marker("machine").kwargs
    missing = machines.kind_missing(item.lab_setup.kind, words.get("needs", ()))
    if missing:
        pytest.skip(f"{item.lab_setup.kind}: {missing}")
    lab = build_dir() / "lab"
    machine, new = pool.get(item.lab_setup, item.lab_group, lab / item.lab_group)
    since = None if new else machine.mark()
    item.lab_failed = True
    try:
        if new:
            machine.start()
        yield machine
    finally:
        name = re.sub(r"[^\w.-]+", "-", f"{item.path.stem}.{item.name.split('@')[0]}").strip("-")
        machine.keep(lab / name, since)
        oopses = machine.oopses()
        # A reset leaves the clocks of Bochs's processors apart, which Linux then stumbles over.
        is_off = machine.was_reset and machine.setup.machine.emulator == "bochs"
        if item.lab_failed or oopses or is_off:
            pool.drop()
    if oopses and not item.get_closest_marker("oops"):
        pytest.fail("the kernel log shows:\n" + "\n".join(oopses) + "\n" + machine.tail(),
                    pytrace=False)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    """Remember whether the test itself failed: its machine is not used again then."""
    yield
    if call.when == "call":
        item.lab_failed = call.excinfo is not None


@pytest.fixture(name="root")
def fixture_root(machine):
    """An enabled machine, fresh for each test: faults are counted from 0."""
    guest.enable(machine)
    yield machine
    guest.disable(machine)
    guest.undisturbed(machine)


@pytest.fixture(name="enabled")
def fixture_enabled(machine):
    """An enabled machine; no cell is left, and Linux has all its CPUs at the end."""
    guest.enable(machine)
    yield machine
    machine.check("bulkhead disable --force", timeout=120)
    guest.undisturbed(machine)


@pytest.fixture(name="run")
def fixture_run(request):
    """Runs a program on a bare machine; what it printed, and its status."""
    name = re.sub(r"[^\w.-]+", "-", f"{request.node.path.stem}.{request.node.name}").strip("-")
    return functools.partial(bare.run, directory=build_dir() / "lab" / name)
