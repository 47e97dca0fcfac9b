# SPDX-License-Identifier: GPL-2.0-only
"""Where an emulator of a later Debian release lies, and how it is started on this host.

Its loader and libraries are those of its release: the host's would be too old for it. What it is
told to do is decided in bochs.py and qemu.py.
"""

from pathlib import Path

from initramfs import fetch

LIBRARIES = "usr/lib/x86_64-linux-gnu"


def unpacked(item):
    """The folder of a release with that emulator in it."""
    return Path(fetch("root", item))


def program(root, name):
    """The first words of a command that starts it."""
    return [root / "usr/lib64/ld-linux-x86-64.so.2", "--library-path", root / LIBRARIES,
            root / "usr/bin" / name]
