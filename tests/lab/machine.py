# SPDX-License-Identifier: GPL-2.0-only
"""A running lab machine: boots a Setup, runs commands in it, resets it, powers it off.

The console (com1) is Linux's and carries the commands; tests/lab/init is the other end. com2 is
the hypervisor's, com3 and com4 are cells'; they go to files, unless the fourth is a line to the
test. All are kept in the machine's directory. A machine that hangs, panics or ends makes
MachineDied, whose text ends with the console's tail.
"""

import base64
import collections
import gzip
import json
import os
import re
import subprocess
import time
import tty
import warnings
from pathlib import Path

import pexpect
from pexpect import fdpexpect

import bochs
import line
import monitor
import qemu
import wire
from initramfs import LabError, initramfs_build
from patience import patient

EMULATORS = {"bochs": bochs, "qemu-kvm": qemu, "qemu-tcg": qemu}

# A machine that prints nothing for this many seconds of an idle host is called hung.
QUIET_SECONDS = 60

# It takes a command at once. If it has not after so long, its line has lost the order to run.
REMIND_SECONDS = 5
ROUNDS = 20  # of a command that never comes whole

# Booting says nothing while it loads and unpacks the kernel.
BOOT_SECONDS = 120
BOOT_QUIET_SECONDS = 90
FIRST_QUIET_SECONDS = 45  # where it is booted once more then: see STALL
TAIL_LINES = 40

# What a machine writes: Linux's console, the hypervisor's, and the emulator's own complaints.
KEPT = ("com1.txt", "com2.txt", "com3.txt", "com4.txt", "emulator.log")

# One whole record of the kernel log. Linux prints a record in one go, so it may stand in the
# middle of a command's output but is never torn itself.
RECORD = r"<\d+>\[ *\d+\.\d{6}\] [^\n]*\n"
END = rf"(?:{RECORD})*\r?(?:{RECORD})*\n"  # of a line of ours, wherever a record got in
READY = "@@ready"
# QEMU 10.0 lost the timer interrupt of a CPU that halts now and then; 11.1 once in some thousand
# boots. Linux, alone then, stands still while it boots, and says so or nothing any more; no test
# has begun, so it is booted once more.
STALL = r"rcu: INFO: \w+ (?:self-)?detected stall"
SILENCE = "no byte on any console for"
PANIC = r"Kernel panic - not syncing[^\n]*\n"
OOPS = re.compile(r"<\d+>\[ *\d+\.\d{6}\] (?:.*\b(?:BUG:|Oops:|WARNING: |general protection fault|"
                  r"stall on CPU|stalls on CPUs|nobody cared|blocked for more than|"
                  r"Kernel panic)).*")

Result = collections.namedtuple("Result", "status output")


class MachineDied(LabError):
    """The machine cannot be used any more."""


def tolerant(text):
    """A pattern for text that kernel messages may interrupt anywhere."""
    return f"(?:{RECORD})*".join(re.escape(c) for c in text)


