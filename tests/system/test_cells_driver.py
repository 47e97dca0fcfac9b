# SPDX-License-Identifier: GPL-2.0-only
"""The driver's part in the life of cells: CPUs taken and given back, asking and waiting.

What is malformed or out of order is test_cells_malformed.py's, what takes too long
test_cells_late.py's, and what monitors are told test_cells_news.py's.
"""

import re
import subprocess

import guest
import pytest
from built import TOP, build_dir
from manners import (CPU, FILES, IMAGE, MACHINE, RT0, SMP, WISH, beats, create, is_being_asked,
                     online, run, says, state, under_the_driver)
from patience import patient


@pytest.fixture(name="root")
def fixture_root(machine):
    """A machine that is enabled; no cell is left, and Linux has all its CPUs at the end."""
    yield from under_the_driver(machine)


def test_program_counts_where_the_page_says():
    """The offsets that manners.S uses are those of struct bh_comm."""
    source = (TOP / "tests/system/programs/manners.S").read_text()
    check = build_dir() / "programs/manners-check.c"
    names = {"COMM_COMMAND": "command", "COMM_REPLY": "reply", "COMM_HEARTBEATS": "heartbeats",
             "COMM_BACKEND": "backend"}
    lines = ["#include <stddef.h>", "#include <bulkhead/comm.h>",
             "#include <bulkhead/hypercall.h>"]
    for name, member in names.items():
        value = re.search(rf"\.equ {name}, (\d+)", source).group(1)
        lines.append(f'_Static_assert(offsetof(struct bh_comm, {member}) == {value}, "{name}");')
    lines.append('_Static_assert(BH_HYPERCALL_EXIT == 8, "EXIT");')
    check.parent.mkdir(parents=True, exist_ok=True)
    check.write_text("\n".join(lines) + "\n")
    subprocess.run(["gcc", "-fsyntax-only", "-I", TOP / "include", check], check=True)


@MACHINE
def test_linux_lends_a_cpu_and_gets_it_back(root):
    create(root)
    assert online(root) == "0-2"
    assert root.run(f"echo 1 > {CPU.format(3)}").status != 0
    assert "bulkhead: CPU 3 cannot go online: it is a cell's\n" in guest.kernel_log(root)
    root.check("bulkhead cell destroy rt0")
    assert online(root) == "0-3"
    assert root.check("taskset 8 echo alive").strip() == "alive"


@MACHINE
def test_a_cpu_comes_back_without_errors_of_its_apic(root):
    """Linux looks there when it starts another CPU from this one."""
    create(root)
    root.check("bulkhead cell destroy rt0")
    assert root.check("taskset 8 sh -c \"echo 'apic-read 0x280 1' > /proc/bh_probe\" && "
                      "cat /proc/bh_probe").strip() == "value 0x0"


@MACHINE
def test_a_cpu_that_was_offline_stays_offline(root):
    root.check(f"echo 0 > {CPU.format(2)}")
    create(root, SMP)
    assert online(root) == "0,3"
    root.check("bulkhead cell destroy smp")
    assert online(root) == "0-1,3"
    root.check(f"echo 1 > {CPU.format(2)}")


@MACHINE
def test_a_cpu_that_does_not_go_is_refused(root):
    """And the one that went before it is back."""
    guest.probe(root, "hold 2")
    says(root, f"cell create {SMP}",
         "Linux does not let go of CPU 2: something in Linux needs it, or hotplug is switched off "
         "for now (error 16); see its log")
    log = guest.kernel_log(root)
    assert "CPU 1 is now offline" in log and "CPU 2 is now offline" not in log
    assert online(root) == "0-3" and state(root, "smp") is None
    assert root.check(f"ls {FILES}") == ""
    guest.probe(root, "hold 99")
    create(root, SMP)
    assert online(root) == "0,3"


@MACHINE
def test_a_create_that_fails_names_a_cpu_that_does_not_come_back(root):
    """Linux is short of it then, and whoever asked should not have to read logs."""
    guest.probe(root, "hold 2 1")
    says(root, f"cell create {SMP}",
         "Linux does not let go of CPU 2: something in Linux needs it, or hotplug is switched off "
         "for now (error 16); see its log; and Linux does not bring CPU 1 back online (error 16)")
    guest.probe(root, "hold 99")
    assert online(root) == "0,2-3"
    root.check(f"echo 1 > {CPU.format(1)}")


