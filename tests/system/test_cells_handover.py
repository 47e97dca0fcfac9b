# SPDX-License-Identifier: GPL-2.0-only
"""Devices that change hands when something is in the way, and what a run leaves to the next one."""

import re

import cells
import guest
import inmates
import machines
import pci
import pytest
from iommu import entries, is_blocked
from pci import E1000, E1000E, EDU, RANDOM

WORDS = {"kernel": "amd64", "card": "e1000e", "modules": ("e1000e",),
         "files": {**guest.files(kernel="amd64"),
                   cells.program_file("attack"):
                       str(cells.build_dir() / "inmates/tests/attack.elf"),
                   "/usr/lib/bulkhead/demos/nic.elf": inmates.demo("nic")}}
BARE = pytest.mark.machine("qemu-svm", devices=("edu",), **WORDS)
MACHINE = pytest.mark.machine(*machines.IOMMU, **WORDS)
# An e1000 on conventional PCI, as the only one there, and a device behind a port of its own.
BEHIND = pytest.mark.machine("qemu-svm-vtd", **{
    **WORDS, "card": "", "modules": ("e1000",),
    "files": {**WORDS["files"], "/usr/bin/tables": guest.program("tables")},
    "devices": ("pcie-pci-bridge,id=old,addr=5", "e1000,bus=old,addr=1",
                "pcie-root-port,id=new,addr=6", "virtio-rng-pci,bus=new")})
BUSES = 3

# The CPU on which a test has things go wrong, and another one.
BAD, GOOD = "taskset 2 ", "taskset 1 "


def enabled(machine, *changes):
    """A machine with both devices on its board; the card's address. Changes are for `sed`."""
    if not hasattr(machine, "card"):
        machine.check("modprobe e1000e")
        machine.card = pci.function(machine, E1000E)
        guest.load(machine)
        pci.board(machine, {E1000E: "nic", EDU: "edu"})
    guest.enable(machine, pci.BOARD)
    if changes:
        guest.disable(machine)
        machine.check(f"sed {' '.join(changes)} {pci.BOARD} > /changed.conf")
        guest.enable(machine, "/changed.conf")
    return machine.card


@pytest.fixture(name="after", autouse=True)
def fixture_after(machine):
    """Each test ends with the hypervisor gone and Linux as it was."""
    yield
    guest.disable(machine)
    guest.undisturbed(machine)


def rests(machine):
    """A run ends with all messages on, by itself and by force: the next one finds none."""
    card = enabled(machine)
    cells.create(machine, "nic", pci.cell(machine, "nic", ("nic", "edu")))
    for words in ("noise", "silence", "noise", "noise", "silence"):
        cells.again(machine, "nic", "attack", words)
        assert cells.finished(machine, "nic", 120) == 0, machine.check(
            "bulkhead cell console nic | tail -n 20")
    assert not any(cells.show(machine, "nic")["faults_counted"].values())
    cells.destroy(machine, "nic")
    pci.linux_speaks(machine, card)


@BARE
def test_messages_do_not_outlive_a_run(machine):
    rests(machine)


@MACHINE
def test_remapped_messages_do_not_outlive_a_run(machine):
    rests(machine)


@MACHINE
def test_a_device_that_programs_drive_is_refused(machine):
    """Its driver might wait for them; nothing has changed then."""
    card = enabled(machine)
    path = pci.cell(machine, "nic", ("edu", "nic"))
    function = f"/sys/bus/pci/devices/{card}"
    machine.check(f"echo vfio-pci > {function}/driver_override; "
                  f"echo {card} > {function}/driver/unbind; "
                  f"echo {card} > /sys/bus/pci/drivers/vfio-pci/bind")
    cells.refused(machine, f"bulkhead cell create {path}",
                  f"device {card}: unbind its driver vfio-pci first, which may wait for programs")
    assert pci.driver(machine, card) == "vfio-pci"
    # Nor has the other one, which was taken before.
    assert pci.driver(machine, pci.function(machine, EDU)) == ""
    assert "nic" not in cells.listed(machine)
    machine.check(f"echo > {function}/driver_override; echo {card} > {function}/driver/unbind; "
                  f"echo {card} > /sys/bus/pci/drivers/e1000e/bind")
    cells.create(machine, "nic", path)
    cells.destroy(machine, "nic")
    pci.linux_speaks(machine, card)


