# SPDX-License-Identifier: GPL-2.0-only
"""What root may see and try of the hypervisor's tables where the build lets it, for tests of them.

The programs are programs/tables.c and the hypercalls of bh_probe.
"""

import time

import guest
from patience import patient

PANIC = 4


def panics(machine, what):
    """Has CPU 2 write to one of them; what the hypervisor said then.

    Linux is not asked any more: it may wait for the CPU that stops.
    """
    machine.check(f"taskset 4 sh -c 'echo hypercall {PANIC} {what} > /proc/bh_probe' &")
    end = time.monotonic() + patient(10)
    while "this CPU stops" not in guest.console(machine) and time.monotonic() < end:
        time.sleep(0.2)
    return guest.console(machine)


def invalidations(machine, after):
    """Records behind a sequence number."""
    records = []
    for line in machine.check("tables invalidations").splitlines():
        sequence, kind, cpu, cell, vpid, eptp = line.split()
        records.append({"sequence": int(sequence), "kind": kind, "cpu": int(cpu),
                        "cell": int(cell), "vpid": int(vpid), "eptp": eptp})
    return [record for record in records if record["sequence"] > after]
