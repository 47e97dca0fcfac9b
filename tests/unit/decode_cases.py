#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""
Writes the assembly source of test_decode's cases to standard output: each case is an instruction
as text, which the assembler encodes, and a row that says what was asked for. What is expected
comes from the operands this script put together, never from an encoding.
"""
import itertools

MODES = (16, 32, 64)
OPS = ("add or adc sbb and sub xor cmp mov test xchg not neg inc dec "
       "bt bts btr btc stos lods movs").split()
SEGMENTS = ("es", "cs", "ss", "ds", "fs", "gs")
READ, WRITE = 1, 2
RIP, NONE = 16, 17
SIZE_NAMES = {1: "byte", 2: "word", 4: "dword", 8: "qword"}

CLASSIC = ("ax", "cx", "dx", "bx", "sp", "bp", "si", "di")
REGISTERS = {
    8: ["r" + name for name in CLASSIC] + [f"r{n}" for n in range(8, 16)],
    4: ["e" + name for name in CLASSIC] + [f"r{n}d" for n in range(8, 16)],
    2: list(CLASSIC) + [f"r{n}w" for n in range(8, 16)],
    1: ["al", "cl", "dl", "bl", "spl", "bpl", "sil", "dil"] + [f"r{n}b" for n in range(8, 16)],
}
HIGH_BYTES = ("ah", "ch", "dh", "bh")


class Address:
    """A memory operand: its text without size, and what the decoder must make of it."""

    def __init__(self, size, base=None, index=None, scale=0, displacement=0, force=""):
        self.size, self.force, self.displacement = size, force, displacement
        self.base = NONE if base is None else base
        self.index = NONE if index is None else index
        self.scale = scale if index is not None else 0
        self.segment = "ss" if self.base in (4, 5) else "ds"
        parts = []
        if base is not None:
            parts.append({4: "eip", 8: "rip"}[size] if base == RIP else REGISTERS[size][base])
        if index is not None:
            parts.append(REGISTERS[size][index] + (f"*{1 << scale}" if size > 2 else ""))
        elif base == 4 and scale:
            raise ValueError("a scale needs an index")
        if displacement or not parts:
            parts.append(str(displacement))
        self.text = "[" + "+".join(parts).replace("+-", "-") + "]"
        self.is_bare = not base and base != 0 and index is None

    def needs_rex(self):
        return 8 <= self.base < RIP or 8 <= self.index < RIP


def addresses_16():
    pairs = [(3, 6), (3, 7), (5, 6), (5, 7), (6, None), (7, None), (5, None), (3, None)]
    for (base, index), displacement in itertools.product(pairs, (0, 1, -128, 127, 128, -32768)):
        yield Address(2, base, index, 0, displacement)
    for base, index in pairs:
        yield Address(2, base, index, 0, 5, "{disp16} ")


def addresses_32_64(size, mode):
    registers = 16 if mode == 64 else 8
    displacements = (0, 1, -128, 127, 128, -0x80000000, 0x7fffffff)
    for base, displacement in itertools.product(range(registers), displacements):
        yield Address(size, base, None, 0, displacement)
    for base in range(registers):
        yield Address(size, base, None, 0, -7, "{disp32} ")
    for base, index in itertools.product([None, *range(registers)], range(registers)):
        if index != 4:
            number = 0 if base is None else base
            scale = (number + index) % 4 if base is not None else 1 + index % 3
            yield Address(size, base, index, scale, displacements[(number * 3 + index) % 7])
    if mode == 64:
        yield Address(size, RIP, displacement=0x1000)
        yield Address(size, RIP, displacement=-1)


def all_addresses(mode):
    if mode == 64:
        yield from addresses_32_64(8, mode)
        yield Address(8, displacement=0x12345678)
        yield Address(8, displacement=-0x5000)
    else:
        yield from addresses_16()
        yield Address(2, displacement=0x1234, force="" if mode == 16 else "addr16 ")
    yield from addresses_32_64(4, mode)
    yield Address(4, displacement=0x12345678, force="" if mode == 32 else "addr32 ")


def registers_of(size, mode, address):
    """(text, number, is high byte) of the registers that go with @address."""
    if size == 1 and mode != 64:
        numbers = range(4)
    else:
        numbers = range(16 if mode == 64 else 8)
    for number in numbers:
        yield REGISTERS[size][number], number, False
    if size == 1 and not address.needs_rex():
        for number, name in enumerate(HIGH_BYTES):
            yield name, number, True


class Listing:
    """Collects cases and prints them as assembly source."""

    def __init__(self):
        self.code, self.rows, self.count = [], [], 0

    def add(self, mode, text, op, size, access, address, **more):
        segment = more.get("segment") or address.segment
        if mode == 64 and segment not in ("fs", "gs") and not more.get("is_destination"):
            segment = address.segment
        row = [
            OPS.index(op), access, more.get("operand", 0), more.get("left", 0), size,
            more.get("register_size", size), more.get("reg", 0), address.base,
            SEGMENTS.index(segment), more.get("extend", 0), more.get("high", 0),
            more.get("lock", 0), more.get("rep", 0), MODES.index(mode), address.size,
            address.index, address.scale,
        ]
        number = self.count
        self.count += 1
        self.code += [f".code{mode}", f"c{number}: {text}", f"e{number}:"]
        quoted = text.replace('"', "'")
        self.rows += [
            f".quad t{number}, c{number}",
            f".byte e{number}-c{number}, {', '.join(str(int(value)) for value in row)}",
            ".balign 8",
            f".quad {address.displacement}, {more.get('immediate', 0)}",
            ".pushsection .rodata.text, \"a\"",
            f"t{number}: .asciz \"{mode}: {quoted}\"",
            ".popsection",
        ]

    def memory(self, size, address, segment=None):
        prefix = f"{segment}:" if segment else ("ds:" if address.is_bare else "")
        return f"{SIZE_NAMES[size]} ptr {prefix}{address.text}"

    def print(self):
        print(".intel_syntax noprefix", ".section .rodata.code, \"a\"", sep="\n")
        print("\n".join(self.code))
        print(".section .data.rel.ro, \"aw\"", ".balign 8", ".globl decode_cases",
              "decode_cases:", sep="\n")
        print("\n".join(self.rows))
        print(".globl decode_case_count", "decode_case_count:", f".quad {self.count}", sep="\n")
        print(".section .note.GNU-stack, \"\", @progbits")


def sizes(mode, smallest=1):
    return [size for size in (1, 2, 4, 8) if size >= smallest and (size < 8 or mode == 64)]


def immediates(size):
    values = [0, 1, 0x7f, -0x80]
    if size >= 2:
        values += [0x1234, -0x8000]
    if size >= 4:
        values += [0x12345678, -0x80000000]
    return values


MEMORY_REGISTER = {"add": 3, "or": 3, "adc": 3, "sbb": 3, "and": 3, "sub": 3, "xor": 3, "cmp": 1,
                   "mov": 2, "test": 1, "xchg": 3}
REGISTER_MEMORY = ("add", "or", "adc", "sbb", "and", "sub", "xor", "cmp", "mov")
BIT_ACCESS = {"bt": 1, "bts": 3, "btr": 3, "btc": 3}
LOCKABLE = ("add", "or", "adc", "sbb", "and", "sub", "xor", "xchg", "not", "neg", "inc", "dec",
            "bts", "btr", "btc")


def register_cases(listing, mode, turn):
    """Every operation with every register, in both directions; the address takes turns."""
    rows = [(op, access, False, 1) for op, access in MEMORY_REGISTER.items()]
    rows += [(op, READ, True, 1) for op in REGISTER_MEMORY]
    rows += [(op, access, False, 2) for op, access in BIT_ACCESS.items()]
    for op, access, left, smallest in rows:
        for size in sizes(mode, smallest):
            for number in range(20):
                address = next(turn)
                registers = list(registers_of(size, mode, address))
                name, reg, high = registers[number % len(registers)]
                memory = listing.memory(size, address)
                operands = f"{name}, {memory}" if left else f"{memory}, {name}"
                lock = op in LOCKABLE and access == 3 and number % 3 == 2
                listing.add(mode, f"{address.force}{'lock ' if lock else ''}{op} {operands}", op,
                            size, access, address, operand=1, left=left, reg=reg, high=high,
                            lock=lock)


def immediate_cases(listing, mode, turn):
    rows = [(op, 1 if op == "cmp" else 3) for op in REGISTER_MEMORY if op != "mov"]
    rows += [("mov", WRITE), ("test", READ)]
    for op, access in rows:
        for size in sizes(mode):
            for value in immediates(size):
                address = next(turn)
                lock = op in LOCKABLE and access == 3 and value == 1
                listing.add(mode, f"{address.force}{'lock ' if lock else ''}{op} "
                            f"{listing.memory(size, address)}, {value}", op, size, access,
                            address, operand=2, immediate=value, lock=lock)
    for op, access in BIT_ACCESS.items():
        for size, value in itertools.product(sizes(mode, 2), (0, 5, 15, 31)):
            address = next(turn)
            lock = op in LOCKABLE and value == 5
            listing.add(mode, f"{address.force}{'lock ' if lock else ''}{op} "
                        f"{listing.memory(size, address)}, {value}", op, size, access, address,
                        operand=2, immediate=value, lock=lock)


def single_operand_cases(listing, mode, turn):
    for op in ("not", "neg", "inc", "dec"):
        for size, lock in itertools.product(sizes(mode), (False, True, False)):
            address = next(turn)
            listing.add(mode, f"{address.force}{'lock ' if lock else ''}{op} "
                        f"{listing.memory(size, address)}", op, size, 3, address, lock=lock)


def extension_cases(listing, mode, turn):
    rows = [("movzx", 1, 1), ("movzx", 1, 2), ("movsx", 2, 1), ("movsx", 2, 2)]
    if mode == 64:
        rows.append(("movsxd", 2, 4))
    for op, extend, size in rows:
        for register_size in sizes(mode, max(2, size)):
            if register_size == size == 2:
                continue  # the assembler would make a plain MOV of it
            for number in range(16):
                address = next(turn)
                registers = list(registers_of(register_size, mode, address))
                name, reg, _ = registers[number % len(registers)]
                listing.add(mode, f"{address.force}{op} {name}, {listing.memory(size, address)}",
                            "mov", size, READ, address, operand=1, left=True, reg=reg,
                            extend=extend, register_size=register_size)


def absolute_cases(listing, mode):
    """A0 to A3: the accumulator and an address without ModRM."""
    widths = {16: (2, 4), 32: (2, 4), 64: (8,)}[mode]
    values = {2: 0x1234, 4: 0x12345678, 8: 0x123456789abcdef0}
    for width, size, segment in itertools.product(widths, sizes(mode), (None, "fs", "gs")):
        address = Address(width, displacement=values[width])
        name = REGISTERS[size][0]
        memory = f"{SIZE_NAMES[size]} ptr {segment or 'ds'}:[{values[width]}]"
        mnemonic = "movabs" if mode == 64 else "mov"
        override = "addr32 " if width == 4 and mode == 16 else \
            "addr16 " if width == 2 and mode == 32 else ""
        listing.add(mode, f"{override}{mnemonic} {name}, {memory}", "mov", size, READ, address,
                    operand=1, left=True, segment=segment)
        listing.add(mode, f"{override}{mnemonic} {memory}, {name}", "mov", size, WRITE, address,
                    operand=1, segment=segment)


def string_cases(listing, mode):
    widths = (8, 4) if mode == 64 else (4, 2)
    repeats = (("", False), ("rep ", True), ("repne ", True))
    for width, size, (repeat, rep), segment in itertools.product(
            widths, sizes(mode), repeats, (None, "fs", "gs", "es", "cs")):
        source, destination = Address(width, 6), Address(width, 7)
        accumulator = REGISTERS[size][0]
        source_text = listing.memory(size, source, segment)
        destination_text = listing.memory(size, destination, "es")
        listing.add(mode, f"{repeat}lods {accumulator}, {source_text}", "lods", size, READ, source,
                    operand=1, left=True, rep=rep, segment=segment)
        listing.add(mode, f"{repeat}movs {destination_text}, {source_text}", "movs", size, 3,
                    source, rep=rep, segment=segment)
        if not segment:
            listing.add(mode, f"{repeat}stos {destination_text}, {accumulator}", "stos", size,
                        WRITE, destination, operand=1, rep=rep, segment="es",
                        is_destination=True)


def address_cases(listing, mode):
    """Every address, with a load, a store of a wide register and an immediate behind it."""
    wide = sizes(mode)[-1]
    for number, address in enumerate(all_addresses(mode)):
        reg = 1 + number % 7  # never the accumulator, which may have a form of its own
        segment = (None, None, *SEGMENTS)[number % 8]
        name = REGISTERS[wide][reg]
        listing.add(mode, f"{address.force}mov {name}, {listing.memory(wide, address, segment)}",
                    "mov", wide, READ, address, operand=1, left=True, reg=reg, segment=segment)
        name = REGISTERS[4][reg]
        listing.add(mode, f"{address.force}mov {listing.memory(4, address)}, {name}", "mov", 4,
                    WRITE, address, operand=1, reg=reg)
        for size in sorted({4, wide}):
            listing.add(mode, f"{address.force}mov {listing.memory(size, address)}, {number}",
                        "mov", size, WRITE, address, operand=2, immediate=number)


def prefix_cases(listing):
    """What prefixes do to each other; the assembler is given them one by one."""
    rbx = Address(8, 3)

    def load(text, size, **more):
        listing.add(64, text, "mov", size, READ, rbx, operand=1, left=True, **more)

    load("data16 mov rcx, qword ptr [rbx]", 8, reg=1)  # REX.W wins over 66
    load(".byte 0x48; mov cx, word ptr [rbx]", 2, reg=1)  # REX before 66 counts for nothing
    load(".byte 0x4f; fs mov ecx, dword ptr [rbx]", 4, reg=1, segment="fs")
    load(".byte 0x41; mov r9d, dword ptr [rbx]", 4, reg=9)  # of two REX the last counts
    load(".byte 0x64; mov ecx, dword ptr gs:[rbx]", 4, reg=1, segment="gs")  # the last counts
    load(".byte 0x64; mov ecx, dword ptr es:[rbx]", 4, reg=1, segment="fs")  # but ES is ignored
    load(".byte 0xf2; mov ecx, dword ptr [rbx]", 4, reg=1)  # no string instruction
    load(".byte 0x66, 0x66, 0x66; mov ecx, dword ptr [rbx]", 2, reg=1)
    load(".byte 0x40; mov cl, byte ptr [rbx]", 1, reg=1)
    load(".byte 0x40, 0x8a, 0x23", 1, reg=4)  # SPL: REX takes the high bytes away
    load(".byte 0x8a, 0x23", 1, reg=0, high=1)
    load(".byte 0x40, 0x66, 0x8a, 0x23", 1, reg=0, high=1)  # and a REX that does not count
    listing.add(64, ".byte 0x66, 0x0f, 0xb7, 0x0b", "mov", 2, READ, rbx, operand=1, left=True,
                reg=1, extend=1)
    listing.add(64, ".byte 0x66, 0x0f, 0xbf, 0x0b", "mov", 2, READ, rbx, operand=1, left=True,
                reg=1, extend=2)
    listing.add(64, "movsxd ecx, dword ptr [rbx]", "mov", 4, READ, rbx, operand=1, left=True,
                reg=1, extend=2)
    listing.add(64, ".byte 0x66, 0x63, 0x0b", "mov", 2, READ, rbx, operand=1, left=True, reg=1,
                extend=2)
    listing.add(64, "addr32 movabs eax, dword ptr ds:[0x12345678]", "mov", 4, READ,
                Address(4, displacement=0x12345678), operand=1, left=True)
    listing.add(64, ".fill 13, 1, 0x66; stosb", "stos", 1, WRITE, Address(8, 7), operand=1,
                segment="es", is_destination=True)
    absolute = Address(8, 5, 12, 0, 0)
    absolute.base, absolute.segment = NONE, "ds"
    listing.add(64, ".byte 0x42, 0x8b, 0x0c, 0x25; .long 0", "mov", 4, READ, absolute, operand=1,
                left=True, reg=1)  # index R12 without a base


def main():
    listing = Listing()
    for mode in MODES:
        turn = itertools.cycle(all_addresses(mode))
        register_cases(listing, mode, turn)
        immediate_cases(listing, mode, turn)
        single_operand_cases(listing, mode, turn)
        extension_cases(listing, mode, turn)
        absolute_cases(listing, mode)
        string_cases(listing, mode)
        address_cases(listing, mode)
    prefix_cases(listing)
    listing.print()


main()
