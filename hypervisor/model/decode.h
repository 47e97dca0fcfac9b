/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Decoder for the instructions with which programs reach device memory: moves with and without
 * extension, arithmetic, logic and bit operations with one memory operand, string moves.
 *
 * It says what an instruction would do, not what it does (emulate.h) nor where its bytes are found
 * (walk.h). An instruction without a memory operand is none of its business and is not decoded.
 */
#ifndef MODEL_DECODE_H
#define MODEL_DECODE_H

#include <bulkhead/types.h>

#define DECODE_INSN_MAX 15 /* longer instructions raise #GP (SDM vol. 2A, 2.3.11) */

/* Default operand and address size of the code segment: CS.L, then CS.D (SDM vol. 1, 3.6). */
enum decode_mode {
	DECODE_16,
	DECODE_32,
	DECODE_64,
};

/* MOVZX, MOVSX and MOVSXD are DECODE_MOV with an extension. The first eight are in ModRM order. */
enum decode_op {
	DECODE_ADD,
	DECODE_OR,
	DECODE_ADC,
	DECODE_SBB,
	DECODE_AND,
	DECODE_SUB,
	DECODE_XOR,
	DECODE_CMP,
	DECODE_MOV,
	DECODE_TEST,
	DECODE_XCHG,
	DECODE_NOT,
	DECODE_NEG,
	DECODE_INC,
	DECODE_DEC,
	DECODE_BT,
	DECODE_BTS,
	DECODE_BTR,
	DECODE_BTC,
	DECODE_STOS,
	DECODE_LODS,
	DECODE_MOVS,
	DECODE_OPS
};

/* Which accesses the memory operand sees; both for read-modify-write and for MOVS. */
#define DECODE_READ  1
#define DECODE_WRITE 2

/* The operand beside memory. */
enum decode_operand {
	DECODE_OPERAND_NONE,
	DECODE_OPERAND_REGISTER,
	DECODE_OPERAND_IMMEDIATE,
};

/* How a memory value narrower than its destination register fills it. */
enum decode_extend {
	DECODE_EXTEND_NONE,
	DECODE_EXTEND_ZERO,
	DECODE_EXTEND_SIGN,
};

/* Segment registers by hardware number. */
enum decode_segment {
	DECODE_ES,
	DECODE_CS,
	DECODE_SS,
	DECODE_DS,
	DECODE_FS,
	DECODE_GS,
};

/* Values of base and index beside the hardware numbers 0 (RAX) to 15 (R15). */
#define DECODE_RIP  16 /* base only: the address of the next instruction */
#define DECODE_NONE 17

struct decoded {
	uint8_t op;            /* enum decode_op */
	uint8_t access;        /* DECODE_READ, DECODE_WRITE or both */
	uint8_t operand;       /* enum decode_operand */
	bool    register_left; /* the register is the left operand: destination or minuend */
	uint8_t size;          /* bytes of one memory access: 1, 2, 4, 8 */
	uint8_t register_size; /* bytes of the register operand; differs from size when extending */
	uint8_t reg;           /* register operand by hardware number, 0 to 15 */
	uint8_t length;        /* bytes of the whole instruction */
	uint8_t base;          /* register, DECODE_RIP or DECODE_NONE; RSI or RDI of a string */
	uint8_t segment;       /* enum decode_segment; the source's for MOVS, which writes to ES */
	uint8_t extend;        /* enum decode_extend */
	bool    high_byte;     /* the operand is AH, CH, DH or BH: bits 15:8 of register reg */
	bool    lock;          /* LOCK prefix; XCHG locks without one */
	bool    rep;           /* string instruction with REP or, meaning the same, REPNE */
	uint8_t mode;          /* enum decode_mode the bytes were decoded for */
	uint8_t address_size;  /* 2, 4 or 8: width of addresses and of string counters */
	uint8_t index;         /* register or DECODE_NONE */
	uint8_t scale;         /* shift of the index: 0 to 3 */
	int64_t displacement;  /* sign-extended; the whole address of the forms A0 to A3 */
	int64_t immediate;     /* sign-extended */
};

/*
 * Decode the instruction at @bytes, of which @available may be read. False if it is cut short, too
 * long, undefined, or not one of the forms known; @out is then unspecified.
 */
bool decode_insn(const uint8_t *bytes, unsigned available, enum decode_mode mode,
		 struct decoded *out);

static inline bool decoded_is_string(const struct decoded *d)
{
	return d->op >= DECODE_STOS;
}

#define DECODE_TEXT_MAX 80

/* A short text for reports, such as "mov dword [rbx+0x10], eax"; cut off if @size is too small. */
void decode_mnemonic(const struct decoded *d, char *text, size_t size);

#endif
