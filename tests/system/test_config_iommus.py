# SPDX-License-Identifier: GPL-2.0-only
"""IOMMUs in board files: what `config create` makes of ACPI's tables, and what `check` says."""

import struct

import pytest
from built import TOP
from config_tool import IOMEM, created, shown, tool

Q35 = TOP / "configs/boards/qemu-q35"


def table(signature, body, byte36=0):
    """An ACPI table with length and check sum."""
    head = signature + struct.pack("<I", 48 + len(body)) + bytes(28) + bytes([byte36]) + bytes(11)
    head = bytearray(head + body)
    head[9] = -sum(head) & 0xff
    return bytes(head)


def function(device, number=0, bus=0):
    """A device scope of DMAR that names one function."""
    return bytes([1, 8, 0, 0, 0, bus, device, number])


# Graphics with a unit of its own and memory of its own, another unit for all the rest.
DMAR = table(
    b"DMAR",
    struct.pack("<HHBBHQ", 0, 24, 0, 0, 0, 0xfed90000) + function(2) +
    struct.pack("<HHBBHQ", 0, 24, 1, 0, 0, 0xfed91000) + bytes([3, 8, 0, 0, 2, 0xf0, 0x1f, 0]) +
    struct.pack("<HHHHQQ", 1, 32, 0, 0, 0x3d000000, 0x3d7fffff) + function(2), 38)
IVRS = table(
    b"IVRS",
    struct.pack("<BBHHHQHHI", 0x10, 0x3b, 48, 2, 0x40, 0xfeb80000, 0, 0, 0) +
    struct.pack("<BHB", 3, 0x08, 0) + struct.pack("<BHB", 4, 0x02ff, 0) +
    struct.pack("<BHBBHB", 72, 0, 0xd7, 5, 0xa0, 1) +
    struct.pack("<BHBBHB", 66, 0xa2, 0x40, 0, 0xa3, 0) +
    struct.pack("<BBHHHQQQ", 0x22, 8, 32, 0x0100, 0x02ff, 0, 0x3d000000, 0x800000))


def test_create_from_dmar(tmp_path):
    (tmp_path / "DMAR").write_bytes(DMAR)
    assert created(tmp_path, iomem=IOMEM.replace("fec00000-fec003ff : IOAPIC 0", "\n".join((
        "fec00000-fec003ff : IOAPIC 0", "fed90000-fed93fff : Reserved")))).returncode == 0
    text = (tmp_path / "board.conf").read_text()
    assert "intel_iommu=off intremap=off" in text and "levels = 3" in text
    assert '{ kind = "function"; source = "00:02.0"; }' in text
    assert '{ kind = "ioapic"; source = "f0:1f.0"; id = 2; }' in text
    assert '{ phys = 0x3d000000; size = "8M"; device = "0000:00:02.0"; }' in text
    assert text.count("all = true;") == 1
    assert tool("config", "check", tmp_path / "board.conf").returncode == 0
    owners = {int(part["first"], 16): (part["owner"], part["size"])
              for part in shown("show", board=tmp_path / "board.conf")["memory"]}
    assert owners[0xfed90000] == owners[0xfed91000] == ("hypervisor", 0x1000)
    # What lies beside the registers in the same reserved range is root's as before.
    assert owners[0xfed92000] == ("root", 0x2000)


def bridge_space():
    """Of a bridge from PCI Express to PCI, with bus 5 behind it."""
    space = bytearray(256)
    space[6] = space[0x12 + 4] = 0x10
    space[0x0e], space[0x18:0x1b], space[0x34] = 1, bytes((0, 5, 5)), 0x40
    struct.pack_into("<BBH", space, 0x40, 0x10, 0, 0x72)
    return bytes(space)


