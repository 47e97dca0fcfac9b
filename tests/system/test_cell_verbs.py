# SPDX-License-Identifier: GPL-2.0-only
"""The verbs of `bulkhead cell` on a machine: what they do, say and answer, for people and programs.

The cell is rt0 of the board with the program programs/stray.S. What cells may do is not
tested here.
"""

import base64
import gzip
import json
import os
import re
import subprocess
import time

import guest
import machines
import pytest
from built import BOARDS, DEMO, TOP, installed_files
from patience import patient

CELL, UART = f"{guest.BOARD}/rt0.conf", f"{guest.BOARD}/uart.conf"
IMAGE = "/stray.elf"
TERMINFO = "/lib/terminfo/l/linux"
WISH = "0x8000"  # where the program looks for what to do
SOURCE = TOP / "tests/system/programs/stray.S"
BEYOND = 0x200000


FILES = {**guest.files(), **guest.board_files("rt0", "uart"),
         **installed_files("cloud", "{board}"),
         IMAGE: guest.assembled("stray"), TERMINFO: TERMINFO}
MACHINE = pytest.mark.machine(*machines.HYPERVISOR, files=FILES)
# Its serial port loses what is not fetched within 1.4 ms; QEMU's waits.
BOCHS = pytest.mark.machine("bochs-vmx", files=FILES)


@pytest.fixture(name="cell")
def fixture_cell(machine):
    """A created cell; whatever the test leaves of it goes at the end."""
    guest.enable(machine)
    machine.check(f"bulkhead cell create {CELL}", timeout=60)
    yield machine
    machine.check("bulkhead disable --force", timeout=120)


def refused(machine, command, words, status=1):
    """A command that must say no, in these words."""
    result = machine.run(command, timeout=60)
    assert result.status == status, result
    assert words in result.output, result.output


def start(machine, wish):
    """Load and start the cell, with what it is to do."""
    machine.check(f"bulkhead cell load rt0 {IMAGE} -s {wish} -a {WISH}")
    machine.check("bulkhead cell start rt0")


def show(machine, options=""):
    """What `cell show` tells a program."""
    return machine.data(f"bulkhead cell show rt0 --json {options}")


def wait_for(machine, state, seconds=20, than=-1):
    """Until the cell is in that state, with more heartbeats; what is told of it then."""
    end = time.monotonic() + patient(seconds)
    while (told := show(machine))["state"] != state or told["comm"]["heartbeats"] <= than:
        assert time.monotonic() < end, told
    return told


def spoken(machine, words):
    """Wait until the cell has said them."""
    console = "bulkhead cell console rt0"
    machine.check(guest.until(f"{console} 2>/dev/null | grep -q '{words}'", console, 60),
                  timeout=120)


def test_the_lab_brings_cell_files_and_demos(tmp_path):
    """What README's example by hand names is there, as the test below has it."""
    done = subprocess.run([TOP / "tests/lab/run", "--bulkhead", "--machine", "qemu-svm",
                           "--keep", tmp_path, f"ls {BOARDS}/qemu-q35 {os.path.dirname(DEMO)}"],
                          stdout=subprocess.PIPE, text=True, check=True)
    for name in ("board.conf", "rt0.conf", "smp.conf", "hello.elf", "heartbeat.elf"):
        assert name in done.stdout.split(), done.stdout


def by_hand():
    """The commands of README's example by hand."""
    text = (TOP / "README.md").read_text()
    return re.findall(r"^ {4}(.*)", text[text.index("By hand: "):text.index("## Use it")],
                      re.MULTILINE)


@MACHINE
def test_every_verb_wants_the_hypervisor(machine):
    guest.load(machine)
    words = "the hypervisor is not enabled"
    for verb in ("list", "list --json", "show rt0", "stats", "faults rt0", "console rt0",
                 "start rt0", "shutdown rt0", "destroy rt0", f"load rt0 {IMAGE}",
                 f"create {CELL}", "dump rt0 /core"):
        refused(machine, f"bulkhead cell {verb}", words, status=3)


@MACHINE
def test_the_example_by_hand_runs(machine):
    """Without the driver to begin with, like a reader's machine."""
    machine.run("rmmod bh_probe bulkhead")
    commands = [command.replace(f"{BOARDS}/bochs", guest.BOARD) for command in by_hand()]
    assert len(commands) > 8
    console, said = "bulkhead cell console rt0", {}
    for command in commands:
        if command == console:
            spoken(machine, "Watching")
        said[command] = machine.check(command, timeout=120)
    assert "Watching " in said[console]
    guest.undisturbed(machine)


