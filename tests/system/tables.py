# SPDX-License-Identifier: GPL-2.0-only
"""What root may see and try of the hypervisor's tables where the build lets it, for tests of them.

The programs are programs/tables.c and the hypercalls of bh_probe.
"""

PANIC = 4


def invalidations(machine, after):
    """Records behind a sequence number."""
    records = []
    for line in machine.check("tables invalidations").splitlines():
        sequence, kind, cpu, cell, vpid, eptp = line.split()
        records.append({"sequence": int(sequence), "kind": kind, "cpu": int(cpu),
                        "cell": int(cell), "vpid": int(vpid), "eptp": eptp})
    return [record for record in records if record["sequence"] > after]
