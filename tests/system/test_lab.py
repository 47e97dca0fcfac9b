# SPDX-License-Identifier: GPL-2.0-only
"""The lab itself: machines boot, answer, reset and end as the other system tests rely on.

Nothing of Bulkhead runs here. A failure in this file means that the others say nothing.
"""

import re
import time

import machine as lab
import machines
import pytest
import qemu
from initramfs import LabError
from machine import END, READY, Machine, MachineDied, tolerant
from patience import patient


@pytest.mark.parametrize("said", [
    "@@ready\r\n",
    "@@re<6>[    2.526459] tsc: calibrated\r\nady\r\n",
    "@@ready<6>[    2.526459] tsc: calibrated\r\n<6>[    2.527291] clocksource: tsc\r\n\r\n",
    "@@ready\r<6>[    2.526459] tsc: calibrated\r\n\n",
])
def test_the_kernel_speaks_into_a_line_of_ours(said):
    assert re.search(tolerant(READY) + END, said)


@pytest.mark.machine(*machines.HYPERVISOR)
def test_every_cpu_is_up_and_has_virtualisation(machine):
    cpus = machine.setup.machine.cpus
    feature = machine.setup.kind.split("-")[1]
    assert machine.check("nproc").strip() == str(cpus)
    assert machine.check(f"grep -c '^flags.* {feature} ' /proc/cpuinfo").strip() == str(cpus)


@pytest.mark.machine(*machines.IOMMU)
def test_firmware_names_the_iommu(machine):
    tables = machine.check("ls /sys/firmware/acpi/tables").split()
    assert [table for table in tables if table in ("DMAR", "IVRS")] == [
        "DMAR" if machine.setup.kind == "qemu-svm-vtd" else "IVRS"]


@pytest.mark.machine(*machines.EMULATORS)
def test_memory_for_the_hypervisor_is_kept_from_linux(machine):
    assert re.search(r"^38000000-3bffffff : Reserved$", machine.check("cat /proc/iomem"),
                     re.MULTILINE)


@pytest.mark.machine(*machines.EMULATORS)
def test_commands_give_status_and_output(machine):
    assert machine.run("echo a; echo b >&2; exit 3") == (3, "a\nb\n")
    assert machine.run("cat <<E\n  two\nlines [ 1.234567] kept\nE\n") == (
        0, "  two\nlines [ 1.234567] kept\n")
    with pytest.raises(AssertionError, match="status 1 of: false"):
        machine.check("false")


@pytest.mark.machine(*machines.EMULATORS)
def test_kernel_messages_do_not_disturb_output(machine):
    talk = "for i in 1 2 3 4 5 6 7 8 9; do echo '<4>noise' > /dev/kmsg; echo line $i; done"
    assert machine.check(talk) == "".join(f"line {i}\n" for i in range(1, 10))


@pytest.mark.machine(*machines.EMULATORS)
@pytest.mark.parametrize("lost", ("of it", "@@run", r"\n@@run", r" \d+\n$", r"\n$", "once.*",
                                  r"\t\n@@run \d+ \d+"))
def test_what_the_line_loses_is_sent_again(machine, monkeypatch, lost):
    """A command is run whole and once, whichever of its bytes were lost on the way."""
    send, sent = machine.console.send, []

    def lossy(text):
        sent.append(text)
        send(text if len(sent) > 1 else re.sub(lost, "", text, flags=re.DOTALL))

    monkeypatch.setattr(machine.console, "send", lossy)
    assert machine.run("echo once >> /ran\necho all of it, \u00e4 and \t") == (
        0, "all of it, \u00e4 and\n")
    assert len(sent) > 1 and machine.check("cat /ran; rm /ran") == "once\n"


@pytest.mark.machine(*machines.EMULATORS)
def test_warm_reset_keeps_memory_and_process(machine):
    """A word in the reserved range is still there when Linux comes up again."""
    process = machine.process.pid
    machine.check("printf '\\125\\252\\003\\377' | "
                  "dd of=/dev/mem bs=1 seek=$((0x38001000)) conv=notrunc 2>&1")
    machine.reset()
    assert machine.process.pid == process
    word = machine.check("dd if=/dev/mem bs=4 skip=$((0x38001000 / 4)) count=1 2>/dev/null | "
                         "od -An -tx1")
    assert word.split() == ["55", "aa", "03", "ff"]
    assert machine.check("nproc").strip() == str(machine.setup.machine.cpus)


