# SPDX-License-Identifier: GPL-2.0-only
"""What is measured inside machines of the lab: paths, enable and disable, rates of exits.

With one CPU the TSC counts executed instructions, so a path is measured by the tests' kernel module
around one instruction, once on bare metal and once enabled; the difference is what the hypervisor
adds between two instructions of its guest. Nothing is judged here.
"""

import json
import re
import subprocess

import bare
import machines
import wire
from built import DRIVER, IMAGE, TOOL, TOP, build_dir
from initramfs import LabError, fetch
from machine import Machine

SAMPLES = 101
RATE_SECONDS = 5
PROBE = "/lib/modules/bh_probe.ko"
SWITCH = "/usr/sbin/switch_ticks"
BLOB = "/etc/bulkhead/bench.blob"
PCI_BLOB = "/etc/bulkhead/bench-pci.blob"
LIVES = "/usr/sbin/cell_ticks"
SMP = "/etc/bulkhead/smp.conf"
LATENCY = "/usr/lib/bulkhead/latency.elf"
CELL = "/etc/bulkhead/cell-{}M.blob"
CELL_SIZES = (2, 18)  # MiB; the difference is scrubbed and nothing else

# The kernel's messages stay in its log: a line on the serial console takes 100,000 instructions.
SILENCE = "dmesg -n 1"

# Not root's by the board file.
DENIED_PORT = 0x5f0
HOLE = 0xfec10000
FEATURE_CONTROL = 0x3a
APIC_EOI, APIC_ICR = 0xb0, 0x300
SELF_RESCHEDULE = 0x400fd  # fixed, to itself; what Linux uses to ask for a look at the run queue

PATHS = {
    "exit.cpuid": f"bench-cpuid {SAMPLES}",
    "exit.cpuid_1": f"bench-cpuid {SAMPLES} 1",
    "exit.port": f"bench-port {SAMPLES} {DENIED_PORT}",
    "exit.msr": f"bench-msr {SAMPLES} {FEATURE_CONTROL}",
    "exit.mmio": f"bench-mmio {SAMPLES} {HOLE}",
    "exit.xapic_eoi": f"bench-apic {SAMPLES} {APIC_EOI} 0",
    "exit.xapic_eoi_module": f"bench-xapic-eoi {SAMPLES}",
    "exit.xapic_icr": f"bench-apic {SAMPLES} {APIC_ICR} {SELF_RESCHEDULE}",
    "exit.xapic_icr_module": f"bench-xapic-icr {SAMPLES}",
}

# With configuration space and the IOAPIC filtered: lines whose last is measured. The register is
# the host bridge's first; the entry, which nobody uses, is pin 23's.
IOAPIC, ENTRY, MASKED = 0xfec00000, 0x10 + 2 * 23, 0x10000
PCI_PATHS = {
    "exit.pci_read": (f"bench-config {SAMPLES} {0x80000000}",),
    "exit.ioapic_write": (f"bench-store 1 {IOAPIC} {ENTRY}",
                          f"bench-store {SAMPLES} {IOAPIC + 0x10} {MASKED}"),
}
PCI_BOARD = (
    (r'\n.*\{ name = "ioapic";.*', ""),
    (r"(?=\n\tconsole = )",
     f'\n\tioapics = ( {{ name = "ioapic"; at = {IOAPIC:#x}; pins = 24; }} );'
     "\n\tpci = { devices = (); };"),
)

# The same and more with SVM: a register in memory, and the mask of an entry of the card's MSI-X
# table, where the board "devices" has them.
SVM_PATHS = {
    "svm.cpuid": (f"bench-cpuid {SAMPLES}",),
    "svm.pci_read": PCI_PATHS["exit.pci_read"],
    "svm.mmconfig_read": (f"bench-mmio {SAMPLES} {0xb0000000}",),
    "svm.ioapic_write": PCI_PATHS["exit.ioapic_write"],
    "svm.msix_mask": (f"bench-store {SAMPLES} {0xfeb40000 + 12} 1",),
}

# What a cell with a card answers; its RAM is where nic.conf has it.
FRAMES, FRAME_SIZE = 1000, 500
NIC_RAM = 0x39000000

# Which path stands for an exit of a reason, where rates are turned into time.
PATH_OF_REASON = {
    "CPUID": "exit.cpuid_1", "VMCALL": "exit.hypercall", "I/O instruction": "exit.port",
    "RDMSR": "exit.msr", "WRMSR": "exit.msr", "EPT violation": "exit.xapic_eoi",
}
OTHER_PATH = "exit.xapic_icr"  # NMIs and what else is rare: about as long

