# SPDX-License-Identifier: GPL-2.0-only
"""Devices of cells behind an IOMMU: they reach their cell's memory, and raise its interrupts.

A card works by messages that the IOMMU remaps, and in Linux again afterwards. Then "edu", which
reads and writes wherever it is told, tries all memory, and both try what they can by their own
messages. Of messages that are written by DMA neither unit of QEMU knows whose they are, and lets
them pass: these are not tried. Those that get to a unit unjudged test_cells_messages.py has.
"""

import re
import time

import cells
import guest
import inmates
import machines
import pci
import pytest
from cards import (attack, enabled, held_against_the_file, owned_once, stopped_by_a_fault,
                   unnoticed)
from iommu import attacked, cell, is_vtd, recorded_in_the_end
from pci import E1000E, EDU
from wire import FRAMES

MACHINE = pytest.mark.machine(
    *machines.IOMMU, kernel="amd64", card="e1000e", modules=("e1000e",),
    files={**guest.files("pattern", kernel="amd64"),
           **guest.board_files("neighbour"),
           **{cells.program_file(name): str(cells.build_dir() / f"inmates/tests/{name}.elf")
              for name in ("attack", "neighbour")},
           **{f"/usr/lib/bulkhead/demos/{name}.elf": inmates.demo(name)
              for name in ("edu", "nic")}})

MIB = 1 << 20
STEP, LIMIT = 2, 1024  # MiB: all of the machine's memory
# Of its own: two in its RAM, and where "data" begins.
OWN = (0, STEP * MIB, 12 * MIB)


def unit_function(machine):
    """The unit's address, if it is a function: as a list."""
    said = machine.run("cd /sys/bus/pci/devices && grep -l 0x080600 */class").output
    return re.findall(r"^([\w:.]+)/class", said, re.MULTILINE)


@MACHINE
def test_root_does_not_notice(machine):
    """But that the unit's own messages are the hypervisor's."""
    unnoticed(machine, unit_function(machine))


@MACHINE
def test_pages_are_taken_as_predicted(machine):
    """Tables of devices included; destroying gives all back."""
    enabled(machine)
    path = cell(machine, "nic", ("nic", "edu"))
    told = machine.check(f"bulkhead config map {pci.BOARD} {path} | grep '^hypervisor memory:'")
    total, devices = map(int, re.search(r"(\d+) pages: .* (\d+) for its devices", told).groups())
    assert devices > 0
    before = cells.pool(machine)
    cells.create(machine, "nic", path)
    assert cells.pool(machine) - before == total
    cells.destroy(machine, "nic")
    assert cells.pool(machine) == before


def echoes(machine, words):
    """The card's driver writes messages as ever, and reads what it wrote; nobody is between."""
    card = enabled(machine)
    pci.linux_speaks(machine, card)
    cells.create(machine, "nic", cell(machine, "nic", ("nic",)))
    frames, size, interrupts, exits = pci.echo(machine, "nic", words, FRAMES, dma=0)
    assert (frames, size) == (len(FRAMES), sum(map(len, FRAMES)))
    assert (interrupts == 0) if words == "poll" else 0 < interrupts <= 4 * frames
    pci.as_many_exits_as_its_mode_takes(words, interrupts, exits)
    shown = cells.show(machine, "nic")
    assert not any(shown["faults_counted"].values()), cells.faults(machine, "nic")
    cells.destroy(machine, "nic")
    assert pci.driver(machine, card) == "e1000e"
    pci.linux_speaks(machine, card)
    guest.undisturbed(machine)


@MACHINE
@pytest.mark.parametrize("words", ("poll", "msi", "msix", "msi xapic"))
def test_card_by_remapped_messages(machine, words):
    echoes(machine, words)


@pytest.mark.machine("qemu-svm-vtd", **MACHINE.kwargs, properties=("intel-iommu.eim=on",))
def test_card_where_linux_is_in_x2apic_mode(machine):
    """Entries have destinations of 32 bits then, Linux's and those of cells."""
    assert "Enabled IRQ remapping in x2apic mode" in guest.kernel_log(machine)
    echoes(machine, "msix")
    machine.check("bulkhead disable", timeout=120)
    guest.undisturbed(machine)


