// SPDX-License-Identifier: GPL-2.0-only
/* Names instructions: see instruction.h. Opcodes are those of SDM vol. 2. */
#include "instruction.h"

#include <stdio.h>
#include <string.h>

#include "model/decode.h"

#define ANY 0xff /* of a ModRM byte or of its reg field */

enum prefix {
	PREFIX_NONE = 0,
	PREFIX_66 = 1 << 0,
	PREFIX_F3 = 1 << 1,
	PREFIX_ANY = 1 << 2,
};

/* In names, $ stands for the accumulator of the operand size, # for the byte behind the opcode. */
static const struct row {
	uint8_t map; /* bytes before the opcode: 0, 1 of 0F, 2 of 0F 38 */
	uint8_t opcode;
	uint8_t modrm; /* the whole byte, if not ANY */
	uint8_t reg;   /* its reg field, if not ANY */
	uint8_t prefix;
	const char *name;
} rows[] = {
	{ 0, 0x6c, ANY, ANY, PREFIX_ANY, "insb" },
	{ 0, 0x6d, ANY, ANY, PREFIX_ANY, "ins $" },
	{ 0, 0x6e, ANY, ANY, PREFIX_ANY, "outsb" },
	{ 0, 0x6f, ANY, ANY, PREFIX_ANY, "outs $" },
	{ 0, 0xcc, ANY, ANY, PREFIX_ANY, "int3" },
	{ 0, 0xcd, ANY, ANY, PREFIX_ANY, "int #" },
	{ 0, 0xcf, ANY, ANY, PREFIX_ANY, "iret" },
	{ 0, 0xe4, ANY, ANY, PREFIX_ANY, "in al, #" },
	{ 0, 0xe5, ANY, ANY, PREFIX_ANY, "in $, #" },
	{ 0, 0xe6, ANY, ANY, PREFIX_ANY, "out #, al" },
	{ 0, 0xe7, ANY, ANY, PREFIX_ANY, "out #, $" },
	{ 0, 0xec, ANY, ANY, PREFIX_ANY, "in al, dx" },
	{ 0, 0xed, ANY, ANY, PREFIX_ANY, "in $, dx" },
	{ 0, 0xee, ANY, ANY, PREFIX_ANY, "out dx, al" },
	{ 0, 0xef, ANY, ANY, PREFIX_ANY, "out dx, $" },
	{ 0, 0xf4, ANY, ANY, PREFIX_ANY, "hlt" },
	{ 1, 0x00, ANY, 2, PREFIX_ANY, "lldt" },
	{ 1, 0x00, ANY, 3, PREFIX_ANY, "ltr" },
	{ 1, 0x01, 0xc1, ANY, PREFIX_ANY, "vmcall" },
	{ 1, 0x01, 0xc2, ANY, PREFIX_ANY, "vmlaunch" },
	{ 1, 0x01, 0xc3, ANY, PREFIX_ANY, "vmresume" },
	{ 1, 0x01, 0xc4, ANY, PREFIX_ANY, "vmxoff" },
	{ 1, 0x01, 0xc8, ANY, PREFIX_ANY, "monitor" },
	{ 1, 0x01, 0xc9, ANY, PREFIX_ANY, "mwait" },
	{ 1, 0x01, 0xd1, ANY, PREFIX_ANY, "xsetbv" },
	{ 1, 0x01, 0xd4, ANY, PREFIX_ANY, "vmfunc" },
	{ 1, 0x01, 0xd9, ANY, PREFIX_ANY, "vmmcall" },
	{ 1, 0x01, ANY, 2, PREFIX_ANY, "lgdt" },
	{ 1, 0x01, ANY, 3, PREFIX_ANY, "lidt" },
	{ 1, 0x01, ANY, 6, PREFIX_ANY, "lmsw" },
	{ 1, 0x01, ANY, 7, PREFIX_ANY, "invlpg" },
	{ 1, 0x06, ANY, ANY, PREFIX_ANY, "clts" },
	{ 1, 0x08, ANY, ANY, PREFIX_ANY, "invd" },
	{ 1, 0x09, ANY, ANY, PREFIX_ANY, "wbinvd" },
	{ 1, 0x0b, ANY, ANY, PREFIX_ANY, "ud2" },
	{ 1, 0x20, ANY, ANY, PREFIX_ANY, "mov from a control register" },
	{ 1, 0x21, ANY, ANY, PREFIX_ANY, "mov from a debug register" },
	{ 1, 0x22, ANY, ANY, PREFIX_ANY, "mov to a control register" },
	{ 1, 0x23, ANY, ANY, PREFIX_ANY, "mov to a debug register" },
	{ 1, 0x30, ANY, ANY, PREFIX_ANY, "wrmsr" },
	{ 1, 0x31, ANY, ANY, PREFIX_ANY, "rdtsc" },
	{ 1, 0x32, ANY, ANY, PREFIX_ANY, "rdmsr" },
	{ 1, 0x33, ANY, ANY, PREFIX_ANY, "rdpmc" },
	{ 1, 0x37, ANY, ANY, PREFIX_ANY, "getsec" },
	{ 1, 0x78, ANY, ANY, PREFIX_ANY, "vmread" },
	{ 1, 0x79, ANY, ANY, PREFIX_ANY, "vmwrite" },
	{ 1, 0xa2, ANY, ANY, PREFIX_ANY, "cpuid" },
	{ 1, 0xaa, ANY, ANY, PREFIX_ANY, "rsm" },
	{ 1, 0xc7, ANY, 6, PREFIX_F3, "vmxon" },
	{ 1, 0xc7, ANY, 6, PREFIX_66, "vmclear" },
	{ 1, 0xc7, ANY, 6, PREFIX_NONE, "vmptrld" },
	{ 1, 0xc7, ANY, 7, PREFIX_NONE, "vmptrst" },
	{ 2, 0x80, ANY, ANY, PREFIX_66, "invept" },
	{ 2, 0x81, ANY, ANY, PREFIX_66, "invvpid" },
	{ 2, 0x82, ANY, ANY, PREFIX_66, "invpcid" },
};

