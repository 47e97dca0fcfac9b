# SPDX-License-Identifier: GPL-2.0-only
"""The rest of the two hundred: cell files that can be read, but ask for what cannot be had.

As in config_cells.py; a fourth part of a case is the file that is changed, if it is not the cell's.
"""

from config_cells import (CELL, COMM, CONSOLE, DATA, MAIL, MEMORY, NAMES, REGS, RING, SYNTAX, TIMER,
                          TYPES, VALUES)

OF_BOARD = "board.conf"
OF_OTHER = "other.conf"

CPUS = {
    "cpu-foreign": ('"2,6"', '"2,6,8"', [(3, "cell.cpus: CPU 8 is none of the board's")]),
    "cpu-far": ('"2,6"', '"255"', [(3, "cell.cpus: CPU 255 is none of the board's")]),
    "cpu-0": ('"2,6"', '"0,2,4,6"', [(3, "CPU 0 stays with root: Linux cannot do without it")]),
    "cpu-other": ('"2,6"', '"2,3,6,7"', [(3, "cell.cpus: has a CPU of cell net1: cell.cpus "
                                          "(other.conf:3) (3)")]),
    "cpu-all": ('"2,6"', '"0-7"', [(3, "CPU 0 stays with root"), (3, "has a CPU of cell net1")]),
    "name-empty": ('"rt0"', '""', [(2, "cell.name: the name is empty")]),
    "name-space": ('"rt0"', '"rt 0"', [(2, "a name has letters, digits and any of \"_-.+\", but "
                                        "character 3 is another")]),
    "name-slash": ('"rt0"', '"rt/0"', [(2, "but character 3 is another")]),
    "name-root": ('"rt0"', '"root"', [(2, "cell.name: is the root cell's name")]),
    "name-other": ('"rt0"', '"net1"', [(2, "cell.name: is another cell's name already")]),
    "region-name-empty": ('"data"', '""', [(11, "the name is empty")]),
    "region-name-colon": ('"data"', '"da:ta"', [(11, "but character 3 is another")]),
    "region-name-twice": ('"data"', '"ram"', [(11, 'cell.memory[1] "ram": has the name of '
                                               'cell.memory[0] "ram" (cell.conf:10) as')]),
    "region-name-before": ('"comm"', '"timer"', [(16, '(cell.conf:14) as well: give each')]),
    "entry-high": ("0x10000;", "0x100000000;",
                   [(7, "cell.entry: 0x100000000 is not below 4 GiB, where a CPU starts")]),
    "entry-nowhere": ("0x10000;", "0x200000;",
                      [(7, '0x200000 is in no RAM of the cell with access "x"')]),
    "entry-data": ("0x10000;", "0x400000;",
                   [(7, '0x400000 is in no RAM of the cell with access "x"')]),
    "entry-no-code": ('"rwx"', '"rw"', [(7, '0x10000 is in no RAM of the cell with access "x"')]),
    "entry-device": ("0x10000;", "0xfed00000;", [(7, "0xfed00000 is in no RAM of the cell")]),
}

