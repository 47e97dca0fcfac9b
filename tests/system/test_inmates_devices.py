# SPDX-License-Identifier: GPL-2.0-only
"""Drivers of inmates/lib, demos of devices and attacks by devices, on bare machines.

QEMU's processor has an xAPIC; Bochs's is in x2APIC mode in these tests. What the attacks must not
reach is nowhere on a bare machine: here they must do what they say and come to their end.
"""

import functools
import re
import shlex
import socket
import types

import pytest
from built import TOP, build_dir
from line import Line
from patience import patient
from pci import MMCONFIG

import inmates
import wire
from wire import FRAMES

Q35 = ("-M", "q35")
E1000E_PIN = 22  # of slot 2, by the chipset's wiring
EDU = ("-device", "edu")


@pytest.fixture(name="run")
def fixture_run(run):
    """Runs a program on an emulator with devices; what it printed, and its status."""
    return functools.partial(run, seconds=60)


@pytest.fixture(name="cable")
def fixture_cable(request):
    """The cable to a card, with the card itself."""
    kinds = {"e1000": lambda: wire.QemuWire("e1000"), "bochs": wire.BochsWire,
             "e1000e": lambda: wire.QemuWire("e1000e,addr=2", *Q35)}
    cable = kinds[request.param]()
    yield cable
    cable.close()


def echo(run, cable, words, frames):
    """Have the demo answer frames; what it printed of them: frames, bytes and interrupts."""
    answers = []
    text, status = run("bochs" if isinstance(cable, wire.BochsWire) else "qemu",
                       inmates.demo("nic"), f"{words} count={len(frames)}", devices=cable.devices,
                       talk=("link up, .*: echoing", lambda: answers.extend(
                           wire.converse(cable, frames))))
    assert answers == [wire.answer(frame) for frame in frames]
    assert status == 0, text
    return [tuple(map(int, numbers)) for numbers in
            re.findall(r"^(\d+) frames, (\d+) bytes, (\d+) interrupts", text, re.MULTILINE)]


WAYS = (("e1000", "poll"), ("e1000", "intx"), ("e1000e", "poll"),
        ("e1000e", f"intx pin={E1000E_PIN}"), ("e1000e", "msi"), ("e1000e", "msix"),
        ("e1000e", f"msix mmconfig={MMCONFIG:#x}"), ("bochs", "poll"), ("bochs", "intx"))


@pytest.mark.parametrize("cable, words", WAYS, indirect=["cable"])
def test_nic_answers(run, cable, words):
    """Sizes from the shortest to the longest, for the card and for everybody."""
    said = echo(run, cable, words, FRAMES)
    frames, size, interrupts = said[-1]
    assert (frames, size) == (len(FRAMES), sum(map(len, FRAMES)))
    # One for a frame that came and one for its answer; a busy host makes more of them, as the cause
    # of one may be read by the handler of the one before.
    least, most = (0, 0) if "poll" in words else (1, 4 * frames)
    assert least <= interrupts <= most


@pytest.mark.parametrize("cable", ["e1000e"], indirect=True)
def test_nic_as_the_emulator_captured_it(run, cable):
    """Each frame and its answer, and nothing else; a line every ten."""
    said = echo(run, cable, "msi every=10", FRAMES[:25])
    assert [frames for frames, _, _ in said] == [10, 20, 25]
    assert cable.captured() == [one for frame in FRAMES[:25] for one in (frame, wire.answer(frame))]


@pytest.mark.parametrize("cable", ["e1000e"], indirect=True)
def test_nic_takes_its_rings_round(run, cable):
    """Many frames without waiting for answers, more than the rings have places."""
    frames = [wire.frame(wire.CARD, i, 1000) for i in range(300)]
    answers = []

    def flood():
        cable.socket.settimeout(patient(10))
        for at in range(0, len(frames), 20):
            for frame in frames[at:at + 20]:
                cable.socket.sendto(frame, cable.to)
            answers.extend(cable.socket.recv(4096) for _ in range(20))

    text, status = run("qemu", inmates.demo("nic"), "msix count=300", devices=cable.devices,
                       talk=("link up, .*: echoing", flood))
    assert answers == [wire.answer(frame) for frame in frames] and status == 0, text


