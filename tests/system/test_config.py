# SPDX-License-Identifier: GPL-2.0-only
"""The language of board files: `bulkhead config` on the host, without any machine.

Each bad file is the good one below with one text replaced; what must be complained about is written
down by hand with its line, and nothing else may be.
"""

import json
import os
import re
import struct
import zlib

import pytest
from built import TOP
from config_tool import BOCHS, tool

GOOD = """\
board = {
	name = "test";
	physical_bits = 40;
	pages_1g = true;
	cpus = "0-3";
	hypervisor = { phys = 0x38000000; size = "8M"; };
	cell_memory = (
		{ phys = 0x38800000; size = "8M"; },
		{ phys = 0x3a000000; size = "16M"; }
	);
	console = { type = "8250-port"; port = 0x2f8; baud = 115200; };
};
root = {
	on_fault = "report";
	memory = (
		{ name = "low"; phys = 0x0; size = "640K"; access = "rwx"; kind = "ram"; },
		{ name = "vga"; phys = 0xa0000; size = "128K"; access = "rw"; kind = "device"; },
		{ name = "main"; phys = 0x100000; size = "895M"; access = "rwx"; kind = "ram"; },
		{ name = "high"; phys = 0x100000000; size = "1G"; access = "rwx"; kind = "ram"; }
	);
	ports = ( "0x20-0x21",
		"0x40-0x43",
		0x80,
		"0x3f8-0x3ff" );
	msrs = ( "0xc90-0xc9f", 0x1a4 );
};
"""

CONSOLE = '{ type = "8250-port"; port = 0x2f8; baud = 115200; }'
VGA = 'phys = 0xa0000; size = "128K"'

