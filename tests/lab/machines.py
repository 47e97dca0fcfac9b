# SPDX-License-Identifier: GPL-2.0-only
"""The kinds of machine the lab knows, and whether this host can run them.

A kind is a row in KINDS. What varies from test to test (processor model, number of processors,
kernel, command line, modules, files) is a Setup on top of a kind. How an emulator is driven is
decided in bochs.py and qemu.py.
"""

import dataclasses
import zlib
from pathlib import Path

# Bochs advances time with executed instructions: this many of them are one second.
BOCHS_IPS = 50_000_000

# The range that configs/boards gives to the hypervisor and to cells, kept from Linux.
RESERVED = "memmap=64M$0x38000000"

# console_msg_format=syslog: "<6>" before a kernel message tells it from what a command prints.
COMMON_CMDLINE = ("console=ttyS0,115200 console_msg_format=syslog panic=-1 audit=0 mitigations=off "
                  f"cryptomgr.notests {RESERVED}")

# idle=halt: idling with MWAIT makes Bochs ten times slower. tsc_early_khz: Linux takes the TSC's
# frequency from CPUID, which names the real processor's, and would sleep 70 times too long.
# reboot=pci: a reset by the keyboard controller leaves IA32_FEATURE_CONTROL locked in Bochs, and
# its firmware then dies of writing it; the reset control at port 0xcf9 does a whole one.
# initcall_blacklist: the first of these reads the types of the whole kernel for BPF, which takes a
# tenth of the boot and serves nobody here.
BOCHS_CMDLINE = (f"idle=halt tsc=reliable tsc_early_khz={BOCHS_IPS // 1000} lpj=100000 "
                 "reboot=pci initcall_blacklist=cubictcp_register,bpf_tcp_ca_kfunc_init,"
                 "bpf_rstat_kfunc_init,kfunc_init,bpf_prog_test_run_init,bpf_key_sig_kfuncs_init")

# tsc=reliable: the emulator's threads are held up by others on the host, which Linux would take for
# a bad clock. They would also disturb its measuring of the delay loop (lpj=), which is by the TSC.
QEMU_CMDLINE = "idle=halt tsc=reliable no_timer_check lpj=10000000 reboot=pci"

# What a kind may lack and a test may need (`needs=`): each is a reason to skip, printed as it is.
DEADLINE = "TSC-deadline timer"
EXACT_TIME = "time that goes by instructions"
ALIGNMENT = "check of alignment (#AC)"
BOOT_CPU = "boot CPU that Linux takes offline"
VMX = "VMX"
# QEMU 10.0 ends there by an assertion about its own lock.
WATCHED_FRAMES = "breakpoints on frames of exceptions"
QEMU_LACKS = (DEADLINE, EXACT_TIME, ALIGNMENT, BOOT_CPU, VMX, WATCHED_FRAMES)

# A device that reads and writes any address by DMA; of 28 bits only, if nothing else is said.
EDU = "edu,dma_mask=0xffffffffffff"

# Real processors of AMD stand behind an AMD-Vi;
# behind a VT-d this one is there because nothing else here can try the code for it. Neither IOMMU
# here has wide destinations, so Linux stays in xAPIC mode, and cells alone use the other.
QEMU_MODEL = "EPYC,+svm,+npt,+x2apic"


@dataclasses.dataclass(frozen=True)
class Kind:
    """One sort of machine."""

    name: str
    emulator: str
    cpus: int
    model: str
    cmdline: str = ""
    memory_mib: int = 1024
    devices: tuple = ()
    board: str = "qemu-q35"  # the folder of configs/boards that is for it
    file: str = "board"  # that of the board in it
    iommu: str = ""  # what Linux is told to leave its IOMMU to the hypervisor
    lacks: tuple = ()
    exact: bool = False  # of QEMU: time goes by instructions, one a nanosecond


KINDS = {
    kind.name: kind
    for kind in (
        Kind("bochs-vmx", "bochs", 4, "corei7_skylake_x", BOCHS_CMDLINE, board="bochs"),
        # One processor only: its TSC counts executed instructions exactly.
        Kind("bochs-vmx-1", "bochs", 1, "corei7_skylake_x", BOCHS_CMDLINE, board="bochs"),
        # SVM with NRIP save and flush by ASID, which QEMU's has not.
        Kind("bochs-svm", "bochs", 4, "ryzen", BOCHS_CMDLINE, board="bochs"),
        Kind("kvm-vmx", "qemu-kvm", 4, "host,+vmx", devices=("intel-iommu,intremap=on",),
             lacks=(EXACT_TIME,)),
        Kind("qemu-svm", "qemu-tcg", 4, QEMU_MODEL, QEMU_CMDLINE, lacks=QEMU_LACKS),
        # As well, since QEMU is told to.
        Kind("qemu-svm-1", "qemu-tcg", 1, QEMU_MODEL, QEMU_CMDLINE, exact=True,
             lacks=tuple(lack for lack in QEMU_LACKS if lack != EXACT_TIME)),
        Kind("qemu-svm-vtd", "qemu-tcg", 4, QEMU_MODEL, QEMU_CMDLINE, lacks=QEMU_LACKS,
             devices=("intel-iommu,intremap=on", EDU), file="vtd",
             iommu="intel_iommu=off"),
        Kind("qemu-svm-amdvi", "qemu-tcg", 4, QEMU_MODEL, QEMU_CMDLINE, lacks=QEMU_LACKS,
             devices=("amd-iommu,intremap=on,dma-remap=on", EDU), file="amdvi",
             iommu="amd_iommu=off"),
    )
}
BOARDS = sorted({(kind.board, kind.file) for kind in KINDS.values()})

