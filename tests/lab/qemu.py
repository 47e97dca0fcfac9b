# SPDX-License-Identifier: GPL-2.0-only
"""Runs QEMU: its command, and what its exit means."""

import os

from initramfs import fetch

ACCELERATORS = {"qemu-kvm": "kvm,kernel-irqchip=split"}


def command(machine_setup, directory, initramfs, tty):
    """Return argument vector and environment."""
    machine = machine_setup.machine
    argv = ["qemu-system-x86_64", "-nodefaults", "-no-user-config", "-display", "none",
            "-accel", ACCELERATORS[machine.emulator], "-M", "q35", "-cpu", machine.model,
            "-smp", str(machine.cpus), "-m", str(machine.memory_mib),
            "-device", "intel-iommu,intremap=on",
            "-kernel", fetch("vmlinuz", machine_setup.kernel), "-initrd", initramfs,
            "-append", machine_setup.full_cmdline,
            "-chardev", f"serial,id=com1,path={tty}", "-serial", "chardev:com1",
            "-serial", f"file:{directory}/com2.txt"]
    if not machine_setup.triple_fault_resets:
        argv += ["-action", "panic=exit-failure"]
    return argv, dict(os.environ)


def exit_reason(_directory, status):
    """Why QEMU ended, in words; empty after a clean power-off."""
    return f"QEMU ended with status {status}" if status else ""
