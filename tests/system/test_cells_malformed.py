# SPDX-License-Identifier: GPL-2.0-only
"""Management requests that are malformed or come out of order change nothing, and are told why.

By the driver's calls (programs/calls.c) and past the driver (bh_probe's `manage`), with one cell
that runs, smp, and one that does not, rt0. The random ones are the same at every run.
"""

import random
import re

import guest
import pytest
from manners import MACHINE, RT0, SMP, create, run

SEED = 20250321
RAM = 0x200000      # of rt0, from 0 on
COMM = 0xfef00000
APIC = 0xfee00000
HYPERVISOR, POOL = 0x38000000, 0x38800000
REQUEST = 64 * 1024 # the most that one request carries
TOP32, TOP64 = (1 << 32) - 1, (1 << 64) - 1
DAY = 24 * 3600 * 1000
STRANGE = (5, 7, 32, 1 << 16, 1 << 31, TOP32)

CREATE, CONTINUE, LOAD, ENTRY, START, ASK, STOP, DESTROY, MEMORY = range(1, 10)


@pytest.fixture(name="cells")
def fixture_cells(machine):
    """rt0, which has run and has something in its memory, and smp, which runs; the blob's size."""
    guest.enable(machine)
    create(machine)
    run(machine, "a")
    machine.check("bulkhead cell shutdown rt0")
    create(machine, SMP)
    run(machine, "d", "smp")
    machine.check(f"bulkhead config compile {guest.BOARD_FILE} {RT0} -o rt0.bin")
    ids = {cell["name"]: cell["id"] for cell in machine.data("bulkhead cell list --json")}
    size = int(machine.check("stat -c %s rt0.bin"))
    yield machine, ids["rt0"], ids["smp"], size
    machine.check("bulkhead disable --force", timeout=120)
    guest.undisturbed(machine)


def snapshot(machine):
    """All that a request could change, as far as it stands still."""
    shown = []
    for name in ("root", "rt0", "smp"):
        cell = machine.data(f"bulkhead cell show {name} --json")
        if cell.get("comm"):
            del cell["comm"]["heartbeats"]
        del cell["exits"]
        for cpu in cell["virtual_cpus"]:
            del cpu["exits"], cpu["exits_by_reason"]
        shown.append(cell)
    memory = machine.check("bulkhead cell dump rt0 core && md5sum core; rm core")
    pool = machine.check("cat /sys/devices/bulkhead/pool_used; nproc")
    return shown, memory, pool


def answers_to(machine, lines):
    """Have programs/calls.c do this; pairs of what was asked, with what prepared it, and said."""
    guest.put(machine, "lines", "\n".join(lines))
    said = machine.check("calls rt0.bin < lines", timeout=300).splitlines()
    asked, before = [], []
    for line in lines:
        before.append(line)
        if line.split()[0] not in ("poke", "seal", "restore", "pass"):
            asked.append("; ".join(before))
            before = []
    assert len(said) == len(asked)
    return list(zip(asked, said))


def refused_by_calls(machine, lines):
    """Make calls, each of which must be refused with an errno and words; the answers."""
    answers = answers_to(machine, lines)
    wrong = [answer for answer in answers if not re.fullmatch(r"[1-9]\d*: .{10,}", answer[1])
             or "no memory left" in answer[1]]
    assert not wrong
    return answers


def changes_nothing(cells, lines):
    """All of them are refused, nothing is changed, and the cell that runs goes on."""
    machine = cells[0]
    before = snapshot(machine)
    answers = refused_by_calls(machine, lines)
    assert snapshot(machine) == before
    beats = "cat /sys/class/misc/bulkhead/cells/*/heartbeats"
    before = machine.check(beats)
    # A busy host may hold its CPUs up for a while.
    machine.check(guest.until(f"{beats} | grep -qvxF '{before.strip()}'", "bulkhead cell list"))
    return answers


def ids_of_nobody():
    """Ids of root and of cells that there are not."""
    return [0, *range(3, 12), 1000, 1 << 31, TOP32]


def calls_for_nobody():
    """What wants a cell, for none."""
    for number in ids_of_nobody():
        yield from (f"start {number}", f"shutdown {number}", f"shutdown {number} 1",
                    f"destroy {number}", f"destroy {number} 1", f"load {number} 0 0 0 data+0 16",
                    f"load {number} 1 4096", f"memory {number} 0 0 data+0 16")