DRIVERS = "/sys/bus/pci/drivers"
IDENTITY = E1000E.replace(":", " ")


def unusual(machine):
    """A machine whose card has the probe's driver, though Linux's own would take it; its address.

    The driver was told the card's identity, so no override says whose it is.
    """
    card = enabled(machine)
    machine.check(f"echo {card} > {DRIVERS}/e1000e/unbind; "
                  f"echo {IDENTITY} > {DRIVERS}/bh_probe/new_id")
    assert pci.driver(machine, card) == "bh_probe"
    return card


def usual(machine, card):
    """Undo that."""
    machine.check(f"echo {IDENTITY} > {DRIVERS}/bh_probe/remove_id; "
                  f"echo {card} > {DRIVERS}/bh_probe/unbind; "
                  f"echo {card} > {DRIVERS}/e1000e/bind")
    pci.linux_speaks(machine, card)


def override(machine, card):
    """The name of the one driver that a function is for."""
    return machine.check(f"cat /sys/bus/pci/devices/{card}/driver_override").strip()


@BARE
def test_a_device_goes_back_to_the_driver_that_had_it(machine):
    """Not to whichever Linux asks first; and also if it was removed meanwhile."""
    card = unusual(machine)
    path = pci.cell(machine, "nic", ("edu", "nic"))
    for command in "true", f"echo 1 > /sys/bus/pci/devices/{card}/remove":
        cells.create(machine, "nic", path)
        assert pci.driver(machine, card) == "bulkhead"
        machine.check(command)
        cells.destroy(machine, "nic")
        assert pci.driver(machine, card) == "bh_probe"
        assert override(machine, card) == "(null)"
    usual(machine, card)


def resources(machine, address):
    """What Linux holds for a function's base addresses: first, last and kind of each."""
    return [line.split() for line in machine.check(
        f"cat /sys/bus/pci/devices/{address}/resource").splitlines()]


@BARE
def test_devices_that_were_removed_together_come_back(machine):
    """Each where it was, though Linux finds both when it looks for one."""
    card = unusual(machine)
    both = card, pci.function(machine, EDU)
    before = [resources(machine, one) for one in both]
    cells.create(machine, "nic", pci.cell(machine, "nic", ("edu", "nic")))
    machine.check("".join(f"echo 1 > /sys/bus/pci/devices/{one}/remove; " for one in both))
    cells.destroy(machine, "nic")
    assert [resources(machine, one) for one in both] == before
    assert [pci.driver(machine, one) for one in both] == ["bh_probe", ""]
    assert not any(guest.status(machine)["faults_counted"].values())
    usual(machine, card)


@BARE
def test_a_device_whose_place_is_taken_is_nobodys(machine):
    """Linux would choose another place, which the hypervisor lets it not write."""
    enabled(machine)
    edu = pci.function(machine, EDU)
    (first, last, _), *_ = resources(machine, edu)
    cells.create(machine, "nic", pci.cell(machine, "nic", ("edu", "nic")))
    machine.check(f"echo 1 > /sys/bus/pci/devices/{edu}/remove")
    guest.probe(machine, f"claim {first} {int(last, 16) - int(first, 16) + 1:#x}")
    cells.refused(machine, "bulkhead cell destroy nic", f"cell nic is destroyed, but: device {edu} "
                  "was removed, and its addresses are not free any more")
    assert (pci.driver(machine, edu), override(machine, edu)) == ("", "bulkhead")
    assert not any(guest.status(machine)["faults_counted"].values())
    machine.reset("reboot -f")
    del machine.card
    enabled(machine)


@BARE
def test_a_device_that_does_not_go_back_does_not_keep_the_hypervisor(machine):
    """Before a reboot: the cell is gone, and nobody is left to whom it mattered."""
    unusual(machine)
    cells.create(machine, "nic", pci.cell(machine, "nic", ("edu", "nic")))
    machine.check("rmmod bh_probe")
    linux = guest.reboot(machine)
    assert "bulkhead: disabled" in linux and "not disabled before reboot" not in linux
    del machine.card
    enabled(machine)


