# SPDX-License-Identifier: GPL-2.0-only
"""Arrows between the rooms of the house run downwards only: who may include what."""

import re

from tree import TOP, files, lines, none

# Headers of the compiler itself, which need no C library.
FREESTANDING = r"<(stdarg|stdbool|stddef|stdint|limits|stdalign|stdnoreturn)\.h>"
CONTRACTS = r"<bulkhead/\w+\.h>"
MODEL = r'"model/\w+\.h"'
# The processor's features and the IOMMUs' tables are of one vendor each.
NEUTRAL = r'"model/(?!vtd_|amdvi_|vmx_|svm_)\w+\.h"'
CORE = r'"core/\w+\.h"'
X86 = r'"x86/\w+\.h"'


def vendor(name):
    """Headers of one backend, or of what they share."""
    return rf'"x86/{name}/\w+\.h"'


# What the files of a folder may include; the longest folder that matches counts.
MAY = {
    "include/": (FREESTANDING, CONTRACTS, r"<linux/\w+\.h>", r"<sys/ioctl\.h>"),
    # Linux has its own spelling of stdarg.h, and some of the model is compiled for Linux too.
    "hypervisor/model/": (FREESTANDING, CONTRACTS, MODEL, r"<linux/stdarg\.h>"),
    "hypervisor/core/": (FREESTANDING, CONTRACTS, NEUTRAL, CORE, X86),
    "hypervisor/x86/": (FREESTANDING, CONTRACTS, MODEL, CORE, X86),
    # What backends share finds the virtual CPU of the one that it is compiled for.
    "hypervisor/x86/guest/": (FREESTANDING, CONTRACTS, MODEL, CORE, X86, vendor("guest"),
                              r'"vcpu\.h"'),
    "hypervisor/x86/iommu/": (FREESTANDING, CONTRACTS, MODEL, CORE, X86, vendor("iommu")),
    "hypervisor/x86/vmx/": (FREESTANDING, CONTRACTS, MODEL, CORE, X86, vendor("guest"),
                            vendor("vmx")),
    "hypervisor/x86/svm/": (FREESTANDING, CONTRACTS, MODEL, CORE, X86, vendor("guest"),
                            vendor("svm")),
    "driver/": (CONTRACTS, MODEL, r"<(linux|asm|uapi/\w+)/[\w/-]+\.h>", r'"\w+\.h"'),
    "tools/": (r"<[\w/-]+\.h>", MODEL, r'"(tools/)?((cell|config)/)?\w+\.h"'),
}


def complaints(folder):
    """Includes of a folder's own files that its row does not allow."""
    inner = [other for other in MAY if other.startswith(folder) and other != folder]
    for name in files(".c", ".h", ".S", under=folder):
        if name.startswith(tuple(inner)):
            continue
        for number, line in lines(name):
            found = re.match(r'\s*#\s*include\s+(\S+)', line)
            if found and not any(re.fullmatch(may, found.group(1)) for may in MAY[folder]):
                yield f"{name}:{number}: {line.strip()}"


def check(folder):
    """Assert that a folder keeps to its row."""
    if (TOP / folder).is_dir():
        none(complaints(folder))


# Whose names do not stand where, in what is about IOMMUs: files, and the names.
FOREIGN = (
    (r"hypervisor/(model|x86/iommu)/iommu", r"\b(vtd|amdvi)_(?!driver\b)\w+"),
    (r"hypervisor/(model|x86/iommu)/amdvi", r"\bvtd_\w+"),
    (r"hypervisor/(model|x86/iommu)/vtd", r"\bamdvi_\w+"),
    # A driver knows one unit at a time and no cells.
    (r"hypervisor/x86/iommu/(vtd|amdvi)", r'"x86/iommu/board\.h"|\biommu_board\b|"core/cells?\.h"|'
                                          r"\broot_cell\b"),
)


def test_iommus_keep_kinds_and_cells_apart():
    none(f"{name}:{number}: {line.strip()}" for where, what in FOREIGN
         for name in files(".c", ".h", under="hypervisor/") if re.match(where, name)
         for number, line in lines(name) if re.search(what, line))


def test_contracts_include_nothing_of_the_house():
    check("include/")


def test_model_includes_only_contracts_and_model():
    check("hypervisor/model/")


def test_core_knows_no_vendor():
    check("hypervisor/core/")


def test_x86_knows_no_backend():
    check("hypervisor/x86/")


def test_what_backends_share_knows_none_of_them():
    check("hypervisor/x86/guest/")


def test_iommus_know_no_backend():
    check("hypervisor/x86/iommu/")


def test_vmx_does_not_know_svm():
    check("hypervisor/x86/vmx/")


def test_svm_does_not_know_vmx():
    check("hypervisor/x86/svm/")


def test_driver_uses_linux_model_and_contracts():
    check("driver/")


def test_tools_use_model_and_contracts():
    check("tools/")