# One of each emulator, without an IOMMU: for tests of the lab itself and images that drive none.
EMULATORS = ("bochs-vmx", "kvm-vmx", "qemu-svm")
IOMMU = ("qemu-svm-vtd", "qemu-svm-amdvi")
# Where tests of the hypervisor run, but for those that name a kind because of what it is.
HYPERVISOR = (*EMULATORS, *IOMMU)
ONE_CPU = ("bochs-vmx-1", "qemu-svm-1")

# What has to be done very often (a million pages read, a thousand lives of a cell) is done in full
# on this one, and a part of it on the others: one of so many.
IN_FULL = "bochs-vmx"
PARTS = {IN_FULL: 1, "qemu-svm-vtd": 50, "qemu-svm-amdvi": 50}


def part(kind):
    """What part of very many a kind does: one of so many."""
    return PARTS.get(kind, 10)


def be_brief():
    """Nothing is done in full any more; see in_brief() as well."""
    PARTS.clear()


def in_brief(kinds, name):
    """On which of its kinds a brief run has a test of that name.

    What runs on every machine for the hypervisor runs on one of each vendor's processors: of
    those with SVM, which differ in their IOMMU, on the one that the name decides.
    """
    if not set(HYPERVISOR) <= set(kinds):
        return kinds
    svm = [kind for kind in kinds if "svm" in kind]
    chosen = svm[zlib.crc32(name.encode()) % len(svm)]
    return [kind for kind in kinds if kind not in svm or kind == chosen]


@dataclasses.dataclass(frozen=True)
class Setup:
    """A machine as a test wants it. Equal setups can share one boot."""

    kind: str
    kernel: str = "cloud"
    modules: tuple = ()
    files: tuple = ()
    cmdline: str = ""
    cpus: int = 0
    model: str = ""
    triple_fault_resets: bool = False
    rom: tuple = ()
    card: str = ""  # a network card at the end of a cable (wire.py): "e1000", "e1000e"
    line: bool = False  # the fourth serial port is a line to the test (line.py), and no file
    monitor: bool = False  # the test can give orders to QEMU (monitor.py)
    devices: tuple = ()  # further ones, of QEMU
    properties: tuple = ()  # of QEMU's devices: "intel-iommu.scalable-mode=on"
    traces: tuple = ()  # events of QEMU that its log tells: "pci_cfg_write"
    linux_iommu: bool = False  # Linux drives the machine's IOMMU, and the board knows of none

    @property
    def machine(self):
        """The kind's row, with this setup's processors."""
        kind = KINDS[self.kind]
        return dataclasses.replace(kind, cpus=self.cpus or kind.cpus,
                                   model=self.model or kind.model,
                                   file="board" if self.linux_iommu else kind.file,
                                   iommu="" if self.linux_iommu else kind.iommu,
                                   devices=(*kind.devices, *self.devices))

    @property
    def full_cmdline(self):
        """Everything Linux is told, the test's own words last."""
        machine = self.machine
        return " ".join(filter(None, (COMMON_CMDLINE, machine.cmdline, machine.iommu,
                                      self.cmdline)))


def setup(kind, modules=(), files=None, **rest):
    """A Setup from the lists and dicts that people like to write.

    In a file's name, in the machine or here, "{board}" is the folder of the kind's board, and
    "{file}" the name of the board's file in it.
    """
    wanted = Setup(kind, modules=tuple(modules), **rest)
    row = wanted.machine

    def named(name):
        return name.replace("{board}", row.board).replace("{file}", row.file)

    return dataclasses.replace(wanted, files=tuple(sorted(
        (named(guest), named(host)) for guest, host in (files or {}).items())))


def kvm_missing():
    """Why no machine with VMX can run under KVM here; empty if it can."""
    if not Path("/dev/kvm").exists():
        return "no /dev/kvm"
    flags = next((line for line in Path("/proc/cpuinfo").read_text().splitlines()
                  if line.startswith("flags")), "")
    if " vmx" not in flags:
        return "this host's processor shows no VMX"
    nested = Path("/sys/module/kvm_intel/parameters/nested")
    if not nested.exists() or nested.read_text().strip() not in ("Y", "1"):
        return "kvm_intel does not offer VMX to guests (nested is off)"
    return ""


def kind_missing(name, needs=()):
    """Why this host cannot run a kind of machine that has what is needed; empty if it can."""
    for feature in needs:
        if feature in KINDS[name].lacks:
            return f"it has no {feature}"
    if KINDS[name].emulator == "qemu-kvm":
        return kvm_missing()
    return ""
