# SPDX-License-Identifier: GPL-2.0-only
"""Boards and cells with PCI devices, made in the machine from what it has.

Where firmware puts base addresses nobody fixes, so they are not in a file of configs/: the lines
that `bulkhead config create` proposes go into the board's own file, as its user would do it.
"""

import re
import select
import struct

import cells
import guest
import wire
from patience import patient

BOARD, CELL = "/pci-board.conf", "/{}.conf"
RAM = 0x39800000  # of cells, as the file of the cell "attacker" has it
DATA, KEPT = 0x420000, 0x430000  # the further memory of a cell, from there on
MMCONFIG = 0xb0000000  # where SeaBIOS puts it on a q35
# Two cards, a device that reads and writes wherever it is told, one that gives random numbers.
E1000, E1000E, EDU, RANDOM = "8086:100e", "8086:10d3", "1234:11e8", "1af4:1044"
OUR_IP, CARD_IP = bytes((10, 9, 8, 1)), bytes((10, 9, 8, 2))

CELL_TEXT = """\
cell = {{
	name = "{name}";
	cpus = "{cpu}";
	on_fault = "{on_fault}";
	console = "log";
	unprotected_dma = true;
	pci = ( {devices} );
	memory = (
	  {{ name = "ram"; phys = {ram:#x}; at = 0x0; size = "4M"; access = "rwx";
	     loadable = true; }},
	  # Where the attacks begin and end.
	  {{ name = "data"; phys = {data:#x}; at = 0xc00000; size = "64K"; access = "rw"; }},
	  # Not for devices: the first, because it is said, the second, because it is shared.
	  {{ name = "kept"; phys = {kept:#x}; at = 0x1000000; size = "64K"; access = "rw";
	     dma = false; }},
	  {{ name = "watched"; phys = 0x39c10000; at = 0xa00000; size = "4K"; access = "rw";
	     shared = true; }},
	  {{ name = "comm"; kind = "comm"; at = 0x80000000; size = "4K"; access = "rw"; }}
	);
}};
"""


def proposal(machine):
    """What `config create` says of IOAPICs and PCI, with the comment signs taken off."""
    machine.check("bulkhead config create -n made -o /made.conf")
    text = machine.check("cat /made.conf; rm /made.conf")
    block = re.search(r"^\t# ioapics = \(\n.*?^\t# \};\n", text, re.MULTILINE | re.DOTALL)
    assert block, text
    return re.sub(r"^\t# ?", "\t", block.group(), flags=re.MULTILINE)


def chosen(text, identities, pins):
    """Only the devices with these identities ("8086:10d3"), by the names that go with them."""
    head, rest = text.split("devices = (\n")
    listed, tail = re.split(r"(?=^\t +\);$)", rest, maxsplit=1, flags=re.MULTILINE)
    devices = []
    for one in re.split(r",?\n(?=\t +\{ name)", listed.rstrip()):
        identity = re.search(r'id = "(\w+:\w+)"', one).group(1)
        if identity not in identities:
            continue
        one = re.sub(r'name = "[^"]*"', f'name = "{identities[identity]}"', one, count=1)
        # The emulators' cards have no reset at all.
        one = one.replace("# resets: none;", "without_reset = true; #")
        # Where Linux has given it a message, that is the number of no pin.
        devices.append(one if pins else re.sub(r"\s+pin = \d+;", "", one))
    assert len(devices) == len(identities), listed
    names = list(identities.values())
    devices.sort(key=lambda one: names.index(re.search('name = "([^"]*)"', one).group(1)))
    return head + "devices = (\n" + ",\n".join(devices) + "\n" + tail


def board(machine, identities, pins=False):
    """The machine's board with these devices, filtered; where its file is."""
    text = guest.board_text(machine)
    # These are the hypervisor's to serve now.
    text = re.sub(r'^\s*\{ name = "(?:config|ioapic)";[^}]*\},\n', "", text, flags=re.MULTILINE)
    text = re.sub(r"^\};", lambda _: chosen(proposal(machine), identities, pins) + "};", text,
                  count=1, flags=re.MULTILINE)
    text = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("#"))
    guest.put(machine, BOARD, text)
    return BOARD


def cell(machine, name, devices, on_fault="stop", cpu=3, ram=RAM):
    """A cell file with devices; where it is."""
    path = CELL.format(name)
    guest.put(machine, path, CELL_TEXT.format(
        name=name, on_fault=on_fault, cpu=cpu, ram=ram, data=ram + DATA, kept=ram + KEPT,
        devices=", ".join(f'"{device}"' for device in devices)))
    return path


def function(machine, identity):
    """The address of a function in sysfs."""
    vendor, device = identity.split(":")
    return machine.check(
        "cd /sys/bus/pci/devices && for one in *; do "
        f"grep -qx 0x{vendor} $one/vendor && grep -qx 0x{device} $one/device && echo $one; "
        "done; true").split()[0]