# Data, processes, timers on every CPU.
LOAD = """
dd if=/dev/zero of=/dev/null bs=64k & loads=$!
(while :; do /bin/true; done) & loads="$loads $!"
for cpu in 0 1 2 3; do
(while :; do taskset $((1 << cpu)) usleep 2000; done) & loads="$loads $!"
done
"""


def write_blob(kind, directory, name="", changes=(), file="bochs/board.conf"):
    """The lab's board for a kind of machine, silent: a console's speed is not the hypervisor's."""
    board = (TOP / "configs/boards" / file).read_text()
    last = machines.KINDS[kind].cpus - 1
    for found, instead in ((r"console = \{[^}]*\}", 'console = { type = "none"; }'),
                           (r'cpus = "[^"]*"', f'cpus = "0-{last}"' if last else 'cpus = "0"'),
                           *changes):
        board, count = re.subn(found, instead, board)
        if count != 1:
            raise LabError(f"the lab's board file has not one place like {found}")
    path = directory / f"{kind}{name}.conf"
    path.write_text(board)
    blob = path.with_suffix(".blob")
    subprocess.run([build_dir() / "tools/bulkhead", "config", "compile", path, "-o", blob],
                   check=True)
    return blob


def write_cell(kind, directory, size):
    """The cell "rt0" with so many MiB of memory."""
    cell = (TOP / "configs/boards/bochs/rt0.conf").read_text()
    cell, count = re.subn(r'size = "2M"', f'size = "{size}M"', cell)
    if count != 1:
        raise LabError("the cell rt0 has not one region of 2M")
    path = directory / f"cell-{size}M.conf"
    path.write_text(cell)
    blob = path.with_suffix(".blob")
    subprocess.run([build_dir() / "tools/bulkhead", "config", "compile",
                    directory / f"{kind}.conf", path, "-o", blob], check=True)
    return str(blob)


def installed():
    """What each machine has."""
    build = build_dir()
    release = fetch("release", "cloud")
    return {
        TOOL: str(build / "tools/bulkhead"),
        IMAGE: str(build / "hypervisor/bulkhead.bin"),
        DRIVER: str(build / "driver" / release / "bulkhead.ko"),
        PROBE: str(build / "probe" / release / "bh_probe.ko"),
        SWITCH: str(build / "tests/bench/switch_ticks"),
    }


def setup(kind, directory):
    """A machine with everything that is measured."""
    build = build_dir()
    board = str(write_blob(kind, directory))
    cells = {CELL.format(size): write_cell(kind, directory, size)
             for size in CELL_SIZES if machines.KINDS[kind].cpus == 4}
    cells |= {name.replace(".blob", ".conf"): path.replace(".blob", ".conf")
              for name, path in cells.items()}
    return machines.setup(kind, files={
        **cells, **installed(),
        LIVES: str(build / "tests/bench/cell_ticks"),
        BLOB: board,
        PCI_BLOB: str(write_blob(kind, directory, "-pci", PCI_BOARD)),
        SMP: str(TOP / "configs/boards/bochs/smp.conf"),
        LATENCY: str(build / "inmates/tests/latency.elf"),
    })


def ticks(text):
    """The number in what a measuring operation printed."""
    return int(re.search(r"(?:net|ticks) (-?\d+)", text).group(1))


def probe(machine, line):
    """One measurement inside the machine."""
    return ticks(machine.check(f"echo {line} >/proc/bh_probe && cat /proc/bh_probe"))


def measure_x2apic(machine):
    """The machine's last act: it cannot go back to the mode that its Linux is in."""
    machine.check("dmesg -n 8")
    machine.send(f"echo bench-x2apic-icr {SAMPLES} >/proc/bh_probe")
    match = machine.expect(r"bench-x2apic-icr: net (-?\d+) min", 30)
    return int(match.group(1)) - 1


def probe_last(machine, lines):
    """The measurement that all lines but the last prepare."""
    return [probe(machine, line) for line in lines][-1]


def measure_pci(machine, paths):
    """Paths of accesses that are filtered."""
    bare = {name: probe_last(machine, lines) for name, lines in paths.items()}
    machine.check(f"{SWITCH} enable {PCI_BLOB}")
    enabled = {name: probe_last(machine, lines) for name, lines in paths.items()}
    machine.check(f"{SWITCH} disable")
    return {name: enabled[name] - bare[name] for name in paths}