def calls_with_strange_fields(rest, running):
    """Flags that are neither 0 nor 1, reserved fields that are not 0, times beyond all measure."""
    for value in STRANGE:
        yield from (f"start {rest} {value}", f"memory {rest} {value} 0 data+0 16",
                    f"create data+0 400 0 {value}", f"shutdown {running} {value}",
                    f"destroy {rest} {value}", f"load {rest} {value} 4096 0 data+0 16",
                    f"disable {value}")
    for value in (DAY + 1, 1 << 40, TOP64):
        yield from (f"shutdown {running} 0 {value}", f"destroy {rest} 0 {value}")


def calls_out_of_order(rest, running, size):
    """What the cell's state does not allow, and what an enabled hypervisor does not."""
    yield from (f"start {running}", f"load {running} 0 0 0 data+0 16",
                f"load {running} 1 4096", f"memory {running} 0 0 data+0 16", f"shutdown {rest}",
                f"shutdown {rest} 1", f"enable data+0 {size}", "enable", "disable", "disable 0",
                "last", f"last {HYPERVISOR} 8388608 0 data+0", f"create data+0 {size}")


def calls_beyond_memory(cell):
    """Addresses that are not the cell's, buffers that are not the caller's."""
    places = [(RAM, 1), (RAM - 1, 2), (RAM - 4096, 8192), (RAM - 8, 16), (COMM, 16), (APIC, 16),
              (1 << 30, 4096), (1 << 47, 8), (1 << 63, 8), (TOP64 - 7, 8), (TOP64, 1),
              (HYPERVISOR, 4096), (POOL, 4096), (RAM - REQUEST, REQUEST + 1),
              (0, RAM + 1), (0, 1 << 40), (0, TOP64), (1, TOP64), (RAM, REQUEST)]
    for at, size in places:
        yield f"load {cell} 0 0 {at} data+0 {size}"
        yield f"memory {cell} 0 {at} data+0 {size}"
    for data, size in (("kernel", 16), (0, 16), ("data+65536", 1), ("data+65535", 2),
                       (1 << 63, 16), (TOP64, 1), (TOP64 - 4095, 4096)):
        yield f"load {cell} 0 0 {RAM - 16} {data} {size}"
        yield f"memory {cell} 0 0 {data} {size}"
    yield from (f"load {cell}", f"load {cell} 0 4096 0 data+0 0", f"memory {cell} 0 0 data+0 0")
    for entry in (RAM, COMM, APIC, 1 << 32, TOP32, TOP64, HYPERVISOR):
        yield f"load {cell} 1 {entry}"


def calls_to_read(rest):
    """What there is not to read, and nowhere to put it."""
    for what in (10, 11, 100, 1 << 31, TOP32):
        yield f"read {what} 0 0 data+0"
    for what, position in ((3, 4), (3, TOP64), (4, 3), (4, TOP64), (5, 3 << 32), (5, TOP64),
                           (6, 4), (6, 0), (6, TOP64), (7, 3 << 32), (7, TOP64)):
        yield f"read {what} 0 {position} data+0"
    for buffer in ("kernel", 0, "data+65536", "data+65535", TOP64):
        yield from (f"read 0 0 0 {buffer}", f"read 4 0 {rest} {buffer}")


def damaged_blobs(size):
    """Changes of the blob that its check sum tells, and sizes that it has not."""
    generator = random.Random(SEED)
    for at in sorted(generator.sample(range(size), 48)):
        # Adds a bit: no byte of a blob is 0xa5.
        yield [f"poke {at} 1 0xa5"], size
    for wrong in (0, 1, 7, 23, 24, 100, size - 1, size + 1, size + 8, REQUEST, REQUEST + 1, 1 << 20,
                  TOP64):
        yield [], wrong


def wrong_blobs():
    """Changes that the check sum does not tell, each wrong by itself: offsets are of rt0's blob."""
    cell, region = 24, 24 + 128  # struct bh_cell behind the header, its first region
    fields = {"name": (0, 8), "cpus": (32, 8), "on_fault": (64, 4), "flags": (68, 4),
              "console type": (80, 4), "regions": (104, 4), "ports": (108, 4), "msrs": (112, 4),
              "devices": (116, 4), "irqs": (120, 4), "reserved": (124, 4)}
    wrong = {"name": (0, 0x41412f2f, 0x746f6f72), "cpus": (0, 1, 0xf, 0x10, 1 << 63, 9),
             "on_fault": (2, TOP32), "flags": (32, 1 << 31, TOP32),
             "console type": (3, TOP32), "regions": (0, 1, 3, 256, 257, TOP32),
             "ports": (1, 256, TOP32), "msrs": (1, 64, TOP32),
             "devices": (1, 65, TOP32), "irqs": (1, 65, TOP32), "reserved": (1, TOP32)}
    for name, (at, width) in fields.items():
        for value in wrong[name]:
            yield [f"poke {cell + at} {width} {value}"]
    parts = {32: (0, POOL - 4096, HYPERVISOR, 0x38e00001, 0x38a00000, 0x3c000000, 1 << 52, TOP64),
             40: (1, APIC, COMM, TOP64, (1 << 64) - 4096),
             48: (0, 1, RAM + 1, 1 << 32, 1 << 52, TOP64), 56: (0, 8, TOP32),
             60: (3, TOP32), 64: (4, 64, 1 << 31, TOP32), 68: (1, TOP32)}
    for at, values in parts.items():
        for value in values:
            yield [f"poke {region + at} {4 if at >= 56 else 8} {value}"]