@MACHINE
def test_listings_agree(cell):
    listed = {one["name"]: one for one in cell.data("bulkhead cell list --json")}
    assert list(listed) == ["root", "rt0"]
    assert listed["root"]["id"] == 0 and listed["root"]["cpus"] == "0-2"
    rt0 = listed["rt0"]
    assert rt0["state"] == "created" and rt0["cpus"] == "3" and rt0["memory"] == 2 << 20
    assert rt0["exits"] == rt0["faults"] == 0 and rt0["on_fault"] == "stop"
    state = guest.status(cell)
    assert state["cells"] == 2 and [one["name"] for one in state["cell_list"]] == ["root", "rt0"]
    row = cell.check("bulkhead cell list").splitlines()[2].split()
    assert row == [str(rt0["id"]), "rt0", "created", "3", "2M", "0", "0"]
    assert "rt0" in cell.check("bulkhead status")


@MACHINE
def test_show_tells_the_configuration_and_the_map(cell):
    told = show(cell)
    assert [(region["name"], region["at"], region["size"], region["access"], region["kind"],
             region["loadable"]) for region in told["regions"]] == [
                 ("ram", "0x0", 2 << 20, "rwx", "ram", True),
                 ("comm", "0xfef00000", 4096, "rw", "comm", False)]
    # RAM in one large page; the page of the local APIC and the communication page.
    assert [told["map_pages"][size] for size in ("4K", "2M", "1G")] == [2, 1, 0]
    assert told["map_pages"]["read_from_memory"] is True
    (cpu,) = told["virtual_cpus"]
    assert cpu["cpu"] == 3 and cpu["vpid"] > 4 and cpu["cell"] == told["id"]
    # All four CPUs have VPIDs of their own.
    vpids = [one["vpid"] for one in guest.status(cell)["cpus"]]
    assert len(set(vpids)) == 4 and 0 not in vpids
    text = cell.check("bulkhead cell show rt0")
    pointer = "nCR3" if guest.is_svm(cell) else "EPTP"
    assert f"{pointer} {told['eptp']}; maps 1 page of 2 MiB, 2 pages of 4 KiB in 5 pages" in text
    root = cell.data("bulkhead cell show root --json")
    assert len(root["virtual_cpus"]) == 3 and "main" in str(root["regions"])


@MACHINE
def test_a_cell_lives_and_is_asked_to_end(cell):
    start(cell, "accept")
    first = wait_for(cell, "running")
    running = wait_for(cell, "running", than=first["comm"]["heartbeats"])
    assert running["entry"] == "0x1000"
    refused(cell, f"bulkhead cell load rt0 {IMAGE}", "rt0")
    refused(cell, "bulkhead cell start rt0", "rt0")
    refused(cell, "bulkhead cell show rt0 --registers", "runs: its registers can be seen when")
    refused(cell, "bulkhead cell dump rt0 /core", "runs: its registers can be seen when")
    assert "is shut down" in cell.check("bulkhead cell shutdown rt0")
    ended = show(cell)
    assert ended["state"] == "shut down" and ended["exit_code"] == 42 and ended["starts"] == 1
    assert "hello!!" in cell.check("bulkhead cell console rt0").splitlines()
    # Again, and by its id.
    start(cell, "refuse")
    refused(cell, "bulkhead cell shutdown rt0", "refuse")
    assert show(cell)["comm"]["shutdown"] == "refused"
    refused(cell, "bulkhead cell destroy rt0", "refuse")
    assert show(cell)["state"] == "running"
    assert "is stopped" in cell.check(f"bulkhead cell shutdown --force {ended['id']}")
    assert show(cell)["starts"] == 2
    assert "is destroyed" in cell.check(f"bulkhead cell destroy {ended['id']}", timeout=60)
    refused(cell, "bulkhead cell show rt0", 'there is no cell "rt0"; there are: root')
    guest.undisturbed(cell)


