# SPDX-License-Identifier: GPL-2.0-only
"""QEMU's monitor: orders to the machine itself, in the protocol that it has for programs."""

import json
import os
import select

import line
from patience import patient


class Monitor(line.Line):
    """The other end of a monitor at a pseudo-terminal."""

    def __init__(self):
        super().__init__()
        self.came = b""
        self.is_open = False

    def next(self):
        """What QEMU says next."""
        while b"\n" not in self.came:
            assert select.select([self.master], [], [], patient(10))[0], "the monitor is silent"
            self.came += os.read(self.master, 4096)
        text, _, self.came = self.came.partition(b"\n")
        return json.loads(text)

    def execute(self, command, **arguments):
        """The answer to one command; what QEMU tells besides is left out."""
        self.send(json.dumps({"execute": command, "arguments": arguments}).encode() + b"\n")
        while "return" not in (said := self.next()):
            assert "error" not in said, said
        return said["return"]

    def order(self, words):
        """What QEMU answers to words as a person types them."""
        if not self.is_open:
            self.execute("qmp_capabilities")
            self.is_open = True
        return self.execute("human-monitor-command", **{"command-line": words})
