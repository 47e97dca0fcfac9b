# SPDX-License-Identifier: GPL-2.0-only
"""What system tests of the root cell do inside a machine: enable, ask, make boards and programs.

Nothing is asserted here but that a command which must succeed does.
"""

import fcntl
import os
import re
import shlex
import subprocess
from pathlib import Path

from built import DRIVER, build_dir, bulkhead_files
from initramfs import fetch
from patience import patient

TOP = Path(__file__).resolve().parents[2]
# In every machine the folder of its own board, beside the one with the board's name. Its board file
# is always board.conf here, whichever the machine's is: see machines.Kind.
BOARD = "/board"
BOARD_FILE = f"{BOARD}/board.conf"
PROBE = "/lib/modules/bh_probe.ko"
SERIAL = 4  # the pin of COM1, by which all that is said here goes
EDGES = "/edges.elf"


def program(name):
    """A static program of tests/system/programs, built where the tests build."""
    source = TOP / "tests/system/programs" / f"{name}.c"
    target = build_dir() / "programs" / name
    if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
        target.parent.mkdir(parents=True, exist_ok=True)
        new = target.with_suffix(f".{os.getpid()}")
        subprocess.run(["gcc", "-O1", "-Wall", "-Wextra", "-Werror", "-static",
                        "-I", TOP / "include", "-o", new, source], check=True)
        new.rename(target)
    return str(target)


def assembled(name):
    """A program for cells of tests/system/programs, in assembly, with lines for gdb."""
    source = TOP / "tests/system/programs" / f"{name}.S"
    target = build_dir() / "programs" / f"{name}.elf"
    if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
        target.parent.mkdir(parents=True, exist_ok=True)
        new = target.with_suffix(f".{os.getpid()}")
        subprocess.run(["as", "--32", "-g", "-o", f"{new}.o", source], check=True)
        subprocess.run(["ld", "-m", "elf_i386", "-N", "--no-warn-rwx-segments", "-Ttext=0x1000",
                        "-o", new, f"{new}.o"], check=True)
        new.rename(target)
    return str(target)


def image(configuration):
    """The hypervisor of another configuration of configs/, built where the tests build."""
    build = build_dir() / configuration
    build.mkdir(parents=True, exist_ok=True)
    environment = {name: value for name, value in os.environ.items()
                   if name not in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL")}
    # Other workers may want the same.
    with open(build / "lock", "w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        subprocess.run(["make", "-s", f"BUILD={build.relative_to(TOP)}",
                        f"DEFCONFIG={configuration}_defconfig", "hypervisor"],
                       cwd=TOP, env=environment, check=True)
    return str(build / "hypervisor/bulkhead.bin")


def files(*programs, kernel="cloud"):
    """Bulkhead, the probe and some programs: guest path to host path."""
    probe = build_dir() / "probe" / fetch("release", kernel) / "bh_probe.ko"
    return {**bulkhead_files(kernel=kernel), PROBE: str(probe), **board_files("board"),
            **{f"/usr/bin/{name}": program(name) for name in programs}}


def board_files(*names):
    """Files of the machine's board by their names without suffix: guest path to host path."""
    return {f"{BOARD}/{name}.conf": str(TOP / "configs/boards/{board}" / (
        "{file}.conf" if name == "board" else f"{name}.conf")) for name in names}


def board_source(machine, name="board"):
    """Where a file of the machine's board is here; by default the board itself."""
    kind = machine.setup.machine
    return TOP / "configs/boards" / kind.board / f"{kind.file if name == 'board' else name}.conf"


def board_text(machine, name="board"):
    """What a file of the machine's board says."""
    return board_source(machine, name).read_text()


def standard():
    """The mark's words for the machine that tests of several files share: one boot for all.

    They find it with the hypervisor disabled, and leave it so.
    """
    return {"share": "standard", "files": {
        **files("timers", "forks", "insn", "tables"),
        **board_files("attacker", "device", "linked", "neighbour", "rt0", "smp", "uart"),
        EDGES: assembled("edges")}}


def load(machine):
    """Driver and probe, once a boot."""
    machine.check(f"[ -e /dev/bulkhead ] || insmod {DRIVER}")
    machine.check(f"[ -e /proc/bh_probe ] || insmod {PROBE}")


def put(machine, path, text):
    """A text file in the machine."""
    machine.check(f"cat > {path} <<'END_OF_FILE'\n{text.rstrip()}\nEND_OF_FILE")


def board(machine, *changes, path="/board.conf"):
    """The machine's board file with pieces of text (regular expressions) replaced; where it is."""
    text = "\n".join(line for line in board_text(machine).splitlines()
                     if not line.startswith("#"))
    for old, new in changes:
        text, count = re.subn(old if isinstance(old, re.Pattern) else re.escape(old),
                              new.replace("\\", r"\\"), text)
        assert count, old
    put(machine, path, text)
    return path


