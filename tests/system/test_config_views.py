# SPDX-License-Identifier: GPL-2.0-only
"""What `bulkhead config` shows of good cells: owners, tables, pages; on the host.

The numbers are counted by hand from the files in configs/boards/bochs.
"""

import json
import re
import subprocess

import pytest
from built import TOP
from config_tool import BOCHS, CPU, FOLDER, IOMEM, TOOL, cell_file, created, shown, tool

IMAGE = TOOL.parents[1] / "hypervisor/bulkhead.bin"
# "nic", "hpet" and "serial" have a device and pins of another board file, and that is no cell.
CELLS = sorted(path.stem for path in FOLDER.glob("*.conf")
               if path.stem not in ("board", "devices", "hpet", "nic", "serial"))

# Which of the cells may exist at the same time, and why others may not: a CPU of both.
TOGETHER = [["rt0", "smp"], ["linked", "smp"], ["smp", "uart"], ["device", "smp"],
            ["attacker", "neighbour"], ["neighbour", "rt0"], ["device", "neighbour"]]
APART = [("smp", "neighbour", 2), ("rt0", "linked", 3), ("rt0", "uart", 3),
         ("device", "attacker", 3)]


@pytest.fixture(name="image", scope="module")
def image_fixture():
    """The hypervisor's image, built."""
    subprocess.run(["make", "-C", TOP, f"BUILD={IMAGE.parents[1].relative_to(TOP)}", "hypervisor"],
                   check=True, stdout=subprocess.DEVNULL)
    return IMAGE


@pytest.mark.parametrize("cell", CELLS)
def test_cells_of_the_tree(cell):
    """Every cell that comes with Bulkhead is good, and says what it is for."""
    done = tool("config", "check", BOCHS, cell_file(cell))
    assert (done.returncode, done.stderr) == (0, "")
    head = cell_file(cell).read_text().split("cell = {")[0].splitlines()
    assert len(head) > 3 and all(line.startswith("#") for line in head if line)


def test_cells_of_the_tree_are_known():
    """Each is in one of the lists here."""
    assert set(CELLS) == {cell for cells in TOGETHER for cell in cells}


@pytest.mark.parametrize("cells", TOGETHER, ids="-".join)
def test_cells_that_go_together(cells):
    """Their files say that they do."""
    done = tool("config", "check", BOCHS, *map(cell_file, cells))
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("first, second, cpu", APART)
def test_cells_that_do_not(first, second, cpu):
    """Both want a CPU; there is nothing else between them."""
    done = tool("config", "check", BOCHS, cell_file(first), cell_file(second))
    assert done.returncode == 1
    assert f"cell.cpus: has a CPU of cell {first}: cell.cpus" in done.stderr
    assert f"({cpu})\n" in done.stderr and "1 complaint\n" in done.stderr


def leaves(cell):
    """A cell's pages as (name, at, phys, size, rights, type)."""
    return [(leaf["name"], int(leaf["at"], 16), leaf.get("phys") and int(leaf["phys"], 16),
             leaf["size"], leaf["access"], leaf["type"]) for leaf in cell["leaves"]]


def test_map_of_a_small_cell():
    """2 MiB in one large page, the local APIC, the communication page: 7 pages in all."""
    (cell,) = shown("map", "rt0")["cells"]
    assert leaves(cell) == [
        ("ram", 0, 0x38e00000, 2 << 20, "rwx", "write-back"),
        ("local-apic", 0xfee00000, 0xfee00000, 4096, "r--", "uncached"),
        ("comm", 0xfef00000, None, 4096, "rw-", "write-back"),
    ]
    # One each of the top and the gigabytes; megabytes of the first and the fourth; pages of the
    # latter's 2 MiB from 0xfee00000.
    assert [level["tables"] for level in cell["levels"]] == [1, 1, 2, 1]
    assert cell["walk_references"] == 24
    assert cell["hypervisor_pages"] == {"head": 1, "comm": 1, "msr_bitmap": 0, "port_bitmaps": 0,
                                        "tables": 5, "dma": 0, "total": 7}


