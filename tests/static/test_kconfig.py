# SPDX-License-Identifier: GPL-2.0-only
"""Options: each is explained and does something, and nothing depends on one that does not exist."""

import itertools
import re

import pytest
from tree import TOP, files, lines, make, none, run, text

DECLARED = re.findall(r"^config (\w+)$", text("Kconfig"), re.MULTILINE)
DEFCONFIGS = [name.rpartition("/")[2] for name in files("_defconfig")]


def uses(where):
    """Names of options in lines of code and makefiles that match, with a place for each."""
    found = {}
    for name in files(".c", ".h", ".S", ".mk", "Kbuild"):
        for number, line in lines(name):
            for option in re.findall(r"\bCONFIG_(\w+)", line) if re.search(where, line) else ():
                found.setdefault(option, f"{name}:{number}")
    return found


def test_every_option_is_explained():
    blocks = re.split(r"^(?=config |choice)", text("Kconfig"), flags=re.MULTILINE)[1:]
    none(block.splitlines()[0] for block in blocks
         if not re.search(r"^\thelp\n\t  \S", block, re.MULTILINE))


def test_every_option_does_something():
    used = uses("")
    none(name for name in DECLARED if name not in used)


def test_every_option_asked_for_exists():
    """The compiler finds a wrong name elsewhere; in a condition it would just be false."""
    asked = uses(r"^\s*#\s*(el)?if|\$\(CONFIG_|IS_ENABLED\(")
    none(f"{place}: CONFIG_{name}" for name, place in asked.items() if name not in DECLARED)


@pytest.mark.parametrize("defconfig", DEFCONFIGS)
def test_defconfig_says_only_what_differs_from_the_defaults(defconfig, tmp_path):
    make(defconfig, "savedefconfig", build=tmp_path)
    saved = (tmp_path / "defconfig").read_text().split("\n")
    lines_of = [line for line in text(f"configs/{defconfig}").split("\n")
                if line.startswith("CONFIG_") or line.endswith(" is not set")]
    assert sorted(lines_of) == sorted(filter(None, saved))


@pytest.mark.parametrize("defconfig", DEFCONFIGS)
def test_defconfig_builds(defconfig, tmp_path):
    make(defconfig, "hypervisor", build=tmp_path)
    assert (tmp_path / "hypervisor/bulkhead.bin").stat().st_size


# What chooses files, and a name of the image that is there just if it is chosen.
CHOICES = {"VMX": "vmx_backend", "SVM": "svm_backend", "IOMMU_VTD": "vtd_driver",
           "IOMMU_AMDVI": "amdvi_driver", "PCI_FILTER": "pci_access_read"}


def test_each_backend_links_with_and_without_the_rest(tmp_path):
    """One after another in one place: only what names an option is compiled again.

    Those with both backends are in configs/.
    """
    wrong = []
    for chosen in itertools.product((True, False), repeat=len(CHOICES)):
        options = dict(zip(CHOICES, chosen))
        if options["VMX"] == options["SVM"]:
            continue
        (tmp_path / ".config").write_text("".join(
            f"CONFIG_{name}=y\n" if on else f"# CONFIG_{name} is not set\n"
            for name, on in options.items()))
        make("olddefconfig", "hypervisor", build=tmp_path)
        symbols = run("nm", "--format=just-symbols", tmp_path / "hypervisor/bulkhead.elf")
        there = set(symbols.stdout.split())
        wrong += [f"{name} {'without' if on else 'has'} {CHOICES[name]}: {options}"
                  for name, on in options.items() if (CHOICES[name] in there) != on]
    none(wrong)


def test_olddefconfig_completes_an_old_configuration(tmp_path):
    (tmp_path / ".config").write_text("CONFIG_VMX=y\nCONFIG_MAX_CPUS=3\nCONFIG_GONE=y\n")
    make("olddefconfig", build=tmp_path)
    complete = (tmp_path / ".config").read_text()
    assert "CONFIG_MAX_CPUS=3\n" in complete and "CONFIG_LOG_SIZE=64\n" in complete
    assert "GONE" not in complete


def test_a_build_without_any_backend_is_refused(tmp_path):
    (tmp_path / ".config").write_text("# CONFIG_VMX is not set\n# CONFIG_SVM is not set\n")
    done = run("make", f"BUILD={tmp_path}", "hypervisor", cwd=TOP)
    assert done.returncode and "no processor backend is chosen" in done.stdout