def blob_lines(size, call):
    """The blobs, each with the line that `call` makes of its size."""
    for pokes, given in damaged_blobs(size):
        yield from ("restore", *pokes, *call(given))
    for pokes in wrong_blobs():
        yield from ("restore", *pokes, "seal", *call(size))


def random_calls(rest, running, count):
    """Fields at random, but for one that makes the call wrong for sure."""
    generator = random.Random(SEED)
    values = (0, 1, 2, 3, 16, 4095, 4096, RAM - 1, RAM, COMM, APIC, HYPERVISOR, 1 << 32, 1 << 47,
              1 << 63, TOP64, "kernel", "data+0", "data+4096", "data+65535")
    for _ in range(count):
        nobody = generator.choice([0, generator.randrange(3, 1 << 32)])
        fields = [generator.choice(values) for _ in range(4)]
        yield generator.choice((
            f"load {nobody} {fields[0]} {fields[1]} {fields[2]} data+0 {fields[3]}",
            f"load {running} {generator.choice((0, 1))} {fields[0]} {fields[1]} data+0 "
            f"{generator.randrange(1, 4096)}",
            f"memory {nobody} 0 {fields[0]} {fields[1]} {fields[2]}",
            f"memory {rest} {generator.randrange(1, 1 << 32)} {fields[0]} {fields[1]} {fields[2]}",
            f"start {nobody} {generator.choice((0, 1))}",
            f"shutdown {nobody} {generator.choice((0, 1))} {generator.randrange(1 << 20)}",
            f"destroy {rest} {generator.randrange(2, 1 << 32)} {generator.randrange(1 << 20)}",
            f"create {fields[0]} {generator.randrange(400)} 0 {generator.randrange(1 << 32)}",
            f"read {generator.randrange(10, 1 << 32)} 0 {generator.randrange(1 << 64)} data+0"))


@MACHINE
def test_malformed_calls(cells):
    _, rest, running, size = cells
    lines = [*calls_for_nobody(), *calls_with_strange_fields(rest, running),
             *calls_out_of_order(rest, running, size), *calls_beyond_memory(rest),
             *calls_to_read(rest), *random_calls(rest, running, 200)]
    assert len(lines) >= 400
    answers = dict(changes_nothing(cells, lines))
    assert answers["start 1000"].endswith("there is no cell with id 1000")
    assert answers["start 0"].endswith("the root cell cannot be started")
    assert answers[f"start {running}"].endswith("cell smp is running: it cannot be started now")
    assert answers[f"start {rest} 5"].endswith("`reserved' is 0, not 5")
    assert answers[f"shutdown {running} 7"].endswith("`force' is 0 or 1, not 7")
    assert answers[f"shutdown {running} 0 {DAY + 1}"].endswith("is more than a day")
    assert answers[f"load {rest} 0 0 {RAM} data+0 1"].endswith(
        "cell rt0: 0x200000 and size 0x1 are not in one region of its memory")


@MACHINE
def test_malformed_configurations_by_call(cells):
    machine, size = cells[0], cells[3]
    # The cell of the blob is not there, so that it would be created if it were good.
    machine.check("bulkhead cell destroy rt0; dmesg -c > /dev/null")
    before = machine.check("cat /sys/devices/bulkhead/pool_used")
    lines = list(blob_lines(size, lambda given: [f"create data+0 {given}"]))
    answers = refused_by_calls(machine, lines)
    assert len(answers) >= 100
    assert machine.check("cat /sys/devices/bulkhead/pool_used") == before
    assert "is now offline" not in guest.kernel_log(machine)
    assert machine.check(f"printf 'create data+0 {size}\\n' | calls rt0.bin") == "0: \n"