@MACHINE
def test_a_device_reaches_its_cells_memory_only(machine):
    """All of the machine's memory, by reading and by writing.

    Its own that is not for devices, and what the neighbour shares with it, are among the rest.
    """
    card = enabled(machine)
    neighbour, watch = cells.Neighbour(machine, "shared"), cells.Watch(machine)
    # A unit that is a function notes in its status that it has stopped something.
    others = [pci.function(machine, EDU), *unit_function(machine)]
    spaces = pci.spaces(machine, others)
    path = cell(machine, "edu", ("edu",), on_fault="report")
    cells.create(machine, "edu", path)
    # The unit of VT-d tells places, half of which are remembered of a cell: the next one has the
    # other half.
    limit = LIMIT // 2 if is_vtd(machine) else LIMIT
    said = attacked(machine, STEP, f"limit={limit}")
    assert f"own memory: {len(OWN) - 1} places written as told, 0 others changed" in said
    recorded(machine, path, limit)
    neighbour.check()
    assert pci.spaces(machine, others) == spaces
    cells.destroy(machine, "edu")
    neighbour.end()
    watch.end()
    pci.linux_speaks(machine, card)
    guest.undisturbed(machine)


def recorded(machine, path, limit):
    """Each try was counted, and the device is named where it was the first at its page."""
    stopped = {place * STEP * MIB for place in range(LIMIT // STEP)} - set(OWN)
    name = pci.function(machine, EDU)
    counted = cells.show(machine, "edu")["faults_counted"]["dma"]
    if not is_vtd(machine):
        # Writing and reading, two of each as it is of eight bytes; the emulator's records do not
        # tell where.
        assert counted == 4 * len(stopped)
        told = machine.check("bulkhead cell faults edu")
        assert f"device {name} tried to read address 0x0 by DMA" in told
        return
    # On a busy host the emulator's VT-d makes one record of several tries. So many do not come of
    # writing or of reading alone.
    assert counted > limit // STEP
    assert recorded_in_the_end(machine, path, STEP, stopped) == stopped
    text = machine.check("bulkhead cell faults edu")
    assert re.search(f"device {name} tried to (read|write) address 0x\\w+ by DMA", text)


@MACHINE
def test_messages_reach_nobody_else(machine):
    """Every forgery is denied as without an IOMMU, or brings what was programmed to the cell."""
    card = enabled(machine)
    neighbour, watch = cells.Neighbour(machine), cells.Watch(machine)
    cells.run(machine, "nic", "attack", "msi",
              cell(machine, "nic", ("nic", "edu"), on_fault="report"))
    assert cells.finished(machine, "nic", 600) == 0, machine.check(
        "bulkhead cell console nic | tail -n 20")
    said = machine.check("bulkhead cell console nic")
    for sender in ("edu", "e1000e"):
        assert re.search(rf"by {sender}: brought us [1-9]\d* interrupts, 0 NMIs", said), said
    neighbour.check()
    guest.not_interrupted(machine)
    assert cells.show(machine, "nic")["faults_counted"]["pci"] > 100
    cells.destroy(machine, "nic")
    neighbour.end()
    watch.end()
    pci.linux_speaks(machine, card)
    guest.undisturbed(machine)


@MACHINE
def test_attack_on_configuration_space(machine):
    """Registers of messages hold what the IOMMU is to be told: a cell reads what it wrote.

    Of functions that are not its own all is tried where there is no IOMMU.
    """
    enabled(machine)
    attack(machine, f"pci words mmconfig={pci.MMCONFIG:#x}", ("nic", "edu"), "pci",
           unit_function(machine))


@MACHINE
def test_who_has_it_and_who_has_not(machine):
    owned_once(machine)


@MACHINE
def test_device_that_is_not_what_the_file_says(machine):
    held_against_the_file(machine)


@MACHINE
def test_fault_in_configuration_space_stops_the_device(machine):
    stopped_by_a_fault(machine)


def stops_told(machine):
    """How often the console has told that a cell was stopped for a device."""
    reason = "VT-d reason 0x[56]: nothing there that it may (read|write)" if is_vtd(machine) \
        else "AMD-Vi reason 0x2: a page fault: nothing mapped for this"
    return len(re.findall(rf"by DMA, which it may not \({reason}\); stopped",
                          guest.console(machine)))


def await_stops(machine, times):
    """That it did so often; meanwhile nobody asks the hypervisor for anything."""
    end = time.monotonic() + 120
    while stops_told(machine) < times:
        assert time.monotonic() < end, guest.console(machine)[-2000:]
        time.sleep(0.2)


@MACHINE
def test_a_fault_stops_the_cell_and_its_device(machine):
    """Under "stop", at once, by what the unit itself tells; started again it is as before.

    Both runs end at the same place, and each end is recorded and told.
    """
    enabled(machine)
    cells.create(machine, "edu", cell(machine, "edu", ("edu",)))
    before, counted, recorded_last = stops_told(machine), 0, 0
    for run in (1, 2):
        cells.again(machine, "edu", "attack", "dma step=2 limit=8 messages=0")
        await_stops(machine, before + run)
        shown = cells.wait(machine, "edu", 120)
        assert shown["state"] == "failed"
        assert shown["faults_counted"]["dma"] > counted
        counted = shown["faults_counted"]["dma"]
        last = cells.faults(machine, "edu")[-1]
        assert last["kind"] == "dma" and last["stopped"], last
        assert last["sequence"] > recorded_last
        recorded_last = last["sequence"]
    cells.destroy(machine, "edu")
    guest.undisturbed(machine)


def stopped_at(machine, place):
    """How the last fault is explained if edu's transfers begin there, in MiB, a page of which."""
    cells.again(machine, "edu", "attack", f"dma step=2 limit={place + 2} messages=0")
    assert cells.wait(machine, "edu", 120)["state"] == "failed"
    return machine.check("bulkhead cell faults edu").split("\nfault ")[-1]


@MACHINE
def test_a_fault_of_a_device_is_explained(machine):
    """By the device's name and what to do: no wall is opened for what is not the cell's.

    All of it where the unit tells the address: the emulator's AMD-Vi has it as 0 always.
    """
    enabled(machine)
    cells.create(machine, "edu", cell(machine, "edu", ("edu",)))
    kept, beyond = stopped_at(machine, 16), stopped_at(machine, 6)
    for text in (kept, beyond):
        assert '\n    the device is "edu" of the board\n' in text
    if is_vtd(machine):
        assert ('"kept" 0x1000000-0x100ffff, which it is in: the region is not for devices\n'
                '    if this was meant, set cell.memory[2] "kept": dma = true\n') in kept
        assert ('"ram" 0x0-0x3fffff, which ends about 2.0 MiB below it\n'
                "    the device was told an address that is not its cell's memory: ") in beyond
        assert "if this was meant" not in beyond
    else:
        assert '"ram" 0x0-0x3fffff, which it is in: devices may do this there\n' in beyond
    told = machine.check("bulkhead status --faults")
    counted = cells.show(machine, "edu")["faults_counted"]["dma"]
    assert re.search(rf"^faults: .*\bedu {counted} \(dma {counted}\); \d+ records since", told,
                     re.MULTILINE)
    for text in (kept, beyond):
        # All but how long ago it was.
        assert text.partition("\n")[2] in told
    cells.destroy(machine, "edu")
    guest.undisturbed(machine)


@MACHINE
def test_what_a_device_does_as_nobody_stops_its_cell(machine):
    """Here by an alias that is none of its own: what it is seen as is nobody's then."""
    enabled(machine)
    machine.check("bulkhead disable", timeout=120)
    board, edu = "/alias.conf", pci.function(machine, EDU).removeprefix("0000:")
    text, count = re.subn(r"scopes = \(", f'\\g<0>{{ kind = "alias"; source = "{edu}"; '
                          f'id = "{edu[:-1]}5"; }}, ', machine.check(f"cat {pci.BOARD}"), count=1)
    assert count
    guest.put(machine, board, text)
    guest.enable(machine, board)
    roots = guest.faults(machine, "dma")[0]
    cells.run(machine, "edu", "attack", "dma step=2 limit=8 messages=0",
              cell(machine, "edu", ("edu",)))
    shown = cells.wait(machine, "edu", 120)
    assert shown["state"] == "failed" and shown["faults_counted"]["dma"] > 0, shown
    last = cells.faults(machine, "edu")[-1]
    assert last["kind"] == "dma" and last["stopped"], last
    assert guest.faults(machine, "dma")[0] == roots
    cells.destroy(machine, "edu")
    machine.check("bulkhead disable", timeout=120)
    guest.undisturbed(machine)
    guest.enable(machine, pci.BOARD)


@pytest.mark.machine("qemu-svm-amdvi", **MACHINE.kwargs)
def test_the_units_own_function_is_not_roots(machine):
    """It reads it, but where the unit sends its interrupts is the hypervisor's."""
    enabled(machine)
    (unit,) = unit_function(machine)
    before = pci.spaces(machine)
    denied, _ = guest.faults(machine, "pci")
    machine.check("head -c 256 /dev/zero | tr '\\0' '\\377' > /ones && "
                  f"cat /ones > /sys/bus/pci/devices/{unit}/config; rm /ones")
    assert guest.faults(machine, "pci")[0] > denied
    assert pci.spaces(machine) == before
    guest.undisturbed(machine)


@MACHINE
def test_handovers(machine):
    """To a cell and back, both devices; pages come back, and the card is as good as before."""
    card = enabled(machine)
    path = cell(machine, "nic", ("nic", "edu"))
    before = cells.pool(machine)
    machine.check(f"for i in $(seq 10); do bulkhead cell create {path} && "
                  "bulkhead cell destroy nic || exit 1; done", timeout=600, quiet=300)
    assert cells.pool(machine) == before
    pci.linux_speaks(machine, card)
    machine.check("bulkhead disable", timeout=120)
    pci.linux_speaks(machine, card)
    guest.undisturbed(machine)
    guest.enable(machine, pci.BOARD)


def devices_of(text):
    """What a board file says of PCI, but for comments, empty space and what its user accepts."""
    block = re.search(r"pci = \{.*?\n\t *\};", text, re.DOTALL).group()
    return re.sub(r"#[^\n]*|\s+|without_reset = true;", "", block)


@MACHINE
def test_edu_and_the_files_as_shipped(machine):
    """The demo of "edu" in a cell: DMA both ways and a message; on the board as in configs/.

    That is what `config create` says of this machine.
    """
    card = enabled(machine)
    machine.check("bulkhead disable", timeout=120)
    board, path = "/devices.conf", "/edu.conf"
    shipped = guest.board_text(machine, f"{machine.setup.machine.file}-devices")
    guest.put(machine, board, shipped)
    proposed = pci.chosen(pci.proposal(machine), {EDU: "edu", E1000E: "nic"}, False)
    assert devices_of(shipped) == devices_of(proposed)
    guest.put(machine, path, guest.board_text(machine, "edu").replace(
        "\tunprotected_dma = true;\n", ""))
    guest.enable(machine, board)
    guest.put(machine, "/nic.conf", guest.board_text(machine, "nic"))
    cells.create(machine, "nic", "/nic.conf")
    unit = "dmar0" if is_vtd(machine) else "ivhd0"
    (device,) = cells.show(machine, "nic")["devices"]
    assert (device["iommu"], device["dma_reaches"], device["interrupts_remapped"]) == \
        (unit, "own memory", True)
    assert re.search(rf"^nic .* {unit} +own memory +remapped", machine.check(
        "bulkhead cell show nic"), re.MULTILINE)
    cells.create(machine, "edu", path)
    machine.check(f"bulkhead cell load edu /usr/lib/bulkhead/demos/edu.elf -s dma=0 "
                  f"-a {cells.ARGUMENT:#x}", timeout=120)
    cells.start(machine, "edu")
    assert cells.finished(machine, "edu", 120) == 0
    kept = inmates.promises(machine.check("bulkhead cell console edu"))
    assert "what went through it is the same" in kept and "an interrupt comes, once" in kept
    cells.destroy(machine, "edu")
    cells.destroy(machine, "nic")
    pci.linux_speaks(machine, card)
    machine.check("bulkhead disable", timeout=120)
    guest.undisturbed(machine)
    guest.enable(machine, pci.BOARD)