def test_create_finds_aliases(tmp_path):
    """A bridge to conventional PCI speaks for what is behind it, and firmware does not tell.

    Nor does it of a card that speaks as another by itself.
    """
    (tmp_path / "DMAR").write_bytes(DMAR)
    devices = tmp_path / "sys/bus/pci/devices"
    for name, space in (("0000:00:1e.0", bridge_space()), ("0000:05:01.0", bytes(256)),
                        ("0000:05:02.0", bytes(256)),
                        ("0000:00:04.0", bytes.fromhex("4b1b3092") + bytes(252))):
        (devices / name).mkdir(parents=True)
        (devices / name / "config").write_bytes(space)
        (devices / name / "class").write_text("0x060400" if "1e" in name else "0x020000")
    assert created(tmp_path).returncode == 0
    text = (tmp_path / "board.conf").read_text()
    for device, seen_as in (("05:01.0", "05:00.0"), ("05:02.0", "05:00.0"),
                            ("00:04.0", "00:04.1")):
        assert f'{{ kind = "alias"; source = "{device}"; id = "{seen_as}"; }}' in text
    assert text.count('"alias"') == 3
    assert text.count('group = "bus-05";') == 2


def test_create_from_ivrs(tmp_path):
    (tmp_path / "IVRS").write_bytes(IVRS)
    devices = tmp_path / "sys/bus/pci/devices"
    for name, kind in (("0000:00:00.2", "0x080600"), ("0000:00:03.0", "0x020000")):
        (devices / name).mkdir(parents=True)
        (devices / name / "config").write_bytes(bytes(256))
        (devices / name / "class").write_text(kind)
    assert created(tmp_path).returncode == 0
    text = (tmp_path / "board.conf").read_text()
    assert "amd_iommu=off" in text and 'kind = "amd-vi"' in text and "last_bus = 2;" in text
    assert '{ kind = "range"; source = "00:01.0"; id = "02:1f.7"; }' in text
    assert '{ kind = "ioapic"; source = "00:14.0"; id = 5; pass = 0xd7; }' in text
    assert '{ kind = "function"; source = "00:14.2"; pass = 0x40; }' in text
    assert '{ kind = "alias"; source = "00:14.2"; id = "00:14.3"; }' in text
    assert "last_bus = 2; tunnel = true; pass_pw = true; isoc = true;\n" in text
    assert ('{ phys = 0x3d000000; size = "8M"; device = "0000:01:00.0"; last = "0000:02:1f.7"; }'
            in text)
    # Which no cell can have.
    assert '{ kind = "unit"; source = "00:00.2"; }' in text
    assert 'address = "0000:00:03.0"' in text and 'address = "0000:00:00.2"' not in text


def test_create_tells_of_devices_that_are_not_there(tmp_path):
    """A way from bus 0xee on, where no bridge of this machine is."""
    far = bytes([1, 10, 0, 0, 0, 0xee, 0x1c, 0, 0, 0])
    (tmp_path / "DMAR").write_bytes(table(
        b"DMAR", struct.pack("<HHBBHQ", 0, 26, 1, 0, 0, 0xfed90000) + far, 38))
    done = created(tmp_path)
    assert done.returncode == 0 and "all = true;" in (tmp_path / "board.conf").read_text()
    assert "through bridges that are not here; 1 of them are left out" in done.stderr


@pytest.mark.parametrize("name, bytes_", [("DMAR", DMAR[:-1]), ("IVRS", IVRS + b"\0")])
def test_a_malformed_table_is_left_out(tmp_path, name, bytes_):
    (tmp_path / name).write_bytes(bytes_)
    done = created(tmp_path)
    assert done.returncode == 0
    assert f"the IOMMUs are left out: {name}: says it has" in done.stderr
    assert "iommus" not in (tmp_path / "board.conf").read_text()