@pytest.mark.parametrize("cable", ["e1000"], indirect=True)
def test_nic_says_what_it_cannot(run, cable):
    """A pin that is not there is not taken for the one that its number is in eight bits."""
    text, status = run("qemu", inmates.demo("nic"), "msi", devices=cable.devices)
    assert re.search(r"The card at 00:\d\d\.0 cannot do msi\.", text) and status == 1
    text, status = run("qemu", inmates.demo("nic"), "intx pin=130", devices=cable.devices)
    assert "Pin 130 of the I/O APIC is not ours." in text and status == 1
    text, status = run("qemu", inmates.demo("nic"))
    assert "no network card" in text and status == 1


@pytest.mark.parametrize("devices, words", (
    (EDU, ""), (EDU, "intx"), ((*Q35, *EDU), f"mmconfig={MMCONFIG:#x}"),
    ((*Q35, "-device", "edu,addr=4"), "intx pin=20")))
def test_edu(run, devices, words):
    text, status = run("qemu", inmates.demo("edu"), words, devices=devices)
    kept = inmates.promises(text)
    assert "what went through it is the same" in kept and "10! is 3628800" in kept
    assert "an interrupt comes, once" in kept and status == 0


def test_edu_that_is_not_there(run):
    text, status = run("qemu", inmates.demo("edu"))
    assert "There is no such device." in text and status == 255


# QEMU's timers go by the host's clock, which may have other things to do than to let a tick through
# in time: their rate says nothing. If they go by instructions, its HPET ticks twice a period.
@pytest.mark.parametrize("words", ("hz=256", "rtc hz=300"))
@pytest.mark.parametrize("emulator, devices", (("qemu", Q35), ("bochs", ())))
def test_hpet_and_clock(run, emulator, words, devices):
    """As many interrupts as there were asked for, at their rate by another clock."""
    text, status = run(emulator, inmates.demo("hpet"), f"{words} count=100", devices=devices)
    period, count, measured = map(int, re.search(
        r"^256 interrupts a second, one every (\d+) ticks\n"
        r"(\d+) interrupts, one every (\d+) ticks", text, re.MULTILINE).groups())
    assert count == 100 and status == 0
    assert emulator == "qemu" or abs(measured - period) < 0.02 * period, text


def test_hpet_by_a_pin_that_it_has_not(run):
    text, status = run("qemu", inmates.demo("hpet"), "pin=3", devices=Q35)
    assert "The timer cannot do that." in text and status == 1


@pytest.mark.parametrize("emulator", ("qemu", "bochs"))
def test_uart(run, emulator):
    """More bytes than any queue holds, in both directions at once."""
    end = Line()
    devices = {"qemu": ("-chardev", f"serial,id=com2,path={end.name}", "-serial", "chardev:com2"),
               "bochs": (f"com2: enabled=1, mode=term, dev={end.name}",)}
    sent = bytes(range(0x20, 0x7f)) * 20
    came = []

    def talk():
        came.append(end.converse(sent))
        end.send(b"\x04")

    text, status = run(emulator, inmates.demo("uart"), devices=devices[emulator],
                       talk=("pin 3: echoing", talk))
    end.close()
    assert came == [sent.upper()]
    count, interrupts, lost = map(int, re.search(
        r"(\d+) bytes, (\d+) interrupts, (\d+) lost", text).groups())
    assert (count, lost, status) == (len(sent) + 1, 0, 0) and interrupts > 0


def test_uart_that_is_not_there(run):
    text, status = run("qemu", inmates.demo("uart"), "port=0x3e8")
    assert "There is no serial port at 0x3e8." in text and status == 1


@pytest.mark.parametrize("emulator, words, devices", (
    ("qemu", "", Q35), ("qemu", f"mmconfig={MMCONFIG:#x}", Q35), ("qemu", "", ()),
    ("bochs", "", ())))