@MACHINE
def test_stats_are_a_second(cell):
    start(cell, "accept")
    # All that exits is behind it then.
    spoken(cell, "hello!!")
    lines = cell.check("bulkhead cell stats rt0 --json -n 2 -i 0.5").splitlines()
    assert len(lines) == 2
    for line in lines:
        (told,) = json.loads(line)
        call = guest.exit_name(cell, "VMCALL")
        # It counts heartbeats in its own memory: two calls of the console, and nothing since.
        assert told["by_reason"] == {call: {"total": 2, "per_second": 0.0}}
    text = cell.check("bulkhead cell stats")
    assert 'cell 0 "root": running, CPUs 0-2\n' in text and f"{call} " in text
    assert "A SECOND" not in text
    refused(cell, "bulkhead cell stats rt1", 'there is no cell "rt1"; there are: root, rt0')


def bytes_lost(machine):
    """How often Linux came too late to its serial line."""
    told = re.search(r"oe:(\d+)", machine.check("grep ^0: /proc/tty/driver/serial"))
    return int(told.group(1)) if told else 0


@BOCHS
def test_reading_does_not_keep_linux_from_its_interrupts(cell):
    before = bytes_lost(cell)
    verbs = "bulkhead status; bulkhead console; bulkhead cell list; bulkhead cell faults rt0"
    cell.check(f"(while :; do {verbs}; done) > /dev/null 2>&1 & echo $! > /pid")
    try:
        for _ in range(100):
            cell.check("true " + "x" * 200)
    finally:
        cell.check("kill $(cat /pid)")
    assert bytes_lost(cell) == before


@MACHINE
def test_what_does_not_fit_is_not_loaded(cell):
    cell.check("head -c 8192 /dev/zero > /zeros; head -c 5000 /dev/urandom > /noise")
    load = f"bulkhead cell load rt0 {IMAGE}"
    refused(cell, f"{load} /noise -a 0x1ff000", "/noise, 0x1ff000-0x200387, does not fit: "
            '0x200000 is in no region of the cell; loadable: "ram" 0x0-0x1fffff\n')
    refused(cell, f"{load} -s x -a 0xfef00000", 'would go to region "comm", '
            '0xfef00000-0xfef00fff, which is not loadable; loadable: "ram" 0x0-0x1fffff\n')
    refused(cell, f"{load} /nowhere", "/nowhere: No such file or directory")
    # The image before them was not loaded either.
    refused(cell, "bulkhead cell start rt0", "no entry")
    assert "8192 bytes" in cell.check("bulkhead cell load rt0 /zeros -a 1M")
    refused(cell, "bulkhead cell start rt0", "no entry")
    assert "entry 0x1000" in cell.check(f"{load} /zeros -a 1M -s x -a {WISH}")


@MACHINE
def test_root_is_not_managed(cell):
    for verb in ("start", "shutdown", "destroy --force", f"load {IMAGE}"):
        verb, _, rest = verb.partition(" ")
        refused(cell, f"bulkhead cell {verb} root {rest}",
                "the cell of Linux itself: it lives from `bulkhead enable' to")
    refused(cell, f"bulkhead cell create {CELL}", "rt0")
    refused(cell, "bulkhead disable", "rt0")


@MACHINE
def test_a_fault_is_explained_and_followed(cell):
    cell.check("bulkhead cell faults rt0 --follow --json > /follow & echo $! > /pid")
    start(cell, "fault")
    told = wait_for(cell, "failed")
    assert told["faults"] == told["faults_counted"]["memory"] == 1
    text = cell.check("bulkhead cell faults rt0")
    assert f"CPU 3 tried to read address {BEYOND:#x}" in text
    assert f"by 8b 15 00 00 20 00 (mov edx, dword ds:[{BEYOND:#x}])" in text
    assert 'nearest region: memory[0] "ram" 0x0-0x1fffff, which ends 1 byte below it' in text
    assert ("if this was meant, add at the head of cell.memory:\n"
            "\t# memory: phys is a free place in board.cell_memory, 0x38800000-0x3bffffff\n"
            '\t{ name = "NAME"; phys = 0x38800000; at = 0x200000; size = "4K"; access = "r"; '
            'kind = "ram"; },\n') in text
    (record,) = cell.data("bulkhead cell faults rt0 --json")
    assert record["place"] == hex(BEYOND) and record["stopped"] and record["cell_name"] == "rt0"
    cell.check(guest.until("grep -q . /follow", "bulkhead cell faults rt0"))
    followed = cell.check("kill $(cat /pid); cat /follow").splitlines()
    assert [json.loads(line) for line in followed] == [record]
    # The record outlives the cell.
    cell.check("bulkhead cell destroy rt0", timeout=60)
    assert cell.data("bulkhead cell faults rt0 --json") == [record]
    assert "no faults" in cell.check("bulkhead cell faults root")
    refused(cell, "bulkhead cell faults rt1", "no record is of one that was")


