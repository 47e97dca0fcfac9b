# SPDX-License-Identifier: GPL-2.0-only
"""Runs Bochs: its configuration file, its command, and what its exit means.

Bochs comes from a later Debian release than the host's and runs with that release's loader and
libraries. Its screen goes to a file, its first serial port to a pseudo-terminal of ours: nothing
listens on the network.
"""

import os
import re

import emulator
from initramfs import iso_build
from machines import BOCHS_IPS

CONFIG = """\
display_library: term
cpu: model={model}, count={cpus}, ips={ips}, reset_on_triple_fault={triple}
memory: guest={memory}, host={memory}
clock: sync=none, time0=utc
com1: enabled=1, mode=term, dev={tty}
com2: enabled=1, mode=file, dev={directory}/com2.txt
com3: enabled=1, mode=file, dev={directory}/com3.txt
com4: enabled=1, mode=file, dev={directory}/com4.txt
ata0-master: type=cdrom, path={directory}/boot.iso, status=inserted
boot: cdrom
romimage: file={rom}
vgaromimage: file={share}/VGABIOS-lgpl-latest
log: {directory}/emulator.log
info: action=ignore
debug: action=ignore
error: action=report
panic: action=fatal
"""


def rom_change(rom, directory, changes):
    """The firmware, with pieces of it replaced by others; where it is then."""
    if not changes:
        return rom
    data = rom.read_bytes()
    for old, new in changes:
        assert len(old) == len(new) and data.count(old) == 1, old.hex()
        data = data.replace(old, new)
    (directory / "rom.bin").write_bytes(data)
    return directory / "rom.bin"


def command(machine_setup, directory, initramfs, tty, further=()):
    """Prepare files in the directory; return argument vector and environment.

    Further words are for its configuration file, of a line each.
    """
    iso_build(directory / "boot.iso", machine_setup.kernel, initramfs, machine_setup.full_cmdline)
    return command_of_medium(machine_setup, directory, tty, further)


def command_of_medium(machine_setup, directory, tty, further=()):
    """The same for a medium that is there already, boot.iso in the directory."""
    root = emulator.unpacked("bochs")
    machine = machine_setup.machine
    rom = rom_change(root / "usr/share/bochs/BIOS-bochs-latest", directory, machine_setup.rom)
    (directory / "bochsrc").write_text(CONFIG.format(
        model=machine.model, cpus=machine.cpus, ips=BOCHS_IPS, memory=machine.memory_mib,
        triple=int(machine_setup.triple_fault_resets), tty=tty, directory=directory,
        share=root / "usr/share/bochs", rom=rom) + "".join(f"{line}\n" for line in further))
    argv = [*emulator.program(root, "bochs-bin"), "-q", "-f", directory / "bochsrc"]
    environment = dict(os.environ, TERM="vt100",
                       LTDL_LIBRARY_PATH=str(root / emulator.LIBRARIES / "bochs/plugins"))
    return argv, environment


def line(name):
    """The words for a fourth serial port that is a terminal."""
    return (f"com4: enabled=1, mode=term, dev={name}",)


def fatal(_machine_setup, _directory):
    """What happened that ends the machine, though Bochs would go on: it never would."""
    return ""


def exit_reason(directory, status):
    """Why Bochs ended, in words; empty after a clean power-off, which Bochs calls a panic."""
    log = directory / "emulator.log"
    panics = re.findall(r"\d+p(\[.*)", log.read_text(errors="replace")) if log.exists() else []
    if panics and "soft power off" in panics[-1]:
        return ""
    return f"Bochs ended with status {status}: {panics[-1] if panics else 'no panic in its log'}"
