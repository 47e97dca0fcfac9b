# SPDX-License-Identifier: GPL-2.0-only
"""A board and two cells that are good together, and two hundred ways to spoil one of the cells.

Each case is a small edit of one file: what is replaced, by what, and each complaint that follows as
(line, words) or (file, line, words). Line 0 is the whole file. They are written down by hand.
"""

BOARD = """\
board = {
	name = "test";
	physical_bits = 40;
	pages_1g = true; hpet = { at = 0xfed00000; };
	cpus = "0-7";
	siblings = ( "0,4", "1,5", "2,6", "3,7" );
	hypervisor = { phys = 0x38000000; size = "8M"; };
	cell_memory = (
  { phys = 0x38800000; size = "24M"; },
  { phys = 0x3b000000; size = "16M"; }
	);
	console = { type = "8250-port"; port = 0x2f8; baud = 115200; };
};
root = {
	memory = (
  { name = "low"; phys = 0x0; size = "640K"; access = "rwx"; kind = "ram"; },
  { name = "main"; phys = 0x100000; size = "895M"; access = "rwx"; kind = "ram"; },
  { name = "ring"; phys = 0x3bf00000; size = "64K"; access = "rw"; kind = "ram"; shared = true; },
  { name = "timer"; phys = 0xfed00000; size = "4K"; access = "rw"; kind = "device"; lent = true; },
  { name = "card"; phys = 0xf0000000; size = "1M"; access = "rw"; kind = "device"; }
	);
	ports = ( "0x20-0x21",
		"0x40-0x43",
		"0x3f8-0x3ff" );
};
"""

OTHER = """\
cell = {
	name = "net1";
	cpus = "3,7";
	console = "log";
	memory = (
  { name = "ram"; phys = 0x39000000; at = 0x0; size = "4M"; access = "rwx"; loadable = true; },
  { name = "mail"; phys = 0x3be00000; at = 0x800000; size = "8K"; access = "r"; shared = true; },
  { name = "lan"; phys = 0xe0000000; size = "128K"; access = "rw"; kind = "device"; }
	);
	ports = ( "0x310-0x31f" );
};
"""

CELL = """\
cell = {
	name = "rt0";
	cpus = "2,6";
	on_fault = "stop";
	locked = true;
	start = "entry";
	entry = 0x10000;
	console = { type = "8250-port"; port = 0x3e8; baud = 115200; };
	memory = (
  { name = "ram"; phys = 0x38800000; at = 0x0; size = "2M"; access = "rwx"; loadable = true; },
  { name = "data"; phys = 0x38a00000; at = 0x400000; size = "64K"; access = "rw"; },
  { name = "ring"; phys = 0x3bf00000; at = 0x600000; size = "64K"; access = "rw"; shared = true; },
  { name = "mail"; phys = 0x3be00000; at = 0x500000; size = "8K"; access = "rw"; shared = true; },
  { name = "timer"; phys = 0xfed00000; size = "4K"; access = "rw"; kind = "device"; },
  { name = "regs"; phys = 0xfed40010; size = 16; access = "rw"; kind = "device"; },
  { name = "comm"; kind = "comm"; at = 0xfef00000; size = "4K"; access = "rw"; }
	);
	ports = ( "0x3e8-0x3ef",
		0x300 );
	msrs = ( "0xc90-0xc9f", 0x1a4 );
};
"""

CONSOLE = '{ type = "8250-port"; port = 0x3e8; baud = 115200; }'
MEMORY = CELL[CELL.index("\tmemory"):CELL.index("\tports")]
DATA = 'phys = 0x38a00000; at = 0x400000; size = "64K"; access = "rw"'
COMM = 'kind = "comm"; at = 0xfef00000; size = "4K"; access = "rw"'
REGS = "phys = 0xfed40010; size = 16"
TIMER = 'phys = 0xfed00000; size = "4K"; access = "rw"'
RING = 'phys = 0x3bf00000; at = 0x600000; size = "64K"; access = "rw"; shared = true'
MAIL = 'phys = 0x3be00000; at = 0x500000; size = "8K"; access = "rw"; shared = true'
SETTINGS = "name, cpus, on_fault, locked, start, entry, console, memory, ports, msrs"
REGION = "name, phys, at, size, access, kind, shared, loadable"

