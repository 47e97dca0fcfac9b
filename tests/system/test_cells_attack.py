# SPDX-License-Identifier: GPL-2.0-only
"""What a cell can try to get out of its walls: all of it, and nobody else notices.

The attackers are inmates/tests/attack*.c. Each runs under the policy "report", to go on after each
try, beside a neighbour and Linux that watch their memory and their time. Then, under "stop", each
kind of fault ends the cell at the first one. A fuzzer's seed is its number.
"""

import os
import re

import cells
import guest
import machines
import pytest

FILES = cells.files(("attacker", "neighbour"), ("attack", "neighbour", "polite"), ("pattern",))
ARENA = pytest.mark.machine(*machines.HYPERVISOR, files=FILES)
# Where an attacker left Bochs's APIC in x2APIC mode, Linux does not get it back.
STRICT = {"files": FILES, "cmdline": "quiet"}
LASTING = pytest.mark.machine(*machines.HYPERVISOR, **STRICT)

CONSTANT = 0x800000  # a region of the attacker that it may only read
FOREIGN_PORT, HOLE, HYPERVISOR = 0x510, 0x600000, 0x38000000

# What has to be counted, at the least, for the attack to have been one.
COUNTS = {
    "memory": {"memory": 1_000_000},
    "far": {"memory": 2 * 1020},
    "ports": {"port": 6 * 65_000},
    "strings": {"port": 100, "memory": 5},
    "msrs": {"msr": 20_000},
    "instructions": {"instruction": 50, "hypercall": 200},
    "control": {"control": 1},
    "events": {"memory": 1, "msr": 1},
    "tables": {"memory": 2000},
    "borders": {"memory": 1000},
    "interrupts": {"interrupt": 1000, "apic": 100},
}

# Of those that are SVM's, QEMU looks at operands first: a wrong one is a fault of the cell's own.
# RDPMC of counters that cores share is a fault by the MSRs behind them.
SVM_COUNTS = {**COUNTS, "instructions": {"instruction": 40, "hypercall": 200, "msr": 22}}

# What no emulation can answer ends the cell, and it is started again behind that.
IN_PARTS = ("strings", "borders", "control")

# One that stands still is stopped: a CPU may be halted for good by its own instruction.
AGAIN = f"""\
cell=$(grep -lx attacker /sys/class/misc/bulkhead/cells/*/name)
cell=${{cell%/name}} first=0 starts=0 state=
while [ $starts -lt 2000 ]; do
    bulkhead cell load attacker {cells.program_file("attack")} -s "$1 first=$first" \\
        -a {cells.ARGUMENT:#x} && bulkhead cell start attacker || exit
    starts=$((starts + 1)) same=0 before=$first
    while read -r state < $cell/state && [ "$state" = running ]; do
        read -r first < $cell/message
        same=$((same + 1))
        [ "$first" = "$before" ] || same=0
        before=$first
        [ $same -lt 20 ] || break
        usleep 10000
    done
    read -r first < $cell/message
    [ "$state" != "shut down" ] || break
    [ "$state" != running ] || bulkhead cell shutdown --force attacker
done > /again.log
[ "$state" = "shut down" ] && echo "done after $starts starts" || tail -n 3 /again.log
"""


def arena(machine):
    """A machine with a neighbour, an attacker and Linux's own watch, made at the first test."""
    if not hasattr(machine, "arena"):
        guest.enable(machine)
        machine.arena = cells.Neighbour(machine, "shared"), cells.Watch(machine)
        machine.check("head -c 65536 /dev/zero | tr '\\0' '\\314' > /constant")
        cells.create(machine, "attacker")
        machine.check(f"bulkhead cell load attacker /constant -a {CONSTANT:#x}")
    return machine.arena


def counted(machine):
    """How often each kind of fault was counted for the attacker."""
    return cells.show(machine, "attacker")["faults_counted"]


