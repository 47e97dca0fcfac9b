// SPDX-License-Identifier: GPL-2.0-only
/*
 * The instruction decoder's parser: how x86 instructions are put together (SDM vol. 2A, chapter 2).
 * Which instructions there are is in decode_tables.c, what they do in emulate.c.
 *
 * It runs on the exit path of emulated device accesses: the plain MOV has a short cut.
 */
#include "model/decode_tables.h"

#define NO_SEGMENT 0xff

#define REX_W 8
#define REX_R 4
#define REX_X 2
#define REX_B 1

struct prefixes {
	uint8_t rex; /* 0 if there is none */
	uint8_t segment;
	bool    operand_size;
	bool    address_size;
	bool    lock;
	bool    rep;
};

struct cursor {
	const uint8_t *at;
	const uint8_t *end;
};

static bool cursor_has(const struct cursor *c, unsigned bytes)
{
	return (size_t)(c->end - c->at) >= bytes;
}

static int64_t read_signed(const uint8_t *from, unsigned bytes)
{
	int64_t quad;
	int32_t dword;
	int16_t word;

	switch (bytes) {
	case 1:
		return (int8_t)*from;
	case 2:
		__builtin_memcpy(&word, from, sizeof(word));
		return word;
	case 4:
		__builtin_memcpy(&dword, from, sizeof(dword));
		return dword;
	default:
		__builtin_memcpy(&quad, from, sizeof(quad));
		return quad;
	}
}

/* The next @bytes as a signed number; the caller has made sure that they are there. */
static int64_t cursor_take_signed(struct cursor *c, unsigned bytes)
{
	const uint8_t *from = c->at;

	c->at += bytes;
	return read_signed(from, bytes);
}

/* False for the bytes 40 to 4F outside of 64-bit code, which are no prefixes there. */
static bool prefixes_add(struct prefixes *p, uint8_t byte, enum decode_mode mode)
{
	if ((byte & 0xf0) == 0x40) {
		p->rex = byte;
		return mode == DECODE_64;
	}
	p->rex = 0; /* counts only right before the opcode (SDM vol. 2A, 2.2.1) */
	switch (byte) {
	case 0x26:
	case 0x2e:
	case 0x36:
	case 0x3e:
		/* 64-bit code ignores these four, even after FS or GS (SDM vol. 1, 3.4.4). */
		if (mode != DECODE_64)
			p->segment = (byte >> 3) & 3;
		break;
	case 0x64:
		p->segment = DECODE_FS;
		break;
	case 0x65:
		p->segment = DECODE_GS;
		break;
	case 0x66:
		p->operand_size = true;
		break;
	case 0x67:
		p->address_size = true;
		break;
	case 0xf0:
		p->lock = true;
		break;
	default:
		p->rep = true;
		break;
	}
	return true;
}

/* Take prefixes and opcode. NULL if they are cut short or begin no known form. */
static const struct form *form_take(struct cursor *c, struct prefixes *p, enum decode_mode mode)
{
	const struct form *form;
	uint8_t byte;

	for (;;) {
		if (!cursor_has(c, 1))
			return NULL;
		byte = *c->at++;
		form = &decode_forms[byte];
		if (form->encoding != PREFIX)
			break;
		if (!prefixes_add(p, byte, mode))
			return NULL;
	}
	if (form->encoding == ESCAPE) {
		if (!cursor_has(c, 1))
			return NULL;
		byte = (uint8_t)(*c->at++ - DECODE_0F_FIRST);
		if (byte >= DECODE_0F_FORMS)
			return NULL;
		form = &decode_forms_0f[byte];
	}
	if (form->encoding == UNKNOWN)
		return NULL;
	return form;
}

/* ModRM addressing of 16 bits, which has no SIB byte (SDM vol. 2A, table 2-1). */
static bool address_take_16(struct cursor *c, uint8_t modrm, struct decoded *out)
{
	static const struct {
		uint8_t base;
		uint8_t index;
	} registers[8] = {
		{ 3, 6 }, { 3, 7 }, { 5, 6 }, { 5, 7 },
		{ 6, DECODE_NONE }, { 7, DECODE_NONE }, { 5, DECODE_NONE }, { 3, DECODE_NONE },
	};
	unsigned bytes = modrm >> 6;

	out->base = registers[modrm & 7].base;
	out->index = registers[modrm & 7].index;
	out->scale = 0;
	if ((modrm & 0xc7) == 0x06) {
		out->base = DECODE_NONE;
		bytes = 2;
	}
	if (!cursor_has(c, bytes))
		return false;
	out->displacement = bytes ? cursor_take_signed(c, bytes) : 0;
	return true;
}

