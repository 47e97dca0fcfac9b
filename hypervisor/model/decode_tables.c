// SPDX-License-Identifier: GPL-2.0-only
/*
 * The instruction forms that the decoder knows, one row a form in opcode order (SDM vol. 2D,
 * appendix A). What is not written down here is not decoded.
 */
#include "model/decode_tables.h"

#define R   DECODE_READ
#define W   DECODE_WRITE
#define RW  (DECODE_READ | DECODE_WRITE)
#define REG DECODE_OPERAND_REGISTER
#define IMM DECODE_OPERAND_IMMEDIATE

/* Operands in the order of the assembler's Intel syntax: M memory, R register, A accumulator. */
#define FORM_M_R(op, access, size)    { op, access, 0, REG, 0, MODRM, size, 0 }
#define FORM_R_M(op, access, size)    { op, access, 1, REG, 0, MODRM, size, 0 }
#define FORM_MOVX(extend, size)       { DECODE_MOV, R, 1, REG, extend, MODRM, size, 0 }
#define FORM_M_A(op, size, encoding)  { op, W, 0, REG, 0, encoding, size, 0 }
#define FORM_A_M(op, size, encoding)  { op, R, 1, REG, 0, encoding, size, 0 }
#define FORM_MOVS(size)               { DECODE_MOVS, RW, 0, 0, 0, STRING_SI, size, 0 }
#define FORM_GROUP(group, size, encoding) { 0, 0, 0, 0, 0, encoding, size, group }
#define FORM_OTHER(encoding)          { 0, 0, 0, 0, 0, encoding, 0, 0 }

/* Rows of the groups; size and encoding come from the opcode. */
#define GROUP_M(op)             { op, RW, 0, 0, 0, 0, 0, 0 }
#define GROUP_M_IMM(op, access) { op, access, 0, IMM, 0, 0, 0, 0 }

#define FOUR_FORMS(opcode, op, access) \
	[(opcode) + 0]  = FORM_M_R(op, access, 1), \
	[(opcode) + 1]  = FORM_M_R(op, access, S_V), \
	[(opcode) + 2]  = FORM_R_M(op, R, 1), \
	[(opcode) + 3]  = FORM_R_M(op, R, S_V)

const struct form decode_forms[256] = {
	FOUR_FORMS(0x00, DECODE_ADD, RW),
	FOUR_FORMS(0x08, DECODE_OR, RW),
	[0x0f]          = FORM_OTHER(ESCAPE),
	FOUR_FORMS(0x10, DECODE_ADC, RW),
	FOUR_FORMS(0x18, DECODE_SBB, RW),
	FOUR_FORMS(0x20, DECODE_AND, RW),
	[0x26]          = FORM_OTHER(PREFIX), /* ES */
	FOUR_FORMS(0x28, DECODE_SUB, RW),
	[0x2e]          = FORM_OTHER(PREFIX), /* CS */
	FOUR_FORMS(0x30, DECODE_XOR, RW),
	[0x36]          = FORM_OTHER(PREFIX), /* SS */
	FOUR_FORMS(0x38, DECODE_CMP, R),
	[0x3e]          = FORM_OTHER(PREFIX), /* DS */
	[0x40 ... 0x4f] = FORM_OTHER(PREFIX), /* REX; outside of 64-bit code no memory access */
	[0x63]          = FORM_MOVX(DECODE_EXTEND_SIGN, S_D), /* outside of 64-bit code ARPL */
	[0x64 ... 0x67] = FORM_OTHER(PREFIX), /* FS, GS, operand size, address size */
	[0x80]          = FORM_GROUP(GROUP_1, 1, MODRM_IMM8),
	[0x81]          = FORM_GROUP(GROUP_1, S_V, MODRM_IMMZ),
	[0x83]          = FORM_GROUP(GROUP_1, S_V, MODRM_IMM8),
	[0x84]          = FORM_M_R(DECODE_TEST, R, 1),
	[0x85]          = FORM_M_R(DECODE_TEST, R, S_V),
	[0x86]          = FORM_M_R(DECODE_XCHG, RW, 1),
	[0x87]          = FORM_M_R(DECODE_XCHG, RW, S_V),
	[0x88]          = FORM_M_R(DECODE_MOV, W, 1),
	[0x89]          = FORM_M_R(DECODE_MOV, W, S_V),
	[0x8a]          = FORM_R_M(DECODE_MOV, R, 1),
	[0x8b]          = FORM_R_M(DECODE_MOV, R, S_V),
	[0xa0]          = FORM_A_M(DECODE_MOV, 1, MOFFS),
	[0xa1]          = FORM_A_M(DECODE_MOV, S_V, MOFFS),
	[0xa2]          = FORM_M_A(DECODE_MOV, 1, MOFFS),
	[0xa3]          = FORM_M_A(DECODE_MOV, S_V, MOFFS),
	[0xa4]          = FORM_MOVS(1),
	[0xa5]          = FORM_MOVS(S_V),
	[0xaa]          = FORM_M_A(DECODE_STOS, 1, STRING_DI),
	[0xab]          = FORM_M_A(DECODE_STOS, S_V, STRING_DI),
	[0xac]          = FORM_A_M(DECODE_LODS, 1, STRING_SI),
	[0xad]          = FORM_A_M(DECODE_LODS, S_V, STRING_SI),
	[0xc6]          = FORM_GROUP(GROUP_11, 1, MODRM_IMM8),
	[0xc7]          = FORM_GROUP(GROUP_11, S_V, MODRM_IMMZ),
	[0xf0]          = FORM_OTHER(PREFIX), /* LOCK */
	[0xf2 ... 0xf3] = FORM_OTHER(PREFIX), /* REPNE, REP */
	[0xf6]          = FORM_GROUP(GROUP_3, 1, MODRM_IMM8),
	[0xf7]          = FORM_GROUP(GROUP_3, S_V, MODRM_IMMZ),
	[0xfe]          = FORM_GROUP(GROUP_4, 1, MODRM),
	[0xff]          = FORM_GROUP(GROUP_4, S_V, MODRM),
};