def test_map_for_svm(tmp_path):
    """The same tables in another format; one bitmap for all ports, of three pages."""
    board = tmp_path / "board.conf"
    text = (TOP / BOCHS).read_text()
    board.write_text(text.replace("board = {", 'board = {\n\tbackend = "svm";', 1))
    for name in ("rt0", "smp"):
        (vmx,), (svm,) = (shown("map", name, board=file)["cells"] for file in (BOCHS, board))
        assert (vmx["format"], svm["format"]) == ("EPT", "NPT")
        assert svm["leaves"] == vmx["leaves"] and svm["levels"] == vmx["levels"]
        ports = vmx["hypervisor_pages"]["port_bitmaps"]
        assert svm["hypervisor_pages"] == {
            **vmx["hypervisor_pages"], "port_bitmaps": 3 * ports,
            "total": vmx["hypervisor_pages"]["total"] + 2 * ports}
    assert "NPT of rt0" in tool("config", "map", board, cell_file("rt0")).stdout
    assert "CPUs 0-3, SVM, " in tool("config", "show", board).stdout


def test_map_of_code_in_small_pages(tmp_path):
    """A table more for each large page that may be executed; root's pages stay as they are."""
    board = tmp_path / "board.conf"
    board.write_text((TOP / BOCHS).read_text().replace("multihit = false", "multihit = true"))
    before, after = shown("map", "smp"), shown("map", "smp", board=board)
    assert after["root"] == before["root"]
    (small,), (large,) = after["cells"], before["cells"]
    assert leaves(small) == [("ram", n * 4096, 0x38a00000 + n * 4096, 4096, "rwx", "write-back")
                             for n in range(1024)] + leaves(large)[2:]
    assert small["hypervisor_pages"] == {**large["hypervisor_pages"], "tables": 8, "total": 11}
    assert shown("show", board=board)["board"]["itlb_multihit"] is True
    assert shown("show")["board"]["itlb_multihit"] is False
    words = "executable memory of cells: pages of 4K"
    assert words in tool("config", "show", board).stdout
    assert words not in tool("config", "show", BOCHS).stdout


def test_map_of_a_cell_that_shares():
    """The mailbox and the ring by small pages, one behind the other; a bitmap for its ports."""
    (cell,) = shown("map", "smp")["cells"]
    assert leaves(cell)[:2] == [
        ("ram", 0, 0x38a00000, 2 << 20, "rwx", "write-back"),
        ("ram", 2 << 20, 0x38c00000, 2 << 20, "rwx", "write-back"),
    ]
    assert leaves(cell)[2:34] == [
        ("mailbox" if n < 16 else "ring", 0x400000 + n * 4096, 0x3bfe0000 + n * 4096, 4096, "rw-",
         "write-back") for n in range(32)]
    assert cell["hypervisor_pages"] == {"head": 1, "comm": 1, "msr_bitmap": 0, "port_bitmaps": 1,
                                        "tables": 6, "dma": 0, "total": 9}


def test_map_of_a_cell_with_devices():
    """The HPET is mapped uncached, and only to be read; sixteen bytes of ROM are in no table."""
    (cell,) = shown("map", "device")["cells"]
    assert ("hpet", 0xfed00000, 0xfed00000, 4096, "r--", "uncached") in leaves(cell)
    assert "reset" not in [leaf["name"] for leaf in cell["leaves"]]
    text = tool("config", "map", BOCHS, cell_file("device")).stdout
    assert re.search(r"^reset +0xfffffff0 +0xfffffff0 +16 +not mapped", text, re.MULTILINE)


def root_names(*cells):
    """Names of root's regions that are mapped while there are these cells."""
    return {leaf["name"] for leaf in shown("map", *cells)["root"]["leaves"]}