ADDRESSES = {
    "unaligned-phys": ("0x38a00000", "0x38a00800",
                       [(11, "phys 0x38a00800 is no multiple of 4K: use 0x38a00000 or")]),
    "unaligned-at": ("0x400000;", "0x400800;",
                     [(11, "at 0x400800 is no multiple of 4K: use 0x400000 or 0x401000")]),
    "unaligned-size": ('at = 0x400000; size = "64K"', "at = 0x400000; size = 1000",
                       [(11, "size 0x3e8 is no multiple of 4K: use 0x0 or 0x1000")]),
    "unaligned-all": (DATA, 'phys = 0x38a00001; at = 0x400002; size = 0x10003; access = "rw"',
                      [(11, "phys 0x38a00001 is no"), (11, "at 0x400002 is no"),
                       (11, "size 0x10003 is no")]),
    "size-zero": ('at = 0x400000; size = "64K"', "at = 0x400000; size = 0",
                  [(11, "size is 0: it would have no memory")]),
    "phys-beyond": ("0x38a00000", "0x10000000000",
                    [(11, "reaches to 0x1000000ffff, but with 40 physical bits 0xffffffffff is"),
                     (11, "0x10000000000-0x1000000ffff is not inside board.cell_memory")]),
    "at-beyond": ("0x400000;", "0x10000000000;",
                  [(11, "reaches to 0x1000000ffff, but with 40 physical bits 0xffffffffff is")]),
    "at-over-the-end": ("0x400000;", "0xffffff8000;",
                        [(11, "reaches to 0x10000007fff, but with 40 physical bits")]),
    "at-wraps": ("0x400000;", "0xffffffffffff8000;",
                 [(11, "0xffffffffffff8000 and size 0x10000 run past the last address")]),
    "at-ram": ("0x400000;", "0x100000;",
               [(11, 'cell.memory[1] "data": overlaps cell.memory[0] "ram" '
                 "(cell.conf:10) at 0x100000 of the cell")]),
    "at-last-page": ("0x400000;", "0x1ff000;", [(11, "(cell.conf:10) at 0x1ff000 of the cell")]),
    "at-shared": ("0x600000;", "0x4f8000;",
                  [(13, '"mail": overlaps cell.memory[2] "ring" (cell.conf:12) at '
                    "0x500000 of the cell")]),
    "at-comm": ("0x400000;", "0xfef00000;",
                [(16, '"comm": overlaps cell.memory[1] "data" (cell.conf:11) at '
                  "0xfef00000 of the cell")]),
    "at-apic": ("0x400000;", "0xfedf8000;",
                [(11, "overlaps the local APIC's range at 0xfee00000; the hypervisor gives each")]),
    "comm-apic": ("0xfef00000", "0xfee00000",
                  [(16, "overlaps the local APIC's range at 0xfee00000")]),
    "write-only": (DATA, DATA.replace("rw", "w"),
                   [(11, 'access without "r": the processor refuses such a map')]),
    "execute-only": (DATA, DATA.replace("rw", "x"), [(11, 'access without "r"')]),
    "device-write-only": (TIMER, TIMER.replace("rw", "w"), [(14, 'access without "r"')]),
}

RAM_PLACES = {
    "ram-outside": ("0x38a00000", "0x40000000",
                    [(11, "0x40000000-0x4000ffff is not inside board.cell_memory, where cells' RAM "
                      "comes from")]),
    "ram-between-pools": ("0x38a00000", "0x3a800000", [(11, "is not inside board.cell_memory")]),
    "ram-over-a-pool": ("0x38a00000", "0x39ff8000",
                        [(11, "0x39ff8000-0x3a007fff is not inside board.cell_memory")]),
    "ram-before-a-pool": ("0x38a00000", "0x3aff8000",
                          [(11, "0x3aff8000-0x3b007fff is not inside board.cell_memory")]),
    "ram-of-root": ("0x38a00000", "0x30000000",
                    [(11, "is not inside board.cell_memory"),
                     (11, 'overlaps root.memory[1] "main" (board.conf:17) at 0x30000000')]),
    "ram-of-hypervisor": ("0x38a00000", "0x38000000",
                          [(11, "is not inside board.cell_memory"),
                           (11, "overlaps board.hypervisor (board.conf:7) at 0x38000000; no "
                               "cell may have")]),
    "ram-half-hypervisor": ("0x38a00000", "0x387f8000",
                            [(11, 'overlaps cell.memory[0] "ram" (cell.conf:10) at '
                              "0x38800000"),
                             (11, "0x387f8000-0x38807fff is not inside board.cell_memory"),
                             (11, "overlaps board.hypervisor (board.conf:7)")]),
    "ram-of-itself": ("0x38a00000", "0x38900000",
                      [(11, 'overlaps cell.memory[0] "ram" (cell.conf:10) at 0x38900000')]),
    "ram-last-page": ("0x38a00000", "0x389ff000", [(11, "(cell.conf:10) at 0x389ff000")]),
    "ram-of-other": ("0x38a00000", "0x39000000",
                     [(11, 'overlaps cell net1: cell.memory[0] "ram" (other.conf:6) at')]),
    "ram-others-end": ("0x38a00000", "0x393f8000", [(11, "(other.conf:6) at 0x393f8000")]),
    "ram-others-share": ('name = "mail"; ' + MAIL,
                         'name = "own"; phys = 0x3be01000; at = 0x500000; '
                         'size = "8K"; access = "rw"',
                         [(13, 'overlaps cell net1: cell.memory[1] "mail" (other.conf:7) at '
                           "0x3be01000; both sides have to say shared = true")]),
    "ram-roots-share": ("0x38a00000", "0x3bef8000",
                        [(11, 'overlaps root.memory[2] "ring" (board.conf:18) at 0x3bf00000; both '
                          "sides have to say shared = true"),
                         (12, 'overlaps cell.memory[1] "data" (cell.conf:11) at '
                          "0x3bf00000")]),
    "ram-is-device": ('kind = "device"; },\n  { name = "regs"',
                      'kind = "ram"; },\n  { name = "regs"',
                      [(14, "overlaps board.hpet (board.conf:4)"),
                       (14, "0xfed00000-0xfed00fff is not inside board.cell_memory"),
                       (14, 'overlaps root.memory[3] "timer" (board.conf:19) at 0xfed00000')]),
    "no-ram": (MEMORY, f"\tmemory = ( {{ name = \"comm\"; {COMM}; }} );\n",
               [(7, "0x10000 is in no RAM of the cell"),
                (9, 'cell.memory: has no region of kind "ram"')]),
    "no-regions": (MEMORY, "\tmemory = ( );\n",
                   [(7, "0x10000 is in no RAM of the cell"),
                    (9, 'cell.memory: has no region of kind "ram"')]),
}

