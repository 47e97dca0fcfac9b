# SPDX-License-Identifier: GPL-2.0-only
"""What a lab machine boots from: the initramfs and the boot medium around it.

The initramfs holds busybox, the init script beside this file, the kernel modules a test names
(with what they depend on) and the files it names (with the libraries they need). Nothing in here
knows an emulator.
"""

import re
import shutil
import subprocess
from pathlib import Path

LAB = Path(__file__).resolve().parent
BUSYBOX = "/bin/busybox"
ISOLINUX = Path("/usr/lib/ISOLINUX/isolinux.bin")
SYSLINUX = Path("/usr/lib/syslinux/modules/bios")
WORTH_STRIPPING = 256 << 10  # bytes
LOADER_MODULES = ("ldlinux.c32", "libcom32.c32", "mboot.c32")


class LabError(Exception):
    """The lab cannot do what was asked; the text says why."""


def fetch(what, item):
    """Path (or other fact) of an unpacked package; see tests/lab/fetch."""
    done = subprocess.run([LAB / "fetch", "--print", what, item], stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        raise LabError(f"tests/lab/fetch --print {what} {item}: {done.stderr.strip()}")
    return done.stdout.strip()


def file_copy(source, root, guest):
    """Copy one host file to its place in the guest, execute permission kept.

    Nobody in the machine reads debugging information, and it is most of what there is.
    """
    target = root / guest.lstrip("/")
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(source, target)
    with open(target, "rb") as file:
        elf = file.read(4) == b"\x7fELF"
    if elf and target.stat().st_size > WORTH_STRIPPING:
        subprocess.run(["strip", "--strip-debug", target], check=True)


def libraries_of(program):
    """Absolute paths of the shared libraries a dynamic program loads, its loader included."""
    done = subprocess.run(["ldd", program], capture_output=True, text=True, check=False)
    if done.returncode:
        return []
    return re.findall(r"(?:=> |^\s)(/\S+) \(0x", done.stdout, re.MULTILINE)


def modules_copy(names, kernel, root):
    """Copy modules of the kernel package and all they need, and say so in modules.dep."""
    tree = Path(fetch("modules", kernel))
    depends = {}
    for line in (tree / "modules.dep").read_text().splitlines():
        path, _, rest = line.partition(":")
        depends[path] = rest.split()
    by_name = {Path(p).name.removesuffix(".ko").replace("-", "_"): p for p in depends}
    target = root / "lib/modules" / tree.name
    lines = []
    wanted = []
    for name in names:
        path = by_name.get(name.replace("-", "_"))
        if path is None:
            raise LabError(f"kernel {tree.name} has no module {name} (perhaps it is built in)")
        wanted += [path, *depends[path]]
    for path in dict.fromkeys(wanted):
        (target / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(tree / path, target / path)
        lines.append(f"{path}: {' '.join(depends[path])}\n")
    target.mkdir(parents=True, exist_ok=True)
    (target / "modules.dep").write_text("".join(lines))


def initramfs_build(output, kernel, modules=(), files=None):
    """Write a cpio archive; files maps a guest path to a host path.

    It is not compressed: Bochs takes longer to expand it than to read more from its medium.
    """
    root = output.with_suffix(".root")
    shutil.rmtree(root, ignore_errors=True)
    root.mkdir(parents=True)
    file_copy(BUSYBOX, root, "/bin/busybox")
    (root / "bin/sh").symlink_to("busybox")
    file_copy(LAB / "init", root, "/init")
    modules_copy(modules, kernel, root)
    for guest, host in (files or {}).items():
        if not Path(host).exists():
            raise LabError(f"{host} is not built (wanted as {guest} in the machine)")
        file_copy(host, root, guest)
        for library in libraries_of(host):
            file_copy(library, root, library)
    names = sorted(str(p.relative_to(root)) for p in root.rglob("*"))
    with open(output, "wb") as out:
        subprocess.run(["cpio", "--quiet", "-o", "-H", "newc", "--owner=0:0"], cwd=root,
                       input="\n".join(names).encode(), stdout=out, check=True)
    shutil.rmtree(root)


def medium_build(output, loader_config, files):
    """Write a bootable medium: isolinux, what it is told to do, and files by their names there."""
    root = output.with_suffix(".root")
    shutil.rmtree(root, ignore_errors=True)
    root.mkdir(parents=True)
    shutil.copy(ISOLINUX, root / "isolinux.bin")
    for module in LOADER_MODULES:
        shutil.copy(SYSLINUX / module, root / module)
    for name, host in files.items():
        shutil.copy(host, root / name)
    (root / "isolinux.cfg").write_text(f"default l\nprompt 0\nlabel l\n{loader_config}\n")
    subprocess.run(["xorriso", "-as", "mkisofs", "-quiet", "-o", output, "-b", "isolinux.bin",
                    "-c", "boot.cat", "-no-emul-boot", "-boot-load-size", "4",
                    "-boot-info-table", root], check=True, capture_output=True)
    shutil.rmtree(root)


def iso_build(output, kernel, initramfs, cmdline):
    """Write a medium that boots Linux."""
    medium_build(output, f"kernel vmlinuz\ninitrd initrd\nappend {cmdline}",
                 {"vmlinuz": fetch("vmlinuz", kernel), "initrd": initramfs})
