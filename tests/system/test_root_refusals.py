# SPDX-License-Identifier: GPL-2.0-only
"""Each refusal of the driver and of the hypervisor: its words, to the user and in the kernel log.

Linux goes on undisturbed after each. What the tool alone refuses is in test_tool.py and
test_config.py.
"""

import re

import guest
import machines
import pytest
from built import DRIVER, IMAGE, build_dir

MINIMAL = "/lib/firmware/minimal.bin"
WANTED = {"modules": ["kvm_intel", "kvm_amd"], "files": {
    **guest.files("kvm", "open"), MINIMAL: str(build_dir() / "minimal/hypervisor/bulkhead.bin")}}
MACHINE = pytest.mark.machine(*machines.HYPERVISOR, **WANTED)
NOT_ENABLED = 3

HYPERVISOR = 'hypervisor = { phys = 0x38000000; size = "8M"; };'
CELLS = '{ phys = 0x38800000; size = "56M"; }'
HIGH = re.compile(r'phys = 0x3c000000; size = "\d+K";')
MAIN = 'phys = 0x00100000; size = "895M";'
PORT = 'console = { type = "8250-port"; port = 0x2f8; baud = 115200; };'
NO_SVM = "the processor has no SVM, or a hypervisor above hides it"

# Why a CPU does not come along at a stage of enable: with VMX, and with SVM.
STAGES = {
    "features": ("the feature check failed on request of the board's test setting",) * 2,
    "vmxon": ("VMXON failed", "SVM could not be turned on"),
    "entry": ("VM entry failed with instruction error",
              "VM entry failed: the processor refuses the VMCB"),
}

# What the firmware executes before WRMSR of IA32_FEATURE_CONTROL, on the first CPU and on the
# others: OR EAX, 5. With 1 it locks and leaves VMX off.
LOCKED_OFF = ((bytes.fromhex("b93a0000000f3283c805"), bytes.fromhex("b93a0000000f3283c801")),
              (bytes.fromhex("b93a0000000f326683c805"), bytes.fromhex("b93a0000000f326683c801")))


@pytest.fixture(name="minimal_image", scope="module", autouse=True)
def fixture_minimal_image():
    """The image of another configuration, which boots of this file bring along."""
    return guest.image("minimal")


def refusal(machine, command, words, status=1):
    """A command that must be refused, in these words and nowhere but on standard error."""
    result = machine.run(f"{command} 2>/words")
    assert (result.status, result.output) == (status, ""), result
    verb = command.split()[1]
    assert machine.check("cat /words") == f"bulkhead: {verb}: {words}\n"


def refuse(machine, words, path=guest.BOARD_FILE, cpus=4):
    """An enable that must be refused; the kernel log says the same, and Linux goes on."""
    guest.load(machine)
    machine.check("dmesg -c >/dev/null")
    refusal(machine, f"bulkhead enable {path}", words)
    assert f"bulkhead: enable refused: {words}\n" in guest.kernel_log(machine)
    guest.undisturbed(machine, cpus)
    assert machine.check("cat /sys/devices/bulkhead/enabled").strip() == "0"


def works(machine):
    """What was refused before did no lasting harm."""
    guest.enable(machine)
    guest.disable(machine)
    guest.undisturbed(machine)


@MACHINE
def test_no_driver(machine):
    words = "not enabled: the driver is not loaded; load the driver: modprobe bulkhead"
    for command in (f"enable {guest.BOARD_FILE}", "disable", "status", "console"):
        refusal(machine, f"bulkhead {command}", words, NOT_ENABLED)


@MACHINE
def test_not_enabled(machine):
    guest.load(machine)
    refusal(machine, "bulkhead disable", "the hypervisor is not enabled", NOT_ENABLED)
    refusal(machine, "bulkhead status",
            "the hypervisor is not enabled: `bulkhead enable BOARD' enables it", NOT_ENABLED)
    assert "bulkhead: disable refused: the hypervisor is not enabled" in guest.kernel_log(machine)
    refusal(machine, "bulkhead console", "the hypervisor was not enabled since boot: say where its "
            "memory is; `bulkhead console --last BOARD' looks into a board's memory", NOT_ENABLED)
    refusal(machine, f"bulkhead console --last {guest.BOARD_FILE}",
            "no log at 0x38000000: not enabled there since power-on")


@MACHINE
def test_memory_in_use_by_linux(machine):
    path = guest.board(machine, (HYPERVISOR, 'hypervisor = { phys = 0x37800000; size = "8M"; };'),
                       (MAIN, 'phys = 0x00100000; size = "887M";'))
    refuse(machine, "hypervisor memory 0x37800000-0x37ffffff is in use by Linux: "
           "boot with the kernel parameter memmap=8M$0x37800000", path)
    # Only its last pages are.
    path = guest.board(machine, (CELLS, '{ phys = 0x38800000; size = "60M"; }'),
                       (HIGH, 'phys = 0x3cc00000; size = "2M";'))
    refuse(machine, "memory for cells 0x38800000-0x3c3fffff is in use by Linux: "
           "boot with the kernel parameter memmap=60M$0x38800000", path)
    works(machine)