/* ModRM and SIB addressing of 32 and 64 bits (SDM vol. 2A, tables 2-2 and 2-3, and 2.2.1.6). */
static bool address_take(struct cursor *c, uint8_t modrm, uint8_t rex, struct decoded *out)
{
	static const uint8_t displacement_bytes[3] = { 0, 1, 4 };
	unsigned bytes = displacement_bytes[modrm >> 6];
	uint8_t rm = modrm & 7;
	uint8_t sib;

	out->base = (uint8_t)(rm | (rex & REX_B) << 3);
	out->index = DECODE_NONE;
	out->scale = 0;
	if (rm == 4) {
		if (!cursor_has(c, 1))
			return false;
		sib = *c->at++;
		out->base = (uint8_t)((sib & 7) | (rex & REX_B) << 3);
		out->index = (uint8_t)((sib >> 3 & 7) | (rex & REX_X) << 2);
		out->scale = sib >> 6;
		if (out->index == 4) {
			out->index = DECODE_NONE;
			out->scale = 0;
		}
		if ((sib & 7) == 5 && bytes == 0) {
			out->base = DECODE_NONE;
			bytes = 4;
		}
	} else if ((modrm & 0xc7) == 0x05) {
		out->base = out->mode == DECODE_64 ? DECODE_RIP : DECODE_NONE;
		bytes = 4;
	}
	out->displacement = 0;
	if (bytes) {
		if (!cursor_has(c, bytes))
			return false;
		out->displacement = cursor_take_signed(c, bytes);
	}
	return true;
}

/* Addresses relative to (E)BP or (E)SP are in the stack segment unless a prefix says otherwise. */
static uint8_t segment_default(unsigned base)
{
	return (base & ~1U) == 4 ? DECODE_SS : DECODE_DS;
}

/* The rest of a form with ModRM. */
static bool modrm_take(struct cursor *c, const struct prefixes *p, const struct form *form,
		       uint8_t modrm, struct decoded *out)
{
	unsigned bytes;

	if (out->address_size == 2) {
		if (!address_take_16(c, modrm, out))
			return false;
	} else if (!address_take(c, modrm, p->rex, out)) {
		return false;
	}
	out->segment = p->segment != NO_SEGMENT ? p->segment : segment_default(out->base);

	if (out->operand == DECODE_OPERAND_REGISTER) {
		out->reg = (uint8_t)((modrm >> 3 & 7) | (p->rex & REX_R) << 1);
		if (out->register_size == 1 && !p->rex && out->reg >= 4) {
			out->reg = (uint8_t)(out->reg - 4);
			out->high_byte = true;
		}
	} else if (out->operand == DECODE_OPERAND_IMMEDIATE) {
		bytes = form->encoding == MODRM_IMM8 ? 1 : out->size == 2 ? 2 : 4;
		if (!cursor_has(c, bytes))
			return false;
		out->immediate = cursor_take_signed(c, bytes);
	}
	return true;
}

/* The rest of the forms whose memory operand is not in a ModRM byte. */
static bool implied_take(struct cursor *c, const struct prefixes *p, const struct form *form,
			 struct decoded *out)
{
	out->index = DECODE_NONE;
	out->scale = 0;
	out->displacement = 0;
	out->segment = p->segment != NO_SEGMENT ? p->segment : DECODE_DS;
	switch (form->encoding) {
	case MOFFS:
		if (!cursor_has(c, out->address_size))
			return false;
		out->base = DECODE_NONE;
		out->displacement = cursor_take_signed(c, out->address_size);
		return true;
	case STRING_DI:
		out->segment = DECODE_ES; /* cannot be overridden (SDM vol. 1, 7.3.9.1) */
		out->base = 7;
		break;
	default:
		out->base = 6;
		break;
	}
	out->rep = p->rep;
	return true;
}

/* Everything that follows from form, mode and prefixes alone. */
static bool form_apply(const struct form *form, const struct prefixes *p, enum decode_mode mode,
		       struct decoded *out)
{
	static const uint8_t operand_sizes[3][2] = { { 2, 4 }, { 4, 2 }, { 4, 2 } };
	static const uint8_t address_sizes[3][2] = { { 2, 4 }, { 4, 2 }, { 8, 4 } };
	uint8_t operand_size = operand_sizes[mode][p->operand_size];

	if (p->rex & REX_W)
		operand_size = 8;
	out->size = form->size;
	if (form->size >= S_V) {
		out->size = operand_size;
		if (form->size == S_D) {
			if (mode != DECODE_64)
				return false;
			if (operand_size == 8)
				out->size = 4;
		}
	}
	out->register_size = out->extend ? operand_size : out->size;
	out->mode = (uint8_t)mode;
	out->address_size = address_sizes[mode][p->address_size];
	out->lock = p->lock;
	out->rep = false;
	out->reg = 0;
	out->high_byte = false;
	out->immediate = 0;
	return true;
}

