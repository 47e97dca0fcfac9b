// SPDX-License-Identifier: GPL-2.0-only
/*
 * What decoded instructions do to registers, flags and the value in memory (SDM vol. 2, the
 * instructions' pages). Flags that the manual leaves undefined come out as processors set them.
 */
#include "model/emulate.h"

#include "model/bits.h"

enum {
	RCX = 1,
	RSI = 6,
	RDI = 7,
};

#define FLAG_CF (1U << 0)
#define FLAG_PF (1U << 2)
#define FLAG_AF (1U << 4)
#define FLAG_ZF (1U << 6)
#define FLAG_SF (1U << 7)
#define FLAG_DF (1U << 10)
#define FLAG_OF (1U << 11)

static uint64_t truncate(uint64_t value, unsigned size)
{
	return value & bytes_mask(size);
}

static uint64_t sign_extend(uint64_t value, unsigned size)
{
	unsigned shift = 64 - size * 8;

	return (uint64_t)((int64_t)(value << shift) >> shift);
}

/* Four bytes zero the upper half, one or two leave the rest (SDM vol. 1, 3.4.1.1). */
static void gpr_write(uint64_t *gpr, unsigned size, uint64_t value)
{
	switch (size) {
	case 1:
		*gpr = (*gpr & ~0xffULL) | (value & 0xff);
		break;
	case 2:
		*gpr = (*gpr & ~0xffffULL) | (value & 0xffff);
		break;
	case 4:
		*gpr = (uint32_t)value;
		break;
	default:
		*gpr = value;
		break;
	}
}

static uint64_t operand_read(const struct decoded *d, const uint64_t *gpr)
{
	if (d->operand == DECODE_OPERAND_REGISTER)
		return truncate(gpr[d->reg] >> (d->high_byte ? 8 : 0), d->register_size);
	return truncate((uint64_t)d->immediate, d->size);
}

static void operand_write(const struct decoded *d, uint64_t *gpr, uint64_t value)
{
	if (d->high_byte)
		gpr[d->reg] = (gpr[d->reg] & ~0xff00ULL) | (value & 0xff) << 8;
	else
		gpr_write(&gpr[d->reg], d->register_size, value);
}

/* What a string of bits in a register adds to the address: whole words of the operand's size. */
static uint64_t bit_displacement(const struct decoded *d, const uint64_t *gpr)
{
	int64_t bit = (int64_t)sign_extend(gpr[d->reg], d->size);

	return (uint64_t)(bit >> (3 + __builtin_ctz(d->size))) * d->size;
}

static bool is_bit_operation(const struct decoded *d)
{
	return d->op >= DECODE_BT && d->op <= DECODE_BTC;
}

/* Segment base and effective address; outside of 64-bit code the sum wraps at 4 GiB. */
static gla_t linear_address(const struct decoded *d, uint64_t effective, uint64_t segment_base)
{
	uint64_t linear = truncate(effective, d->address_size);

	if (emulate_needs_segment_base(d))
		linear += segment_base;
	return GLA(d->mode == DECODE_64 ? linear : (uint32_t)linear);
}

gla_t emulate_address(const struct decoded *d, const uint64_t gpr[EMULATE_GPRS], uint64_t rip,
		      uint64_t segment_base)
{
	uint64_t effective = (uint64_t)d->displacement;

	if (d->base < EMULATE_GPRS)
		effective += gpr[d->base];
	else if (d->base == DECODE_RIP)
		effective += rip + d->length;
	if (d->index < EMULATE_GPRS)
		effective += gpr[d->index] << d->scale;
	if (is_bit_operation(d) && d->operand == DECODE_OPERAND_REGISTER)
		effective += bit_displacement(d, gpr);
	return linear_address(d, effective, segment_base);
}

gla_t emulate_movs_destination(const struct decoded *d, const uint64_t gpr[EMULATE_GPRS],
			       uint64_t es_base)
{
	return linear_address(d, gpr[RDI], d->mode == DECODE_64 ? 0 : es_base);
}

bool emulate_is_empty(const struct decoded *d, const uint64_t gpr[EMULATE_GPRS])
{
	return d->rep && !truncate(gpr[RCX], d->address_size);
}

/* Sign, zero and parity of @result, besides those in @others. */
static void flags_set(uint64_t *rflags, uint64_t result, unsigned size, uint64_t others)
{
	uint64_t flags = others;

	result = truncate(result, size);
	if (!result)
		flags |= FLAG_ZF;
	if (result >> (size * 8 - 1))
		flags |= FLAG_SF;
	if (!__builtin_parity((unsigned)(result & 0xff)))
		flags |= FLAG_PF;
	*rflags = (*rflags & ~(uint64_t)(FLAG_CF | FLAG_PF | FLAG_AF | FLAG_ZF | FLAG_SF | FLAG_OF))
		  | flags;
}

/*
 * Flags of an addition or subtraction from the bits that were carried, or borrowed, out of each
 * position; overflow is where the carries into and out of the sign differ.
 */
static void flags_set_carries(uint64_t *rflags, uint64_t result, unsigned size, uint64_t carries)
{
	unsigned sign = size * 8 - 1;
	uint64_t others = 0;

	if (carries >> sign & 1)
		others |= FLAG_CF;
	if ((carries >> sign ^ carries >> (sign - 1)) & 1)
		others |= FLAG_OF;
	if (carries & 8)
		others |= FLAG_AF;
	flags_set(rflags, result, size, others);
}