def test_map_of_root_follows_its_cells():
    """Shared regions are root's with a cell that shares them, lent ones without the borrower."""
    assert {"ring", "hpet"} & root_names() == {"hpet"}
    assert {"ring", "hpet"} & root_names("smp") == {"ring", "hpet"}
    assert {"ring", "hpet"} & root_names("device") == set()
    assert {"ring", "hpet"} & root_names("device", "smp") == {"ring"}
    # Tables are built for all of them at enable, so they are the same.
    assert shown("map")["root"]["pages"] == shown("map", "device", "smp")["root"]["pages"]
    text = tool("config", "map", BOCHS, cell_file("device")).stdout
    assert "absent: no cell shares it" in text and "absent: lent to device" in text


def test_large_pages_need_alignment(tmp_path):
    """A cell whose RAM is 4 KiB off takes 512 pages, and a table more."""
    text = cell_file("rt0").read_text().replace("0x38e00000", "0x38e01000")
    (tmp_path / "rt0.conf").write_text(text)
    done = tool("config", "map", "--json", BOCHS, tmp_path / "rt0.conf")
    (cell,) = json.loads(done.stdout)["cells"]
    assert cell["mappings"][0]["pages_4k"] == 512 and cell["hypervisor_pages"]["tables"] == 6


def test_show_tells_owners():
    """Whose each address is; what is shared has two owners, what is set aside is the cells'."""
    memory = shown("show", "linked", "smp")["memory"]
    assert [int(part["first"], 16) for part in memory[1:]] == \
        [int(part["last"], 16) + 1 for part in memory[:-1]]
    owners = {part["first"]: (part["owner"], part.get("name")) for part in memory}
    assert owners["0x38a00000"] == ("smp", "ram")
    assert owners["0x39000000"] == ("linked", "ram")
    assert owners["0x39200000"] == ("cells", "set-aside")
    assert owners["0x3bfe0000"] == ("linked, smp", "mailbox")
    assert owners["0x3bff0000"] == ("root, smp", "ring")
    assert owners["0xfed00000"] == ("root", "hpet")


def test_show_tells_what_is_lent():
    """The borrower has it then; a region of less than a page is shown as small as it is."""
    result = shown("show", "device")
    owners = {part["first"]: (part["owner"], part["size"]) for part in result["memory"]}
    assert owners["0xfed00000"] == ("device", 4096)
    assert owners["0xfffffff0"] == ("device", 16)
    (cell,) = result["cells"]
    assert cell["on_fault"] == "report" and cell["console"] == "log" and cell["start"] == "entry"
    assert [region["name"] for region in cell["memory"]] == ["ram", "hpet", "reset", "comm"]


def test_show_tells_ports():
    """COM3 is the cell's, COM1 root's, COM2 the hypervisor's, COM4 nobody's."""
    ports = shown("show", "smp")["ports"]
    owners = {port: part["owner"] for part in ports for port in (0x2e8, 0x2f8, 0x3e8, 0x3f8)
              if int(part["first"], 16) <= port <= int(part["last"], 16)}
    assert owners == {0x2e8: "nobody", 0x2f8: "hypervisor", 0x3e8: "smp", 0x3f8: "root"}
    assert sum(part["size"] for part in ports) == 65536


def board_of(kib, folder):
    """The board with so much memory for the hypervisor."""
    text = (TOP / BOCHS).read_text().replace('size = "8M"', f'size = "{kib}K"')
    (folder / "board.conf").write_text(text)
    return folder / "board.conf"


def test_page_budget(image, tmp_path):
    """The least memory that is enough has no page left; a page less is refused, and said."""
    cells = [cell_file("smp"), cell_file("rt0")]

    def check(kib):
        return tool("config", "check", "--image", image, board_of(kib, tmp_path), *cells)

    least = next(kib for kib in range(256, 8192, 4) if check(kib).returncode == 0)
    pool = shown("map", "smp", "rt0", board=board_of(least, tmp_path),
                 options=("--image", image))["hypervisor"]
    # 9 and 7 pages of the cells, root's tables and bitmaps as counted elsewhere here.
    assert (pool["left"], pool["cells"], pool["tables_root"], pool["bitmaps"]) == (0, 16, 10, 5)
    assert pool["pool_pages"] == pool["tables_host"] + 10 + 5 + 16
    done = check(least - 4)
    line = (TOP / BOCHS).read_text().splitlines().index(
        '\thypervisor = { phys = 0x38000000; size = "8M"; };') + 1
    assert done.returncode == 1
    assert f"board.conf:{line}: board.hypervisor: its page pool has {pool['pool_pages'] - 1} " \
        f"pages, but the board needs {pool['pool_pages'] - 16} and the cells 16: give it 4K more" \
        in done.stderr
    # Without cells there is room.
    assert tool("config", "check", "--image", image, board_of(least - 4, tmp_path)).returncode == 0


