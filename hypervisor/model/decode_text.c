// SPDX-License-Identifier: GPL-2.0-only
/*
 * The text of a decoded instruction for reports, in the manual's (Intel) syntax. It is made from
 * what was decoded, so that a report says what the emulation would do.
 */
#include "model/decode.h"
#include "model/text.h"

struct text {
	char *at;
	size_t size;
};

#define text_add(t, ...) text_advance(t, text_format((t)->at, (t)->size, __VA_ARGS__))

static void text_advance(struct text *t, size_t length)
{
	if (length >= t->size)
		length = t->size - 1;
	t->at += length;
	t->size -= length;
}

static const char *const op_names[DECODE_OPS] = {
	[DECODE_ADD] = "add",   [DECODE_OR] = "or",     [DECODE_ADC] = "adc",
	[DECODE_SBB] = "sbb",   [DECODE_AND] = "and",   [DECODE_SUB] = "sub",
	[DECODE_XOR] = "xor",   [DECODE_CMP] = "cmp",   [DECODE_MOV] = "mov",
	[DECODE_TEST] = "test", [DECODE_XCHG] = "xchg", [DECODE_NOT] = "not",
	[DECODE_NEG] = "neg",   [DECODE_INC] = "inc",   [DECODE_DEC] = "dec",
	[DECODE_BT] = "bt",     [DECODE_BTS] = "bts",   [DECODE_BTR] = "btr",
	[DECODE_BTC] = "btc",   [DECODE_STOS] = "stos", [DECODE_LODS] = "lods",
	[DECODE_MOVS] = "movs",
};

static const char *op_name(const struct decoded *d)
{
	switch (d->extend) {
	case DECODE_EXTEND_ZERO:
		return "movzx";
	case DECODE_EXTEND_SIGN:
		return d->size == 4 ? "movsxd" : "movsx";
	default:
		return op_names[d->op];
	}
}

static const char *size_name(unsigned size)
{
	return size == 1 ? "byte" : size == 2 ? "word" : size == 4 ? "dword" : "qword";
}

static void text_add_register(struct text *t, unsigned reg, unsigned size, bool high_byte)
{
	static const char names[8][3] = { "ax", "cx", "dx", "bx", "sp", "bp", "si", "di" };

	const char *name = names[reg & 7];

	if (reg == DECODE_RIP)
		text_add(t, "%s", size == 8 ? "rip" : "eip");
	else if (reg >= 8)
		text_add(t, "r%u%s", reg, size == 8 ? "" : size == 4 ? "d" : size == 2 ? "w" : "b");
	else if (size > 1)
		text_add(t, "%s%s", size == 8 ? "r" : size == 4 ? "e" : "", name);
	else if (high_byte)
		text_add(t, "%ch", name[0]);
	else if (reg < 4)
		text_add(t, "%cl", name[0]);
	else
		text_add(t, "%sl", name);
}

/* A signed number as the assembler writes it; @plus says that something stands before it. */
static void text_add_number(struct text *t, int64_t value, bool plus)
{
	uint64_t magnitude = value < 0 ? -(uint64_t)value : (uint64_t)value;

	text_add(t, "%s0x%llx", value < 0 ? "-" : plus ? "+" : "", (unsigned long long)magnitude);
}

static void text_add_memory(struct text *t, const struct decoded *d)
{
	static const char segments[6][3] = { "es", "cs", "ss", "ds", "fs", "gs" };
	bool has_register = d->base != DECODE_NONE || d->index != DECODE_NONE;

	text_add(t, "%s ", size_name(d->size));
	if (d->segment >= DECODE_FS || d->mode != DECODE_64)
		text_add(t, "%s:", segments[d->segment]);
	text_add(t, "[");
	if (d->base != DECODE_NONE)
		text_add_register(t, d->base, d->address_size, false);
	if (d->index != DECODE_NONE) {
		text_add(t, "%s", d->base != DECODE_NONE ? "+" : "");
		text_add_register(t, d->index, d->address_size, false);
		if (d->scale)
			text_add(t, "*%u", 1U << d->scale);
	}
	if (d->displacement || !has_register)
		text_add_number(t, d->displacement, has_register);
	text_add(t, "]");
}

/* The operand beside memory, if there is one. */
static void text_add_operand(struct text *t, const struct decoded *d)
{
	if (d->operand == DECODE_OPERAND_REGISTER)
		text_add_register(t, d->reg, d->register_size, d->high_byte);
	else
		text_add_number(t, d->immediate, false);
}

void decode_mnemonic(const struct decoded *d, char *text, size_t size)
{
	struct text t = { text, size };

	if (!size)
		return;
	text_add(&t, "%s%s%s ", d->lock ? "lock " : "", d->rep ? "rep " : "", op_name(d));
	if (d->operand == DECODE_OPERAND_REGISTER && d->register_left) {
		text_add_operand(&t, d);
		text_add(&t, ", ");
	}
	text_add_memory(&t, d);
	if (d->operand != DECODE_OPERAND_NONE && !d->register_left) {
		text_add(&t, ", ");
		text_add_operand(&t, d);
	}
}
