# SPDX-License-Identifier: GPL-2.0-only
"""`config check --live`: where the running machine is not what its board file says; on the host,
from copies of what Linux shows in /sys.
"""

import shutil

import pytest
from config_pci import BOARD, NONE, expect, put, write
from config_tool import tool

# Of the board's devices: maker, kind, and what Linux has of base addresses.
MACHINE = {
    "0000:00:03.0": ("8086", "100e", "0xfebc0000 0xfebdffff 0x40200\n0xc000 0xc03f 0x40101\n"),
    "0000:01:00.0": ("8086", "10d3", "0xfeb80000 0xfeb9ffff 0x40200\n" + NONE * 2 +
                     "0xfeba0000 0xfeba3fff 0x40200\n"),
    "0000:01:00.1": ("8086", "10d3", "0xfeba4100 0xfeba41ff 0x40200\n"),
}
# What of the machine is replaced, by what, and each complaint that follows as (line, words).
OTHERS = {
    "gone": ("0000:00:03.0", None, [(13, 'board.pci.devices[0] "nic": this machine has no function '
                                     "at 0000:00:03.0")]),
    "another": ("0000:01:00.1", ("1af4", "1041", ""),
                [(20, '"aux": this machine has 1af4:1041 at 0000:01:00.1')]),
    "size": ("0000:00:03.0", ("8086", "100e", "0xfebc0000 0xfebcffff 0x40200\n"
                              "0xc000 0xc03f 0x40101\n"),
             [(14, '"nic": this machine has { index = 0; at = 0xfebc0000; size = "64K"; }')]),
    "place": ("0000:00:03.0", ("8086", "100e", "0xfebc0000 0xfebdffff 0x40200\n"
                               "0xd000 0xd03f 0x40101\n"),
              [(14, '"nic": this machine has { index = 1; ports = "0xd000-0xd03f"; }')]),
    "kind": ("0000:01:00.1", ("8086", "10d3", "0xc100 0xc1ff 0x40101\n"),
             [(21, '"aux": this machine has { index = 0; ports = "0xc100-0xc1ff"; }')]),
    "more-and-less": ("0000:01:00.0", ("8086", "10d3", "0xfeb80000 0xfeb9ffff 0x40200\n" + NONE +
                                       "0xfea00000 0xfeafffff 0x40200\n"),
                      [(17, '"net": this machine has { index = 2; at = 0xfea00000; size = "1M"; }'),
                       (17, '"net": this machine has no BAR 3 there')]),
}


def machine(folder, functions):
    """What Linux shows of such a machine, anew."""
    shutil.rmtree(folder / "sys", ignore_errors=True)
    (folder / "sys/bus/pci/devices").mkdir(parents=True)
    for address, found in functions.items():
        if found:
            put(folder / "sys/bus/pci/devices" / address, vendor=f"0x{found[0]}\n",
                device=f"0x{found[1]}\n", resource=found[2])


def test_the_machine_of_the_board_is_good(tmp_path):
    """Nothing is said of it."""
    machine(tmp_path, MACHINE)
    files = write(tmp_path)
    done = tool("config", "check", "--live", "--proc", ".", *files, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "this machine" not in done.stderr


@pytest.mark.parametrize("case", OTHERS)
def test_what_differs_is_told(case, tmp_path):
    """With the line that is to be changed; and only where the machine is asked."""
    address, found, expected = OTHERS[case]
    machine(tmp_path, {**MACHINE, address: found})
    files = write(tmp_path)
    expect(tool("config", "check", "--live", "--proc", ".", *files, cwd=tmp_path), files[0],
           expected)
    assert tool("config", "check", *files, cwd=tmp_path).returncode == 0


def test_cores_are_the_machines(tmp_path):
    """Threads of one core, from the same place, and not as the board file has them."""
    machine(tmp_path, MACHINE)
    files = write(tmp_path, BOARD.replace("hypervisor =", 'siblings = ( "0,1", "2,3" );\n'
                                          "\thypervisor =", 1))
    words = "cell.cpus: CPU 3 and CPU {}, which Linux keeps, are threads of one core"
    assert words.format(2) in tool("config", "check", *files, cwd=tmp_path).stderr
    ask = ("config", "check", "--live", "--proc", ".", *files)
    assert "threads of one core" not in tool(*ask, cwd=tmp_path).stderr
    for cpu in (1, 3):
        put(tmp_path / f"sys/devices/system/cpu/cpu{cpu}/topology", thread_siblings_list="1,3\n")
    assert words.format(1) in tool(*ask, cwd=tmp_path).stderr


@pytest.mark.parametrize("setting, said, line", (
    ("", "Processor vulnerable\n", 1), ("itlb_multihit = false;", "Processor vulnerable\n", 3),
    ("itlb_multihit = true;", "Processor vulnerable\n", None), ("", "Not affected\n", None),
    ("itlb_multihit = false;", "Not affected\n", None),
    ('backend = "svm";', "Processor vulnerable\n", None)))
def test_linuxs_word_on_multihit(setting, said, line, tmp_path):
    """What the board does not say of a machine that has it is worth a warning."""
    machine(tmp_path, MACHINE)
    put(tmp_path / "sys/devices/system/cpu/vulnerabilities", itlb_multihit=said)
    files = write(tmp_path, BOARD.replace("physical_bits", f"{setting} physical_bits", 1))
    done = tool("config", "check", "--live", "--proc", ".", *files, cwd=tmp_path)
    words = f"{files[0]}:{line}: warning: board.itlb_multihit: should be true on this machine"
    assert done.returncode == 0, done.stderr
    assert ("itlb_multihit" in done.stderr, words in done.stderr) == (line is not None,) * 2
    assert "itlb_multihit" not in tool("config", "check", *files, cwd=tmp_path).stderr