DEVICES = {
    "device-in-pool": (TIMER, TIMER.replace("fed", "39f"),
                       [(14, '"timer": is no memory of a device: it overlaps '
                         "board.cell_memory[0] (board.conf:9)")]),
    "device-hypervisor": (TIMER, TIMER.replace("0xfed00000", "0x38700000"),
                          [(14, "overlaps board.hypervisor (board.conf:7) at 0x38700000; no cell "
                            "may have")]),
    "device-apic": (TIMER, TIMER.replace("fed", "fee"),
                    [(14, "overlaps the local APIC's range at 0xfee00000; the hypervisor gives"),
                     (14, "overlaps the local APIC's range at 0xfee00000")]),
    "device-root-ram": (TIMER, TIMER.replace("0xfed00000", "0x8000000"),
                        [(14, 'overlaps root.memory[1] "main" (board.conf:17) at 0x8000000; root '
                          "may lend a whole region: lent = true")]),
    "device-not-lent": (TIMER, TIMER.replace("fed", "f00"),
                        [(14, 'overlaps root.memory[4] "card" (board.conf:20) at 0xf0000000; root '
                          "may lend a whole region: lent = true")]),
    "device-too-large": (TIMER, TIMER.replace("4K", "8K"),
                         [(14, 'overlaps board.hpet (board.conf:4); a cell has that page as a '
                           'whole, phys = 0xfed00000 and size = "4K", or nothing of it'),
                          (14, 'overlaps root.memory[3] "timer" (board.conf:19) at 0xfed00000')]),
    "device-piece": (TIMER, TIMER.replace("4K", "1K"),
                     [(14, "overlaps board.hpet (board.conf:4)"),
                      (14, 'overlaps root.memory[3] "timer" (board.conf:19) at 0xfed00000')]),
    "device-unnamed-hpet": (REGS, "phys = 0xfed01010; size = 16",
                            [(15, "there machines have an HPET, which writes anywhere in memory: "
                              "name it in the board file, hpet = { at = 0xfed01000; }")]),
    "device-of-other": (TIMER, TIMER.replace("fed", "e00"),
                        [(14, 'overlaps cell net1: cell.memory[2] "lan" (other.conf:8) at '
                          "0xe0000000")]),
    "device-others-ram": (TIMER, TIMER.replace("0xfed00000", "0x39100000"),
                          [(14, "is no memory of a device: it overlaps board.cell_memory[0]"),
                           (14, 'overlaps cell net1: cell.memory[0] "ram" (other.conf:6)')]),
    "device-shared": (TIMER, TIMER + "; shared = true",
                      [(14, "memory of a device is neither shared nor loadable")]),
    "device-loadable": (TIMER, TIMER + "; loadable = true",
                        [(14, "memory of a device is neither shared nor loadable")]),
    "device-high": (TIMER, TIMER.replace("0xfed00000", "0x20000000000"),
                    [(14, "reaches to 0x20000000fff, but with 40 physical bits"),
                     (14, "reaches to 0x20000000fff, but with 40 physical bits")]),
    "piece-border": (REGS, "phys = 0xfed40ff8; size = 16",
                     [(15, "a region that is no whole pages lies inside one page")]),
    "piece-large": (REGS, "phys = 0xfed40010; size = 4096",
                    [(15, "a region that is no whole pages lies inside one page")]),
    "piece-moved": (REGS, REGS + "; at = 0xfed40020",
                    [(15, "0xfed40020 and phys 0xfed40010 lie differently in their pages")]),
    "piece-code": (REGS + '; access = "rw"', REGS + '; access = "rx"',
                   [(15, "code cannot be executed in a region that is no whole pages")]),
    "piece-of-root": (REGS, "phys = 0xf0000010; size = 16",
                      [(15, 'overlaps root.memory[4] "card" (board.conf:20) at 0xf0000010')]),
    "piece-of-lent": (REGS, "phys = 0xfed00010; size = 16",
                      [(15, 'overlaps cell.memory[4] "timer" (cell.conf:14) at '
                        "0xfed00010 of the cell"),
                       (15, 'overlaps cell.memory[4] "timer" (cell.conf:14) at '
                        "0xfed00010"),
                       (15, "overlaps board.hpet (board.conf:4)"),
                       (15, 'overlaps root.memory[3] "timer" (board.conf:19) at 0xfed00010')]),
    "piece-zero": (REGS, "phys = 0xfed40010; size = 0", [(15, "size is 0")]),
    "comm-large": (COMM, COMM.replace("4K", "8K"),
                   [(16, "a communication page is one page of 4K")]),
    "comm-small": (COMM, COMM.replace('"4K"', "2048"),
                   [(16, "communication page is one page of 4K")]),
    "comm-unaligned": (COMM, COMM.replace("0xfef00000", "0xfef00100"),
                       [(16, "a communication page is one page of 4K")]),
    "comm-read": (COMM, COMM.replace("rw", "r"), [(16, 'a communication page has access "rw"')]),
    "comm-code": (COMM, COMM.replace("rw", "rwx"), [(16, 'a communication page has access "rw"')]),
    "comm-shared": (COMM, COMM + "; shared = true",
                    [(16, "a communication page is neither shared nor loadable")]),
    "comm-loadable": (COMM, COMM + "; loadable = true",
                      [(16, "a communication page is neither shared nor loadable")]),
    "comm-twice": (REGS + '; access = "rw"; kind = "device"', COMM.replace("fef0", "fef1"),
                   [(16, "is a second communication page beside cell.memory[5] \"regs\" "
                     "(cell.conf:15); a cell has one at most")]),
}