def test_create(tmp_path):
    """From what Linux tells of a machine: a board file that is good, with all that Linux has."""
    assert (created(tmp_path).returncode, created(tmp_path).stderr) == (0, "")
    board = tmp_path / "board.conf"
    assert "CHECK" in board.read_text()
    result = shown("show", board=board)
    assert result["board"]["physical_bits"] == 40 and result["board"]["cpus"] == "0-3"
    memory = {int(part["first"], 16): part for part in result["memory"]}
    expected = [
        (0x0, 0xa0000, "root", "rwx"), (0xa0000, 0x20000, "root", "rw-"),
        (0xc0000, 0x40000, "root", "r--"), (0x100000, 0x37f00000, "root", "rwx"),
        # 8 MiB and 64 KiB a CPU, in whole 2 MiB
        (0x38000000, 10 << 20, "hypervisor", None), (0x38a00000, 54 << 20, "cells", None),
        (0x3c000000, 64 << 20, "root", "rwx"), (0xc0000000, 0x3ec00000, "root", "rw-"),
        (0xfec00000, 4096, "root", "rw-"), (0xfed00000, 4096, "root", "rw-"),
        (0xfee00000, 1 << 20, "hypervisor", None), (0xfffc0000, 0x40000, "root", "rw-"),
    ]
    for first, size, owner, access in expected:
        part = memory.pop(first)
        assert (part["size"], part["owner"], part.get("access")) == (size, owner, access), part
    assert all(part["owner"] == "nobody" for part in memory.values())
    assert "\thpet = { at = 0xfed00000; };\n" in board.read_text()
    ports = [(part["first"], part["last"]) for part in result["ports"] if part["owner"] == "root"]
    assert {("0x0", "0x1f"), ("0x3f8", "0x3ff"), ("0xcf8", "0xcff"), ("0xc000", "0xc00f")} <= \
        set(ports)
    # A bus is only the room in which devices have their ports.
    assert max(int(last, 16) for _, last in ports) == 0xc00f
    assert 'siblings = ( "0,2", "1,3" );' in board.read_text()


def test_create_without_siblings(tmp_path):
    """A machine of one thread a core has no such setting."""
    assert created(tmp_path, cores=(0, 1, 2)).returncode == 0
    assert "siblings" not in (tmp_path / "board.conf").read_text()


@pytest.mark.parametrize("change, words", [
    ({"cmdline": "quiet"}, "Linux leaves no memory alone: boot it with the kernel parameter "
                           "memmap=64M$0x37e00000"),
    ({"cmdline": "memmap=1M$0x38000000"}, "Linux leaves no memory alone"),
    ({"iomem": re.sub(r"[0-9a-f]{8}-[0-9a-f]{8}", "00000000-00000000", IOMEM)},
     "iomem shows no addresses: run this as root"),
])
def test_create_refuses(change, words, tmp_path):
    """What is missing is named, and nothing is written."""
    done = created(tmp_path, **change)
    assert done.returncode == 1 and words in done.stderr
    assert not (tmp_path / "board.conf").exists()


