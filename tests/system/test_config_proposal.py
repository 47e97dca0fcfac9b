# SPDX-License-Identifier: GPL-2.0-only
"""What `config create` proposes of PCI devices and IOAPICs, as comments: on the host, from a copy
of the files in which Linux tells of a machine.
"""

import json
import struct

import pytest
from config_pci import NONE, put, switched
from config_tool import tool

IOMEM = """\
00001000-37ffffff : System RAM
38000000-3bffffff : Reserved
3c000000-3fffffff : System RAM
b0000000-bfffffff : PCI MMCONFIG 0000 [bus 00-ff]
c0000000-febfffff : PCI Bus 0000:00
fec00000-fec003ff : IOAPIC 0
"""
# As of firmware that reserves both, with something else around them.
RESERVED = """\
00001000-37ffffff : System RAM
38000000-3bffffff : Reserved
3c000000-3fffffff : System RAM
80000000-afffffff : PCI Bus 0000:00
b0000000-bfffffff : PCI ECAM 0000 [bus 00-ff]
  b0000000-cfffffff : Reserved
    b0000000-bfffffff : pnp 00:04
d0000000-febfffff : PCI Bus 0000:00
fec00000-fed00fff : Reserved
  fec00000-fec003ff : IOAPIC 0
  fec01000-fec013ff : IOAPIC 1
    fec01000-fec013ff : 0000:00:05.4
"""
NET = ("0x00000000feb80000 0x00000000feb9ffff 0x0000000000040200\n" + NONE +
       "0x000000000000c000 0x000000000000c01f 0x0000000000040101\n"
       "0x00000000feba0000 0x00000000feba3fff 0x0000000000040200\n" + NONE * 3)


def config_space(pin, msix):
    """A function's first registers; with MSI-X at 0x40: 5 entries, in BAR 3 at 0x1000."""
    space = bytearray(256)
    space[0x3d] = pin
    if msix:
        space[6] = 0x10
        space[0x34] = 0x40
        struct.pack_into("<BBHI", space, 0x40, 0x11, 0, 4, 0x1003)
    return bytes(space)


def machine(folder, iomem=IOMEM, irq="10"):
    """A bridge, a network card and something else; where the card's folder is."""
    devices = folder / "sys/bus/pci/devices"
    card = devices / "0000:00:03.0"
    put(devices / "0000:00:00.0", vendor="0x8086\n", device="0x1237\n", **{"class": "0x060000\n"})
    put(card, vendor="0x8086\n", device="0x10d3\n", irq=f"{irq}\n", resource=NET,
        config=config_space(1, True), **{"class": "0x020000\n"})
    put(devices / "0000:00:04.0", vendor="0x1234\n", device="0x11e8\n", irq="0\n",
        config=config_space(0, False), **{"class": "0x00ff00\n"}, resource=NONE * 7)
    (card / "iommu_group").symlink_to("../../../kernel/iommu_groups/7")
    (folder / "iomem").write_text(iomem)
    (folder / "ioports").write_text("03f8-03ff : serial\nc000-cfff : PCI Bus 0000:01\n"
                                    "  c000-c01f : 0000:00:03.0\n")
    (folder / "cmdline").write_text("memmap=64M$0x38000000\n")
    (folder / "cpuinfo").write_text("processor\t: 0\naddress sizes\t: 40 bits physical, 48\n")
    return card


def created(folder):
    """The board file that is made of it, and is good as it is."""
    done = tool("config", "create", "--proc", ".", "-o", "made.conf", cwd=folder)
    assert (done.returncode, done.stderr) == (0, "")
    assert tool("config", "check", "made.conf", cwd=folder).returncode == 0
    return (folder / "made.conf").read_text()


def shown(folder, text):
    """What `config show` tells a program of such a board file."""
    (folder / "with.conf").write_text(text)
    done = tool("config", "show", "--json", "with.conf", cwd=folder)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_ports_of_old_disk_controllers_are_no_base_addresses(tmp_path):
    """Linux shows them as such; in the registers is nothing."""
    folder = machine(tmp_path).parent / "0000:00:04.0"
    (folder / "resource").write_text(
        "0x00000000000001f0 0x00000000000001f7 0x0000000000000110\n"
        "0x00000000000003f6 0x00000000000003f6 0x0000000000000110\n" + NONE * 2 +
        "0x000000000000c040 0x000000000000c04f 0x0000000000000101\n" + NONE * 2)
    text = switched(created(tmp_path))
    assert "0x1f0" not in text and "0x3f6" not in text
    assert 'index = 4; ports = "0xc040-0xc04f"' in text