# What the parser cannot read.
SYNTAX = {
    "end-of-file": ("\n};\n", "\n", [(1, "the { that is open here is not closed")]),
    "open-region": ("loadable = true; }", "loadable = true;",
                    [(10, "the { that is open here meets a ) in line 17 first")]),
    "open-list": ("\tmemory = (", "\tmemory = ",
                  [(1, "the { that is open here meets a ) in line 17")]),
    "crossed": ("0x300 )", "0x300 }", [(18, "the ( that is open here meets a } in line 19")]),
    "stray-end": ("cell = {", "}; cell = {", [(1, "nothing is open that could be closed here")]),
    "stray-word": ("locked = true", "locked true", [(5, "in or before: locked true;")]),
    "no-value": ("entry = 0x10000", "entry =", [(7, "syntax error in or before: entry =;")]),
    "last-comma": ("0x1a4 )", "0x1a4, )", [(20, "syntax error")]),
    "no-comma": ('loadable = true; },', 'loadable = true; }', [(11, "syntax error")]),
    "string-end": ('"rt0"', '"rt0', [(2, "the string that starts here has no end in its line")]),
    "comment-end": ("cell", "/* cell", [(1, "the comment that starts here has no end: */")]),
    "twice": ("locked = true", 'locked = true; name = "x"', [(5, "duplicate setting name")]),
    "twice-in-region": (DATA, DATA + "; size = 4096", [(11, "duplicate setting name")]),
    "include": ("cell", '@include "rt0.inc"\ncell', [(1, "@include is not possible")]),
    "bare-size": ('"2M"', "2M", [(10, 'a number with a unit, or a range, stands in quotes: "2M"')]),
    "bare-cpus": ('"2,6"', "4-6", [(3, 'stands in quotes: "4-6"')]),
    "bare-ports": ('"0x3e8-0x3ef"', "0x3e8-0x3ef", [(18, 'in quotes: "0x3e8-0x3ef"')]),
    "deep": ("0x1a4", 40 * "(" + 40 * ")", [(20, "brackets nest too deep")]),
}

