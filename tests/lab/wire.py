# SPDX-License-Identifier: GPL-2.0-only
"""The other end of an emulated network cable: Ethernet frames by datagrams.

QEMU's end are two sockets of the file system, Bochs's two ports of the loopback interface: nothing
leaves this host. Each datagram is a frame.
"""

import socket
import struct
import tempfile
from pathlib import Path

from patience import patient

CARD = bytes.fromhex("525400123456")
OURS = bytes.fromhex("020000000001")
EVERYBODY = bytes.fromhex("ffffffffffff")
ETHERTYPE = struct.pack("!H", 0x88b5)  # for experiments; IEEE 802, 9.2.3
SHORTEST, LONGEST = 60, 1514


def frame(to, number, size=SHORTEST):
    """A frame whose bytes are those of no other number."""
    payload = bytes((number * 31 + i) % 256 for i in range(size - 14))
    return to + OURS + ETHERTYPE + payload


FRAMES = [frame(EVERYBODY if i % 10 == 0 else CARD, i, min(SHORTEST + 37 * i, LONGEST))
          for i in range(50)]


def answer(sent):
    """What the demo sends back for it."""
    return sent[6:12] + CARD + sent[12:]


class QemuWire:
    """A cable to a card of QEMU's; what goes through it is captured as well."""

    def __init__(self, model, *options):
        # The names of sockets are short, and the build's folder may not be.
        self.folder = tempfile.TemporaryDirectory(prefix="wire")
        here, there = (f"{self.folder.name}/{name}" for name in ("here", "there"))
        self.capture = Path(self.folder.name, "frames.pcap")
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(here)
        self.to = there
        self.devices = (
            *options,
            "-netdev", f"dgram,id=wire,local.type=unix,local.path={there},"
            f"remote.type=unix,remote.path={here}",
            "-object", f"filter-dump,id=dump,netdev=wire,file={self.capture}",
            "-device", f"{model},netdev=wire,mac={CARD.hex(':')},romfile=")

    def captured(self):
        """The frames that QEMU saw, in their order."""
        data = self.capture.read_bytes()
        assert struct.unpack_from("<I", data)[0] == 0xa1b2c3d4
        frames, at = [], 24
        while at < len(data):
            size = struct.unpack_from("<I", data, at + 8)[0]
            frames.append(data[at + 16:at + 16 + size])
            at += 16 + size
        return frames

    def close(self):
        """Cut it."""
        self.socket.close()
        self.folder.cleanup()


class BochsWire:
    """A cable to the card of Bochs; its ports are a pair of neighbours."""

    def __init__(self):
        for port in range(42000, 60000, 2):
            self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            try:
                with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
                    probe.bind(("127.0.0.1", port))
                self.socket.bind(("127.0.0.1", port + 1))
                break
            except OSError:
                self.socket.close()
        self.to = ("127.0.0.1", port)
        self.devices = ("pci: enabled=1, chipset=i440fx, slot1=e1000",
                        f"e1000: enabled=1, mac={CARD.hex(':')}, ethmod=socket, ethdev={port}")

    def close(self):
        """Cut it."""
        self.socket.close()


def cable(emulator, model):
    """A cable to a card in a machine of the lab."""
    return BochsWire() if emulator == "bochs" else QemuWire(model)


def converse(wire, frames):
    """Send frames one after the other and wait for each one's answer; the answers."""
    wire.socket.settimeout(patient(10))
    answers = []
    for one in frames:
        wire.socket.sendto(one, wire.to)
        answers.append(wire.socket.recv(4096))
    return answers