const struct form decode_forms_0f[DECODE_0F_FORMS] = {
	[0xa3 - DECODE_0F_FIRST] = FORM_M_R(DECODE_BT, R, S_V),
	[0xab - DECODE_0F_FIRST] = FORM_M_R(DECODE_BTS, RW, S_V),
	[0xb3 - DECODE_0F_FIRST] = FORM_M_R(DECODE_BTR, RW, S_V),
	[0xb6 - DECODE_0F_FIRST] = FORM_MOVX(DECODE_EXTEND_ZERO, 1),
	[0xb7 - DECODE_0F_FIRST] = FORM_MOVX(DECODE_EXTEND_ZERO, 2),
	[0xba - DECODE_0F_FIRST] = FORM_GROUP(GROUP_8, S_V, MODRM_IMM8),
	[0xbb - DECODE_0F_FIRST] = FORM_M_R(DECODE_BTC, RW, S_V),
	[0xbe - DECODE_0F_FIRST] = FORM_MOVX(DECODE_EXTEND_SIGN, 1),
	[0xbf - DECODE_0F_FIRST] = FORM_MOVX(DECODE_EXTEND_SIGN, 2),
};

const struct form decode_groups[GROUPS][8] = {
	[GROUP_1] = {
		[0] = GROUP_M_IMM(DECODE_ADD, RW),
		[1] = GROUP_M_IMM(DECODE_OR, RW),
		[2] = GROUP_M_IMM(DECODE_ADC, RW),
		[3] = GROUP_M_IMM(DECODE_SBB, RW),
		[4] = GROUP_M_IMM(DECODE_AND, RW),
		[5] = GROUP_M_IMM(DECODE_SUB, RW),
		[6] = GROUP_M_IMM(DECODE_XOR, RW),
		[7] = GROUP_M_IMM(DECODE_CMP, R),
	},
	[GROUP_3] = {
		[0] = GROUP_M_IMM(DECODE_TEST, R),
		[2] = GROUP_M(DECODE_NOT),
		[3] = GROUP_M(DECODE_NEG),
	},
	[GROUP_4] = {
		[0] = GROUP_M(DECODE_INC),
		[1] = GROUP_M(DECODE_DEC),
	},
	[GROUP_8] = {
		[4] = GROUP_M_IMM(DECODE_BT, R),
		[5] = GROUP_M_IMM(DECODE_BTS, RW),
		[6] = GROUP_M_IMM(DECODE_BTR, RW),
		[7] = GROUP_M_IMM(DECODE_BTC, RW),
	},
	[GROUP_11] = {
		[0] = GROUP_M_IMM(DECODE_MOV, W),
	},
};