# Settings that there are not, or that are missing.
NAMES = {
    "empty": (CELL, "", [(0, '"cell" is missing: a group that describes a cell')]),
    "two-groups": ("cell = {", "test = { };\ncell = {",
                   [(1, "test: unknown setting; there are: cell")]),
    "cells": ("cell = {", "cells = {",
              [(0, '"cell" is missing'), (1, 'cells: unknown setting; did you mean "cell"?')]),
    "near": ("on_fault", "onfault",
             [(4, 'cell.onfault: unknown setting; did you mean "on_fault"?')]),
    "near-cpu": ("\tcpus", "\tcpu", [(1, 'cell: "cpus" is missing: a set of CPUs such as "3"'),
                                     (3, 'cell.cpu: unknown setting; did you mean "cpus"?')]),
    "near-locked": ("locked", "lock", [(5, 'did you mean "locked"?')]),
    "near-entry": ("\tentry", "\tenter",
                   [(7, 'cell.enter: unknown setting; did you mean "entry"?')]),
    "near-ports": ("\tports", "\tport", [(8, "the cell has not its ports"),
                                        (18, 'cell.port: unknown setting; did you mean "ports"?')]),
    "near-msrs": ("msrs", "msr", [(20, 'cell.msr: unknown setting; did you mean "msrs"?')]),
    "far": ("locked", "colour", [(5, f"cell.colour: unknown setting; there are: {SETTINGS}")]),
    "board-setting": ("locked = true", 'hypervisor = { phys = 0; size = "2M"; }',
                      [(5, f"cell.hypervisor: unknown setting; there are: {SETTINGS}")]),
    "near-region": ("loadable", "loadble",
                    [(10, 'cell.memory[0].loadble: unknown setting; did you mean "loadable"?')]),
    "near-shared": ("shared", "share",
                    [(12, 'cell.memory[2].share: unknown setting; did you mean "shared"?')]),
    "far-region": ("loadable", "cacheable",
                   [(10, f"cell.memory[0].cacheable: unknown setting; there are: {REGION}")]),
    "lent-region": ("loadable = true", "lent = true",
                    [(10, f"cell.memory[0].lent: unknown setting; there are: {REGION}")]),
    "near-console": ("baud", "bauds",
                     [(8, 'cell.console.bauds: unknown setting; did you mean "baud"?')]),
    "far-console": ("baud", "parity", [(8, "cell.console.parity: unknown setting; there are: "
                                        "type, port, address, stride, baud")]),
    "no-name": ('\tname = "rt0";', "", [(1, 'cell: "name" is missing: a name such as "rt0"')]),
    "no-cpus": ('\tcpus = "2,6";', "", [(1, 'cell: "cpus" is missing: a set of CPUs')]),
    "no-memory": (MEMORY, "", [(1, 'cell: "memory" is missing: a list of groups')]),
    "no-region-name": ('name = "data"; ', "", [(11, 'cell.memory[1]: "name" is missing')]),
    "no-phys": ("phys = 0x38a00000; ", "", [(11, 'cell.memory[1]: "phys" is missing: an address')]),
    "no-device-phys": ("phys = 0xfed00000; ", "", [(14, 'cell.memory[4]: "phys" is missing')]),
    "no-size": (DATA, 'phys = 0x38a00000; at = 0x400000; access = "rw"',
                [(11, 'cell.memory[1]: "size" is missing: a size such as "8M"')]),
    "no-access": (DATA, 'phys = 0x38a00000; at = 0x400000; size = "64K"',
                  [(11, 'cell.memory[1]: "access" is missing: letters of "rwx"')]),
    "comm-no-at": (" at = 0xfef00000;", "",
                   [(16, 'cell.memory[6]: "at" is missing: where the cell sees its')]),
    "comm-no-size": ('at = 0xfef00000; size = "4K"', "at = 0xfef00000",
                     [(16, 'cell.memory[6]: "size" is missing')]),
    "comm-phys": ('kind = "comm"; at', 'kind = "comm"; phys = 0x38c00000; at',
                  [(16, "cell.memory[6].phys: a communication page has no phys")]),
    "console-no-type": ('type = "8250-port"; ', "", [(8, 'cell.console: "type" is missing')]),
    "console-no-port": ("port = 0x3e8; ", "", [(8, 'cell.console: "port" is missing: a port')]),
    "console-no-address": (CONSOLE, '{ type = "8250-mmio"; }',
                           [(8, 'cell.console: "address" is missing: an address')]),
    "reset-entry": ('"entry"', '"reset-vector"',
                    [(7, "cell.entry: a cell that starts at the reset vector has no entry")]),
}

