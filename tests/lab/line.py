# SPDX-License-Identifier: GPL-2.0-only
"""The other end of an emulated serial line: a pseudo-terminal of ours."""

import os
import select
import tty

from patience import patient

# A UART has no way to say that it is full: so many bytes may be on their way.
UNDER_WAY = 64
PIECE = 16


class Line:
    """What an emulator opens as a terminal (name), and its other end."""

    def __init__(self):
        self.master, self.slave = os.openpty()
        tty.setraw(self.master)
        tty.setraw(self.slave)
        self.name = os.ttyname(self.slave)

    def converse(self, sent):
        """Send bytes, and take as many that come back; those."""
        written, came = 0, bytearray()
        while len(came) < len(sent):
            room = min(PIECE, UNDER_WAY - (written - len(came)))
            if room > 0:
                written += os.write(self.master, sent[written:written + room])
            # As soon as there is room again, or something to take.
            waits = patient(10) if written - len(came) >= UNDER_WAY or written == len(sent) else 0
            if select.select([self.master], [], [], waits)[0]:
                came.extend(os.read(self.master, 4096))
            else:
                assert waits == 0, f"nothing after {len(came)} bytes"
        return bytes(came)

    def send(self, data):
        """Send bytes."""
        os.write(self.master, data)

    def close(self):
        """Cut it."""
        os.close(self.master)
        os.close(self.slave)