static uint64_t add(uint64_t a, uint64_t b, uint64_t carry, unsigned size, uint64_t *rflags)
{
	uint64_t sum = a + b + carry;

	flags_set_carries(rflags, sum, size, (a & b) | ((a | b) & ~sum));
	return sum;
}

static uint64_t subtract(uint64_t a, uint64_t b, uint64_t borrow, unsigned size, uint64_t *rflags)
{
	uint64_t difference = a - b - borrow;

	flags_set_carries(rflags, difference, size, (~a & b) | ((~a | b) & difference));
	return difference;
}

/* INC and DEC leave the carry. */
static uint64_t step(const struct decoded *d, uint64_t value, uint64_t *rflags)
{
	uint64_t carry = *rflags & FLAG_CF;

	if (d->op == DECODE_INC)
		value = add(value, 1, 0, d->size, rflags);
	else
		value = subtract(value, 1, 0, d->size, rflags);
	*rflags = (*rflags & ~(uint64_t)FLAG_CF) | carry;
	return value;
}

static uint64_t logic(uint64_t result, unsigned size, uint64_t *rflags)
{
	flags_set(rflags, result, size, 0);
	return result;
}

/* The carry becomes the bit; no other flag changes. */
static uint64_t bit_operation(const struct decoded *d, uint64_t value, uint64_t offset,
			      uint64_t *rflags)
{
	uint64_t bit = 1ULL << (offset & (d->size * 8U - 1));

	*rflags = (*rflags & ~(uint64_t)FLAG_CF) | (value & bit ? FLAG_CF : 0);
	switch (d->op) {
	case DECODE_BTS:
		return value | bit;
	case DECODE_BTR:
		return value & ~bit;
	case DECODE_BTC:
		return value ^ bit;
	default:
		return value;
	}
}

/* What stands in the left operand after an operation on it; for CMP and TEST it is not written. */
static uint64_t compute(const struct decoded *d, uint64_t left, uint64_t right, uint64_t *rflags)
{
	unsigned size = d->size;
	uint64_t carry = *rflags & FLAG_CF;

	switch (d->op) {
	case DECODE_ADD:
		return add(left, right, 0, size, rflags);
	case DECODE_ADC:
		return add(left, right, carry, size, rflags);
	case DECODE_SUB:
	case DECODE_CMP:
		return subtract(left, right, 0, size, rflags);
	case DECODE_SBB:
		return subtract(left, right, carry, size, rflags);
	case DECODE_OR:
		return logic(left | right, size, rflags);
	case DECODE_AND:
	case DECODE_TEST:
		return logic(left & right, size, rflags);
	case DECODE_XOR:
		return logic(left ^ right, size, rflags);
	case DECODE_NOT:
		return ~left;
	case DECODE_NEG:
		return subtract(0, left, 0, size, rflags);
	case DECODE_INC:
	case DECODE_DEC:
		return step(d, left, rflags);
	default:
		return bit_operation(d, left, right, rflags);
	}
}

/* MOV in both directions, with what extension there is. */
static void move(const struct decoded *d, uint64_t *gpr, uint64_t loaded, uint64_t *store)
{
	if (!d->register_left)
		*store = operand_read(d, gpr);
	else if (d->extend == DECODE_EXTEND_SIGN)
		operand_write(d, gpr, sign_extend(loaded, d->size));
	else
		operand_write(d, gpr, truncate(loaded, d->size));
}

/* One element; true if it was the last. Index and count have the width of addresses. */
static bool string_step(const struct decoded *d, uint64_t *gpr, uint64_t rflags, uint64_t loaded,
			uint64_t *store)
{
	uint64_t by = rflags & FLAG_DF ? -(uint64_t)d->size : d->size;

	if (d->op == DECODE_LODS)
		operand_write(d, gpr, loaded);
	else if (d->op == DECODE_STOS)
		*store = operand_read(d, gpr);
	else
		*store = truncate(loaded, d->size);

	if (d->op != DECODE_STOS)
		gpr_write(&gpr[RSI], d->address_size, gpr[RSI] + by);
	if (d->op != DECODE_LODS)
		gpr_write(&gpr[RDI], d->address_size, gpr[RDI] + by);
	if (!d->rep)
		return true;
	gpr_write(&gpr[RCX], d->address_size, gpr[RCX] - 1);
	return emulate_is_empty(d, gpr);
}

bool emulate_insn(const struct decoded *d, uint64_t gpr[EMULATE_GPRS], uint64_t *rflags,
		  uint64_t loaded, uint64_t *store)
{
	uint64_t operand, result;

	if (d->op == DECODE_MOV) {
		move(d, gpr, loaded, store);
		return true;
	}
	if (decoded_is_string(d))
		return string_step(d, gpr, *rflags, loaded, store);

	loaded = truncate(loaded, d->size);
	operand = d->operand != DECODE_OPERAND_NONE ? operand_read(d, gpr) : 0;
	if (d->op == DECODE_XCHG) {
		*store = operand;
		operand_write(d, gpr, loaded);
	} else if (!d->register_left) {
		result = compute(d, loaded, operand, rflags);
		if (d->access & DECODE_WRITE)
			*store = truncate(result, d->size);
	} else {
		result = compute(d, operand, loaded, rflags);
		if (d->op != DECODE_CMP)
			operand_write(d, gpr, result);
	}
	return true;
}
