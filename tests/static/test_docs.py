# SPDX-License-Identifier: GPL-2.0-only
"""What the documents name exists: goals of make, verbs and options of the tool, files, links.

And what there is to name they do not leave out: settings, kinds of faults, boards and cells.
"""

import functools
import re

import pytest
from tree import BUILD, TOP, files, make, none, run, text

DOCUMENTS = files(".md", ".8")
# Folders that a name in code is taken to be a file of the tree for.
ROOMS = re.compile(r"(?<![\w/.])(?:\.ci|configs|driver|Documentation|hypervisor|include|inmates|"
                   r"LICENSES|tests|tools)/[\w./-]+")


def code(name):
    """The pieces of a document that are set as code: spans, fenced and indented blocks."""
    source = text(name)
    if name.endswith(".8"):
        return [line.replace("\\-", "-") for line in source.splitlines()]
    blocks = re.findall(r"^```[^\n]*\n(.*?)^```", source, re.MULTILINE | re.DOTALL)
    return [*re.findall(r"(?<!`)`([^`\n]+)`", source),
            *re.findall(r"^ {4}.*", source, re.MULTILINE),
            *(line for block in blocks for line in block.splitlines())]


@pytest.mark.parametrize("document", DOCUMENTS)
def test_goals_of_make_exist(document):
    rows = re.findall(r"^  ([a-z][\w, -]*?)(?: [A-Z]\w*=\S+)*(?:  |$)", make("help"), re.MULTILINE)
    goals = {goal.strip() for row in rows for goal in row.split(",")} | {"test_defconfig"}
    named = {goal for piece in code(document)
             for goal in re.findall(r"(?:^|[ (`])make (?:-\S+ )*([a-z][\w-]*)", piece)}
    none(f"{document}: make {goal}" for goal in sorted(named - goals))


@functools.lru_cache(maxsize=None)
def help_of(*verb):
    """What the tool says of itself or of a verb."""
    make("tools")
    return run(TOP / BUILD / "tools/bulkhead", *verb, "--help").stdout


def verbs(*verb):
    """The verbs that stand behind these; none behind those that take arguments."""
    listed = help_of(*verb)
    only = re.match(r"Usage: bulkhead [a-z]+ \[OPTION\.\.\.\] ([a-z]+)\n", listed)
    return {*re.findall(r"^  ([a-z]+) ", listed, re.MULTILINE), *(only.groups() if only else ())}


@functools.lru_cache(maxsize=None)
def options(*verb):
    """The options that it takes, each by all its spellings, but those of every verb."""
    rows = re.findall(r"^ {2,6}(-.*?)(?:  |$)", help_of(*verb), re.MULTILINE)
    spelt = [frozenset(re.findall(r"(?<!\S)--?[a-zA-Z][a-z]*", row)) for row in rows]
    return [row for row in spelt if not row & {"--help", "--usage", "--version"}]


def commands(document):
    """Verb, further verb if there is one, and options of each command in a document."""
    for piece in code(document):
        for line in re.findall(r"(?:^|[ /(])bulkhead ([a-z][^#|;>&]*)", piece):
            words = [word.strip("[]") for word in line.split()]
            behind = verbs(words[0]) if words[0] in verbs() else ()
            verb = tuple(words[:2 if behind and len(words) > 1 else 1])
            yield verb, [word for word in words if re.match("--[a-z]|-[a-zA-Z]$", word)]


@pytest.mark.parametrize("document", DOCUMENTS)
def test_verbs_of_the_tool_exist(document):
    for verb, named in commands(document):
        place = f"{document}: bulkhead {' '.join(verb)}"
        assert verb[0] in verbs(), place
        assert len(verb) == 1 or verb[1] in verbs(verb[0]), place
        none(f"{place} {option}" for option in named
             if option not in set().union(*options(*verb)))


def manual():
    """Each verb in the SYNOPSIS of the manual pages, with all options that it has there."""
    there = {}
    for page in (name for name in DOCUMENTS if name.endswith(".8")):
        synopsis = re.search(r"^\.Sh SYNOPSIS\n(.*?)^\.Sh", text(page), re.MULTILINE | re.DOTALL)
        for one in re.split(r"^\.Nm.*\n", synopsis.group(1), flags=re.MULTILINE)[1:]:
            verb = re.search(r"^\.Cm (.+)$", one, re.MULTILINE).group(1).split()
            long, short = (re.findall(flag, one) for flag in (r"Fl \\-(\w+)", r"Fl (\w+)"))
            there.setdefault(tuple(verb), set()).update(
                [f"--{name}" for name in long], [f"-{letter}" for letter in "".join(short)])
    return there


def test_the_manual_has_every_verb_with_its_options():
    """No others, and of an option that is long and short one of both."""
    there = manual()
    wanted = {(verb, *rest) for verb in verbs()
              for rest in [(further,) for further in verbs(verb)] or [()]}
    assert {verb for verb in there if verb != ("cell",)} == wanted
    for verb in sorted(wanted):
        none(f"{' '.join(verb)} {option}" for option in sorted(there[verb])
             if option not in set().union(*options(*verb)))
        none(f"{' '.join(verb)} {sorted(row)}" for row in options(*verb) if not row & there[verb])


@pytest.mark.parametrize("document", DOCUMENTS)
def test_files_exist(document):
    none(f"{document}: {name}" for piece in code(document) for name in ROOMS.findall(piece)
         if not (TOP / name.rstrip(".")).exists())


@pytest.mark.parametrize("document", DOCUMENTS)
def test_options_exist(document):
    declared = re.findall(r"^config (\w+)$", text("Kconfig"), re.MULTILINE)
    none(f"{document}: CONFIG_{name}" for name in re.findall(r"\bCONFIG_(\w+)", text(document))
         if name not in declared)


@pytest.mark.parametrize("document", [name for name in DOCUMENTS if name.endswith(".md")])
def test_links_lead_somewhere(document):
    targets = re.findall(r"\]\((?!https?:)([^)#\s]+)", text(document))
    none(f"{document}: {target}" for target in targets
         if not (TOP / document).parent.joinpath(target).exists())


def test_settings_are_described():
    """Each name that the language has rows for."""
    sources = "".join(map(text, files(".c", under="tools/config")))
    names = {name for pair in re.findall(r'\.name = "(\w+)"|\bFLAG\(\w+, "(\w+)"\)', sources)
             for name in pair if name}
    assert {"cpus", "memory", "linux_remaps"} <= names
    spans = {span for row in text("Documentation/configuration.md").splitlines()
             for span in re.findall(r"`([a-z_0-9]+)`", row)}
    none(f"Documentation/configuration.md: no word of `{name}`" for name in sorted(names - spans))


def test_kinds_of_faults_are_listed():
    kinds = re.findall(r'^\s*\[BH_FAULT_\w+\] = \{"(\w+)"', text("hypervisor/model/fault_text.c"),
                       re.MULTILINE)
    assert "memory" in kinds and "dma" in kinds
    row = next(line for line in text("Documentation/driver.md").splitlines()
               if line.startswith("| `faults` |") and "a line a kind" in line)
    assert re.findall(r"`(\w+)`", row)[1:] == [kind for kind in kinds if kind != "none"]


def test_boards_and_cells_are_named():
    """Each file of configs/boards, by its name at least."""
    said = {word for name in DOCUMENTS for word in re.findall(r"[\w-]+\.conf\b", text(name))}
    none(name for name in files(".conf", under="configs/boards") if name.split("/")[-1] not in said)