# Values of a wrong type.
TYPES = {
    "cell-list": ("cell = {" + CELL[8:], "cell = ( );\n",
                  [(1, "cell: is a list, must be a group")]),
    "name-number": ('"rt0"', "0", [(2, 'cell.name: is a number, must be a name such as "rt0"')]),
    "cpus-number": ('"2,6"', "2", [(3, "cell.cpus: is a number, must be a set of CPUs")]),
    "cpus-array": ('"2,6"', "[ 2, 6 ]", [(3, "cell.cpus: is an array, must be a set of CPUs")]),
    "policy-flag": ('"stop"', "true", [(4, 'cell.on_fault: is true or false, must be "stop" or')]),
    "locked-number": ("locked = true", "locked = 1", [(5, "is a number, must be true or false")]),
    "locked-string": ("locked = true", 'locked = "yes"',
                      [(5, "is a string, must be true or false")]),
    "start-number": ('"entry"', "0", [(6, 'cell.start: is a number, must be "entry" or')]),
    "entry-flag": ("0x10000", "true", [(7, "cell.entry: is true or false, must be an address")]),
    "entry-float": ("0x10000", "1.5", [(7, "is a number with a fraction, must be an address")]),
    "console-number": (CONSOLE, "0x3e8",
                       [(8, 'cell.console: is a number, must be "log", or a group')]),
    "console-list": (CONSOLE, "( )", [(8, 'cell.console: is a list, must be "log", or a group')]),
    "memory-group": (MEMORY, "\tmemory = { };\n", [(9, "cell.memory: is a group, must be a list")]),
    "memory-string": (MEMORY, '\tmemory = "2M";\n',
                      [(9, "cell.memory: is a string, must be a list")]),
    "region-string": ("{ name = \"data\"; " + DATA + "; }", '"64K"',
                      [(11, "cell.memory[1]: is a string, must be a group such as")]),
    "region-name-number": ('"data"', "1",
                           [(11, "cell.memory[1].name: is a number, must be a name")]),
    "phys-flag": ("0x38a00000", "true",
                  [(11, "cell.memory[1].phys: is true or false, must be an")]),
    "phys-float": ("0x38a00000", "1.0", [(11, "is a number with a fraction, must be an address")]),
    "at-list": ("0x400000", "( 0 )", [(11, "cell.memory[1].at: is a list, must be an address in")]),
    "size-group": ('"64K"', "{ }", [(11, "cell.memory[1].size: is a group, must be a size")]),
    "access-number": ('"rw"; }', "6; }",
                      [(11, "cell.memory[1].access: is a number, must be letters")]),
    "kind-number": ('"device"', "1", [(14, "cell.memory[4].kind: is a number, must be \"ram\", ")]),
    "shared-string": ("shared = true", 'shared = "ring"',
                      [(12, "cell.memory[2].shared: is a string, must be true or false")]),
    "loadable-number": ("loadable = true", "loadable = 1",
                        [(10, "cell.memory[0].loadable: is a number, must be true or false")]),
    "ports-string": ('( "0x3e8-0x3ef",\n\t\t0x300 )', '"0x3e8-0x3ef"',
                     [(18, "cell.ports: is a string, must be a list")]),
    "port-group": ("0x300", "{ }", [(19, "cell.ports[1]: is a group, must be ports")]),
    "msrs-number": ('( "0xc90-0xc9f", 0x1a4 )', "0x1a4",
                    [(20, "cell.msrs: is a number, must be a list")]),
    "msr-flag": ("0x1a4", "false", [(20, "cell.msrs[1]: is true or false, must be MSRs")]),
    "baud-string": ("115200", '"fast"', [(8, 'cell.console.baud: "fast" is not understood')]),
    "port-string": ("port = 0x3e8", 'port = "COM3"', [(8, 'cell.console.port: "COM3" is not')]),
}

