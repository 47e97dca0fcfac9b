# SPDX-License-Identifier: GPL-2.0-only
"""What can be told without a machine: sizes of what was built, and lines of code by cloc."""

import json
import re
import subprocess
import tempfile
from pathlib import Path

from built import TOP, build_dir

PAGE = 4096

BOARDS = TOP / "configs/boards/qemu-q35"


def cloc(names):
    """Lines of code in files, without blank lines and comments."""
    done = subprocess.run(["cloc", "--json", "--quiet", "--list-file=-"], cwd=TOP, check=True,
                          input="\n".join(sorted(names)), stdout=subprocess.PIPE, text=True)
    return json.loads(done.stdout)["SUM"]["code"]


def hypervisor_files():
    """What an Intel machine needs of what was linked, with headers, by the dependency files."""
    build = build_dir()
    objects = subprocess.run(["make", "-s", f"BUILD={build.relative_to(TOP)}",
                              "list-vmx-objects"], cwd=TOP, check=True,
                             stdout=subprocess.PIPE, text=True).stdout.split()
    names = set()
    for name in objects:
        text = (TOP / name).with_suffix(".d").read_text().replace("\\\n", " ")
        names |= set(re.findall(r"(?<!\S)(?:hypervisor|include)/[\w/.]+\.[chS](?=\s|$)", text))
    return names


def tracked(folder, *suffixes):
    """Files of a folder, by suffix, but for what belongs to the build."""
    done = subprocess.run(["git", "ls-files", folder], cwd=TOP, check=True,
                          stdout=subprocess.PIPE, text=True)
    return [name for name in done.stdout.split()
            if Path(name).suffix in suffixes and not name.startswith("tools/build/")]


def mapped(board):
    """What the tool predicts of a board with devices and of its cell "nic"."""
    done = subprocess.run([build_dir() / "tools/bulkhead", "config", "map", "--json", "--image",
                           build_dir() / "hypervisor/bulkhead.bin", board, BOARDS / "nic.conf"],
                          check=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    return json.loads(done.stdout)


def vtd_beside_ept(directory):
    """The board with devices as shops sell it; no machine of the lab is like that."""
    unit = re.search(r"^\tiommus = \(\n.*?^\t\);\n", (BOARDS / "vtd.conf").read_text(),
                     re.MULTILINE | re.DOTALL).group()
    text = (BOARDS / "devices.conf").read_text()
    text = text.replace('backend = "svm";', f'backend = "vmx";\n{unit}')
    assert '"vmx"' in text and unit in text
    board = directory / "vtd.conf"
    board.write_text(text)
    return board


def iommu_pages():
    """What keeping devices in takes: of a cell, and of the board."""
    with tempfile.TemporaryDirectory() as folder:
        vtd = mapped(vtd_beside_ept(Path(folder)))
    amdvi = mapped(BOARDS / "amdvi-devices.conf")
    return {
        "iommu.shared": vtd["cells"][0]["hypervisor_pages"]["dma"],
        "iommu.cell": amdvi["cells"][0]["hypervisor_pages"]["dma"],
        "iommu.board": amdvi["hypervisor"]["iommus"],
    }


def cpu_bytes():
    """A CPU's area without its stacks, by the constants of the layout; VMX's ends with the VMCS."""
    text = (TOP / "hypervisor/model/layout.h").read_text()
    memory = int(re.search(r"CPU_VMCS_MEMORY_PAGE = (\d+)", text).group(1)) + 1
    main = int(re.search(r"#define CPU_STACK_PAGES\s+(\d+)", text).group(1))
    exceptions = len(re.findall(r"#define CPU_\w+_STACK_PAGE\s", text))
    return (memory - main - exceptions) * PAGE


def measure_build():
    """Sizes and lines."""
    return {
        "image.bytes": (build_dir() / "hypervisor/bulkhead.bin").stat().st_size,
        **iommu_pages(),
        "cpu.bytes": cpu_bytes(),
        "loc.intel": cloc(hypervisor_files()),
        "loc.driver": cloc(tracked("driver", ".c", ".h", ".S")),
        "loc.tool": cloc(tracked("tools", ".c", ".h")),
    }
