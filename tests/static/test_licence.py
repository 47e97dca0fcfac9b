# SPDX-License-Identifier: GPL-2.0-only
"""Every file says under which licence it is, and its folder's licence it is."""

import re

from tree import TOP, files, none, text

# Text for people, and input that is not text, carry no licence line of their own.
WITHOUT = re.compile(r"^LICENSES/|\.md$|^tests/fuzz/seeds/")
BSD = ("include/", "inmates/lib/")
FILES = [name for name in files() if not WITHOUT.search(name)]


def licence_of(name):
    """The licence that a file names in its first line, or in its second after an interpreter."""
    for line in text(name).splitlines()[:2]:
        found = re.search(r"SPDX-License-Identifier: (\S+)", line)
        if found:
            return found.group(1)
        if not line.startswith("#!"):
            break
    return None


def test_every_file_names_its_licence():
    none(name for name in FILES if licence_of(name) is None)


def test_licence_is_that_of_the_folder():
    wanted = {True: "BSD-2-Clause", False: "GPL-2.0-only"}
    none(f"{name}: {licence_of(name)}, not {wanted[name.startswith(BSD)]}" for name in FILES
         if licence_of(name) not in (None, wanted[name.startswith(BSD)]))


def test_licence_texts_are_there():
    for licence, words in (("GPL-2.0-only", "GNU GENERAL PUBLIC LICENSE\n"),
                           ("BSD-2-Clause", "Redistributions in binary form must reproduce")):
        assert words in text(f"LICENSES/{licence}.txt")
    assert {path.stem for path in (TOP / "LICENSES").iterdir()} == {"GPL-2.0-only", "BSD-2-Clause"}


def test_module_declares_gpl():
    sources = files(".c", under="driver")
    assert not sources or any('MODULE_LICENSE("GPL")' in text(name) for name in sources)