# Values that cannot be read.
VALUES = {
    "name-long": ('"rt0"', '"' + 32 * "r" + '"', [(2, "has 32 characters, at most 31 fit")]),
    "region-name-long": ('"data"', '"' + 40 * "d" + '"',
                         [(11, "has 40 characters, at most 31 fit")]),
    "cpus-text": ('"2,6"', '"two"', [(3, 'cell.cpus: "two" is not understood, must be a set')]),
    "cpus-empty": ('"2,6"', '""', [(3, 'cell.cpus: "" is not understood')]),
    "cpus-comma": ('"2,6"', '"2,"', [(3, '"2," is not understood')]),
    "cpus-range": ('"2,6"', '"2-"', [(3, '"2-" is not understood')]),
    "cpus-space": ('"2,6"', '"2, 6"', [(3, '"2, 6" is not understood')]),
    "cpus-backwards": ('"2,6"', '"6-2"', [(3, '"6-2" runs backwards at CPU 2')]),
    "cpus-twice": ('"2,6"', '"2,6,2"', [(3, '"2,6,2" names CPU 2 twice')]),
    "cpus-high": ('"2,6"', '"256"', [(3, "CPU 256 is too high: at most 256 are supported")]),
    "policy-near": ('"stop"', '"stopp"', [(4, '"stopp" is unknown; did you mean "stop"?')]),
    "policy-far": ('"stop"', '"restart"', [(4, '"restart" is unknown')]),
    "start-near": ('"entry"', '"reset-vektor"', [(6, 'did you mean "reset-vector"?')]),
    "start-far": ('"entry"', '"linux"',
                  [(6, '"linux" is unknown, must be "entry" or "reset-vector"')]),
    "entry-wide": ("0x10000", "0x1ffffffffffffffff",
                   [(7, "cell.entry: \"0x1ffffffffffffffff\" is not")]),
    "entry-unit": ("0x10000", '"64K"', [(7, 'cell.entry: "64K" is not understood, must be an')]),
    "entry-negative": ("0x10000", "-1", [(7, "cell.entry: -1 is negative, must be an address")]),
    "console-near": (CONSOLE, '"logg"',
                     [(8, 'cell.console: "logg" is unknown; did you mean "log"?')]),
    "console-far": (CONSOLE, '"serial"',
                    [(8, 'cell.console: "serial" is unknown, must be "log", or')]),
    "console-type-near": ('"8250-port"', '"8250-ports"', [(8, 'did you mean "8250-port"?')]),
    "console-type-far": ('"8250-port"', '"vga"',
                         [(8, '"vga" is unknown, must be "8250-port", "8250-mmio" or "none"')]),
    "console-stride": ("baud", "stride = 4; baud",
                       [(8, "cell.console.stride: a console of this type has no stride")]),
    "console-address": ("baud", "address = 0xe0000000; baud",
                        [(8, "cell.console.address: a console of this type has no address")]),
    "console-none": ('"8250-port"', '"none"',
                     [(8, "cell.console.port: a console of this type has no port"),
                      (8, "cell.console.baud: a console of this type has no baud")]),
    "baud-odd": ("115200", "100000", [(8, "cell.console.baud: 100000 does not divide 115200")]),
    "baud-zero": ("115200", "0", [(8, "cell.console.baud: 0 does not divide 115200")]),
    "phys-text": ("0x38a00000", '"pool"', [(11, 'cell.memory[1].phys: "pool" is not understood')]),
    "phys-negative": ("0x38a00000", "-4096", [(11, "cell.memory[1].phys: -4096 is negative")]),
    "phys-wide": ("0x38a00000", "0x10000000000000000", [(11, '"0x10000000000000000" is not')]),
    "at-unit": ("at = 0x400000", 'at = "4M"', [(11, 'cell.memory[1].at: "4M" is not understood')]),
    "size-unit": ('"64K"', '"64KB"', [(11, 'cell.memory[1].size: "64KB" is not understood')]),
    "size-space": ('"64K"', '"64 K"', [(11, '"64 K" is not understood')]),
    "size-float": ('"64K"', '"0.5M"', [(11, '"0.5M" is not understood')]),
    "size-wide": ('"64K"', '"16777216T"', [(11, '"16777216T" is not understood')]),
    "size-negative": ('"64K"', "-1", [(11, "cell.memory[1].size: -1 is negative, must be a size")]),
    "access-letter": ('"rwx"', '"rwd"', [(10, "cell.memory[0].access: letter 'd' is unknown")]),
    "access-upper": ('"rwx"', '"RWX"', [(10, "letter 'R' is unknown, must be letters of \"rwx\"")]),
    "access-twice": ('"rwx"', '"rwxw"', [(10, "letter 'w' is there twice")]),
    "access-empty": ('"rwx"', '""', [(10, "cell.memory[0].access: is empty, must be letters")]),
    "access-dash": ('"rwx"', '"rw-"', [(10, "letter '-' is unknown")]),
    "kind-near": ('kind = "comm"', 'kind = "com"',
                  [(16, '"com" is unknown; did you mean "comm"?')]),
    "kind-far": ('"device"', '"rom"', [(14, '"rom" is unknown; did you mean "ram"?')]),
    "kind-strange": ('"device"', '"framebuffer"',
                     [(14, '"framebuffer" is unknown, must be "ram", "device" or "comm"')]),
    "port-high": ("0x300", "0x10000",
                  [(19, "cell.ports[1]: 0x10000 is too high, the last one is")]),
    "port-text": ('"0x3e8-0x3ef"', '"COM3"', [(18, 'cell.ports[0]: "COM3" is not understood')]),
    "port-dots": ('"0x3e8-0x3ef"', '"0x3e8..0x3ef"', [(18, '"0x3e8..0x3ef" is not understood')]),
    "port-half": ('"0x3e8-0x3ef"', '"0x3e8-"', [(18, '"0x3e8-" is not understood')]),
    "port-negative": ("0x300", "-1", [(19, "cell.ports[1]: -1 is negative")]),
    "msr-high": ("0x1a4", "0x100000000", [(20, "cell.msrs[1]: 0x100000000 is too high")]),
    "msr-name": ("0x1a4", '"IA32_EFER"', [(20, '"IA32_EFER" is not understood, must be MSRs')]),
    "msr-half": ('"0xc90-0xc9f"', '"-0xc9f"', [(20, 'cell.msrs[0]: "-0xc9f" is not understood')]),
}