def attack(machine, words, seconds=900):
    """Run an attack to its end; what was counted more."""
    neighbour, _ = arena(machine)
    before = counted(machine)
    cells.again(machine, "attacker", "attack", words)
    wrong = cells.finished(machine, "attacker", seconds)
    assert wrong == 0, machine.check("bulkhead cell console attacker | tail -n 20")
    neighbour.check()
    after = counted(machine)
    return {kind: after[kind] - before.get(kind, 0) for kind in after}


def attack_in_parts(machine, words):
    """Run an attack that ends the cell now and then; what was counted more."""
    neighbour, _ = arena(machine)
    before = counted(machine)
    guest.put(machine, "/again", AGAIN)
    said = machine.check(f"sh /again '{words}'", timeout=1800)
    # On a slow machine the bar of a load is before it.
    assert re.search(r"done after \d+ starts$", said, re.MULTILINE), said
    neighbour.check()
    after = counted(machine)
    return {kind: after[kind] - before[kind] for kind in after}


@ARENA
@pytest.mark.parametrize("name", list(COUNTS))
def test_attack(machine, name):
    """Every page below 4 GiB is tried where machines.py says so, elsewhere every tenth."""
    part, words = 1, name
    if name == "memory":
        part = machines.part(machine.setup.kind)
        words = f"memory step={part}"
    seen = (attack_in_parts if name in IN_PARTS else attack)(machine, words)
    counts = SVM_COUNTS if guest.is_svm(machine) else COUNTS
    for kind, least in counts[name].items():
        assert seen[kind] >= least // part, seen


def exits(machine):
    """Exits of the attacker by reason."""
    return cells.show(machine, "attacker")["virtual_cpus"][0]["exits_by_reason"]


@ARENA
def test_caches_of_the_machine_are_not_emptied(machine):
    """INVD, WBINVD and WBNOINVD exit and do nothing; the attacker says that it goes on."""
    arena(machine)
    before = exits(machine)
    attack(machine, "instructions")
    after = exits(machine)
    seen = {name: after.get(name, 0) - before.get(name, 0)
            for name in ("INVD", "WBINVD or WBNOINVD")}
    assert seen == {"INVD": 2, "WBINVD or WBNOINVD": 3}


@ARENA
@pytest.mark.parametrize("seed", [1, 2])
def test_random_instructions(machine, seed):
    """`make soak` asks for more of them."""
    rounds = int(os.environ.get("BULKHEAD_ROUNDS", "200")) // machines.part(machine.setup.kind)
    attack_in_parts(machine, f"fuzz seed={seed} rounds={rounds}")


@ARENA
def test_a_fault_of_linux_is_still_recorded(machine):
    """However many records an attacker has filled, others' come through."""
    arena(machine)
    guest.load(machine)
    before = guest.faults(machine, "port")[0]
    guest.probe(machine, f"in {FOREIGN_PORT} 1")
    count, records = guest.faults(machine, "port")
    assert count == before + 1
    assert FOREIGN_PORT in [int(record["place"], 16) for record in records
                            if record["cell"] == 0]


@ARENA
def test_all_is_as_it_was_before_the_attacks(machine):
    neighbour, watch = arena(machine)
    watch.end()
    neighbour.end()
    cells.destroy(machine, "attacker", force=True)
    del machine.arena
    guest.undisturbed(machine)
    used = cells.pool(machine)
    cells.run(machine, "attacker", "polite")
    cells.destroy(machine, "attacker")
    assert cells.pool(machine) == used
    guest.disable(machine)
    guest.undisturbed(machine)


# What ends a cell under "stop": the attack's name, the kind in the record, its place.
LAST = {
    "read": ("memory", HOLE), "write": ("memory", HOLE), "read-only": ("memory", CONSTANT + 0x40),
    "fetch": ("memory", HOLE), "no-execute": ("memory", 0xc00000), "device": ("memory", 0xfed40020),
    "table": ("memory", HOLE), "port-in": ("port", FOREIGN_PORT),
    "port-out": ("port", FOREIGN_PORT), "port-string": ("port", FOREIGN_PORT),
    "msr-read": ("msr", 0x570), "msr-write": ("msr", 0x570), "apic-base": ("control", 0x1b),
    "interrupt": ("interrupt", 0), "nmi": ("interrupt", 0), "init": ("interrupt", 0),
    "startup": ("interrupt", 0),
    "apic": ("apic", 0x20), "triple": ("triple", None), "delivery": ("delivery", None),
    "hypercall": ("hypercall", 2),
}