@MACHINE
def test_memory_in_use_by_another_driver(machine):
    guest.load(machine)
    guest.probe(machine, "claim 0x3bfff000 0x1000")
    refuse(machine, "memory for cells 0x38800000-0x3bffffff is in use by another driver: "
           "see /proc/iomem")
    assert "bulkhead" not in machine.check("grep 38000000-387fffff /proc/iomem || true")
    guest.probe(machine, "unclaim 0x3bfff000 0x1000")
    works(machine)


@MACHINE
def test_memory_that_is_none(machine):
    path = guest.board(machine, (HYPERVISOR, 'hypervisor = { phys = 0x80000000; size = "8M"; };'))
    refuse(machine, "hypervisor memory 0x80000000-0x807fffff is not RAM by the firmware's "
           "memory map", path)


@MACHINE
def test_memory_too_small(machine):
    def refused(size, words):
        words += f"the board gives the hypervisor {size} KiB\n"
        path = guest.board(machine, (HYPERVISOR,
                                     f'hypervisor = {{ phys = 0x38000000; size = "{size}K"; }};'))
        machine.check("dmesg -c >/dev/null")
        match = re.fullmatch("bulkhead: enable: " + words, guest.refused(machine, path))
        assert match
        assert re.search("bulkhead: enable refused: " + words, guest.kernel_log(machine))
        return int(match.group(1))

    needed = refused(64, r"the image needs (\d+) KiB, ")
    # Place for the image and for nothing else.
    assert refused(needed, r"4 CPUs and the rest need more than (\d+) KiB, but ") > needed
    guest.undisturbed(machine)


@pytest.fixture(name="image")
def fixture_image(machine):
    """The machine, to spoil the image in; it is mended afterwards."""
    machine.check(f"cp {IMAGE} /good.bin")
    yield machine
    machine.check(f"cp /good.bin {IMAGE}")


def image_bytes():
    """The image as the machine has it."""
    return (build_dir() / "hypervisor/bulkhead.bin").read_bytes()


def spoil(machine, offset, data):
    """Write some bytes into the image."""
    text = "".join(f"\\{byte:03o}" for byte in data)
    machine.check(f"printf '{text}' | dd of={IMAGE} bs=1 seek={offset} conv=notrunc 2>/dev/null")


@MACHINE
def test_image_missing(image):
    image.check(f"rm {IMAGE}")
    refuse(image, "image file bulkhead.bin is missing from /lib/firmware (error -2)")


@MACHINE
def test_image_truncated(image):
    size = len(image_bytes())
    image.check(f"head -c 20000 /good.bin > {IMAGE}")
    refuse(image, f"image file bulkhead.bin is corrupt: it has 20000 bytes and should have {size}")
    image.check(f"head -c 40 /good.bin > {IMAGE}")
    refuse(image, "image file bulkhead.bin is too short: 40 bytes")


@MACHINE
@pytest.mark.parametrize("offset", [24, 0x5000, -1], ids=["header", "text", "end"])
def test_image_with_one_byte_flipped(image, offset):
    data = image_bytes()
    offset %= len(data)
    spoil(image, offset, [data[offset] ^ 1])
    image.check("dmesg -c >/dev/null")
    result = image.run(f"bulkhead enable {guest.BOARD_FILE}")
    assert result.status == 1, result
    sums = re_sums(result.output)
    assert sums[0] != sums[1] and sums[1] == int.from_bytes(data[12:16], "little")
    refuse(image, f"image file bulkhead.bin is corrupt: checksum 0x{sums[0]:08x}, "
           f"should be 0x{sums[1]:08x}")


def re_sums(text):
    """The two checksums of a refusal."""
    return [int(word.strip(","), 16) for word in text.split() if word.startswith("0x")]


@MACHINE
def test_image_of_another_version(image):
    version = int.from_bytes(image_bytes()[8:12], "little")
    spoil(image, 8, (version + 1).to_bytes(4, "little"))
    refuse(image, f"image file bulkhead.bin is of version {version + 1}, "
           f"this driver needs version {version}")


@MACHINE
def test_image_that_is_none(image):
    image.check(f"cp /usr/sbin/bulkhead {IMAGE}")
    refuse(image, "image file bulkhead.bin is not a Bulkhead image")