class Machine:
    """One emulator process and the Linux in it. Use as a context manager."""

    def __init__(self, machine_setup, directory):
        self.setup = machine_setup
        self.directory = Path(directory).resolve()
        self.alive = False
        self.process = None
        self.console = None
        self.log = None
        self.serial = 0
        self.checked = 0
        self.cable = None  # to its network card, if it has one
        self.line = None  # to its fourth serial port, if that is no file
        self.monitor = None  # of QEMU, if the setup has it
        self.was_reset = False
        self.emulator = EMULATORS[machine_setup.machine.emulator]

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.close()

    def path(self, name):
        """A file in the machine's directory: com1.txt, com2.txt, emulator.log."""
        return self.directory / name

    def start(self):
        """Start the emulator and wait for the prompt; see STALL for why that may happen twice."""
        stalls, quiet = STALL, BOOT_QUIET_SECONDS
        if self.emulator is qemu:
            stalls, quiet = rf"{STALL}|{SILENCE}", FIRST_QUIET_SECONDS
        try:
            self.launch()
            self.wait_ready(quiet=quiet, deadly=(PANIC, STALL))
        except MachineDied as death:
            if not re.match(stalls, str(death)):
                raise
            warnings.warn(f"{self.directory.name} stood still while it booted: booted once more")
            self.path("com1.txt").rename(self.path("com1-stalled.txt"))
            self.launch()
            self.wait_ready()

    def launch(self):
        """Build what it boots from, start the emulator."""
        self.directory.mkdir(parents=True, exist_ok=True)
        for name in KEPT:
            self.path(name).unlink(missing_ok=True)
        initramfs = self.path("initrd")
        initramfs_build(initramfs, self.setup.kernel, self.setup.modules, dict(self.setup.files))
        master, slave = os.openpty()
        tty.setraw(slave)
        further = ()
        if self.setup.card:
            self.cable = wire.cable(self.setup.machine.emulator, self.setup.card)
            further += tuple(self.cable.devices)
        if self.setup.line:
            self.line = line.Line()
            further += self.emulator.line(self.line.name)
        if self.setup.monitor:
            self.monitor = monitor.Monitor()
            further += self.emulator.monitor(self.monitor.name)
        argv, environment = self.emulator.command(self.setup, self.directory, initramfs,
                                                  os.ttyname(slave), further)
        # The emulator must not outlive us, however we end.
        argv = ["setpriv", "--pdeathsig", "KILL", "--", *argv]
        with open(self.path("screen.txt"), "wb") as screen:
            self.process = subprocess.Popen(argv, env=environment, stdin=subprocess.DEVNULL,
                                            stdout=screen, stderr=subprocess.STDOUT)
        self.slave = slave
        self.log = open(self.path("com1.txt"), "w", encoding="utf-8")
        self.console = fdpexpect.fdspawn(master, encoding="utf-8", codec_errors="replace",
                                         timeout=None)
        self.console.logfile_read = self.log
        self.alive = True

    def wait_ready(self, timeout=BOOT_SECONDS, quiet=BOOT_QUIET_SECONDS, deadly=(PANIC,)):
        """Wait for the prompt of a machine that is booting."""
        self.expect(tolerant(READY) + END, timeout, quiet, deadly)
        self.serial = 0
        # Nobody may have looked before it was up again.
        if fatal := self.emulator.fatal(self.setup, self.directory):
            self.die(fatal)
        self.oopses()

    def expect(self, pattern, timeout=60, quiet=QUIET_SECONDS, deadly=(PANIC, READY), remind=""):
        """Wait for a pattern on the console; return the match.

        What else ends the wait: a deadly pattern, the emulator's end, the time-out, and silence.
        Both times are those of an idle host: see patience.py. A reminder is sent now and then.
        """
        if not self.alive:
            raise MachineDied(f"the machine is not running; consoles are in {self.directory}")
        timeout, quiet = patient(timeout), patient(quiet)
        end = time.monotonic() + timeout
        seen, since = -1, time.monotonic()
        reminded = since
        while True:
            index = self.console.expect([pattern, pexpect.TIMEOUT, pexpect.EOF, *deadly], timeout=1)
            if index == 0:
                return self.console.match
            if index > 2:
                found = self.console.match.group(0).strip()
                self.die("the machine came up anew, unasked" if READY in found else found)
            if self.process.poll() is not None:
                self.die(self.emulator.exit_reason(self.directory, self.process.returncode)
                         or "the machine was powered off")
            if fatal := self.emulator.fatal(self.setup, self.directory):
                self.die(fatal)
            now = time.monotonic()
            size = self.console_bytes()
            if size != seen:
                seen, since = size, now
            if remind and now - reminded > REMIND_SECONDS:
                self.console.send(remind)
                reminded = now
            if now > end:
                self.die(f"no {pattern!r} within {timeout} s")
            if now - since > quiet:
                self.die(f"{SILENCE} {quiet} s, and no {pattern!r}")

    def console_bytes(self):
        """How much the machine has said so far, on all its consoles."""
        return sum(size for name, size in self.mark().items() if name != "emulator.log")

    def mark(self):
        """How long each file that the machine writes is now: see keep()."""
        if self.log and not self.log.closed:
            self.log.flush()
        return {name: self.path(name).stat().st_size if self.path(name).exists() else 0
                for name in KEPT}

    def keep(self, directory, since=None):
        """Copy what the machine wrote since a mark to files in another directory."""
        directory = Path(directory)
        directory.mkdir(parents=True, exist_ok=True)
        self.mark()
        for name in KEPT:
            if self.path(name).exists():
                with open(self.path(name), "rb") as file:
                    file.seek(since[name] if since else 0)
                    (directory / name).write_bytes(file.read())

    def die(self, why):
        """Give the machine up: stop the emulator and raise."""
        self.drain(1)
        self.close()
        raise MachineDied(f"{why}\n{self.tail()}")

    def tail(self):
        """The last lines of both consoles, for a person."""
        text = []
        for name in ("com1.txt", "com2.txt"):
            if self.path(name).exists():
                lines = self.path(name).read_text(errors="replace").splitlines()
                if lines:
                    text += [f"--- last lines of {self.path(name)}", *lines[-TAIL_LINES:]]
        return "\n".join(text)

    def run(self, command, timeout=60, quiet=QUIET_SECONDS):
        """Run shell commands in the machine; return their status and output."""
        self.send(command, timeout)
        match = self.expect(tolerant(f"@@done {self.serial} ") + r"(\d+)" + END, timeout, quiet)
        output = re.sub(RECORD, "", self.console.before.replace("\r\n", "\n"))
        return Result(int(match.group(1)), output)

    def check(self, command, timeout=60, quiet=QUIET_SECONDS):
        """Run shell commands that must succeed; return their output."""
        result = self.run(command, timeout, quiet)
        if result.status:
            raise AssertionError(f"status {result.status} of: {command}\n{result.output}")
        return result.output

    def text(self, command, timeout=60):
        """What a command that must succeed prints, where that is much.

        It comes compressed: the serial line takes its time for each byte, in which the machine's
        processors may work for nothing.
        """
        packed = self.check(f"{command} > /tmp/.data && gzip -c /tmp/.data | base64", timeout)
        return gzip.decompress(base64.b64decode(packed)).decode()

    def data(self, command, timeout=60):
        """What a command that must succeed prints as JSON."""
        return json.loads(self.text(command, timeout))

    def send(self, command, timeout=60):
        """Start shell commands, which may not come back (a reset, a deadly experiment)."""
        if not self.alive:
            raise MachineDied(f"the machine is not running; consoles are in {self.directory}")
        self.serial += 1
        self.log.write(f"\n>>> {command}\n")
        for words in command.splitlines():
            if len(words.encode()) > 4000 or words.startswith("@@"):
                raise LabError(f"the machine's terminal cannot take this line: {words[:60]}...")
        script = "".join(words + "\n" for words in command.splitlines())
        order = f"@@run {self.serial} "
        goes, again = tolerant(f"@@go {self.serial}") + END, tolerant("@@again") + END
        for _ in range(ROUNDS):
            self.console.send(f"{script}{order}{len(script.encode())}\n")
            # What is left of a torn line must not swallow the reminder, which lets nothing run.
            if self.expect(f"(?P<goes>{goes})|{again}", timeout,
                           remind=f"\n{order}?\n").group("goes"):
                return
        self.die(f"this command never came whole: {command}")

    def reset(self, command="echo b > /proc/sysrq-trigger", timeout=BOOT_SECONDS):
        """Reset the machine from inside, memory kept, and wait for the next prompt."""
        self.was_reset = True
        self.send(command)
        self.wait_ready(timeout, deadly=())

    def oopses(self):
        """Lines of the kernel log since the last call (or boot) that tell of a kernel in pain."""
        self.mark()
        with open(self.path("com1.txt"), encoding="utf-8", errors="replace") as log:
            log.seek(self.checked)
            text = log.read()
            self.checked = log.tell()
        return [match.group(0) for match in OOPS.finditer(text)]

    def shutdown(self, timeout=60):
        """Power off; an end that is not clean raises."""
        self.send("poweroff -f")
        try:
            self.process.wait(patient(timeout))
        except subprocess.TimeoutExpired:
            self.die(f"no power-off within {patient(timeout)} s")
        reason = self.emulator.exit_reason(self.directory, self.process.returncode)
        self.close()
        if reason:
            raise MachineDied(f"{reason}\n{self.tail()}")

    def close(self):
        """Stop the emulator, whatever it is doing, and close the consoles."""
        for end in filter(None, (self.cable, self.line, self.monitor)):
            end.close()
        self.cable = self.line = self.monitor = None
        self.alive = False
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None
        if self.console is not None:
            self.drain(0.2)
            self.console.close()
            os.close(self.slave)
            self.log.close()
            self.console = None
        for name in ("boot.iso", "initrd"):
            self.path(name).unlink(missing_ok=True)

    def drain(self, seconds):
        """Take what the console still has to say, until it is silent for some seconds."""
        try:
            while self.console.read_nonblocking(4096, timeout=seconds):
                pass
        except (pexpect.TIMEOUT, pexpect.EOF, OSError):
            pass
