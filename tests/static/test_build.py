# SPDX-License-Identifier: GPL-2.0-only
"""The build itself: what it rebuilds, that it gives the same bytes everywhere, what it installs."""

import contextlib
import shutil
from pathlib import Path

import pytest
from tree import BUILD, TOP, files, make, none, run

OUTPUTS = ("hypervisor/bulkhead.elf", "hypervisor/bulkhead.bin", "tools/bulkhead")


def tree_copy(target):
    """The files that git knows, as they are now, somewhere else."""
    for name in files():
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(TOP / name, target / name)
    return target


@pytest.fixture(scope="module", name="copy")
def fixture_copy(tmp_path_factory):
    """A copy of the tree, built once, that a test may change and must leave built."""
    target = tree_copy(tmp_path_factory.mktemp("a-folder-with-a-longer-name"))
    make("all", build=BUILD, cwd=target)
    return target


def kdir(kernel):
    """The headers of one of the lab's kernels."""
    done = run(TOP / "tests/lab/fetch", "--print", "kdir", kernel)
    assert done.returncode == 0, done.stdout
    return Path(done.stdout.strip().splitlines()[-1])


def test_two_builds_are_identical(copy):
    make("all")
    none(name for name in OUTPUTS
         if (TOP / BUILD / name).read_bytes() != (copy / BUILD / name).read_bytes())


def test_two_builds_of_the_driver_are_identical(copy):
    kernel = kdir("cloud")
    modules = []
    for top in (TOP, copy):
        make("modules", f"KDIR={kernel}", cwd=top)
        driver = top / BUILD / "driver" / kernel.name.removeprefix("linux-headers-")
        modules.append((driver / "bulkhead.ko").read_bytes())
    assert modules[0] == modules[1]


def test_an_unchanged_tree_rebuilds_nothing(copy):
    assert make("all", build=BUILD, cwd=copy) == "make: Nothing to be done for 'all'.\n"


def built(output):
    """Objects and programs that a make said it made."""
    return {line.split()[1] for line in output.splitlines() if len(line.split()) == 2}


@contextlib.contextmanager
def changed(path, old, new):
    """A file in which something else stands for a while."""
    before = path.read_text()
    assert old in before
    path.write_text(before.replace(old, new, 1))
    try:
        yield
    finally:
        path.write_text(before)


def test_a_changed_header_rebuilds_who_includes_it(copy):
    (copy / "hypervisor/model/range.h").touch()
    done = built(make("all", cwd=copy))
    assert f"{BUILD}/hypervisor/model/range.o" in done
    assert f"{BUILD}/hypervisor/model/crc32.o" not in done


def test_a_changed_option_rebuilds_who_names_it(copy):
    with changed(copy / BUILD / ".config", "CONFIG_LOG_SIZE=64", "CONFIG_LOG_SIZE=32"):
        done = built(make("all", cwd=copy))
    make("all", cwd=copy)
    assert f"{BUILD}/hypervisor/bulkhead.elf" in done
    assert f"{BUILD}/hypervisor/model/range.o" not in done


def test_changed_flags_rebuild_everything_they_concern(copy):
    with changed(copy / "tools/build/hypervisor.mk", "-std=gnu11 ", "-std=gnu11 -DANOTHER_FLAG "):
        done = built(make("all", cwd=copy))
    make("all", cwd=copy)
    assert f"{BUILD}/hypervisor/model/range.o" in done
    assert f"{BUILD}/host/hypervisor/model/range.o" not in done


def test_warnings_are_errors(copy):
    with changed(copy / "hypervisor/model/range.c", "*/\n", "*/\nstatic int unused_and_unloved;\n"):
        done = run("make", f"BUILD={BUILD}", "all", cwd=copy)
    make("all", cwd=copy)
    assert done.returncode and "unused_and_unloved" in done.stdout


def test_nothing_is_built_beside_the_sources(copy):
    known = set(files())
    none(name for path in copy.rglob("*") if path.is_file()
         and not (name := str(path.relative_to(copy))).startswith("build/") and name not in known)


def test_cross_compile_is_honoured(copy, tmp_path):
    done = run("make", "-n", f"BUILD={tmp_path}", "CROSS_COMPILE=another-", "hypervisor", "V=1",
               cwd=copy)
    assert done.returncode == 0, done.stdout
    assert "another-gcc " in done.stdout and "another-ld " in done.stdout
    assert not [line for line in done.stdout.splitlines()
                if line.startswith(("gcc", "ld")) and "-ffreestanding" in line]


def test_install_puts_everything_in_its_place(copy, tmp_path):
    kernel = kdir("cloud")
    make("install", f"DESTDIR={tmp_path}", f"KDIR={kernel}", "PREFIX=/usr", cwd=copy)
    installed = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()}
    release = kernel.name.removeprefix("linux-headers-")
    none(name for name in ("usr/sbin/bulkhead", "lib/firmware/bulkhead.bin",
                           "usr/share/bash-completion/completions/bulkhead",
                           "usr/share/man/man8/bulkhead.8",
                           "usr/share/man/man8/bulkhead-cell.8",
                           "usr/lib/bulkhead/demos/hello.elf",
                           "etc/bulkhead/boards/bochs/board.conf",
                           "etc/bulkhead/boards/bochs/rt0.conf",
                           "usr/lib/bulkhead/demos/nic.elf",
                           *(f"etc/bulkhead/boards/qemu-q35/{name}.conf" for name in (
                               "board", "devices", "edu", "nic", "vtd-devices",
                               "amdvi-devices")),
                           f"lib/modules/{release}/extra/bulkhead.ko") if name not in installed)


def test_make_alone_tells_what_it_needs(copy, tmp_path):
    """On a machine without the packages, make names the goal that brings them."""
    (tmp_path / "bin").mkdir()
    for tool in ("make", "sh", "sed", "mkdir", "printf", "uname"):
        (tmp_path / "bin" / tool).symlink_to(shutil.which(tool))
    done = run("env", "-i", f"PATH={tmp_path}/bin", "make", f"BUILD={tmp_path}/build", cwd=copy)
    assert done.returncode and "make setup" in done.stdout