@MACHINE
def test_a_cpu_that_somebody_else_brings_back_is_back(root):
    """As soon as it is not the cell's any more, and before the driver comes to it."""
    guest.put(root, "/split.conf", re.sub(r'cpus( +)= "[^"]*"', r'cpus\1= "1,3"',
                                          guest.board_text(root, "smp")))
    guest.probe(root, "speed-start")
    try:
        create(root, "/split.conf")
        assert online(root) == "0,2"
        # That of CPU 1 falls before CPU 3 is due.
        guest.probe(root, "speed-wakes 3")
        root.check("bulkhead cell destroy smp")
        assert online(root) == "0-3"
    finally:
        guest.probe(root, "speed-stop")


@MACHINE
def test_cpus_come_back_where_the_hypervisor_refuses(root):
    """Of a cell that was made past the driver only the hypervisor knows that it is in the way."""
    root.check(f"bulkhead config compile {guest.BOARD_FILE} {RT0} -o rt0.bin")
    size = int(root.check("stat -c %s rt0.bin"))
    root.check(f"echo 0 > {CPU.format(2)}")
    name = int.from_bytes(b"raw\0", "little")
    said = root.check("calls rt0.bin <<'END'\n"
                      f"poke 24 4 {name}\npoke 56 8 4\nseal\npass\n"
                      f"probe manage 1 0 0 {size} 0\nEND")
    assert said.strip() == "0: result 1 cell 1"
    while "result 1" in guest.probe(root, "manage 2 1 0 0 0"):
        pass
    # The hypervisor names the place; words are the driver's, which did not know. The tool does.
    said = root.check(f"printf 'restore\ncreate data+0 {size}\n' | calls rt0.bin")
    assert said == '22: cell rt0: cell.memory[0] "ram": makes no sense\n'
    assert "overlaps cell raw" in root.run(f"bulkhead cell create {RT0}").output
    assert online(root) == "0-1,3"
    log = guest.kernel_log(root)
    assert "CPU 3 is now offline" in log and "Processor 3 APIC" in log

    # It is in the way of a disable as well, and the driver can destroy it.
    says(root, "disable", "there are cells (raw): destroy them first, or use --force")
    root.check("bulkhead cell destroy raw")
    create(root)
    root.check("bulkhead cell destroy rt0")
    root.check(f"echo 1 > {CPU.format(2)}")


@MACHINE
def test_a_cell_that_cannot_be_costs_linux_no_cpu(root):
    """The driver judges as the hypervisor does, before it takes a CPU."""
    create(root)
    root.check(f"bulkhead config compile {guest.BOARD_FILE} {RT0} -o rt0.bin; "
               "dmesg -c > /dev/null")
    size = int(root.check("stat -c %s rt0.bin"))
    # The same cell once more, with CPU 2.
    said = root.check(f"printf 'poke 56 8 4\\nseal\\ncreate data+0 {size}\\n' | calls rt0.bin")
    assert re.match(r"[1-9]\d*: cell rt0: ", said)
    assert "is now offline" not in guest.kernel_log(root)


@MACHINE
def test_disable_names_the_cells_in_its_way(root):
    create(root, SMP)
    create(root)
    run(root, "d")
    says(root, "disable", "there are cells (smp, rt0): destroy them first, or use --force")
    assert state(root)["state"] == "running" and online(root) == "0"
    root.check("bulkhead disable --force", timeout=120)
    assert online(root) == "0-3"
    assert root.check("bulkhead enable " + guest.BOARD_FILE) and state(root) is None


@MACHINE
def test_a_cell_is_asked_and_waited_for(root):
    create(root)
    run(root, "a")
    root.check("bulkhead cell shutdown rt0")
    assert state(root)["state"] == "shut down"
    assert root.check(f"cat {FILES}/*/exit_code") == "7\n"

    run(root, "r")
    says(root, "cell shutdown rt0", "cell rt0 refused to shut down")
    assert state(root)["state"] == "running"
    # The request was taken back: the second one finds the cell agreeing.
    beats(root)
    root.check("bulkhead cell destroy rt0")
    assert state(root) is None


@MACHINE
def test_a_cell_that_does_not_end_is_stopped_by_force_only(root):
    create(root)
    run(root, "d")
    says(root, "cell shutdown --timeout 1 rt0",
         "cell rt0 did not answer within 1 s: --force stops it")
    says(root, "cell destroy --timeout 0.25 rt0",
         "cell rt0 did not answer within 250 ms: --force stops it")
    assert state(root)["state"] == "running"
    root.check("bulkhead cell shutdown --force rt0")
    assert state(root)["state"] == "shut down"

    run(root, "n")
    says(root, "cell shutdown --timeout 1 rt0",
         "cell rt0 did not shut down, though it agreed to, within 1 s: --force stops it")
    root.check("bulkhead cell destroy --force rt0")
    assert online(root) == "0-3"


