/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the tables of instruction forms (decode_tables.c) say to the parser (decode.c), and to
 * nobody else.
 */
#ifndef MODEL_DECODE_TABLES_H
#define MODEL_DECODE_TABLES_H

#include "model/decode.h"

/* What a byte of the opcode map is, and what follows it. The value of unwritten rows is UNKNOWN. */
enum encoding {
	UNKNOWN,
	PREFIX,
	ESCAPE,     /* 0F: the opcode is in the next byte */
	MODRM,
	MODRM_IMM8, /* ModRM and, if the form has an immediate operand, one byte */
	MODRM_IMMZ, /* the same with an immediate of the operand size, but four bytes for eight */
	MOFFS,      /* an address of the address size, no ModRM */
	STRING_SI,  /* nothing: memory is at DS:RSI */
	STRING_DI,  /* nothing: memory is at ES:RDI */
};

/* Size of the memory operand: bytes, or one of these. */
enum operand_size {
	S_V = 0x10, /* 2, 4 or 8 by mode and prefixes */
	S_D = 0x11, /* the same, but never 8: the source of MOVSXD */
};

/* Opcodes that the reg field of ModRM continues. */
enum group { NO_GROUP, GROUP_1, GROUP_3, GROUP_4, GROUP_8, GROUP_11, GROUPS };

/*
 * One form, packed: there are several hundred. The first five fields are those of struct decoded.
 */
struct form {
	uint8_t op : 5;
	uint8_t access : 2;
	uint8_t register_left : 1;
	uint8_t operand : 2;
	uint8_t extend : 2;
	uint8_t encoding : 4; /* enum encoding */
	uint8_t size : 5;     /* bytes or enum operand_size */
	uint8_t group : 3;    /* enum group: op, access and operand are in decode_groups */
};

_Static_assert(sizeof(struct form) == 3 && DECODE_OPS <= 1 << 5, "a form has 24 bits");

/* The forms behind 0F: the table begins with 0F A0 and ends with 0F BF. */
#define DECODE_0F_FIRST 0xa0
#define DECODE_0F_FORMS 0x20

extern const struct form decode_forms[256];
extern const struct form decode_forms_0f[DECODE_0F_FORMS];
extern const struct form decode_groups[GROUPS][8];

#endif