@pytest.mark.parametrize("cmdline, ranges", [
    ("memmap=32M$0x10000000 memmap=64M$0x38000000",
     {(0x38000000, "hypervisor"), (0x38a00000, "cells"), (0x10000000, "cells")}),
    ("memmap=64M\\$0x38000000,4M@0x1000000", {(0x38000000, "hypervisor"), (0x38a00000, "cells")}),
    ("memmap=8M$0x38000000", {(0x38000000, "hypervisor")}),
])
def test_create_takes_reserved_memory(cmdline, ranges, tmp_path):
    """Several pieces, what a boot loader leaves of the $, and too little for cells."""
    assert created(tmp_path, cmdline).returncode == 0
    memory = shown("show", board=tmp_path / "board.conf")["memory"]
    assert {(int(part["first"], 16), part["owner"]) for part in memory
            if part["owner"] in ("hypervisor", "cells")} == ranges | {(0xfee00000, "hypervisor")}


def test_create_is_no_wider_than_the_tables(tmp_path):
    """A processor with more address bits than tables of four levels cover."""
    assert created(tmp_path, cpu=CPU.replace("40 bits", "52 bits")).returncode == 0
    assert "\tphysical_bits = 48;\n" in (tmp_path / "board.conf").read_text()
    assert tool("config", "check", tmp_path / "board.conf").returncode == 0


def test_create_knows_the_backend(tmp_path):
    """By the processor's vendor."""
    assert created(tmp_path).returncode == 0
    assert '\tbackend = "vmx";\n' in (tmp_path / "board.conf").read_text()
    assert created(tmp_path, cpu=CPU.replace("GenuineIntel", "AuthenticAMD")).returncode == 0
    assert shown("show", board=tmp_path / "board.conf")["board"]["backend"] == "svm"


@pytest.mark.parametrize("said, expected", (
    ("Not affected\n", "itlb_multihit = false;"),
    ("Processor vulnerable\n", "itlb_multihit = true;"),
    ("KVM: Mitigation: VMX disabled\n", "itlb_multihit = true;"), ("", "# itlb_multihit = true;"),
    (None, "# itlb_multihit = true;")))
def test_create_takes_linuxs_word_on_multihit(said, expected, tmp_path):
    """Where it says nothing, a person has to look; of SVM's processors none is asked."""
    folder = tmp_path / "sys/devices/system/cpu/vulnerabilities"
    folder.mkdir(parents=True)
    if said is not None:
        (folder / "itlb_multihit").write_text(said)
    assert created(tmp_path).returncode == 0
    assert f"\n\t{expected}\n" in (tmp_path / "board.conf").read_text()
    assert tool("config", "check", tmp_path / "board.conf").returncode == 0
    assert created(tmp_path, cpu=CPU.replace("GenuineIntel", "AuthenticAMD")).returncode == 0
    assert "itlb_multihit" not in (tmp_path / "board.conf").read_text()


def test_create_names_what_is_missing(tmp_path):
    """A folder without the files."""
    done = tool("config", "create", "--proc", tmp_path)
    assert done.returncode == 1 and "cpuinfo: No such file or directory" in done.stderr


def test_create_for_this_machine():
    """Whatever this machine is, the answer is a board file or a word on why not."""
    done = tool("config", "create")
    assert done.returncode == (0 if done.stdout else 1)
    assert bool(done.stdout) != bool(re.search("bulkhead: config create: ", done.stderr))


def test_examples_of_the_documentation(tmp_path):
    """The board and cell files that Documentation/configuration.md shows, and what it says of them.
    """
    text = (TOP / "Documentation/configuration.md").read_text()
    files = {}
    for example in re.findall(r"(?:^ {4}.*\n|^\n)+", text, re.MULTILINE):
        named = re.match(r"\n* {4}# (\w+\.conf)\n", example)
        if named:
            files[named[1]] = example.lstrip("\n")
            (tmp_path / named[1]).write_text(files[named[1]])
    assert list(files) == ["board.conf", "control.conf", "watch.conf"]
    done = tool("config", "check", *files, cwd=tmp_path)
    assert done.returncode == 0
    (warning,) = re.findall(r"^ {4}(watch.conf:\d+: warning: .*) \.\.\.$", text, re.MULTILINE)
    assert done.stderr.startswith(warning) and done.stderr.count("\n") == 1