def measure_svm(directory):
    """The same on a machine with SVM, whose card has messages."""
    kind = "qemu-svm-1"
    blob = write_blob(kind, directory, file="qemu-q35/devices.conf")
    wanted = machines.setup(kind, files={**installed(), PCI_BLOB: str(blob)}, card="e1000e",
                            devices=("edu",))
    with Machine(wanted, directory / kind) as machine:
        machine.check(f"{SILENCE} && insmod {DRIVER} && insmod {PROBE}")
        values = measure_pci(machine, SVM_PATHS)
        machine.shutdown()
    return values


def exits_of(machine, cell):
    """Exits of a cell so far, by reason."""
    shown = machine.data(f"bulkhead cell show {cell} --json")
    return reasons_of({"cpus": shown["virtual_cpus"]})


def measure_echo(machine, words):
    """Exits of the cell "nic" while it answers frames, but for its start and its end."""
    frames = [wire.frame(wire.CARD, number, FRAME_SIZE) for number in range(FRAMES)]
    machine.check("bulkhead cell load nic /usr/lib/bulkhead/demos/nic.elf "
                  f"-s 'msi dma={NIC_RAM:#x} count={FRAMES + 2} every={2 * FRAMES} {words}' "
                  "-a 0x1000 && "
                  "bulkhead cell start nic && "
                  "until bulkhead cell console nic | tail -n 1 | grep -q echoing; do sleep 1; done",
                  timeout=200)
    if wire.converse(machine.cable, frames[:1]) != [wire.answer(frames[0])]:
        raise LabError("the cell does not answer frames")
    before = exits_of(machine, "nic")
    wire.converse(machine.cable, frames)
    exits = {name: count - before.get(name, 0) for name, count in exits_of(machine, "nic").items()}
    # The last one ends the program.
    wire.converse(machine.cable, frames[:1])
    machine.check("until bulkhead cell list | grep -q 'nic *shut down'; do sleep 1; done")
    print(f"  {FRAMES} frames, {words or 'x2apic'}: " + (", ".join(
        f"{name} {count}" for name, count in exits.items() if count) or "none"), flush=True)
    return sum(exits.values())


def measure_card(directory):
    """A card of a cell, in the mode of Linux and in x2APIC mode."""
    wanted = machines.setup("qemu-svm", card="e1000e", devices=("edu",), files={
        **installed(),
        "/usr/lib/bulkhead/demos/nic.elf": str(build_dir() / "inmates/demos/nic.elf"),
        "/etc/bulkhead/card.conf": str(TOP / "configs/boards/qemu-q35/devices.conf"),
        "/etc/bulkhead/nic.conf": str(TOP / "configs/boards/qemu-q35/nic.conf")})
    with Machine(wanted, directory / "card") as machine:
        machine.check(f"insmod {DRIVER} && bulkhead enable /etc/bulkhead/card.conf && "
                      "bulkhead cell create /etc/bulkhead/nic.conf", timeout=200)
        values = {"nic.exits_xapic": measure_echo(machine, "xapic"),
                  "nic.exits": measure_echo(machine, "")}
        machine.shutdown()
    return values


def measure_paths(directory):
    """Paths of exits, and what enable and disable take, on one CPU."""
    values = {}
    with Machine(setup("bochs-vmx-1", directory), directory / "bochs-vmx-1") as machine:
        machine.check(f"{SILENCE} && insmod {DRIVER} && insmod {PROBE}")
        bare = {name: probe(machine, line) for name, line in PATHS.items()}
        values["enable"] = ticks(machine.check(f"{SWITCH} enable {BLOB}"))
        values["disable"] = ticks(machine.check(f"{SWITCH} disable"))
        values |= measure_pci(machine, PCI_PATHS)
        machine.check(f"{SWITCH} enable {BLOB}")
        for name, line in PATHS.items():
            values[name] = probe(machine, line) - bare[name]
        # On bare metal there is nobody to call: the instruction itself counts one.
        values["exit.hypercall"] = probe(machine, f"bench-hypercall {SAMPLES}") - 1
        values["exit.x2apic_icr"] = measure_x2apic(machine)
    return values


def reasons_of(status):
    """Exits by reason over all CPUs, from what the tool prints."""
    reasons = {}
    for cpu in status["cpus"]:
        for name, count in cpu["exits_by_reason"].items():
            reasons[name] = reasons.get(name, 0) + count
    return reasons