@pytest.mark.machine(*machines.EMULATORS)
@pytest.mark.oops
def test_panic_ends_with_the_consoles_tail(machine):
    with pytest.raises(MachineDied, match=r"(?s)^Kernel panic.*sysrq.*last lines of"):
        machine.run("echo c > /proc/sysrq-trigger")
    with pytest.raises(MachineDied, match="not running"):
        machine.run("true")


@pytest.mark.machine(*machines.EMULATORS)
def test_next_test_gets_a_fresh_boot(machine):
    assert machine.check("dmesg | grep -c sysrq || true").strip() == "0"
    assert machine.check("dmesg | grep -c 'Linux version'").strip() == "1"


@pytest.mark.machine(*machines.EMULATORS)
@pytest.mark.oops
def test_oopses_are_seen(machine):
    assert machine.oopses() == []
    machine.check("echo '<4>WARNING: CPU: 1 PID: 1 at made/up.c:1' > /dev/kmsg")
    assert len(machine.oopses()) == 1
    assert machine.oopses() == []


@pytest.mark.machine(*machines.EMULATORS)
def test_power_off_is_clean(machine):
    machine.shutdown()
    assert not machine.alive


RESETS = {"cpus": 1, "triple_fault_resets": True, "cmdline": "reboot=t"}


@pytest.mark.machine("bochs-vmx", cpus=1, model="corei7_sandy_bridge_2600k")
def test_processor_model_can_be_chosen(machine):
    assert "2600K" in machine.check("cat /proc/cpuinfo")


@pytest.mark.machine("bochs-vmx", "qemu-svm", **RESETS)
def test_triple_fault_resets_if_asked(machine):
    machine.reset()
    assert machine.check("nproc").strip() == "1"


@pytest.mark.machine("bochs-vmx", "qemu-svm", cpus=1, cmdline="reboot=t")
def test_triple_fault_ends_the_emulator_otherwise(machine):
    since = time.monotonic()
    try:
        machine.reset()
    except MachineDied as death:
        assert re.search("Bochs ended.*3rd|^triple fault", str(death))
    else:
        # QEMU's is known by its resets: which there were, and whence, says why it was not.
        said = re.findall(r"^.*(?:Reset|Triple|IP=).*$", machine.path("emulator.log").read_text(
            errors="replace"), re.MULTILINE)
        pytest.fail("\n".join([f"it was up again after {time.monotonic() - since:.1f} s", *said]))


@pytest.mark.machine("bochs-vmx-1", modules=["kvm-intel"])
def test_one_cpu_has_modules_of_the_kernel(machine):
    assert machine.check("nproc").strip() == "1"
    machine.check("modprobe kvm-intel")
    assert "kvm_intel" in machine.check("cat /proc/modules")
    silence = rf"(?s)no byte on any console for {patient(1)} s.*>>> sleep"
    with pytest.raises(MachineDied, match=silence):
        machine.run("sleep 1000 < /dev/ttyS0", quiet=1)


def test_equal_wishes_make_equal_setups():
    one = machines.setup("bochs-vmx", ["a"], {"/x": "1", "/y": "2"}, cpus=2)
    assert one == machines.setup("bochs-vmx", ["a"], {"/y": "2", "/x": "1"}, cpus=2)
    assert one != machines.setup("bochs-vmx", ["a"], {"/x": "1"}, cpus=2)


def test_files_that_are_missing_are_named(tmp_path):
    wanted = machines.setup("bochs-vmx", files={"/x": str(tmp_path / "absent")})
    with pytest.raises(LabError, match="absent is not built"):
        Machine(wanted, tmp_path).start()


def test_a_machine_that_stands_still_while_it_boots_is_booted_once_more(tmp_path, monkeypatch):
    """One of QEMU's, which does so now and then. The first one here does not even begin."""
    launched = []

    def command(*words):
        argv, environment = begin(*words)
        launched.append(argv)
        return [*argv, "-S"] if len(launched) == 1 else argv, environment

    begin = qemu.command
    monkeypatch.setattr(qemu, "command", command)
    monkeypatch.setattr(lab, "FIRST_QUIET_SECONDS", 1)
    with pytest.warns(UserWarning, match="stood still while it booted: booted once more"), \
            Machine(machines.setup("qemu-svm"), tmp_path) as machine:
        assert machine.check("nproc").strip() == "4"
    assert len(launched) == 2