@pytest.mark.parametrize("old, new, words", [
    ("registers = 0xfed90000", "registers = 0xfed00000",
     'root.memory[10] "hpet": overlaps board.iommus[0] ('),
    ("levels = 3", "levels = 5", "board.iommus[0]: tables of 5 levels are not built"),
    ('kind = "vt-d"', 'kind = "smmu"', 'board.iommus[0].kind: "smmu" is unknown'),
    ("all = true;", "", "board.iommus[0]: covers nothing"),
    ('kind = "ioapic"; source = "ff:00.0"; id = 0;', 'kind = "unit"; source = "00:01.0";',
     "board.iommus[0]: scope 0 says that the unit is a PCI function: only those of AMD-Vi are"),
    ("remaps = true; linux_remaps", "linux_remaps",
     "board.iommus[0]: Linux remaps by it, so it does: say remaps = true"),
    ("ff:00.0", "ff:20.0", 'board.iommus[0].scopes[0].source: "ff:20.0" is not understood'),
    ("ff:00.0", "ff:0x1.0", 'board.iommus[0].scopes[0].source: "ff:0x1.0" is not understood'),
    ("ff:00.0", "0ff:00.0", 'board.iommus[0].scopes[0].source: "0ff:00.0" is not understood'),
    ("ff:00.0", "ff:0.0", 'board.iommus[0].scopes[0].source: "ff:0.0" is not understood'),
    ('	console = {', '	iommu_windows = ( { phys = 0x50000000; size = "4K"; '
     'device = "00:01.0"; } );\n	console = {', "board.iommu_windows[0]"),
    ('	console = {', '	iommu_windows = ( { phys = 0x10000000; size = "4K"; device = "00:02.0"; '
     'last = "00:01.0"; } );\n	console = {',
     "board.iommu_windows[0]: the last of its devices is before the first"),
])
def test_what_is_wrong_is_said_with_its_line(tmp_path, old, new, words):
    wrong(tmp_path, "vtd", old, new, words)


def wrong(tmp_path, name, old, new, words):
    """A board that one change makes wrong: it is told, with its line."""
    text = (Q35 / f"{name}.conf").read_text()
    assert old in text
    bad = tmp_path / "bad.conf"
    bad.write_text(text.replace(old, new, 1))
    done = tool("config", "check", bad)
    assert done.returncode == 1 and words in done.stderr, done.stderr
    assert f"{bad}:" in done.stderr


@pytest.mark.parametrize("old, new, words", [
    ("id = 0;", "id = 0; pass = 0x108;", "board.iommus[0].scopes[0].pass: 0x108 is too large, must "
     "be a number up to 0xf7 such as 0xd7"),
    ("id = 0;", "id = 0; pass = -1;", "board.iommus[0].scopes[0].pass: -1 is negative"),
    ("id = 0;", 'id = 0; pass = "all";', 'board.iommus[0].scopes[0].pass: "all" is not understood'),
    ("id = 0;", "id = 0; pass = 0xdf;",
     "board.iommus[0]: scope 0 has pass = 0xdf, of which 0x8 is unknown"),
    ("tunnel = true", "tunnel = 1", "board.iommus[0].tunnel: is a number, must be true or false"),
    ('{ kind = "ioapic"', '{ kind = "range"; source = "00:00.0"; id = "00:02.0"; pass = 0x10; },\n'
     '{ kind = "ioapic"', 'board.pci.devices[0] "edu": is allowed by board.iommus[0]'),
])
def test_what_is_wrong_of_amd_vi_is_said_with_its_line(tmp_path, old, new, words):
    wrong(tmp_path, "amdvi-devices", old, new, words)


@pytest.mark.parametrize("old, new, words", [
    ("id = 0;", "id = 0; pass = 1;",
     "board.iommus[0]: scope 0 has pass = 0x1, which is AMD-Vi's"),
    ("all = true;", "all = true; isoc = true;", "board.iommus[0]: how a unit sends (tunnel, "
     "pass_pw, res_pass_pw, isoc) is AMD-Vi's"),
])
def test_what_is_amd_vis_is_not_vt_ds(tmp_path, old, new, words):
    wrong(tmp_path, "vtd", old, new, words)


def test_devices_of_root_may_send_for_firmware(tmp_path):
    """And a device whose messages are no messages to anybody may be a cell's."""
    text = (Q35 / "amdvi-devices.conf").read_text()
    good = tmp_path / "good.conf"
    good.write_text(text.replace("id = 0; }", "id = 0; pass = 0xd7; }", 1).replace(
        "scopes = (", 'scopes = ( { kind = "function"; source = "00:02.0"; pass = 0x30; },', 1))
    done = tool("config", "check", good)
    assert done.returncode == 0, done.stderr


def test_both_boards_are_good():
    for name in ("vtd", "amdvi"):
        assert tool("config", "check", Q35 / f"{name}.conf").returncode == 0