SHARES = {
    "share-name": ('"mail"', '"post"',
                   [(13, 'cell.memory[3] "post": has not the name of cell net1: '
                                         'cell.memory[1] "mail" (other.conf:7) which it shares')]),
    "share-size": (MAIL, MAIL.replace("8K", "4K"),
                   [(13, 'has not place and size of cell net1: cell.memory[1] "mail" '
                     "(other.conf:7) (0x3be00000, 0x2000)")]),
    "share-place": (MAIL, MAIL.replace("0x3be00000", "0x3be01000"),
                    [(13, "has not place and size of cell net1: cell.memory[1]")]),
    "share-apart": (MAIL, MAIL.replace("0x3be00000", "0x3bd00000"),
                    [(13, "has not place and size of cell net1: cell.memory[1]")]),
    "share-unsaid": (MAIL, MAIL.replace("; shared = true", ""),
                     [(13, 'overlaps cell net1: cell.memory[1] "mail" (other.conf:7) at '
                       "0x3be00000; both sides have to say shared = true")]),
    "share-false": (MAIL, MAIL.replace("true", "false"),
                    [(13, "both sides have to say shared = true")]),
    "share-unsaid-there": ("; shared = true", "",
                           [(13, '"mail": overlaps cell net1: cell.memory[1] "mail" (other.conf:7) '
                             "at 0x3be00000; both sides have to say shared = true")], OF_OTHER),
    "share-read-only": (MAIL, MAIL.replace("rw", "r"),
                        [(13, 'cannot be written, as cell net1: cell.memory[1] "mail" '
                          "(other.conf:7) cannot: nobody could fill it")]),
    "share-code-there": ('access = "r"; shared', 'access = "rx"; shared',
                         [(13, "does not go with the rights of cell net1: cell.memory[1] \"mail\" "
                           "(other.conf:7); what one may write no other may execute")], OF_OTHER),
    "share-outside": ('name = "mail"; ' + MAIL,
                      'name = "own"; ' + MAIL.replace("0x3be00000", "0x50000000"),
                      [(13, "0x50000000-0x50001fff is not inside board.cell_memory")]),
    "root-name": ('"ring"', '"circle"', [(12, 'cell.memory[2] "circle": has not the name of '
                                          'root.memory[2] "ring" (board.conf:18) which it')]),
    "root-size": (RING, RING.replace("64K", "32K"),
                  [(12, 'has not place and size of root.memory[2] "ring" (board.conf:18) '
                    "(0x3bf00000, 0x10000)")]),
    "root-place": (RING, RING.replace("0x3bf00000", "0x3bf10000"),
                   [(12, 'has not place and size of root.memory[2] "ring" (board.conf:18)')]),
    "root-unsaid": (RING, RING.replace("; shared = true", ""),
                    [(12, 'overlaps root.memory[2] "ring" (board.conf:18) at 0x3bf00000; both '
                      "sides have to say shared = true")]),
    "root-code": (RING, RING.replace("rw", "rx"),
                  [(12, 'does not go with the rights of root.memory[2] "ring" (board.conf:18); '
                    "what one may write no other may execute")]),
    "root-unsaid-there": ("; shared = true", "",
                          [(OF_BOARD, 18, 'root.memory[2] "ring": overlaps board.cell_memory[1] '
                            "(board.conf:10) at 0x3bf00000")], OF_BOARD),
    "root-shared-outside": ("0x3bf00000", "0x3c800000",
                            [(OF_BOARD, 18, "are not inside board.cell_memory")], OF_BOARD),
    "root-shared-device": ('"64K"; access = "rw"; kind = "ram"; shared',
                           '"64K"; access = "rw"; kind = "device"; shared',
                           [(OF_BOARD, 18, 'only memory of kind "ram" can be shared')], OF_BOARD),
    "root-shared-lent": ("lent = true", "lent = true; shared = true",
                         [(OF_BOARD, 19, "a shared region cannot be lent"),
                          (OF_BOARD, 19, 'only memory of kind "ram" can be shared'),
                          (OF_BOARD, 19, "are not inside board.cell_memory")], OF_BOARD),
    "not-lent-there": (" lent = true;", "",
                       [(14, 'overlaps root.memory[3] "timer" (board.conf:19) at 0xfed00000; root '
                         "may lend a whole region: lent = true")], OF_BOARD),
}