@MACHINE
def test_a_cell_that_fails_when_it_is_asked(root):
    create(root)
    run(root, "f")
    says(root, "cell shutdown rt0",
         "cell rt0 failed as it was to shut down: its fault records tell why")
    assert state(root)["state"] == "failed"
    root.check("bulkhead cell destroy rt0")


ASK, STOP = 6, 7


@MACHINE
@pytest.mark.parametrize("command, operation", [
    ("shutdown", ASK), ("destroy", ASK), ("shutdown --force", STOP), ("destroy --force", STOP)])
def test_a_cell_that_ends_before_it_is_asked(root, command, operation):
    """Between the driver's look and its request: it is what was wanted."""
    create(root)
    run(root, "a")
    guest.probe(root, f"ahead {operation} {state(root)['id']}")
    root.check(f"bulkhead cell {command} rt0")
    guest.probe(root, "ahead 0 0")
    left = state(root)
    assert left["state"] == "shut down" if "shutdown" in command else left is None
    # What did not run is refused as ever.
    if left:
        says(root, f"cell {command} rt0", "cell rt0 is shut down: it cannot be "
             f"{'stopped' if operation == STOP else 'asked to shut down'} now")


@MACHINE
def test_no_memory_for_a_configuration_is_told_as_such(root):
    guest.probe(root, "no-memory 1")
    says(root, f"cell create {RT0}", "Linux has no memory left")
    guest.probe(root, "no-memory 0")
    create(root)


@MACHINE
def test_waiting_for_a_cell_keeps_nobody_waiting(root):
    """The device serves others, one at a time is asked, a signal ends the wait."""
    create(root)
    run(root, "d")
    root.check("bulkhead cell shutdown --timeout 60 rt0 2> said & echo $! > pid")
    is_being_asked(root)
    assert root.check(f"timeout {patient(5)} bulkhead cell list --json")
    assert root.check(f"cat /sys/devices/bulkhead/enabled {FILES}/*/state") == "1\nrunning\n"
    says(root, "cell shutdown rt0", "cell rt0 is being asked to shut down already")
    root.check("kill $(cat pid)")
    root.check(guest.until("! kill -0 $(cat pid) 2> /dev/null", "cat said", 10))
    says(root, "cell shutdown --timeout 0.5 rt0",
         "cell rt0 did not answer within 500 ms: --force stops it")

    # Whoever waits learns that the hypervisor went.
    root.check("bulkhead cell shutdown --timeout 60 rt0 2> said & echo $! > pid")
    is_being_asked(root)
    root.check("bulkhead disable --force && bulkhead enable " + guest.BOARD_FILE, timeout=60)
    root.check(guest.until("! kill -0 $(cat pid) 2> /dev/null", "cat said", 10))
    assert root.check("cat said") == ("bulkhead: cell shutdown: the hypervisor was disabled "
                                      "meanwhile\n")


@MACHINE
def test_many_at_once(root):
    """Two who make and destroy cells, two who look at all there is."""
    guest.put(root, "life", f"""\
for round in 1 2 3 4 5 6; do
	bulkhead cell create $2 && bulkhead cell load $1 {IMAGE} -s a -a {WISH} &&
		bulkhead cell start $1 && bulkhead cell shutdown $1 && bulkhead cell destroy $1 ||
		exit 1
done > /dev/null
echo $1 done""")
    root.check("touch busy; while [ -e busy ]; do bulkhead cell list --json > /dev/null; done & "
               f"while [ -e busy ]; do cat {FILES}/*/*; done "
               "> /dev/null 2>&1 &")
    said = root.check(f"sh life rt0 {RT0} & first=$!; sh life smp {SMP}; wait $first; rm busy; "
                      "wait", timeout=240)
    assert sorted(said.split()) == ["done", "done", "rt0", "smp"]
    assert root.check(f"ls {FILES}") == "" and online(root) == "0-3"