def until(condition, shown, seconds=30):
    """A command that waits until a condition holds.

    Where it does not in time, the command fails with what is shown, and the machine lives: a
    time-out of the lab's would end it without a word of what was missed.
    """
    missed = shlex.quote(f"missed: {condition}")
    return (f"{{ waits=0; until {condition}; do "
            f"[ $((waits += 1)) -le {10 * patient(seconds)} ] || "
            f"{{ echo {missed}; {shown}; exit 1; }}; sleep 0.1; done; }}")


def enable(machine, path=BOARD_FILE):
    """Enable, which must succeed."""
    load(machine)
    return machine.check(f"bulkhead enable {path}", timeout=120)


def disable(machine):
    """Disable, which must succeed."""
    return machine.check("bulkhead disable", timeout=120)


def refused(machine, path=BOARD_FILE):
    """Enable, which must be refused; the words."""
    load(machine)
    result = machine.run(f"bulkhead enable {path}", timeout=120)
    assert result.status == 1, result
    return result.output


def status(machine):
    """What `bulkhead status` tells, as data."""
    return machine.data("bulkhead status --json --exits --faults", timeout=180)


# Exits as the manuals of AMD name them, which tests call as VMX does.
SVM_EXITS = {"VMCALL": "VMMCALL", "EPT violation": "nested page fault or another",
             "RDMSR": "MSR", "WRMSR": "MSR", "I/O instruction": "IOIO"}


def is_svm(machine):
    """Is the machine's processor one of AMD?"""
    return "svm" in machine.setup.kind


def exit_name(machine, name):
    """The name of an exit on this machine, by that of VMX."""
    return SVM_EXITS.get(name, name) if is_svm(machine) else name


def exits(machine):
    """Exits by the name of their reason, over all CPUs."""
    total = {}
    for cpu in machine.data("bulkhead status --json --exits")["cpus"]:
        for reason, count in cpu["exits_by_reason"].items():
            total[reason] = total.get(reason, 0) + count
    return total


def faults(machine, kind):
    """How many faults of a kind were counted, and their records."""
    state = status(machine)
    return (state["faults_counted"][kind],
            [fault for fault in state["faults"] if fault["kind"] == kind])


def probe(machine, line, timeout=120):
    """An operation of bh_probe, on the first CPU; its answer."""
    return machine.check(f"taskset 1 sh -c \"echo '{line}' > /proc/bh_probe\" && "
                         "cat /proc/bh_probe", timeout).strip()


def undisturbed(machine, cpus=4):
    """Linux has all its CPUs and can still start processes on each."""
    alive = [f"taskset {1 << cpu:x} echo alive" for cpu in range(cpus)]
    assert machine.check("; ".join(["nproc", *alive])).split() == [str(cpus)] + ["alive"] * cpus


def line_interrupts(machine, cpu):
    """The serial line's interrupt is to come to that CPU; the next one may still go elsewhere."""
    machine.check(f"echo {cpu} > /proc/irq/{SERIAL}/smp_affinity_list")


def not_interrupted(machine):
    """Linux has had no interrupt and no NMI that it knows nothing of."""
    complaint = re.compile("No irq handler for vector|Dazed and confused")
    log = kernel_log(machine).splitlines()
    at = [i for i, line in enumerate(log) if complaint.search(line)]
    # What Linux did just before, too.
    assert not at, "\n".join(log[max(at[0] - 5, 0):at[0] + 3])


def reboot(machine):
    """Reboot; what Linux said on the way down and up."""
    since = machine.mark()["com1.txt"]
    machine.reset("reboot -f")
    return machine.path("com1.txt").read_bytes()[since:].decode(errors="replace")


def console(machine):
    """The hypervisor's console as the emulator keeps it."""
    return machine.path("com2.txt").read_text(errors="replace")


def tsc_hz(machine):
    """What Linux takes for the frequency of its processors' TSC."""
    (megahertz,) = re.findall(r"tsc: (?:Using user defined TSC freq:|Detected) ([\d.]+) MHz",
                              machine.check("dmesg"))
    return float(megahertz) * 1e6


def kernel_log(machine):
    """The kernel's log so far."""
    return machine.check("dmesg")


def free_memory(machine):
    """KiB that nobody holds: free, in the CPUs' own lists of free pages, or in caches and slabs."""
    machine.check("sync; echo 3 > /proc/sys/vm/drop_caches; sleep 1")
    meminfo = machine.check("cat /proc/meminfo")
    lists = re.findall(r"^ +count: +(\d+)", machine.check("cat /proc/zoneinfo"), re.MULTILINE)
    assert lists
    return (sum(int(re.search(rf"^{name}: +(\d+)", meminfo, re.MULTILINE).group(1))
                for name in ("MemFree", "Slab", "Cached", "PageTables", "KernelStack"))
            + 4 * sum(map(int, lists)))