IO = {
    "port-of-root": ("0x300", "0x40", [(19, "cell.ports[1]: overlaps root.ports[1] (board.conf:23) "
                                        "at 0x40")]),
    "port-of-root-range": ("0x300", '"0x42-0x44"', [(19, "root.ports[1] (board.conf:23) at 0x42")]),
    "port-twice": ("0x300", "0x3ef", [(19, "cell.ports[1]: overlaps cell.ports[0] "
                                       "(cell.conf:18) at 0x3ef")]),
    "port-of-other": ("0x300", "0x31f", [(19, "cell.ports[1]: overlaps cell net1: cell.ports[0] "
                                          "(other.conf:10) at 0x31f")]),
    "port-of-console": ("0x300", "0x2ff", [(19, "overlaps board.console.port (board.conf:12) at "
                                            "0x2ff")]),
    "port-all": ("0x300", '"0x0-0xffff"', [(19, "overlaps board.console.port (board.conf:12)"),
                                           (19, "overlaps cell.ports[0]"),
                                           (19, "overlaps root.ports[0] (board.conf:22) at 0x20"),
                                           (19, "overlaps root.ports[1] (board.conf:23) at 0x40"),
                                           (19, "overlaps root.ports[2] (board.conf:24) at 0x3f8"),
                                           (19, "overlaps cell net1: cell.ports[0]"),
                                           (19, "0xcf8-0xcff lead to all of PCI"),
                                           (19, "0x20-0x21 are the machine's interrupt"),
                                           (19, "0xa0-0xa1 are the machine's interrupt"),
                                           (19, "0x4d0-0x4d1 are the machine's interrupt")]),
    "port-8259": ("0x300", '"0x20-0x21"', [
        (19, "overlaps root.ports[0] (board.conf:22) at 0x20"),
        (19, "cell.ports[1]: 0x20-0x21 are the machine's interrupt controller (8259), which stays "
         "with root: a cell has pins of IOAPICs")]),
    # Also where root has them not.
    "port-8259-second": ("0x300", '"0xa0-0xa1"', [
        (19, "cell.ports[1]: 0xa0-0xa1 are the machine's interrupt controller (8259)")]),
    "port-8259-mask": ("0x300", "0xa1", [(19, "0xa0-0xa1 are the machine's interrupt")]),
    "port-8259-levels": ("0x300", '"0x4d0-0x4d1"', [
        (19, "cell.ports[1]: 0x4d0-0x4d1 are the machine's interrupt controller (8259)")]),
    "port-backwards": ("0x300", '"0x301-0x300"', [(19, 'runs backwards: use "0x300-0x301"')]),
    "console-ports": ('"0x3e8-0x3ef"', '"0x3e8-0x3ee"',
                      [(8, 'the cell has not its ports: add "0x3e8-0x3ef" to them')]),
    "console-elsewhere": ("port = 0x3e8", "port = 0x2e8",
                          [(8, 'the cell has not its ports: add "0x2e8-0x2ef" to them')]),
    "console-mmio": (CONSOLE, '{ type = "8250-mmio"; address = 0xfe000000; }',
                     [(8, 'its registers are in no region of kind "device" of the cell')]),
    "console-mmio-short": (CONSOLE, '{ type = "8250-mmio"; address = 0xfed40010; stride = 4; }',
                           [(8, 'its registers are in no region of kind "device" of the cell')]),
    "console-mmio-stride": (CONSOLE, '{ type = "8250-mmio"; address = 0xfed00000; stride = 2; }',
                            [(8, "registers 2 bytes apart: 1 or 4 are possible")]),
    "msr-microcode": ("0x1a4", "0x79", [(20, "cell.msrs[1]: MSR 0x79 is given to no cell")]),
    "msr-apic": ("0x1a4", "0x1b", [(20, "cell.msrs[1]: MSR 0x1b is given to no cell")]),
    "msr-icr": ("0x1a4", "0x830", [(20, "cell.msrs[1]: MSR 0x830 is given to no cell")]),
    "msr-vmx": ("0x1a4", '"0x480-0x491"', [(20, "cell.msrs[1]: MSR 0x480 is given to no cell")]),
    "msr-nowhere": ("0x1a4", "0x40000000",
                    [(20, "cell.msrs[1]: MSR 0x40000000 is given to no cell")]),
    "msr-twice": ("0x1a4", "0xc9f", [(20, "cell.msrs[1]: overlaps cell.msrs[0] "
                                      "(cell.conf:20) at 0xc9f")]),
    "msr-backwards": ('"0xc90-0xc9f"', '"0xc9f-0xc90"',
                      [(20, 'cell.msrs[0]: runs backwards: use "0xc90-0xc9f"')]),
    "many-ports": ("0x300 )", ", ".join(f"{port:#x}" for port in range(0x1000, 0x1200, 2)) + " )",
                   [(19, "cell.ports[256]: is one too many: at most 256 are possible")]),
    "many-msrs": ("0x1a4 )", ", ".join(f"{msr:#x}" for msr in range(0xd00, 0xd40)) + " )",
                  [(20, "cell.msrs[64]: is one too many: at most 64 are possible")]),
    "many-regions": ("  { name = \"data\"", "".join(
        f'  {{ name = "r{n}"; phys = {0x38a20000 + n * 4096:#x}; at = {0x800000 + n * 4096:#x}; '
        'size = "4K"; access = "r"; },\n' for n in range(250)) + "  { name = \"data\"",
        [(266, "cell.memory[256]: is one too many: at most 256 are possible")]),
}