@MACHINE
def test_files_of_a_cell(root):
    """They say what `cell show` says, and go with the cell, whoever reads them at that time."""
    assert root.check(f"ls {FILES}") == ""
    create(root, SMP)
    create(root)
    numbers = root.check(f"ls {FILES}").split()
    assert len(numbers) == 2

    def read(name, number=numbers[1]):
        return root.check(f"cat {FILES}/{number}/{name}").strip()

    assert [read(name) for name in ("name", "state", "cpus", "starts")] == ["rt0", "created", "3",
                                                                             "0"]
    assert [read(name, numbers[0]) for name in ("name", "cpus")] == ["smp", "1-2"]
    assert int(read("pages")) == state(root)["pages"]

    def faults():
        return {kind: int(count) for kind, count in map(str.split, read("faults").splitlines())}

    told = root.data("bulkhead cell show rt0 --json")
    assert faults() == told["faults_counted"]
    run(root, "a")
    first = read("heartbeats")
    root.check(guest.until(f"[ $(cat {FILES}/{numbers[1]}/heartbeats) -gt {first} ]",
                           "bulkhead cell show rt0"))
    assert read("starts") == "1"
    root.check("bulkhead cell shutdown rt0")
    assert read("state") == "shut down"
    run(root, "f")
    root.run("bulkhead cell shutdown rt0")
    assert read("state") == "failed" and faults() == {**told["faults_counted"], "memory": 1}
    root.check(f"(while cat {FILES}/{numbers[1]}/*; do :; done) > /dev/null 2>&1 &")
    root.check("bulkhead cell destroy rt0", timeout=60)
    assert root.check(f"ls {FILES}").split() == numbers[:1]
    assert root.check(f"stat -c %a {FILES}/{numbers[0]}/state").strip() == "444"


@MACHINE
def test_cpus_are_lent_at_full_speed(root):
    """Until the cell goes, for its clock may be another CPU's too; and also if the driver goes."""
    guest.probe(root, "speed-start")
    try:
        assert guest.probe(root, "speed 3") == "limit 1000000 offline 0"
        create(root)
        assert guest.probe(root, "speed 3") == "limit 2000000 offline 2000000"
        lower = "/sys/devices/system/cpu/cpufreq/policy{}/scaling_min_freq"
        assert root.check(f"cat {lower.format(0)}") == "1000000\n"
        assert root.check(f"cat {lower.format(2)}") == "2000000\n"
        root.check("bulkhead cell destroy rt0")
        assert guest.probe(root, "speed 3") == "limit 1000000 offline 2000000"
        assert root.check(f"cat {lower.format(2)}") == "1000000\n"
        # A refused create leaves nothing behind either.
        guest.probe(root, "hold 2")
        assert root.run(f"bulkhead cell create {SMP}").status == 1
        guest.probe(root, "hold 99")
        assert root.check(f"cat {lower.format(0)} {lower.format(2)}") == "1000000\n" * 2
        create(root)
    finally:
        guest.probe(root, "speed-stop")
    root.check("bulkhead cell destroy rt0")


@MACHINE
def test_module_stays_while_there_are_cells(root):
    create(root)
    assert root.run("rmmod bulkhead").status != 0
    assert state(root)["state"] == "created"


def reboot(machine):
    """Reboot; what Linux said as it went down."""
    since = machine.mark()["com1.txt"]
    machine.reset("reboot -f")
    guest.load(machine)
    return machine.path("com1.txt").read_bytes()[since:].decode(errors="replace")


@MACHINE
def test_reboot_destroys_cells(root):
    create(root, SMP)
    create(root)
    run(root, "d")
    said = reboot(root)
    assert "bulkhead: cell rt0 destroyed" in said and "bulkhead: cell smp destroyed" in said
    assert "bulkhead: disabled" in said
    guest.enable(root)


def lock(machine):
    """rt0, created as a locked cell."""
    text = guest.board_text(machine, "rt0")
    guest.put(machine, "/locked.conf", text.replace("cell = {", "cell = {\n\tlocked = true;"))
    create(machine, "/locked.conf")


IS_LOCKED = "cell rt0 is locked: only the cell itself can end its run"


@MACHINE
def test_a_locked_cell_keeps_disable_from_ending_others(root):
    create(root, SMP)
    run(root, "d", "smp")
    lock(root)
    run(root, "a")
    says(root, "disable --force", IS_LOCKED)
    assert [state(root, name)["state"] for name in ("smp", "rt0")] == ["running"] * 2
    root.check("bulkhead cell shutdown rt0 && bulkhead disable --force", timeout=120)
    guest.enable(root)


@MACHINE
def test_reboot_ends_a_locked_cell_with_the_machine(root):
    """And the others before, whatever their order."""
    lock(root)
    run(root, "d")
    create(root, SMP)
    says(root, "disable --force", IS_LOCKED)
    said = reboot(root)
    assert "bulkhead: cell smp destroyed" in said
    assert f"bulkhead: not disabled before reboot: {IS_LOCKED}" in said
    assert root.run("bulkhead status").status == 3
    guest.enable(root)