def test_pci_lists_what_there_is(run, emulator, words, devices):
    """The card's capabilities on a q35; those beyond 256 bytes by memory only."""
    if devices:
        devices += ("-device", f"e1000e,addr=2,mac={wire.CARD.hex(':')},romfile=")
    text, status = run(emulator, inmates.demo("pci"), words, devices=devices)
    bridge = "29c0" if devices else "1237"
    assert f"00:00.0 8086:{bridge} class 060000\n" in text and status == 0
    assert ("00:02.0 8086:10d3 class 020000\n        BAR 0: memory 0x" in text) == bool(devices)
    assert ("0xa0: MSI-X" in text and "0xd0: MSI\n" in text) == bool(devices)
    assert ("serial number 525400ffff123456" in text) == bool(words)


def readme_commands():
    """The commands of the README that start a demo on a bare machine with devices."""
    text = (TOP / "inmates/README.md").read_text()
    return re.findall(r"^    qemu-system-x86_64 (.*-kernel (?!blink)\w+\.elf.*)$", text,
                      re.MULTILINE)


@pytest.mark.parametrize("command", readme_commands())
def test_the_commands_of_the_readme(run, command):
    """Nothing of them is changed but where the demo is and where its console goes."""
    argv = shlex.split(command)
    assert argv.pop() == "-nographic"
    told = {option: argv.pop(argv.index(option) + 1) for option in ("-kernel", "-append")
            if option in argv}
    devices = [word for word in argv if word not in told]
    if "-nic" in devices:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as here:
            here.bind(("127.0.0.1", 40001))
            cable = types.SimpleNamespace(socket=here, to=("127.0.0.1", 40000))
            talk = ("echoing", lambda: wire.converse(cable, FRAMES[:10]))
            said = run("qemu", inmates.demo("nic"), told["-append"], devices=devices, talk=talk)
    else:
        said = run("qemu", inmates.demo(told["-kernel"].removesuffix(".elf")),
                   told.get("-append", ""), devices=devices)
    assert said[1] == 0, said[0]


def test_the_readme_has_commands():
    assert len(readme_commands()) == 5


def attack(run, words, devices, emulator="qemu"):
    """Run an attack to its end, which it must find nothing wrong with; what it printed."""
    text, status = run(emulator, str(build_dir() / "inmates/tests/attack.elf"), words,
                       devices=devices)
    name = words.split()[0]
    assert re.search(rf"^{name}: \d+ tries, 0 wrong$", text, re.MULTILINE) and status == 0, text
    return text


def test_attack_by_dma(run):
    """It writes where it says, and nowhere else; forged messages come to the one CPU there is."""
    text = attack(run, "dma limit=8 ids=1 at=0x3000,0x300000",
                  (*Q35, "-device", "edu,dma_mask=0xffffffffffffffff"))
    assert "dma: 6 places written" in text and "dma: 6 places gave something away" in text
    assert "own memory: 4 places written as told, 0 others changed" in text
    assert re.search(r"forged messages brought us [1-9]\d* interrupts, [1-9]\d* NMIs", text)


def test_attack_by_messages(run):
    """MSI by edu, MSI-X by e1000e; NMIs to itself are survived."""
    text = attack(run, "msi", (*Q35, *EDU, "-device", "e1000e,romfile="))
    for sender in ("edu", "e1000e"):
        assert re.search(rf"by {sender}: brought us [1-9]\d+ interrupts, [1-9]\d* NMIs", text)


def test_attack_on_the_ioapic(run):
    text = attack(run, "ioapic", Q35)
    assert "ioapic: version 0x170020" in text


@pytest.mark.parametrize("words, devices", (
    ("pci", ()), (f"pci mmconfig={MMCONFIG:#x} by_ports=0", (*Q35, *EDU)), ("pci buses=3", ())))
def test_attack_on_configuration_space(run, words, devices):
    """All of it is tried: what could be read is summed up before and behind.

    By ports it ends a q35 of QEMU 11.1 on which nothing is kept from it.
    """
    text = attack(run, words, devices)
    way = "memory" if "mmconfig" in words else "ports"
    before, behind = re.findall(rf"by {way}, (?:before|behind): .* digest (\w+)", text)
    assert before != behind


def test_attack_without_a_device(run):
    text, status = run("qemu", str(build_dir() / "inmates/tests/attack.elf"), "dma")
    assert "wrong: no device to attack with" in text and status == 1