/* An instruction taken apart as far as the table needs it. */
struct parts {
	unsigned int prefixes;
	unsigned int map;
	uint8_t opcode;
	bool has_next;
	uint8_t next; /* the byte behind the opcode: ModRM or immediate */
};

static bool is_prefix(uint8_t byte, uint32_t mode)
{
	static const uint8_t legacy[] = {
		0x26, 0x2e, 0x36, 0x3e, 0x64, 0x65, 0x66, 0x67, 0xf0, 0xf2, 0xf3,
	};

	return memchr(legacy, byte, sizeof(legacy)) || (mode == 64 && byte >> 4 == 4);
}

static bool take_apart(const struct bh_fault *fault, struct parts *parts)
{
	size_t count = fault->byte_count;
	size_t i;

	*parts = (struct parts){ 0 };
	if (count > sizeof(fault->bytes))
		count = sizeof(fault->bytes);
	for (i = 0; i < count && is_prefix(fault->bytes[i], fault->mode); i++) {
		if (fault->bytes[i] == 0x66)
			parts->prefixes |= PREFIX_66;
		if (fault->bytes[i] == 0xf3)
			parts->prefixes |= PREFIX_F3;
	}
	if (i < count && fault->bytes[i] == 0x0f) {
		parts->map = 1;
		i++;
		if (i < count && fault->bytes[i] == 0x38) {
			parts->map = 2;
			i++;
		}
	}
	if (i == count)
		return false;
	parts->opcode = fault->bytes[i++];
	parts->has_next = i < count;
	parts->next = parts->has_next ? fault->bytes[i] : 0;
	return true;
}

static bool row_fits(const struct row *row, const struct parts *parts)
{
	bool needs_next = row->modrm != ANY || row->reg != ANY || strchr(row->name, '#');

	if (row->map != parts->map || row->opcode != parts->opcode ||
	    (needs_next && !parts->has_next))
		return false;
	if (row->prefix != PREFIX_ANY && row->prefix != parts->prefixes)
		return false;
	return (row->modrm == ANY || row->modrm == parts->next) &&
	       (row->reg == ANY || row->reg == (parts->next >> 3 & 7));
}

static void write_name(const struct row *row, const struct parts *parts, uint32_t mode,
		       char text[INSTRUCTION_TEXT_MAX])
{
	bool is_narrow = (mode == 16) != !!(parts->prefixes & PREFIX_66);
	size_t used = 0;
	const char *c;

	for (c = row->name; *c && used < INSTRUCTION_TEXT_MAX - sizeof("0xff"); c++) {
		if (*c == '$')
			used += (size_t)snprintf(text + used, INSTRUCTION_TEXT_MAX - used, "%s",
						 is_narrow ? "ax" : "eax");
		else if (*c == '#')
			used += (size_t)snprintf(text + used, INSTRUCTION_TEXT_MAX - used,
						 "0x%x", parts->next);
		else
			text[used++] = *c;
	}
	text[used] = '\0';
}

void instruction_name(const struct bh_fault *fault, char text[INSTRUCTION_TEXT_MAX])
{
	struct parts parts;
	size_t i;

	text[0] = '\0';
	if (!take_apart(fault, &parts))
		return;
	for (i = 0; i < BH_ARRAY_SIZE(rows); i++) {
		if (row_fits(&rows[i], &parts)) {
			write_name(&rows[i], &parts, fault->mode, text);
			return;
		}
	}
}

unsigned int instruction_text(const struct bh_fault *fault, char text[INSTRUCTION_TEXT_MAX])
{
	enum decode_mode mode = fault->mode == 64 ? DECODE_64 :
				fault->mode == 32 ? DECODE_32 : DECODE_16;
	struct decoded decoded;

	if (decode_insn(fault->bytes, fault->byte_count, mode, &decoded)) {
		decode_mnemonic(&decoded, text, INSTRUCTION_TEXT_MAX);
		return decoded.length;
	}
	instruction_name(fault, text);
	return fault->byte_count;
}