@pytest.fixture(name="strict")
def fixture_strict(machine):
    """The attacker under the policy "stop"."""
    if not hasattr(machine, "strict"):
        guest.enable(machine)
        path = "/strict.conf"
        machine.check(f"sed 's/on_fault = \"report\"/on_fault = \"stop\"/' "
                      f"{cells.cell_file('attacker')} > {path}")
        machine.strict = cells.Neighbour(machine, "shared")
        cells.create(machine, "attacker", path)
    return machine


def ends(machine, name):
    """Run one of the last words; the record of what stopped the cell."""
    seen = {fault["sequence"] for fault in cells.faults(machine, "attacker")}
    cells.again(machine, "attacker", "attack", f"last {name}")
    cell = cells.wait(machine, "attacker", 60)
    assert cell["state"] == "failed", (cell["state"], cell["exit_code"])
    new = [fault for fault in cells.faults(machine, "attacker")
           if fault["sequence"] not in seen]
    assert len(new) == 1, new
    machine.strict.check()
    return new[0]


def stops(machine, name, kind, place):
    """The cell ends at that, and the record says what it was."""
    fault = ends(machine, name)
    assert fault["kind"] == kind and fault["stopped"], fault
    assert place is None or int(fault["place"], 16) == place, fault


@LASTING
@pytest.mark.parametrize("name", list(LAST))
def test_stops_at_the_first(strict, name):
    stops(strict, name, *LAST[name])


@LASTING
def test_stops_at_an_instruction_of_hypervisors(strict):
    """VMLAUNCH, or VMRUN: each processor knows one of them."""
    if guest.is_svm(strict):
        stops(strict, "svm", "instruction", 0x80)
    else:
        stops(strict, "vmx", "instruction", 20)


@pytest.mark.machine(*machines.HYPERVISOR, **STRICT, needs=(machines.VMX,))
def test_stops_at_a_bit_of_a_control_register(strict):
    """With SVM the processor itself refuses what it does not know, and the rest is the cell's."""
    stops(strict, "control", "control", 4)


def only_force_ends(strict, name):
    """Asking does not end it."""
    cells.again(strict, "attacker", "attack", f"last {name}")
    strict.check("sleep 1")
    assert cells.show(strict, "attacker")["state"] == "running"
    cells.refused(strict, "bulkhead cell shutdown --timeout 1 attacker", "answer")
    assert cells.show(strict, "attacker")["state"] == "running"
    strict.check("bulkhead cell shutdown --force attacker")
    assert cells.show(strict, "attacker")["state"] == "shut down"
    strict.strict.check()


@LASTING
@pytest.mark.parametrize("name", ["halt", "spin"])
def test_only_force_ends_what_never_answers(strict, name):
    only_force_ends(strict, name)


@pytest.mark.machine(*machines.HYPERVISOR, **STRICT, needs=(machines.WATCHED_FRAMES,))
def test_only_force_ends_an_exception_that_raises_itself(strict):
    only_force_ends(strict, "debug-loop")


@LASTING
def test_interrupts_in_x2apic_mode(strict):
    """The last on this machine: Bochs's APIC does not come back from that mode."""
    fault = ends(strict, "interrupt-x2apic")
    assert fault["kind"] == "interrupt" and int(fault["place"], 16) == 0
    cells.destroy(strict, "attacker")
    cells.create(strict, "attacker")
    cells.again(strict, "attacker", "attack", "interrupts-in-x2apic")
    assert cells.finished(strict, "attacker", 300) == 0
    assert cells.show(strict, "attacker")["faults_counted"]["interrupt"] > 1000
    strict.strict.check()
    guest.undisturbed(strict, cpus=2)
    assert not re.search("nobody cared|spurious", guest.kernel_log(strict))
