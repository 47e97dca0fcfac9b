# SPDX-License-Identifier: GPL-2.0-only
"""Runs a program for cells on a bare emulated machine, without hypervisor and without Linux.

The programs of inmates/ can be started by a multiboot loader: isolinux brings one up in Bochs,
QEMU does so by itself. Such a program cannot power the machine off; it says that it has ended.
"""

import os
import re
import subprocess
import time
import tty
from pathlib import Path

import pexpect
from pexpect import fdpexpect

import bochs
import machines
import qemu
from initramfs import LabError, medium_build
from patience import patient

ENDED = r"\nended with status (\d{3})\r?\n"


def bochs_command(program, words, cpus, directory, terminal, devices):
    """Argument vector and environment of a Bochs that boots the program.

    Devices are lines of its configuration; of two that say the same, the later one counts.
    """
    medium_build(directory / "boot.iso", f"kernel mboot.c32\nappend program.elf {words}",
                 {"program.elf": program})
    command = bochs.command_of_medium(machines.setup("bochs-vmx", cpus=cpus), directory, terminal)
    with open(directory / "bochsrc", "a", encoding="utf-8") as config:
        config.writelines(f"{line}\n" for line in devices)
    return command


def qemu_command(program, words, cpus, directory, terminal, devices):
    """The same for QEMU, which emulates all instructions; its processor has only an xAPIC."""
    return [*qemu.program(), "-nodefaults", "-no-user-config", "-display", "none",
            "-accel", "tcg", "-smp", str(cpus), "-m", "64", "-no-reboot",
            "-D", directory / "emulator.log", "-kernel", program, "-append", words,
            "-chardev", f"serial,id=com1,path={terminal}", "-serial", "chardev:com1",
            *devices], os.environ


COMMANDS = {"bochs": bochs_command, "qemu": qemu_command}


def run(emulator, program, words="", *, directory, cpus=1, seconds=120, ended=ENDED, devices=(),
        talk=None):
    """Run the program until it has ended; what it printed, and its status.

    The status is None where a pattern other than its own last words was waited for. Devices are
    more of the emulator's own words. Talk is a pattern, and what is to be called when the program
    has printed that.
    """
    directory = Path(directory).resolve()
    directory.mkdir(parents=True, exist_ok=True)
    master, slave = os.openpty()
    tty.setraw(slave)
    argv, environment = COMMANDS[emulator](program, words, cpus, directory, os.ttyname(slave),
                                            devices)
    with open(directory / "screen.txt", "wb") as screen:
        process = subprocess.Popen(["setpriv", "--pdeathsig", "KILL", "--", *argv],
                                   env=environment, stdin=subprocess.DEVNULL, stdout=screen,
                                   stderr=subprocess.STDOUT)
    console = fdpexpect.fdspawn(master, encoding="utf-8", codec_errors="replace", timeout=1)
    try:
        before = ""
        if talk:
            text, match = watch(console, process, talk[0], seconds)
            before = text + match.group(0)
            talk[1]()
        text, match = watch(console, process, ended, seconds)
    finally:
        process.kill()
        process.wait()
        console.close()
        os.close(slave)
        (directory / "boot.iso").unlink(missing_ok=True)
    status = int(match.group(1)) if ended == ENDED else None
    return (before + text).replace("\r\n", "\n"), status


def watch(console, process, ended, seconds):
    """Wait for a pattern on the console; what came before it, and the match."""
    seconds = patient(seconds)
    end = time.monotonic() + seconds
    while console.expect([ended, pexpect.TIMEOUT]) != 0:
        if process.poll() is not None or time.monotonic() > end:
            why = (f"the emulator ended with status {process.returncode}"
                   if process.poll() is not None else f"no {ended!r} within {seconds} s")
            tail = re.sub(r"\r", "", console.before)[-2000:]
            raise LabError(f"{why}; the program's last words:\n{tail}")
    return console.before, console.match
