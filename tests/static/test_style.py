# SPDX-License-Identifier: GPL-2.0-only
"""The house style, as far as a program can see it; linters are in test_lint.py."""

import re

from tree import files, lines, none, text

PROSE = re.compile(r"^LICENSES/|\.(md|8)$|^tests/fuzz/seeds/")
CODE = [name for name in files() if not PROSE.search(name)]
C = files(".c", ".h", ".S")
MAX_LINES = 500
MAX_COLUMNS = 100


def test_no_file_is_over_500_lines():
    counts = {name: len(text(name).splitlines()) for name in files()
              if not name.startswith("LICENSES/")}
    none(f"{name}: {count} lines" for name, count in counts.items() if count > MAX_LINES)


def test_no_line_is_over_100_columns():
    none(f"{name}:{number}: {columns} columns" for name in CODE for number, line in lines(name)
         if (columns := len(line.expandtabs(8))) > MAX_COLUMNS)


def test_no_line_ends_in_space_and_every_file_in_a_newline():
    none(f"{name}:{number}" for name in CODE for number, line in lines(name)
         if line != line.rstrip())
    none(name for name in CODE if text(name) and not text(name).endswith("\n"))


def test_c_is_indented_by_tabs():
    none(f"{name}:{number}" for name in C for number, line in lines(name)
         if line.startswith("    "))


def head_comment(name):
    """The comment that follows the licence line, without its marks."""
    body = [line for line in text(name).splitlines()
            if not line.startswith("#!") and "SPDX-License-Identifier" not in line]
    head = "\n".join(body[:60])
    found = (re.match(r"\s*/\*(.*?)\*/", head, re.S) or re.match(r'\s*"""(.*?)"""', head, re.S)
             or re.match(r"\s*((?:#.*\n)+)", head + "\n"))
    return re.sub(r"[\s*#]+", " ", found.group(1)).strip() if found else ""


def test_every_file_says_what_it_is_for():
    none(name for name in CODE
         if not name.startswith(".") and not name.endswith(".8") and len(head_comment(name)) < 20)


def test_nothing_is_left_for_later():
    word = re.compile(r"\b(" + "TO" r"DO|FIX" r"ME|X" r"XX)\b")
    none(f"{name}:{number}: {line.strip()}" for name in files() for number, line in lines(name)
         if not name.startswith("LICENSES/") and word.search(line))


def test_no_path_of_one_machine_is_named():
    place = re.compile(r"(?<![\w./$}])/(work|ro" r"ot|home|tm" r"p)/\w")
    none(f"{name}:{number}: {line.strip()}" for name in files() for number, line in lines(name)
         if place.search(line))


def test_options_choose_files_not_lines():
    """No #if on an option within a function: those start and end with a brace in column one."""
    bad = []
    for name in files(".c", ".h", under="hypervisor"):
        inside = False
        for number, line in lines(name):
            inside = line.startswith("{") or inside and not line.startswith("}")
            if inside and re.match(r"\s*#\s*(el)?if.*\bCONFIG_", line):
                bad.append(f"{name}:{number}: {line.strip()}")
    none(bad)


def test_sources_are_listed_by_name():
    none(f"{name}:{number}: {line.strip()}"
         for name in files(".mk", "Makefile", "Kbuild") for number, line in lines(name)
         if re.search(r"\$\((wildcard|shell (find|ls))\b[^)]*[*?]", line))


def test_no_test_module_is_imported():
    """What tests of several files want is in modules for that, as cells.py and iommu.py are."""
    none(f"{name}:{number}: {line.strip()}"
         for name in files(".py", under="tests") for number, line in lines(name)
         if re.match(r"\s*(from|import) (\w+( as \w+)?, )*test_", line))