@BARE
def test_a_device_whose_driver_is_gone_goes_to_another(machine):
    """But the destroy says so."""
    card = unusual(machine)
    cells.create(machine, "nic", pci.cell(machine, "nic", ("edu", "nic")))
    machine.check("rmmod bh_probe")
    cells.refused(machine, "bulkhead cell destroy nic",
                  f"cell nic is destroyed, but: driver bh_probe, which had device {card}, is gone: "
                  "another has it now")
    assert pci.driver(machine, card) == "e1000e"
    guest.load(machine)
    pci.linux_speaks(machine, card)


@BARE
def test_a_device_that_was_removed_keeps_its_override(machine):
    """Whoever had chosen a driver finds it bound as before."""
    card = enabled(machine)
    function = f"/sys/bus/pci/devices/{card}"
    machine.check(f"echo bh_probe > {function}/driver_override; "
                  f"echo {card} > {function}/driver/unbind; "
                  f"echo {card} > {DRIVERS}/bh_probe/bind")
    cells.create(machine, "nic", pci.cell(machine, "nic", ("edu", "nic")))
    assert override(machine, card) == "bulkhead"
    machine.check(f"echo 1 > {function}/remove; [ ! -e {function} ]")
    cells.destroy(machine, "nic")
    assert (pci.driver(machine, card), override(machine, card)) == ("bh_probe", "bh_probe")
    machine.check(f"echo > {function}/driver_override; echo {card} > {function}/driver/unbind; "
                  f"echo {card} > {DRIVERS}/e1000e/bind")
    pci.linux_speaks(machine, card)


@BARE
def test_a_create_that_fails_names_a_device_that_does_not_go_back(machine):
    """It was taken from its driver for a cell that could not be."""
    card = unusual(machine)
    guest.probe(machine, "take 0")
    guest.probe(machine, "hold 3")
    cells.refused(machine, f"bulkhead cell create {pci.cell(machine, 'nic', ('edu', 'nic'))}",
                  r"Linux does not let go of CPU 3: .*; see its log; and driver bh_probe does not "
                  f"take device {card} back: see Linux's log")
    assert pci.driver(machine, card) == ""
    guest.probe(machine, "take 99")
    guest.probe(machine, "hold 99")
    machine.check(f"echo {card} > {DRIVERS}/bh_probe/bind")
    usual(machine, card)


@BARE
def test_a_base_address_has_the_size_that_it_has(machine):
    """Part of the card would be root's, or a neighbour's registers the cell's."""
    enabled(machine)
    guest.disable(machine)
    machine.check(f"grep -q 'size = \"128K\"' {pci.BOARD} && "
                  f"sed 's/size = \"128K\"/size = \"64K\"/' {pci.BOARD} > /half.conf")
    assert re.search(r"device nic: base address \d has 0x20000 bytes, the board file says 0x10000",
                     guest.refused(machine, "/half.conf"))
    guest.enable(machine, pci.BOARD)


def with_failure(machine, stage):
    """A machine where that goes wrong for whoever asks on one CPU."""
    return enabled(machine, f"'s/^\tconsole =/\ttest = {{ stage = \"{stage}\"; cpu = 1; }};\\n&/'")


@BARE
def test_a_device_that_does_not_wake_up_is_not_waited_for(machine):
    """It may have gone, which the cell can see to: nobody else may stand still for that."""
    card = with_failure(machine, "asleep")
    cells.create(machine, "nic", pci.cell(machine, "nic", ("nic", "edu")))
    cells.load(machine, "nic", "attack", "noise")
    # There is nothing to be masked, so it need not wake up.
    machine.check(f"{BAD} bulkhead cell start nic", timeout=120)
    assert cells.finished(machine, "nic", 120) == 0
    for _ in range(2):
        cells.refused(machine, f"{BAD} timeout -s KILL 20 bulkhead cell start nic",
                      r"device nic: does not wake up \(D3hot\)")
        assert cells.show(machine, "nic")["state"] == "shut down"
    cells.load(machine, "nic", "attack", "silence")
    machine.check(f"{GOOD} bulkhead cell start nic", timeout=120)
    assert cells.finished(machine, "nic", 120) == 0
    cells.destroy(machine, "nic")
    pci.linux_speaks(machine, card)


