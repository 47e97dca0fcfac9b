# SPDX-License-Identifier: GPL-2.0-only
"""How much longer things may take than their limits say, which are those of an idle host.

No limit is there to measure with: each only ends the wait for something that will not come.
"""

FACTOR = 4


def patient(seconds):
    """A limit on a host that is busy with other things."""
    return FACTOR * seconds