# What is replaced, by what, and each complaint as (line, words in it); line 0 is the whole file.
BAD = {
    # Syntax.
    "missing-brace": ("};\nroot", "\nroot", [(1, "the { that is open here is not closed")]),
    "end-of-file": ("};\n", "", [(13, "the { that is open here is not closed")]),
    "crossed": ("640K\"; access = \"rwx\"; kind = \"ram\"; }", "640K\"; )",
                [(16, "the { that is open here meets a ) in line 16 first")]),
    "stray-bracket": ("\tcpus", "}; }; \tcpus", [(5, "nothing is open that could be closed")]),
    "stray-word": ("on_fault = ", "on_fault == ", [(14, 'in or before: on_fault == "report"')]),
    "list-comma": ('"16M"; }\n', '"16M"; },\n', [(10, "syntax error")]),
    "string-end": ('"test"', '"test', [(2, "the string that starts here has no end")]),
    "comment-end": ("physical_bits", "/* physical_bits", [(3, "comment that starts here has no")]),
    "twice": ("pages_1g = true", "pages_1g = true; cpus = \"1\"", [(5, "duplicate setting name")]),
    "include": ("\tname", '@include "other.conf"\n\tname', [(2, "@include is not possible")]),
    "bare-size": ('"8M"; };', "8M; };", [(6, 'stands in quotes: "8M"')]),
    "bare-range": ('"0-3"', "0-3", [(5, 'stands in quotes: "0-3"')]),
    "empty": (GOOD, "", [(0, '"board" is missing'), (0, '"root" is missing')]),
    # Unknown, missing, of a wrong type.
    "no-root": (GOOD[GOOD.index("root"):], "", [(0, '"root" is missing')]),
    "unknown-group": ("root = {", "cell = { };\nroot = {",
                      [(13, "cell: unknown setting; there are: board, root")]),
    "unknown-near": ("on_fault", "onfault",
                     [(14, 'root.onfault: unknown setting; did you mean "on_fault"?')]),
    "unknown-far": ("on_fault", "colour",
                    [(14, "root.colour: unknown setting; there are: on_fault, memory, ports")]),
    "unknown-in-list": ("name = \"vga\"; ", "nam = \"vga\"; ",
                        [(17, 'root.memory[1].nam: unknown setting; did you mean "name"?'),
                         (17, 'root.memory[1]: "name" is missing: a name such as')]),
    "no-name": ('\tname = "test";', "", [(1, 'board: "name" is missing')]),
    "no-bits": ("\tphysical_bits = 40;", "", [(1, '"physical_bits" is missing: the width')]),
    "no-cpus": ('\tcpus = "0-3";', "", [(1, '"cpus" is missing: a set of CPUs such as "0-3"')]),
    "no-hypervisor": ('\thypervisor = { phys = 0x38000000; size = "8M"; };', "",
                      [(1, 'board: "hypervisor" is missing')]),
    "no-console": ("\tconsole = " + CONSOLE + ";", "", [(1, 'board: "console" is missing')]),
    "no-size": ('0x38000000; size = "8M"', "0x38000000",
                [(6, 'board.hypervisor: "size" is missing: a size such as "8M"')]),
    "no-ports": (GOOD[GOOD.index("\tports"):GOOD.index("\tmsrs")], "",
                 [(13, 'root: "ports" is missing')]),
    "no-kind": (' kind = "device";', "", [(17, 'root.memory[1]: "kind" is missing: "ram" or')]),
    "name-number": ('"test"', "5", [(2, "board.name: is a number, must be a name")]),
    "bits-float": ("40;", "40.0;", [(3, "is a number with a fraction, must be the width")]),
    "backend": ("pages_1g = true", 'backend = "swm"',
                [(4, 'board.backend: "swm" is unknown; did you mean "svm"?')]),
    "backend-number": ("pages_1g = true", "backend = 1",
                       [(4, 'board.backend: is a number, must be "vmx" or "svm"')]),
    "backend-msr": ('"0xc90-0xc9f"', "0xc0010062",
                    [(25, "root.msrs[0]: MSR 0xc0010062 is given to no cell")]),
    "flag-number": ("true", "1", [(4, "board.pages_1g: is a number, must be true or false")]),
    "multihit-word": ("pages_1g = true", 'itlb_multihit = "yes"',
                      [(4, "board.itlb_multihit: is a string, must be true or false")]),
    "multihit-number": ("pages_1g = true", "itlb_multihit = 0",
                        [(4, "board.itlb_multihit: is a number, must be true or false")]),
    "cpus-number": ('"0-3"', "3", [(5, "board.cpus: is a number, must be a set of CPUs")]),
    "group-string": ("console = " + CONSOLE, 'console = "none"',
                     [(11, "board.console: is a string, must be a group")]),
    "list-group": ('cell_memory = (\n\t\t{ phys = 0x38800000; size = "8M"; },\n'
                   '\t\t{ phys = 0x3a000000; size = "16M"; }\n\t)', "cell_memory = { }",
                   [(7, "board.cell_memory: is a group, must be a list")]),
    "element-string": ('{ phys = 0x38800000; size = "8M"; }', '"8M"',
                       [(8, "board.cell_memory[0]: is a string, must be a group")]),
    "size-list": ('"640K"', "( 640 )", [(16, "root.memory[0].size: is a list, must be a size")]),
    "port-flag": ("0x80,", "true,", [(23, "root.ports[2]: is true or false, must be ports")]),
    # Values that cannot be read.
    "size-unit": ('"640K"', '"640Q"', [(16, '"640Q" is not understood, must be a size')]),
    "size-empty": ('"640K"', '""', [(16, '"" is not understood')]),
    "size-sign": ('"640K"', '"-640K"', [(16, '"-640K" is not understood')]),
    "size-wide": ('"640K"', '"99999999999T"', [(16, '"99999999999T" is not understood')]),
    "size-negative": ('"640K"', "-4096", [(16, "-4096 is negative, must be a size")]),
    "number-wide": ("phys = 0xa0000", "phys = 0x1ffffffffffffffff",
                    [(17, '"0x1ffffffffffffffff" is not understood, must be an address')]),
    "address-unit": ("phys = 0xa0000", 'phys = "640K"', [(17, '"640K" is not understood')]),
    "bits-wide": ("40;", "0x100000028;", [(3, "4294967336 is too large")]),
    "name-long": ('"vga"', '"' + 32 * "v" + '"', [(17, "has 32 characters, at most 31 fit")]),
    "access-letter": ('"rw"', '"rq"', [(17, "letter 'q' is unknown, must be letters of \"rwx\"")]),
    "access-twice": ('"rw"', '"rwr"', [(17, "letter 'r' is there twice")]),
    "access-empty": ('"rw"', '""', [(17, "root.memory[1].access: is empty")]),
    "kind-near": ('"device"', '"devise"', [(17, '"devise" is unknown; did you mean "device"?')]),
    "kind-far": ('"device"', '"flash"', [(17, '"flash" is unknown, must be "ram" or')]),
    "policy": ('"report"', '"ignore"', [(14, '"ignore" is unknown, must be "report" or "stop"')]),
    "cpus-text": ('"0-3"', '"all"', [(5, '"all" is not understood, must be a set of CPUs')]),
    "cpus-comma": ('"0-3"', '"0,,3"', [(5, '"0,,3" is not understood')]),
    "cpus-backwards": ('"0-3"', '"3-0"', [(5, '"3-0" runs backwards at CPU 0')]),
    "cpus-twice": ('"0-3"', '"0-3,2"', [(5, '"0-3,2" names CPU 2 twice')]),
    "cpus-high": ('"0-3"', '"0-256"', [(5, "CPU 256 is too high: at most 256")]),
    "port-high": ('"0x40-0x43"', '"0xfff0-0x10000"', [(22, "0x10000 is too high, the last one")]),
    "port-text": ('"0x40-0x43"', '"0x40..0x43"', [(22, '"0x40..0x43" is not understood')]),
    "msr-high": ("0x1a4", "0x1000001a4", [(25, "root.msrs[1]: 0x1000001a4 is too high")]),
    "baud": ("115200", "14401", [(11, "board.console.baud: 14401 does not divide 115200")]),
    "baud-zero": ("115200", "0", [(11, "0 does not divide 115200")]),
    # Values that make no sense.
    "name-space": ('"vga"', '"v ga"', [(17, 'root.memory[1] "v ga": a name has letters')]),
    "name-empty": ('"test"', '""', [(2, "board.name: the name is empty")]),
    "bits-few": ("40;", "31;", [(3, "physical addresses of 31 bits do not exist: 32 to 52")]),
    "bits-many": ("40;", "53;", [(3, "physical addresses of 53 bits do not exist")]),
    "too-wide": ("40;", "32;", [(19, "reaches to 0x13fffffff, but with 32 physical bits "
                                 "0xffffffff is the last address")]),
    "unaligned": (VGA, 'phys = 0xa0010; size = "64K"',
                  [(17, "phys 0xa0010 is no multiple of 4K: use 0xa0000 or 0xa1000")]),
    "unaligned-size": (VGA, "phys = 0xa0000; size = 1000",
                       [(17, "size 0x3e8 is no multiple of 4K: use 0x0 or 0x1000")]),
    "unaligned-2m": ("0x38000000; size = \"8M\"", "0x38100000; size = \"1M\"",
                     [(6, "phys 0x38100000 is no multiple of 2M: use 0x38000000 or 0x38200000")]),
    "zero": ('"640K"', "0", [(16, 'root.memory[0] "low": size is 0')]),
    "wraps": ("phys = 0x100000000", "phys = 0xfffffffffffff000",
              [(19, "run past the last 64-bit address")]),
    "hypervisor-huge": ('phys = 0x38000000; size = "8M"', 'phys = 0x200000000; size = "2G"',
                        [(6, "0x80000000 bytes are more than the 1G")]),
    "overlap": ('"640K"', '"644K"', [(17, 'root.memory[1] "vga": overlaps root.memory[0] "low" '
                                      "(FILE:16) at 0xa0000")]),
    "overlap-hypervisor": ('"895M"', '"896M"', [(18, 'root.memory[2] "main": overlaps '
                                                 "board.hypervisor (FILE:6) at 0x38000000; no")]),
    "overlap-cell-memory": ("phys = 0x100000;", "phys = 0x3af00000;",
                            [(18, 'root.memory[2] "main": overlaps board.cell_memory[1] (FILE:9) '
                              "at 0x3af00000")]),
    "cell-memory-hypervisor": ('"8M"; };', '"9M"; };',
                               [(8, "board.cell_memory[0]: overlaps board.hypervisor (FILE:6) "
                                 "at 0x38800000; no cell may")]),
    "cell-memory-twice": ("0x3a000000", "0x38f00000",
                          [(9, "board.cell_memory[1]: overlaps board.cell_memory[0] (FILE:8) "
                            "at 0x38f00000")]),
    "apic": (VGA, 'phys = 0xfec00000; size = "4M"',
             [(17, "overlaps the local APIC's range at 0xfee00000; leave that range out")]),
    "apic-messages": (VGA, 'phys = 0xfee02000; size = "4K"',
                      [(17, "overlaps the local APIC's range at 0xfee02000; leave")]),
    "name-twice": ('"high"', '"vga"', [(19, 'has the name of root.memory[1] "vga" (FILE:17)')]),
    "write-only": ('"rw"', '"w"', [(17, 'access without "r": the processor refuses')]),
    "no-ram": ('kind = "ram"', 'kind = "device"', [(15, "root.memory: has no region of kind")]),
    "ports-twice": ("0x80,", "0x43,", [(23, "root.ports[2]: overlaps root.ports[1] (FILE:22) "
                                        "at 0x43")]),
    "ports-backwards": ('"0x40-0x43"', '"0x43-0x40"',
                        [(22, 'root.ports[1]: runs backwards: use "0x40-0x43"')]),
    "ports-console": ("0x80,", "0x2fa,",
                      [(23, "root.ports[2]: overlaps board.console.port (FILE:11) at 0x2fa; "
                        "leave out 0x2f8-0x2ff")]),
    "msrs-twice": ("0x1a4", "0xc9f", [(25, "root.msrs[1]: overlaps root.msrs[0] (FILE:25) at")]),
    "msr-dangerous": ("0x1a4", "0x79", [(25, "root.msrs[1]: MSR 0x79 is given to no cell")]),
    "msrs-backwards": ('"0xc90-0xc9f"', '"0xc9f-0xc90"', [(25, "root.msrs[0]: runs backwards")]),
    # Consoles and tests.
    "console-type": ('"8250-port"', '"8250"',
                     [(11, '"8250" is unknown, must be "8250-port", "8250-mmio" or "none"')]),
    "console-near": ('"8250-port"', '"8250-prot"', [(11, 'did you mean "8250-port"?')]),
    "console-no-port": ("port = 0x2f8; ", "", [(11, 'board.console: "port" is missing')]),
    "console-stride": ("baud", "stride = 4; baud",
                       [(11, "board.console.stride: a console of this type has no stride")]),
    "console-none": ('"8250-port"', '"none"',
                     [(11, "board.console.port: a console of this type has no port"),
                      (11, "board.console.baud: a console of this type has no baud")]),
    "console-no-address": (CONSOLE, '{ type = "8250-mmio"; }',
                           [(11, 'board.console: "address" is missing')]),
    "console-high": ("0x2f8", "0xfffc", [(11, "an 8250 at port 0xfffc would end behind")]),
    "mmio-stride": (CONSOLE, '{ type = "8250-mmio"; address = 0xfe030000; stride = 2; }',
                    [(11, "registers 2 bytes apart: 1 or 4 are possible")]),
    "mmio-two-pages": (CONSOLE, '{ type = "8250-mmio"; address = 0xfe030ff0; stride = 4; }',
                       [(11, "the registers at 0xfe030ff0 reach into a second page")]),
    "mmio-region": (CONSOLE, '{ type = "8250-mmio"; address = 0xa0000; }',
                    [(17, 'root.memory[1] "vga": overlaps board.console.address (FILE:11) at')]),
    "test-stage": ("pages_1g = true;", 'pages_1g = true; test = { stage = "vmxoff"; cpu = 2; };',
                   [(4, '"vmxoff" is unknown; did you mean "vmxon"?')]),
    "test-cpu": ("pages_1g = true;", 'pages_1g = true; test = { stage = "vmxon"; cpu = 4; };',
                 [(4, "board.test.cpu: names a CPU that is none of board.cpus (FILE:5) (4)")]),
    # Several at once; what follows from a broken setting alone is not complained about.
    "several": (GOOD[:GOOD.index("\tcell")],
                'board = {\n\tnme = "x";\n\tphysical_bits = 60;\n\n\tcpus = "9-";\n'
                '\thypervisor = { phys = 0x38000001; size = "8Z"; };\n',
                [(1, 'board: "name" is missing'),
                 (2, 'board.nme: unknown setting; did you mean "name"?'),
                 (3, "physical addresses of 60 bits"),
                 (5, '"9-" is not understood'),
                 (6, '"8Z" is not understood'),
                 (6, "phys 0x38000001 is no multiple of 2M")]),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_file_refused(case, tmp_path):
    """Every complaint has file and line and the words, and there is no other."""
    old, new, expected = BAD[case]
    assert old in GOOD
    count = GOOD.count(old) if case == "no-ram" else 1
    text = GOOD[::-1].replace(old[::-1], new[::-1], 1)[::-1] if case == "end-of-file" else \
        GOOD.replace(old, new, count)
    (tmp_path / "bad.conf").write_text(text)
    done = tool("config", "check", "bad.conf", cwd=tmp_path)
    *complaints, last = done.stderr.splitlines()
    assert done.returncode == 1 and done.stdout == ""
    assert len(complaints) == len(expected), done.stderr
    for complaint, (line, words) in zip(complaints, expected):
        assert complaint.startswith(f"bad.conf:{line}: " if line else "bad.conf: "), done.stderr
        assert words.replace("FILE", "bad.conf") in complaint, done.stderr
    many = "" if len(expected) == 1 else "s"
    assert last == f"bad.conf: {len(expected)} complaint{many}"


def test_enough_bad_files():
    """The table is not lost by accident."""
    assert len(BAD) >= 60


GOOD_CHANGES = {
    "as-it-is": ("", ""),
    "svm": ("pages_1g = true;", 'pages_1g = true; backend = "svm";'),
    "no-1g": ("\tpages_1g = true;", ""),
    "false-1g": ("true", "false"),
    "multihit": ("pages_1g = true;", "itlb_multihit = true;"),
    "no-multihit": ("pages_1g = true;", "itlb_multihit = false;"),
    "stop": ('"report"', '"stop"'),
    "default-policy": ('\ton_fault = "report";', ""),
    "hex-size": ('"640K"', "0xa0000"),
    "decimal": ('"640K"', "655360"),
    "string-address": ("phys = 0x100000000", 'phys = "0x100000000"'),
    "suffix": ("phys = 0x100000000", "phys = 0x100000000L"),
    "decimal-above-4g": ("phys = 0x100000000", "phys = 4294967296"),
    "above-2g": ("phys = 0x100000000", "phys = 0x80000000"),
    "no-cell-memory": (GOOD[GOOD.index("\tcell_memory"):GOOD.index("\tconsole")], ""),
    "no-msrs": ('\tmsrs = ( "0xc90-0xc9f", 0x1a4 );', ""),
    "empty-lists": ('( "0xc90-0xc9f", 0x1a4 )', "( )"),
    "array": ('( "0xc90-0xc9f", 0x1a4 )', '[ "0xc90-0xc9f", "0x1a4" ]'),
    "no-baud": (" baud = 115200;", ""),
    "slow": ("115200", "9600"),
    "none": (CONSOLE, '{ type = "none"; }'),
    "mmio": (CONSOLE, '{ type = "8250-mmio"; address = 0xfe030000; stride = 4; baud = 57600; }'),
    "mmio-bytes": (CONSOLE, '{ type = "8250-mmio"; address = 0xfe0303f8; }'),
    "test": ("true;", 'true; test = { stage = "vmxon"; cpu = 2; };'),
    "cpus": ('"0-3"', '"0,2,5-7,255"'),
    "comments": ("pages_1g", "# 8M and @include\n// 4K\n/* 0x5z \" */ pages_1g"),
}


@pytest.mark.parametrize("case", GOOD_CHANGES)
def test_good_file_taken(case, tmp_path):
    """Nothing to say against it, and it can be shown, mapped and compiled."""
    old, new = GOOD_CHANGES[case]
    assert old in GOOD
    board = tmp_path / "good.conf"
    board.write_text(GOOD.replace(old, new, 1))
    for command in (["check"], ["show"], ["show", "--json"], ["map"], ["map", "--json"],
                    ["compile", "-o", tmp_path / "blob"]):
        done = tool("config", *command, board)
        assert (done.returncode, done.stderr) == (0, ""), command
        if "--json" in command:
            assert json.loads(done.stdout)


def compiled(text, tmp_path):
    """The blob of a board file."""
    (tmp_path / "x.conf").write_text(text)
    done = tool("config", "compile", "-o", "x.bin", "x.conf", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    return (tmp_path / "x.bin").read_bytes()


def test_blob_says_what_the_file_says(tmp_path):
    """Header, check sum and values, read here by the layout in include/bulkhead/config.h."""
    blob = compiled(GOOD, tmp_path)
    magic, version, size, crc, reserved = struct.unpack_from("<8s4I", blob)
    assert (magic, version, size, reserved) == (b"BULKHEAD", 5, len(blob), 0)
    assert crc == zlib.crc32(blob[:16] + bytes(4) + blob[20:])
    cell = "32s4Q2IQ IIQII 6I"
    board = struct.unpack_from("<32s2Q IIQII II II QII Q 4I " + cell, blob, 24)
    assert board[0].rstrip(b"\0") == b"test"
    assert board[1:3] == (0x38000000, 8 << 20)
    assert board[3:8] == (1, 1, 0x2f8, 1, 0)
    # width, flags, no test, no MMCONFIG, no HPET; two pools, no IOAPIC, no device
    assert board[8:20] == (40, 1, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0)
    assert board[20].rstrip(b"\0") == b"root"
    assert board[21:28] == (15, 0, 0, 0, 0, 0, 0)
    assert board[28:] == (0, 0, 0, 0, 0, 4, 4, 2, 0, 0, 0)
    at = 24 + struct.calcsize("<32s2Q IIQII II II QII Q 4I " + cell)
    assert struct.unpack_from("<4Q", blob, at) == (0x38800000, 8 << 20, 0x3a000000, 16 << 20)
    at += 32
    assert struct.unpack_from("<32s3Q4I", blob, at + 3 * 72) == \
        (b"high".ljust(32, b"\0"), 1 << 32, 1 << 32, 1 << 30, 7, 0, 0, 0)
    at += 4 * 72
    assert struct.unpack_from("<8H", blob, at) == (0x20, 0x21, 0, 0, 0x40, 0x43, 0, 0)
    assert struct.unpack_from("<4I", blob, len(blob) - 16) == (0xc90, 0xc9f, 0x1a4, 0x1a4)


def test_numbers_have_64_bits(tmp_path):
    """libconfig would cut them to 32 without a word."""
    text = GOOD.replace("phys = 0x100000000", "phys = 0xfe80000000")
    assert struct.pack("<Q", 0xfe80000000) in compiled(text, tmp_path)


def test_order_in_the_file_does_not_matter_to_show(tmp_path):
    """show lists by address and names what lies between."""
    (tmp_path / "x.conf").write_text(GOOD)
    shown = json.loads(tool("config", "show", "--json", "x.conf", cwd=tmp_path).stdout)
    memory = shown["memory"]
    assert [int(part["first"], 16) for part in memory[1:]] == \
        [int(part["last"], 16) + 1 for part in memory[:-1]]
    assert int(memory[-1]["last"], 16) == (1 << 40) - 1
    owners = {part.get("name"): part["owner"] for part in memory}
    assert owners["low"] == "root" and owners["local-apic"] == "hypervisor"
    assert next(part["size"] for part in memory if part.get("name") == "local-apic") == 1 << 20
    assert owners["set-aside"] == "cells" and owners[None] == "nobody"
    assert sum(part["size"] for part in shown["ports"]) == 65536


def test_map_counts_tables():
    """The tables of the Bochs board, counted by hand from its regions."""
    root = json.loads(tool("config", "map", "--json", BOCHS).stdout)["root"]
    # 2M tables for 0-1G and 3-4G; 4K tables below 2M, for the ring, around 0x3fe00000, 0xfec00000
    # (twice) and at the top for the BIOS.
    assert [level["tables"] for level in root["levels"]] == [1, 1, 2, 6]
    assert root["pages"] == 10
    assert root["walk_references"] == 24
    main = next(part for part in root["mappings"] if part["name"] == "main")
    assert (main["pages_1g"], main["pages_2m"], main["pages_4k"]) == (0, 447, 256)
    apic = next(part for part in root["mappings"] if part["name"] == "local-apic")
    assert apic["access"] == "r--" and apic["type"] == "uncached"


def test_map_without_4k_pages_is_shorter(tmp_path):
    """Regions of whole gigabytes need one level less than two."""
    text = re.sub(r"\t\t\{ name = \"(low|vga|main)\".*\n", "", GOOD)
    (tmp_path / "x.conf").write_text(text)
    for flag, pages in (("true", (1, 0)), ("false", (0, 512))):
        (tmp_path / "x.conf").write_text(text.replace("true", flag))
        root = json.loads(tool("config", "map", "--json", "x.conf", cwd=tmp_path).stdout)["root"]
        high = root["mappings"][0]
        assert (high["pages_1g"], high["pages_2m"]) == pages


@pytest.mark.parametrize("path, words", [
    ("missing.conf", "cannot be opened: No such file or directory"),
    (".", "cannot be read: Is a directory"),
    ("/dev/zero", "has a megabyte or more"),
    ("/bin/true", "is no text: byte"),
])
def test_no_such_board(path, words, tmp_path):
    """Files that are not there or are something else."""
    done = tool("config", "check", path, cwd=tmp_path)
    assert done.returncode == 1
    assert done.stderr.startswith(f"{path}: {words}"), done.stderr


def test_unreadable_board(tmp_path):
    """A file without permission; root may read all, so as somebody else."""
    if os.geteuid() == 0:
        pytest.skip("root may read every file")
    (tmp_path / "x.conf").write_text(GOOD)
    (tmp_path / "x.conf").chmod(0)
    done = tool("config", "check", "x.conf", cwd=tmp_path)
    assert done.returncode == 1 and "cannot be opened: Permission denied" in done.stderr


def test_several_files(tmp_path):
    """One bad file among good ones is told apart, and makes the status 1."""
    (tmp_path / "good.conf").write_text(GOOD)
    (tmp_path / "bad.conf").write_text(GOOD.replace("40;", "90;"))
    done = tool("config", "check", "good.conf", "bad.conf", "good.conf", cwd=tmp_path)
    assert done.returncode == 1
    assert done.stdout.count('good.conf: good: board "test", 4 CPUs, 4 regions') == 2
    assert done.stderr.count("bad.conf:") == 2


def test_bad_file_leaves_no_blob(tmp_path):
    """compile, show and map refuse as check does, and write nothing."""
    (tmp_path / "bad.conf").write_text(GOOD.replace("40;", "90;"))
    for command in (["compile", "-o", "x.bin"], ["show"], ["map"]):
        done = tool("config", *command, "bad.conf", cwd=tmp_path)
        assert done.returncode == 1 and done.stdout == ""
        assert "bad.conf:3: " in done.stderr
    assert not (tmp_path / "x.bin").exists()


@pytest.mark.parametrize("arguments", [
    [], ["check"], ["frobnicate"], ["show", BOCHS, BOCHS], ["show", "--frobnicate", BOCHS],
    ["compile", BOCHS], ["check", "--json", BOCHS],
])
def test_wrong_usage(arguments):
    """Status 2 and a word on standard error."""
    done = tool("config", *arguments)
    assert done.returncode == 2 and done.stderr and done.stdout == ""


@pytest.mark.parametrize("arguments", [[], ["check"], ["show"], ["map"], ["compile"]])
def test_help(arguments):
    """Help for the verb and each of its actions."""
    done = tool("config", *arguments, "--help")
    assert done.returncode == 0 and done.stdout.startswith("Usage: bulkhead config")


def test_map_refuses_what_is_no_image(tmp_path):
    """An image that is none, or is not there, is named."""
    done = tool("config", "map", "--image", BOCHS, BOCHS)
    assert done.returncode == 1 and f"{BOCHS}: is no image" in done.stderr
    done = tool("config", "map", "--image", tmp_path / "nothing", BOCHS)
    assert done.returncode == 1 and "nothing: No such file" in done.stderr


def test_boards_of_the_tree():
    """Every board that comes with Bulkhead is good, and those with devices have cells for them."""
    boards = [path for path in sorted((TOP / "configs/boards").glob("*/*.conf"))
              if re.search(r"^board = {", path.read_text(), re.MULTILINE)]
    assert len(boards) >= 8
    for board in boards:
        done = tool("config", "check", board)
        assert (done.returncode, done.stderr) == (0, ""), board
        if not board.stem.endswith("devices"):
            continue
        for cell in ("nic", *(["edu"] if 'name = "edu"' in board.read_text() else [])):
            done = tool("config", "check", board, board.parent / f"{cell}.conf")
            # Of what nothing stands before, it warns; elsewhere that nothing is accepted.
            words = "NO IOMMU STANDS" if board.stem == "devices" else "has no effect on this board"
            assert done.returncode == 0 and done.stderr.count("\n") == 1, done
            assert f"warning: cell.unprotected_dma: {words}" in done.stderr, done