@BARE
def test_a_start_that_fails_leaves_devices_quiet(machine):
    """The cell has come far before its CPU is taken for one that does not answer."""
    card = with_failure(machine, "begin")
    cells.create(machine, "nic", pci.cell(machine, "nic", ("nic", "edu")))
    cells.load(machine, "nic", "attack", "noise hold")
    cells.refused(machine, f"{BAD} bulkhead cell start nic", "CPU 3 does not answer")
    shown = cells.show(machine, "nic")
    assert shown["state"] == "created" and shown["comm"]["heartbeats"] > 0
    cells.load(machine, "nic", "attack", "silence")
    machine.check(f"{GOOD} bulkhead cell start nic", timeout=120)
    assert cells.finished(machine, "nic", 120) == 0, machine.check(
        "bulkhead cell console nic | tail -n 20")
    cells.destroy(machine, "nic")
    pci.linux_speaks(machine, card)


@MACHINE
def test_a_device_that_is_not_blocked_stays_linuxs(machine):
    """A create that fails gives back what it had; a destroy goes on, and resets the device."""
    card = with_failure(machine, "block")
    path = pci.cell(machine, "nic", ("nic", "edu"))
    before = cells.pool(machine)
    for _ in range(2):
        cells.refused(machine, f"{BAD} bulkhead cell create {path}", "test: no IOMMU answers")
        assert cells.pool(machine) == before
        assert "nic" not in cells.listed(machine)
        assert machine.check("cat /sys/devices/system/cpu/online").strip() == "0-3"
        assert pci.driver(machine, card) == "e1000e"
        pci.linux_speaks(machine, card)
    machine.check(f"{GOOD} bulkhead cell create {path}", timeout=120)
    assert pci.driver(machine, card) == "bulkhead"
    machine.check(f"{BAD} bulkhead cell destroy nic", timeout=120)
    assert "nic: test: no IOMMU answers" in guest.console(machine)
    assert cells.pool(machine) == before
    assert pci.driver(machine, card) == "e1000e"
    pci.linux_speaks(machine, card)


@MACHINE
def test_a_device_that_is_not_given_holds_up_the_start(machine):
    """The cell is as it was before, and starts when its unit answers."""
    card = with_failure(machine, "give")
    cells.create(machine, "nic", pci.cell(machine, "nic", ("nic", "edu")))
    cells.load(machine, "nic", "attack", "noise")
    cells.refused(machine, f"{BAD} bulkhead cell start nic", "test: no IOMMU answers")
    assert cells.show(machine, "nic")["state"] == "created"
    machine.check(f"{GOOD} bulkhead cell start nic", timeout=120)
    assert cells.finished(machine, "nic", 120) == 0
    machine.check(f"{GOOD} bulkhead cell destroy nic", timeout=120)
    pci.linux_speaks(machine, card)


def boards_with_a_bridge(machine):
    """Makes a board with the card behind a bridge, and one that is wrong about it.

    The card's address, and the alias that the wrong one lacks.
    """
    guest.load(machine)
    machine.check("modprobe e1000")
    card = pci.function(machine, E1000)
    bus, place = card.split(":", 1)[1].split(":")
    source = f"{bus}:{place}"
    assert bus != "00"
    machine.check("bulkhead config create -n made -o /made.conf")
    made = machine.check("cat /made.conf")
    alias = re.search(rf'{{ kind = "alias"; source = "{source}"; id = "([^"]+)"; }}', made)
    assert alias, made
    text = guest.board_text(machine)
    # With the lines that it proposed.
    scopes = re.search(r"scopes = \((.*?)\n\t\t  \); \}", made, re.DOTALL).group(1)
    text = re.sub(r"scopes = \(.*?\); \}", lambda _: f"scopes = ({scopes}\n\t\t  ); }}", text,
                  flags=re.DOTALL)
    text = text.replace("last_bus = 0", f"last_bus = {int(bus, 16)}")
    text = re.sub(r'^\s*\{ name = "(?:config|ioapic)";[^}]*\},\n', "", text, flags=re.MULTILINE)
    text = re.sub(r"^\};", lambda _: pci.chosen(pci.proposal(machine), {E1000: "nic"}, False) +
                  "};", text, count=1, flags=re.MULTILINE)
    text = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("#"))
    guest.put(machine, "/right.conf", text)
    guest.put(machine, "/wrong.conf", re.sub(r',?\n[^\n]*"alias"[^\n]*(?=\n)', "", text))
    return card, alias