def driver(machine, address):
    """Which driver has it; empty if none has."""
    return machine.check(
        f"basename $(readlink /sys/bus/pci/devices/{address}/driver) 2>/dev/null; true").strip()


def spaces(machine, but=()):
    """Sums of all functions' configuration space, as root reads it."""
    said = machine.check("cd /sys/bus/pci/devices && md5sum */config", timeout=120)
    sums = {line.split()[1].split("/")[0]: line.split()[0] for line in said.splitlines()
            if line.endswith("/config")}
    assert sums
    return {address: one for address, one in sums.items() if address not in but}


def space(machine, address):
    """A function's configuration space, as root reads it."""
    return bytes.fromhex("".join(machine.check(
        f"od -An -v -tx1 /sys/bus/pci/devices/{address}/config").split()))


def capability(content, number):
    """Where a function's configuration space has a capability; None if it has not."""
    at = content[0x34] if content[6] & 0x10 else 0
    while at and content[at] != number:
        at = content[at + 1]
    return at or None


# What a driver of Linux sets anew before it uses it, and a function that nothing resets ("edu")
# keeps from a cell until then: of the capability MSI (5) the address and the data, while it is off.
SET_ANEW = {5: (4, 10)}


def given_back(before, behind):
    """What of a function's configuration space is not as before, by offset, but for those."""
    assert len(before) == len(behind)
    anew = set()
    for number, (first, size) in SET_ANEW.items():
        at = capability(before, number)
        if at and not behind[at + 2] & 1:
            anew |= set(range(at + first, at + first + size))
    return {hex(i): (before[i], behind[i]) for i in range(len(before))
            if before[i] != behind[i] and i not in anew}


def drain(cable):
    """Forget what came until now."""
    while select.select([cable.socket], [], [], 0)[0]:
        cable.socket.recv(4096)


def wait_for(cable, is_it, seconds=60):
    """The next frame of that sort."""
    cable.socket.settimeout(patient(seconds))
    while True:
        frame = cable.socket.recv(4096)
        if is_it(frame):
            return frame


def linux_speaks(machine, address):
    """Linux's driver sends and receives: somebody answers its question, and it goes on."""
    cable = machine.cable
    name = machine.check(f"ls /sys/bus/pci/devices/{address}/net").split()[0]
    machine.check(f"ip link set {name} up && ip addr replace 10.9.8.2/24 dev {name}")
    drain(cable)
    machine.check("ping -c 20 10.9.8.1 > /dev/null 2>&1 &")
    wait_for(cable, lambda frame: frame[6:14] == wire.CARD + b"\x08\x06")
    cable.socket.sendto(
        wire.CARD + wire.OURS + b"\x08\x06" + struct.pack("!HHBBH", 1, 0x800, 6, 4, 2) +
        wire.OURS + OUR_IP + wire.CARD + CARD_IP + bytes(18), cable.to)
    wait_for(cable, lambda frame: frame[:14] == wire.OURS + wire.CARD + b"\x08\x00")
    machine.check(f"killall ping; ip link set {name} down; ip addr flush dev {name}")


def echo(machine, name, words, frames, dma=RAM):
    """Run the demo of the card in a cell that is there, and converse with it.

    Frames, bytes and interrupts that it counted, and exits while it answered all but the last.
    """
    machine.check(f"bulkhead cell load {name} /usr/lib/bulkhead/demos/nic.elf "
                  f"-s '{words} dma={dma:#x} count={len(frames)}' -a {cells.ARGUMENT:#x}",
                  timeout=120)
    # Nothing yet, of a new cell.
    before = machine.run(f"bulkhead cell console {name}").output
    cells.start(machine, name)
    machine.check(f"for i in $(seq 120); do bulkhead cell console {name} | tail -n 1 | "
                  "grep -q 'link up.*echoing' && break; sleep 1; done 2> /dev/null", timeout=180)
    drain(machine.cable)
    exits = cells.show(machine, name)["exits"]
    answers = wire.converse(machine.cable, frames[:-1])
    exits = cells.show(machine, name)["exits"] - exits
    answers += wire.converse(machine.cable, frames[-1:])
    assert answers == [wire.answer(frame) for frame in frames]
    assert cells.finished(machine, name, 60) == 0
    said = machine.check(f"bulkhead cell console {name}").removeprefix(before)
    return (*map(int, re.findall(r"^(\d+) frames, (\d+) bytes, (\d+) interrupts", said,
                                 re.MULTILINE)[-1]), exits)


def as_many_exits_as_its_mode_takes(words, interrupts, exits):
    """None in x2APIC mode: the card's registers, the interrupt, its end, the wait.

    In xAPIC mode the end of an interrupt is a write to the local APIC's page, which exits.
    """
    if "xapic" in words.split():
        assert 0 < exits <= interrupts
    else:
        assert exits == 0