def requests(rest, running):
    """Malformed requests as (operation, cell, at, size, value)."""
    for operation in (0, 10, 11, 100, 1 << 31, TOP32):
        yield from ((operation, rest, 0, 0, 0), (operation, 0, TOP64, TOP64, TOP64))
    for number in ids_of_nobody():
        for operation in range(CONTINUE, MEMORY + 1):
            yield (operation, number, 0, 16, 0)
    yield from ((CONTINUE, rest, 0, 0, 0), (CONTINUE, running, 0, 0, 0), (ASK, rest, 0, 0, 1),
                (STOP, rest, 0, 0, 0))
    for operation in (LOAD, ENTRY, START, DESTROY, MEMORY):
        yield (operation, running, 0, 16, 0)
    for value in (2, 3, TOP32, TOP64):
        yield (ASK, running, 0, 0, value)
    for at in (RAM, COMM, APIC, 1 << 32, TOP64, HYPERVISOR):
        yield (ENTRY, rest, at, 0, 0)
    for at, size in ((RAM, 1), (RAM - 1, 2), (0, 0), (0, REQUEST + 1), (0, TOP64), (TOP64, 1),
                     (TOP64, 2), (1, TOP64), (COMM, 16), (APIC, 16), (HYPERVISOR, 16),
                     (1 << 63, 1 << 63), (RAM - REQUEST + 1, REQUEST)):
        yield from ((LOAD, rest, at, size, 0), (MEMORY, rest, at, size, 0))


# Pages that are not root's, or are no pages.
BAD_PAGES = (1, 0xfff, HYPERVISOR, HYPERVISOR + 0x7ff000, POOL, 0x38e00000, APIC, 1 << 40, 1 << 51,
             1 << 52, 1 << 63, TOP64, TOP64 - 4095)


def random_requests(rest, count):
    """Numbers at random, but for one that makes the request wrong for sure."""
    generator = random.Random(SEED)

    def number():
        return generator.choice((0, 1, 15, 4096, RAM, REQUEST, 1 << 32, TOP64,
                                 generator.randrange(1 << 64)))

    for _ in range(count):
        yield generator.choice((
            (generator.randrange(10, 1 << 32), rest, number(), number(), number()),
            (generator.randrange(CONTINUE, MEMORY + 1), generator.randrange(3, 1 << 32), number(),
             number(), number()),
            (LOAD, rest, generator.randrange(RAM, 1 << 64), number(), number()),
            (MEMORY, rest, generator.randrange(RAM, 1 << 64), number(), number()),
            (CREATE, number() & TOP32, number(), generator.randrange(REQUEST + 1, 1 << 64), 0)))


@MACHINE
def test_malformed_requests_past_the_driver(cells):
    machine, rest, running, size = cells
    lines = ["pass"]
    lines += [f"probe manage {' '.join(map(str, request))}" for request in
              (*requests(rest, running), *random_requests(rest, 200))]
    for page in BAD_PAGES:
        lines += [f"probe manage {LOAD} {rest} 0 16 0 {page}",
                  f"probe manage {MEMORY} {rest} 0 16 0 {page}",
                  f"probe manage {CREATE} 0 0 {size} 0 {page}",
                  f"probe hypercall 5 {page}"]
    before = snapshot(machine)
    answers = answers_to(machine, lines)
    assert len(answers) >= 400
    # No page, no words: the request's own page was none.
    wrong = [(asked, said) for asked, said in answers if not re.fullmatch(
        r"0: result -\d+" if "hypercall" in asked else r"0: result -\d+ cell \d+ .{10,}", said)]
    assert not wrong
    assert snapshot(machine) == before


@MACHINE
def test_malformed_configurations_past_the_driver(cells):
    machine, size = cells[0], cells[3]
    machine.check("bulkhead cell destroy rt0; echo 0 > /sys/devices/system/cpu/cpu3/online")
    before = machine.check("cat /sys/devices/bulkhead/pool_used")
    lines = list(blob_lines(size, lambda given: [
        "pass", f"probe manage {CREATE} 0 0 {given} 0"]))
    answers = answers_to(machine, lines)
    assert len(answers) >= 100
    wrong = [answer for answer in answers
             if not re.fullmatch(r"0: result -\d+ cell \d+ .{10,}", answer[1])]
    assert not wrong
    assert machine.check("cat /sys/devices/bulkhead/pool_used") == before
    machine.check("echo 1 > /sys/devices/system/cpu/cpu3/online")


def test_five_hundred():
    """The issue's number, by each way."""
    blobs = len(list(damaged_blobs(400))) + len(list(wrong_blobs()))
    calls = sum(1 for _ in (*calls_for_nobody(), *calls_with_strange_fields(1, 2),
                            *calls_out_of_order(1, 2, 400), *calls_beyond_memory(1),
                            *calls_to_read(1), *random_calls(1, 2, 200)))
    past = sum(1 for _ in (*requests(1, 2), *random_requests(1, 200))) + 4 * len(BAD_PAGES)
    assert calls + blobs >= 500 and past + blobs >= 500