@BEHIND
def test_a_bridge_speaks_for_what_is_behind_it(machine):
    """`config create` writes that down; a board without it is refused with what to write.

    Of AMD-Vi firmware tells it by itself.
    """
    card, alias = boards_with_a_bridge(machine)
    said = guest.refused(machine, "/wrong.conf")
    bridge = pci.function(machine, "1b36:000e").removeprefix("0000:")
    assert re.search(f"device nic: is behind bridge {bridge} to conventional PCI, so \\w+ sees it "
                     f"as {alias.group(1)}: that unit's scopes should have", said), said
    assert alias.group() in said
    guest.enable(machine, "/right.conf")
    assert pci.driver(machine, card) == "e1000"
    cells.create(machine, "nic", pci.cell(machine, "nic", ("nic",)))
    assert pci.driver(machine, card) == "bulkhead"
    cells.destroy(machine, "nic")
    assert pci.driver(machine, card) == "e1000"


def source(address):
    """The id of a function in sysfs."""
    return int(address[5:7], 16) << 8 | int(address[8:10], 16) << 3 | int(address[11])


@BEHIND
def test_ids_behind_a_bridge_are_nobodys(machine):
    """But the one that it speaks as; its own neither. Other bridges' are root's."""
    card, alias = boards_with_a_bridge(machine)
    guest.enable(machine, "/right.conf")
    found = entries(machine)
    bus, seen_as = card[5:7], source(f"0000:{alias.group(1)}")
    assert seen_as == int(bus, 16) << 8 != source(card)
    behind = set(range(seen_as, seen_as + 256))
    blocked = {i for i in range(65536) if is_blocked(machine, found[i])}
    assert blocked == behind - {seen_as} | {source(pci.function(machine, "1b36:000e"))}
    assert len({found[i] for i in range(65536) if i not in blocked}) == 1


@BEHIND
def test_attack_on_configuration_space_behind_bridges(machine):
    """The cell's own function is behind one, a foreign one behind another: that stays as it is.

    So do the bridges.
    """
    card, _ = boards_with_a_bridge(machine)
    other = pci.function(machine, RANDOM)
    guest.enable(machine, "/right.conf")
    assert {int(one[5:7], 16) for one in (card, other)} == {1, BUSES - 1}
    before, own = pci.spaces(machine, [card]), pci.space(machine, card)
    cells.run(machine, "nic", "attack", f"pci words buses={BUSES} mmconfig={pci.MMCONFIG:#x}",
              pci.cell(machine, "nic", ("nic",), on_fault="report"))
    assert cells.finished(machine, "nic", 900) == 0, machine.check(
        "bulkhead cell console nic | tail -n 20")
    said = machine.check("bulkhead cell console nic")
    function = int(card[5:7], 16) << 8 | int(card[8:10], 16) << 3
    assert set(re.findall(r"function (0x[0-9a-f]+) is", said)) == {hex(function)}
    assert f"function {function:#x} is held against what it was" in said
    assert pci.spaces(machine, [card]) == before
    cells.destroy(machine, "nic")
    assert pci.spaces(machine, [card]) == before
    assert pci.given_back(own, pci.space(machine, card)) == {}


@BEHIND
def test_a_device_that_is_gone_with_its_bus_is_named(machine):
    """There is nothing to look below, so it does not come back."""
    card, _ = boards_with_a_bridge(machine)
    bridge = "0000:" + pci.function(machine, "1b36:000e").removeprefix("0000:")
    guest.enable(machine, "/right.conf")
    cells.create(machine, "nic", pci.cell(machine, "nic", ("nic",)))
    machine.check(f"echo 1 > /sys/bus/pci/devices/{bridge}/remove")
    cells.refused(machine, "bulkhead cell destroy nic", f"cell nic is destroyed, but: "
                  f"device {card} was removed, and Linux finds none there")
    # Linux would find the bridge again, but put what is behind it elsewhere.
    machine.reset("reboot -f")
    guest.enable(machine)