# What follows from a broken setting alone is not complained about; all the rest is, in one go.
SEVERAL = {
    "several": (CELL[:CELL.index("\tmemory")],
                'cell = {\n\tnme = "x";\n\tcpus = "0";\n\ton_fault = "stopp";\n\n\n'
                "\tentry = 0x9000000;\n\tconsole = 5;\n",
                [(1, 'cell: "name" is missing'), (2, 'did you mean "name"?'),
                 (3, "CPU 0 stays with root"), (4, 'did you mean "stop"?'),
                 (7, "0x9000000 is in no RAM"), (8, "cell.console: is a number")]),
    "broken-cpus": ('"2,6"', '"3,"', [(3, '"3," is not understood')]),
    "broken-place": (DATA, DATA.replace("0x38a00000", '"x"').replace("0x400000", "0x0"),
                     [(11, '"x" is not understood'),
                      (11, "overlaps cell.memory[0] \"ram\" (cell.conf:10) at 0x0 of")]),
    "broken-port": ('"0x3e8-0x3ef"', '"0x3e8-0x3ex"', [(18, '"0x3e8-0x3ex" is not understood')]),
}

BAD = {**SYNTAX, **NAMES, **TYPES, **VALUES, **CPUS, **ADDRESSES, **RAM_PLACES, **DEVICES, **SHARES,
       **IO, **SEVERAL}