def pasted(machine, line):
    """The cell's file with a line at the head of its list of regions."""
    text = guest.board_text(machine, "rt0")
    return text.replace("memory = (\n", f"memory = (\n{line}\n")


@MACHINE
def test_the_demo_of_faults_fails_as_documented(cell):
    """By the words of cells.md; and each piece of advice can be pasted."""
    text = (TOP / "Documentation/cells.md").read_text()
    (load,) = re.findall(r"^ {4}(bulkhead cell load .*/faults\.elf .*)", text, re.MULTILINE)
    cell.check(f"{load} && bulkhead cell start rt0")
    wait_for(cell, "failed")
    text = cell.check("bulkhead cell faults rt0")
    assert "tried to write address 0x70000000" in text
    assert "which ends about 1.7 GiB below it\n" in text
    lines = re.findall(r"^\t(\{ .*)", text, re.MULTILINE)
    assert ["ram" in line for line in lines] == [True, False]
    for line in lines:
        guest.put(cell, "/pasted.conf", pasted(cell, line))
        cell.check(f"bulkhead config check {guest.BOARD_FILE} /pasted.conf")


@MACHINE
def test_a_console_that_is_missing_is_advised(cell):
    text = guest.board_text(cell, "rt0")
    quiet = re.sub(r"console +=.*", "", text)
    guest.put(cell, "/quiet.conf", quiet)
    cell.check("bulkhead cell destroy rt0 && bulkhead cell create /quiet.conf", timeout=120)
    start(cell, "x")
    wait_for(cell, "failed")
    assert ('if this was meant, add at the head of cell:\n\tconsole = "log";\n'
            in cell.check("bulkhead cell faults rt0"))


@MACHINE
def test_an_argument_stays_until_it_is_replaced(cell):
    hello = f"bulkhead cell load rt0 {DEMO.format('hello')}"
    for options, shown in (("-s 'fast 10' -a 0x1000", 1), ("", 2), ('-s "" -a 0x1000', 2)):
        cell.check(f"{hello} {options} && bulkhead cell start rt0")
        wait_for(cell, "shut down")
        said = cell.check("bulkhead cell console rt0").splitlines()
        assert said.count("argument 1: fast") == said.count("argument 2: 10") == shown


@MACHINE
def test_records_and_lines_are_the_cells_own(cell):
    """Another cell of the same name does not inherit them, unless one asks for all."""
    start(cell, "fault")
    wait_for(cell, "failed")
    cell.check(f"bulkhead cell destroy rt0 && bulkhead cell create {CELL}", timeout=120)
    assert cell.check("bulkhead cell faults rt0").startswith("no faults (--all shows ")
    refused(cell, "bulkhead cell console rt0", "has said nothing so far; --all shows what")
    assert "hello!!" in cell.check("bulkhead cell console rt0 --all")
    start(cell, "fault")
    wait_for(cell, "failed")
    assert cell.check("bulkhead cell console rt0").splitlines() == ["hello!!"]
    (own,) = cell.data("bulkhead cell faults rt0 --json")
    both = cell.data("bulkhead cell faults rt0 --all --json")
    assert own["cell"] == show(cell)["id"] and both[1] == own and len(both) == 2
    assert both[0]["cell"] < own["cell"]


@MACHINE
def test_a_clash_with_a_live_cell_has_file_and_line(cell):
    text = guest.board_text(cell, "uart")
    refused(cell, f"bulkhead cell create {UART}", f"{UART}:{line_of(text, 'cpus')}: cell.cpus: "
            'CPU 3 belongs to the cell "rt0"\n')
    guest.put(cell, "/bad.conf", text.replace('"3"', '"2"').replace("0x39200000", "0x38f00000"))
    refused(cell, "bulkhead cell create /bad.conf", f"/bad.conf:{line_of(text, 'phys')}: "
            'cell.memory[0] "ram": overlaps cell rt0: cell.memory[0] "ram" at 0x38f00000\n')
    guest.put(cell, "/bad.conf", guest.board_text(cell, "smp")
              .replace('"1-2"', '"1-3"').replace('"smp"', '"rt0"'))
    words = cell.run("bulkhead cell create /bad.conf", timeout=60).output
    assert 'cell.cpus: CPU 3 belongs to the cell "rt0"\n' in words
    assert "cell.name: is another cell's name already\n" in words


