# SPDX-License-Identifier: GPL-2.0-only
"""Runs QEMU, with KVM or emulating all instructions: its command, and what its exit means.

Nothing listens on the network: the first serial port is a pseudo-terminal of ours, the others and
the log are files.
"""

import os

import emulator
from initramfs import fetch

ACCELERATORS = {"qemu-kvm": ("kvm,kernel-irqchip=split",), "qemu-tcg": ("tcg,thread=multi",)}
COM3_IRQ = 7
EXACT = ("tcg,thread=single", "-icount", "shift=0,sleep=off")

# How often the first processor is reset when the machine is switched on. Firmware makes a triple
# fault itself, to reset the machine once more after a warm reset: one behind those is not told.
POWER_ON_RESETS = 2


def program():
    """The first words of each command: QEMU itself, and where its firmware lies."""
    root = emulator.unpacked("qemu-backports")
    return [*emulator.program(root, "qemu-system-x86_64"),
            "-L", root / "usr/share/qemu", "-L", root / "usr/share/seabios"]


def command(machine_setup, directory, initramfs, tty, further=()):
    """Return argument vector and environment."""
    machine = machine_setup.machine
    argv = [*program(), "-nodefaults", "-no-user-config", "-display", "none",
            "-accel", *(EXACT if machine.exact else ACCELERATORS[machine.emulator]),
            "-M", "q35", "-cpu", machine.model,
            "-smp", str(machine.cpus), "-m", str(machine.memory_mib),
            "-kernel", fetch("vmlinuz", machine_setup.kernel), "-initrd", initramfs,
            "-append", machine_setup.full_cmdline,
            # The processors' state at each reset, and whether it was a triple fault; of a VT-d
            # each root table, whether it is one of scalable mode, and each command; of PCI
            # functions how they change their state of power.
            "-d", "cpu_reset,trace:vtd_reg_dmar_root,trace:vtd_reg_write_gcmd,"
            "trace:pci_pm_transition" + "".join(f",trace:{one}" for one in machine_setup.traces),
            "-D", f"{directory}/emulator.log",
            "-chardev", f"serial,id=com1,path={tty}", "-serial", "chardev:com1"]
    # The third has a line of its own: what a cell writes there would lower the first one's, which
    # Linux has as a level, and be the end of an interrupt that nobody has taken yet.
    argv += ["-serial", f"file:{directory}/com2.txt", "-serial", "none",
             "-chardev", f"file,id=com3,path={directory}/com3.txt",
             "-device", f"isa-serial,chardev=com3,index=2,irq={COM3_IRQ}"]
    # The fourth is the last, and may be another: see line().
    if not machine_setup.line:
        argv += ["-serial", f"file:{directory}/com4.txt"]
    for value in machine_setup.properties:
        argv += ["-global", value]
    for device in machine.devices:
        argv += ["-device", device]
    argv += further
    if not machine_setup.triple_fault_resets:
        argv += ["-action", "panic=exit-failure"]
    return argv, dict(os.environ)


def line(name):
    """The words for a fourth serial port that is a terminal."""
    return ("-chardev", f"serial,id=com4,path={name}", "-serial", "chardev:com4")


def monitor(name):
    """The words for a monitor at a terminal."""
    return ("-chardev", f"serial,id=monitor,path={name}", "-mon", "chardev=monitor,mode=control")


def fatal(machine_setup, directory):
    """What happened that ends the machine, though QEMU would go on; empty if nothing did.

    QEMU resets it after a triple fault, as a PC does.
    """
    log = directory / "emulator.log"
    if machine_setup.triple_fault_resets or not log.exists():
        return ""
    before, found, _ = log.read_text(errors="replace").partition("Triple fault\n")
    was_reset = before.count("CPU Reset (CPU 0)") > POWER_ON_RESETS
    return "triple fault" if found and not was_reset else ""


def exit_reason(_directory, status):
    """Why QEMU ended, in words; empty after a clean power-off."""
    return f"QEMU ended with status {status}" if status else ""