@MACHINE
def test_image_without_what_the_board_asks_for(image):
    image.check(f"cp {MINIMAL} {IMAGE}")
    refuse(image, "CPU 0: the board's console is an 8250 by port, "
           "which this hypervisor was built without")
    path = guest.board(image, (PORT, 'console = { type = "none"; }; '
                               'test = { stage = "vmxon"; cpu = 1; };'))
    refuse(image, "CPU 0: the board has a test setting, "
           "but this hypervisor was built without test devices", path)


@pytest.mark.machine("bochs-vmx", **WANTED)
def test_multihit_that_nobody_tells(machine):
    """This model does not say that it is free of it: the board has to say something."""
    setting = "itlb_multihit = false;"
    refuse(machine, "CPU 0: board bochs: write itlb_multihit = true, or false if Linux says "
           '"Not affected" in /sys/devices/system/cpu/vulnerabilities/itlb_multihit: this '
           "processor does not tell (IA32_ARCH_CAPABILITIES bit 6)",
           guest.board(machine, (setting, "")))
    guest.enable(machine, guest.board(machine, (setting, "itlb_multihit = true;")))
    guest.disable(machine)
    works(machine)


@MACHINE
def test_good_image_again(machine):
    works(machine)


@MACHINE
def test_cpus_other_than_those_online(machine):
    guest.load(machine)
    machine.check("echo 0 > /sys/devices/system/cpu/cpu3/online")
    try:
        machine.check("dmesg -c >/dev/null")
        words = ("CPU 3 is offline: bring it online first "
                 "(echo 1 >/sys/devices/system/cpu/cpu3/online)")
        refusal(machine, f"bulkhead enable {guest.BOARD_FILE}", words)
        assert f"enable refused: {words}\n" in guest.kernel_log(machine)
    finally:
        machine.check("echo 1 > /sys/devices/system/cpu/cpu3/online")
    refuse(machine, "CPU 3 is online, but not in the board file: add it there or take it offline",
           guest.board(machine, ('cpus = "0-3";', 'cpus = "0-2";')))
    refuse(machine, "CPU 4 is in the board file, but not in this machine",
           guest.board(machine, ('cpus = "0-3";', 'cpus = "0-4";')))
    works(machine)


@MACHINE
def test_cpu_that_the_board_lacks_stays_offline(machine):
    path = guest.board(machine, ('cpus = "0-3";', 'cpus = "0-2";'))
    machine.check("echo 0 > /sys/devices/system/cpu/cpu3/online")
    guest.enable(machine, path)
    assert machine.run("echo 1 > /sys/devices/system/cpu/cpu3/online").status == 1
    assert ("bulkhead: CPU 3 cannot go online: the enabled hypervisor's board file lacks it\n"
            in guest.kernel_log(machine))
    guest.disable(machine)
    machine.check("echo 1 > /sys/devices/system/cpu/cpu3/online")
    guest.undisturbed(machine)


@pytest.mark.machine(*machines.HYPERVISOR, **WANTED)
@pytest.mark.parametrize("stage", STAGES)
def test_cpu_that_cannot_come_along(machine, stage):
    """All others step back, whichever it is."""
    words = STAGES[stage][guest.is_svm(machine)]
    for cpu in range(4):
        path = guest.board(machine, (PORT, f'test = {{ stage = "{stage}"; cpu = {cpu}; }}; {PORT}'))
        machine.check("dmesg -c >/dev/null")
        text = guest.refused(machine, path)
        assert text.startswith(f"bulkhead: enable: CPU {cpu}: {words}"), text
        assert f"bulkhead: enable refused: CPU {cpu}: {words}" in guest.kernel_log(machine)
        guest.undisturbed(machine)
        assert machine.run("bulkhead status").status == NOT_ENABLED
        said = machine.check("bulkhead console")
        assert f"CPU {cpu} steps back: {words}" in said[said.rindex("Bulkhead "):]
    works(machine)


@MACHINE
def test_already_enabled(machine):
    guest.enable(machine)
    machine.check("dmesg -c >/dev/null")
    words = "the hypervisor is already enabled"
    refusal(machine, f"bulkhead enable {guest.BOARD_FILE}", words)
    assert f"bulkhead: enable refused: {words}\n" in guest.kernel_log(machine)
    assert guest.status(machine)["cpus"]
    guest.disable(machine)


@MACHINE
def test_module_stays_while_enabled(machine):
    guest.enable(machine)
    result = machine.run("rmmod bulkhead")
    assert result.status == 1 and "Resource temporarily unavailable" in result.output
    machine.check("bulkhead status")
    guest.disable(machine)
    machine.check("rmmod bulkhead")
    assert machine.run("[ -e /dev/bulkhead ]").status == 1
    machine.check(f"insmod {DRIVER}")
    works(machine)