def test_create_finds_devices(tmp_path):
    """As comments, which make a good board without the marks; bridges are left out."""
    machine(tmp_path)
    text = created(tmp_path)
    pci = shown(tmp_path, switched(text))["pci"]
    assert [(device["name"], device["id"]) for device in pci] == [("net-0", "8086:10d3"),
                                                                  ("device-1", "1234:11e8")]
    assert pci[0]["gsi"] == 10 and pci[0]["group"] == "iommu-7"
    assert pci[0]["msix_entries"] == 5 and len(pci[0]["bars"]) == 3
    assert "gsi" not in pci[1] and pci[1]["bars"] == []
    assert 'mmconfig = { at = 0xb0000000; buses = "0-255"; };' in text
    # What resets a device is told, and what follows if nothing does.
    assert text.count("# resets: none; cells can have it with without_reset = true;") == 2


@pytest.mark.parametrize("iomem", (IOMEM, RESERVED), ids=("beside", "inside"))
def test_what_is_served_is_a_line_of_its_own(iomem, tmp_path):
    """Whatever is around it: one comment sign takes it from root, and nothing else with it."""
    machine(tmp_path, iomem)
    text = created(tmp_path)
    owners = [{part["first"]: part for part in shown(tmp_path, one)["memory"]}
              for one in (text, switched(text))]
    served = {"0xb0000000": 0x10000000, "0xfec00000": 4096}
    if iomem is RESERVED:
        served["0xfec01000"] = 4096
    for first, size in served.items():
        assert [(one[first]["owner"], one[first]["size"]) for one in owners] == \
            [("root", size), ("hypervisor", size)], text
    rest = [{first: part for first, part in one.items()
             if part["owner"] == "root" and first not in served and int(first, 16) < 0xfeb00000}
            for one in owners]
    assert rest[0].keys() == rest[1].keys() and len(rest[0]) >= 2
    if iomem is RESERVED:
        assert (owners[1]["0xfec02000"]["owner"], owners[1]["0xfec02000"]["size"]) == \
            ("root", 0xff000)


def in_sysfs(folder, name):
    """A folder in sysfs that is not empty."""
    put(folder / name, **{"25": "msi\n"})


@pytest.mark.parametrize("irq, what", [
    ("10", None), ("2", "Linux's timer (IRQ 0)"), ("9", "ACPI's (SCI)"), ("20", None)])
def test_a_pin_of_the_machine_is_no_devices(irq, what, tmp_path):
    """What Linux's own timer and ACPI have is not proposed, and it is said why."""
    in_sysfs(machine(tmp_path, irq=irq), "driver")
    text = created(tmp_path)
    assert (f"\t#      pin = {irq};" in text) == (what is None), text
    assert ("# no pin: " in text) == (what is not None)
    if what:
        assert f"# no pin: Linux has it at {irq}, which is {what} and stays with root" in text
    assert "CHECK the pin" not in text
    # What is said is a comment still.
    assert shown(tmp_path, switched(text))["pci"][0].get("gsi") == (None if what else int(irq))


def test_the_fadt_tells_acpis_pin(tmp_path):
    """SCI_INT; without that table it is 9, as nearly everywhere."""
    in_sysfs(machine(tmp_path, irq="20"), "driver")
    put(tmp_path / "sys/firmware/acpi/tables", FACP=bytes(46) + struct.pack("<H", 20) + bytes(68))
    assert "# no pin: Linux has it at 20, which is ACPI's (SCI)" in created(tmp_path)


def test_a_number_that_is_no_pin_is_not_proposed(tmp_path):
    """That of a message; a line that is not connected; where none has asked it is doubtful."""
    card = machine(tmp_path, irq="25")
    assert "\t#      pin = 25;\n\t#      # CHECK the pin: no driver" in created(tmp_path)
    (card / "msi_irqs").mkdir()
    assert "\t#      pin = 25;" in created(tmp_path)
    (card / "msi_irqs/25").write_text("msi\n")
    text = created(tmp_path)
    assert "pin = " not in text and "# no pin: its driver in Linux has it send messages" in text
    (card / "msi_irqs/25").unlink()
    (card / "irq").write_text("255\n")
    assert "pin = " not in created(tmp_path)
