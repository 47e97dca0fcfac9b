# SPDX-License-Identifier: GPL-2.0-only
"""What the documents name exists: goals of make, verbs of the tool, files, options, links."""

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


@pytest.mark.parametrize("document", DOCUMENTS)
def test_verbs_of_the_tool_exist(document):
    make("tools")
    usage = run(TOP / BUILD / "tools/bulkhead", "--help").stdout
    named = {verb for piece in code(document)
             for verb in re.findall(r"(?:^|[ /(])bulkhead ([a-z]+)\b", piece)}
    none(f"{document}: bulkhead {verb}" for verb in sorted(named)
         if not re.search(rf"\b{verb}\b", usage))


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