@MACHINE
def test_unprivileged(machine):
    """The node's mode keeps others out, and the capability is asked for all the same."""
    guest.enable(machine)
    assert machine.check("stat -c '%a %u' /dev/bulkhead") == "600 0\n"
    assert machine.check("open") == ("open: Permission denied\n"
                                     "disable: Operation not permitted\n")
    assert ("bulkhead: disable refused: only a process with CAP_SYS_ADMIN may ask\n"
            in guest.kernel_log(machine))
    machine.check("bulkhead status")
    guest.disable(machine)


def kvm_module(machine):
    """KVM's part for the machine's processor."""
    return "kvm_amd" if guest.is_svm(machine) else "kvm_intel"


@MACHINE
def test_processor_in_use_by_kvm(machine):
    machine.check(f"modprobe {kvm_module(machine)}")
    machine.check("kvm 600 > /kvm.txt 2>&1 & echo $! > /kvm.pid")
    machine.check(guest.until("grep -q . /kvm.txt", "ps"))
    assert machine.check("cat /kvm.txt") == "vm\n"
    sign = "SVM is in use (EFER.SVME" if guest.is_svm(machine) else "VMX is in use (CR4.VMXE"
    refuse(machine, f"CPU 0: {sign} is set), by KVM most likely: "
           f"end its guests and unload {kvm_module(machine)}")
    machine.check("kill $(cat /kvm.pid); " + guest.until("! kill -0 $(cat /kvm.pid)", "ps"))
    works(machine)


@MACHINE
@pytest.mark.oops
def test_kvm_gets_no_processor_while_enabled(machine):
    """KVM that was there before tries, and warns of what faults: VMXON, or a write of an MSR."""
    machine.check(f"modprobe {kvm_module(machine)}")
    guest.enable(machine)
    result = machine.run("kvm 1")
    if guest.is_svm(machine):
        # It asks nothing that could fail: the machine is there, but would die of its first VMRUN.
        assert (result.status, result.output) == (0, "vm\n"), result
        counted, records = guest.faults(machine, "msr")
        # On each CPU: EFER.SVME, then VM_HSAVE_PA, and that once more at the machine's end.
        assert counted == 4 * 3
        # CPUs fault at once. One that finds a place counted does not wait for the other's record
        # of it: what it does next may be recorded first.
        assert sorted(int(record["place"], 16) for record in records) == [0xc0000080, 0xc0010117]
    else:
        assert result.status == 1 and result.output.startswith("kvm: "), result
        # CR4.VMXE, which Linux believes it has set, and VMXON, which it is told does not exist.
        for kind in ("control", "instruction"):
            counted, records = guest.faults(machine, kind)
            assert (counted, len(records)) == (4, 1)
    guest.undisturbed(machine)
    guest.disable(machine)
    assert machine.check("kvm 0") == "vm\n"
    guest.undisturbed(machine)


@MACHINE
def test_kvm_finds_no_processor_while_enabled(machine):
    module = kvm_module(machine)
    machine.check(f"rmmod {module} 2>/dev/null || true")
    guest.enable(machine)
    assert machine.run(f"modprobe {module}").status != 0
    guest.disable(machine)
    machine.check(f"modprobe {module}")
    assert machine.check("kvm 0") == "vm\n"


def one_cpu(machine, *changes):
    """A board file for a machine with one CPU."""
    return guest.board(machine, ('cpus = "0-3";', 'cpus = "0";'), *changes)


@pytest.mark.machine("bochs-vmx-1", files=guest.files(), model="athlon64_venice")
def test_processor_of_amd_without_svm(machine):
    guest.load(machine)
    refuse(machine, f"CPU 0: {NO_SVM}", one_cpu(machine), cpus=1)


@pytest.mark.machine("qemu-svm-1", files=guest.files(), model="EPYC,-svm")
def test_processor_without_svm(machine):
    guest.load(machine)
    refuse(machine, f"CPU 0: {NO_SVM}", one_cpu(machine), cpus=1)


# There is none for SVM: QEMU has no VM_CR, which would lock it off.
@pytest.mark.machine("bochs-vmx-1", files=guest.files(), rom=LOCKED_OFF)
def test_vmx_locked_off(machine):
    guest.load(machine)
    assert guest.probe(machine, "rdmsr 0x3a") == "value 0x1"
    refuse(machine, "CPU 0: VMX is locked off by the firmware (IA32_FEATURE_CONTROL): "
           "switch it on in the BIOS set-up", one_cpu(machine), cpus=1)


@pytest.mark.machine("bochs-vmx-1", files=guest.files(), model="sapphire_rapids",
                     cmdline="clearcpuid=fsrm,amx_tile acpi=off")
def test_five_level_paging(machine):
    guest.load(machine)
    refuse(machine, "CPU 0: 5-level paging is active (CR4.LA57): "
           "boot with the kernel parameter no5lvl", one_cpu(machine), cpus=1)