/* Any form. Not inlined, so that the short cut need not save the registers that this one uses. */
static __attribute__((noinline, cold)) bool form_decode(const uint8_t *bytes, unsigned available,
						  enum decode_mode mode, struct decoded *out)
{
	struct prefixes prefixes = { .segment = NO_SEGMENT };
	struct cursor cursor;
	const struct form *form, *operation;
	bool has_modrm;
	uint8_t modrm = 0;

	cursor.at = bytes;
	cursor.end = bytes + (available < DECODE_INSN_MAX ? available : DECODE_INSN_MAX);
	form = form_take(&cursor, &prefixes, mode);
	if (!form)
		return false;

	operation = form;
	has_modrm = form->encoding <= MODRM_IMMZ;
	if (has_modrm) {
		if (!cursor_has(&cursor, 1))
			return false;
		modrm = *cursor.at++;
		if (modrm >= 0xc0)
			return false; /* a register instead of memory */
		if (form->group)
			operation = &decode_groups[form->group][modrm >> 3 & 7];
	}
	out->op = operation->op;
	out->access = operation->access;
	out->operand = operation->operand;
	out->extend = operation->extend;
	out->register_left = operation->register_left;
	if (!out->access)
		return false; /* a row of the group that is not written down */
	/* LOCK is for read-modify-write with ModRM only, else #UD (SDM vol. 2A, LOCK). */
	if (prefixes.lock && (out->access != (DECODE_READ | DECODE_WRITE) || !has_modrm))
		return false;
	if (!form_apply(form, &prefixes, mode, out))
		return false;
	if (!(has_modrm ? modrm_take(&cursor, &prefixes, form, modrm, out)
			: implied_take(&cursor, &prefixes, form, out)))
		return false;
	out->length = (uint8_t)(cursor.at - bytes);
	return true;
}

/*
 * Short cut for what nearly all device accesses are: MOV of four or eight bytes between memory and
 * a register or an immediate, in 64-bit code, without prefixes but REX, addressed by a register
 * with displacement or by a displacement alone. PLAIN_MOV_MAX bytes are there to be read.
 */
#define PLAIN_MOV_MAX 12

#define PLAIN_MOV(access_, operand_, left_) \
	{ .op = DECODE_MOV, .access = access_, .operand = operand_, .register_left = left_, \
	  .size = 4, .register_size = 4, .segment = DECODE_DS, .mode = DECODE_64, \
	  .address_size = 8, .index = DECODE_NONE }

static const struct decoded plain_store = PLAIN_MOV(DECODE_WRITE, DECODE_OPERAND_REGISTER, false);
static const struct decoded plain_load = PLAIN_MOV(DECODE_READ, DECODE_OPERAND_REGISTER, true);
static const struct decoded plain_set = PLAIN_MOV(DECODE_WRITE, DECODE_OPERAND_IMMEDIATE, false);

static bool plain_mov_take(const uint8_t *bytes, struct decoded *out)
{
	const struct decoded *plain;
	const uint8_t *at = bytes;
	unsigned rex = 0, opcode = *at++, modrm, rm;

	if ((opcode & 0xf0) == 0x40) {
		rex = opcode;
		opcode = *at++;
	}
	modrm = *at++;
	rm = modrm & 7;
	if (opcode == 0x89)
		plain = &plain_store;
	else if (opcode == 0x8b)
		plain = &plain_load;
	else if (opcode == 0xc7 && !(modrm & 0x38))
		plain = &plain_set;
	else
		return false;
	*out = *plain;
	out->reg = modrm >> 3 & 7;
	out->base = (uint8_t)rm;

	if (rm == 4) {
		if (modrm & 0xc0 || *at != 0x25 || rex & REX_X)
			return false; /* anything but a displacement alone */
		out->base = DECODE_NONE;
		out->displacement = read_signed(at + 1, 4);
		at += 5;
	} else if (modrm >> 6 == 2) {
		out->displacement = read_signed(at, 4);
		at += 4;
	} else if (modrm >> 6 == 1) {
		out->displacement = read_signed(at, 1);
		at += 1;
	} else if (modrm >> 6 == 3 || rm == 5) {
		return false;
	}

	if (rex) {
		out->reg = (uint8_t)(out->reg | (rex & REX_R) << 1);
		if (rm != 4)
			out->base = (uint8_t)(out->base | (rex & REX_B) << 3);
		if (rex & REX_W)
			out->size = out->register_size = 8;
	}
	if (out->base == 5)
		out->segment = DECODE_SS;
	if (opcode == 0xc7) {
		out->reg = 0;
		out->immediate = read_signed(at, 4);
		at += 4;
	}
	out->length = (uint8_t)(at - bytes);
	return true;
}

bool decode_insn(const uint8_t *bytes, unsigned available, enum decode_mode mode,
		 struct decoded *out)
{
	if (mode != DECODE_64 || available < PLAIN_MOV_MAX || !plain_mov_take(bytes, out))
		return form_decode(bytes, available, mode, out);
	return true;
}