@MACHINE
def test_a_cell_file_may_come_out_of_a_pipe(cell):
    """It is read once, and what is wrong with it is said as of any other."""
    cell.check("bulkhead cell destroy rt0; mkfifo /pipe")
    for given in (f"cat {CELL} | bulkhead cell create /proc/self/fd/0",
                  f"cat {CELL} > /pipe & timeout {patient(30)} bulkhead cell create /pipe"):
        assert "is created: it has CPU 3" in cell.check(given, timeout=60)
        cell.check("bulkhead cell destroy rt0")
    text = guest.board_text(cell, "rt0").replace("cpus", "cpu")
    guest.put(cell, "/bad.conf", text)
    refused(cell, "cat /bad.conf | bulkhead cell create /proc/self/fd/0",
            f"/proc/self/fd/0:{line_of(text, 'cpu')}: cell.cpu: unknown setting")


def line_of(text, setting):
    """The number of the first line that has a setting."""
    return text[:text.index(f"{setting} ")].count("\n") + 1


def fault_line():
    """The number of the line of the program that reads beyond its memory."""
    (number,) = [number for number, line in enumerate(SOURCE.read_text().splitlines(), 1)
                 if line.strip() == "movl beyond, %edx"]
    return number


@MACHINE
def test_gdb_opens_a_dump(cell, tmp_path):
    start(cell, "fault")
    wait_for(cell, "failed")
    (registers,) = show(cell, "--registers")["registers"]
    assert registers["cpu"] == 3 and registers["rbx"] == "0xfef00000"
    assert f"rip {int(registers['rip'], 16):016x}" in cell.check(
        "bulkhead cell show rt0 --registers")
    assert "1 CPU, 2048 KiB" in cell.check("bulkhead cell dump rt0 /core")
    text = cell.check("gzip -9 < /core | base64")
    core = tmp_path / "core"
    core.write_bytes(gzip.decompress(base64.b64decode(text)))
    done = subprocess.run(
        ["gdb", "-nx", "-batch", "-ex", "set architecture i386:x86-64", "-ex", f"core {core}",
         "-ex", "info line *$pc", "-ex", f"x/s {WISH}", guest.assembled("stray")],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=True)
    assert f"Line {fault_line()} of" in done.stdout, done.stdout
    assert f'{WISH}:\t"fault"' in done.stdout
    assert f"pc = {registers['rip']}" in done.stdout or registers["rip"][2:] in done.stdout


@MACHINE
def test_the_console_is_followed(cell):
    cell.check("bulkhead cell console rt0 -f > /follow & echo $! > /pid")
    start(cell, "x")
    wait_for(cell, "shut down")
    start(cell, "x")
    wait_for(cell, "shut down")
    cell.check(guest.until("[ $(grep -c 'hello!!' /follow) -ge 2 ]", "cat /follow"))
    followed = cell.check("kill $(cat /pid); cat /follow")
    assert followed.splitlines()[-2:] == ["hello!!", "hello!!"]
    assert "rt0| hello!!\n" in cell.check("bulkhead console")
    refused(cell, "bulkhead cell console rt1", 'the log has no line of a cell "rt1"')


@MACHINE
def test_stats_are_live_on_a_terminal(cell):
    start(cell, "accept")
    # The serial line is the terminal; the signal stands for a user's Ctrl-C.
    live = "bulkhead cell stats rt0 < /dev/ttyS0"
    # The second look has what is a second's; a busy host may not come to it at once.
    for seconds in (4, 20, 100):
        shown = cell.run(f"TERM=linux timeout -s INT {seconds} {live}", timeout=120).output
        if "A SECOND" in shown:
            break
    assert "Bulkhead: exits, every 1 s; arrows scroll, q ends" in shown
    assert '"rt0": running, CPUs 3' in shown and "A SECOND" in shown
    assert guest.exit_name(cell, "VMCALL") in shown
    # The cursor is hidden, and at the end it is there again.
    assert 0 < shown.index("\x1b[?25l") < shown.rindex("\x1b[?25h")
    # A terminal that nobody knows gets plain text, once.
    assert "EXIT REASON" in cell.check("TERM=unknown bulkhead cell stats < /dev/ttyS0")