def measure_rate(machine, paths, before="", after=""):
    """Exits a second under what `before` starts, and the hypervisor's share in percent."""
    machine.check(before + f"sleep 1\ncut -d ' ' -f 1 /proc/uptime >a.time\n"
                  f"bulkhead status --json >a.json\nsleep {RATE_SECONDS}\n"
                  f"bulkhead status --json >b.json\ncut -d ' ' -f 1 /proc/uptime >b.time\n" + after,
                  timeout=400, quiet=400)
    seconds = float(machine.check("cat b.time")) - float(machine.check("cat a.time"))
    counts = [reasons_of(json.loads(machine.check(f"cat {name}.json"))) for name in "ab"]
    exits = {name: count - counts[0].get(name, 0) for name, count in counts[1].items()}
    inside = sum(count * paths[PATH_OF_REASON.get(name, OTHER_PATH)]
                 for name, count in exits.items())
    available = seconds * machines.BOCHS_IPS * machine.setup.machine.cpus
    print("  " + ", ".join(f"{name} {count / seconds:.1f}" for name, count in exits.items()
                           if count), flush=True)
    return round(sum(exits.values()) / seconds, 1), round(100 * inside / available, 5)


def measure_cells(machine):
    """Steps of a cell's life, with its CPU offline before, and scrubbing by itself."""
    machine.check("echo 0 > /sys/devices/system/cpu/cpu3/online")
    small, large = (
        {name: int(count) for name, count in
         re.findall(r"(\w+) (\d+)", machine.check(f"{LIVES} {CELL.format(size)}", timeout=200))}
        for size in CELL_SIZES)
    scrub = {step: (large[step] - small[step]) / (CELL_SIZES[1] - CELL_SIZES[0])
             for step in ("create", "destroy")}
    machine.check("echo 1 > /sys/devices/system/cpu/cpu3/online")
    return {
        "cell.create": round(small["create"] - scrub["create"] * CELL_SIZES[0]),
        "cell.load": small["load"],
        "cell.start": small["start"],
        "cell.stop": small["stop"],
        "cell.destroy": round(small["destroy"] - scrub["destroy"] * CELL_SIZES[0]),
        "cell.scrub": round((scrub["create"] + scrub["destroy"]) / 2),
    }


def measure_cell_pages(machine):
    """Pages of hypervisor memory that a cell of 2 MiB takes, besides its CPUs."""
    used = "bulkhead status --json"
    before = json.loads(machine.check(used))["pages"]["used"]
    machine.check("bulkhead cell create /etc/bulkhead/cell-2M.conf", timeout=100)
    pages = json.loads(machine.check(used))["pages"]["used"] - before
    machine.check("bulkhead cell destroy rt0", timeout=100)
    return pages


def latencies(text):
    """What the program "latency" says, by name."""
    return {name: int(ticks) for name, ticks in re.findall(r"(latency|ipi|send) (\d+)", text)}


def measure_latencies(machine, directory):
    """A timer's interrupt and one from CPU to CPU: in a cell, and on the bare machine."""
    machine.check(f"{SWITCH} enable {BLOB} && bulkhead cell create {SMP} && "
                  f"bulkhead cell load smp {LATENCY} && bulkhead cell start smp && "
                  "until bulkhead cell list | grep -q 'smp *shut down'; do sleep 1; done",
                  timeout=200)
    cell = latencies(machine.path("com3.txt").read_text())
    bare_text, _ = bare.run("bochs", build_dir() / "inmates/tests/latency.elf", cpus=4,
                            directory=directory / "bare", ended="measured")
    on_bare = latencies(bare_text)
    return {
        "timer.cell": cell["latency"], "timer.bare": on_bare["latency"],
        "timer.ratio": round(cell["latency"] / on_bare["latency"], 2),
        "ipi.cell": cell["ipi"], "ipi.bare": on_bare["ipi"],
        "ipi.added": cell["ipi"] - on_bare["ipi"], "ipi.send": cell["send"] - on_bare["send"],
    }


def measure_rates(paths, directory):
    """On four CPUs: how often the hypervisor runs, for how long, and what it takes."""
    values = {}
    with Machine(setup("bochs-vmx", directory), directory / "bochs-vmx") as machine:
        machine.check(f"{SILENCE} && insmod {DRIVER}")
        values["enable.smp"] = ticks(machine.check(f"{SWITCH} enable {BLOB}"))
        values["pages.enabled"] = json.loads(
            machine.check("bulkhead status --json"))["pages"]["used"]
        values["idle.exits"], values["idle.share"] = measure_rate(machine, paths)
        values["load.exits"], values["load.share"] = measure_rate(
            machine, paths, LOAD, "kill $loads\nwait\n")
        values |= measure_cells(machine)
        values["cell.pages"] = measure_cell_pages(machine)
        values["disable.smp"] = ticks(machine.check(f"{SWITCH} disable"))
        # At last: the cell leaves its CPUs in x2APIC mode, which Bochs never ends.
        values |= measure_latencies(machine, directory)
        machine.shutdown()
    return values
