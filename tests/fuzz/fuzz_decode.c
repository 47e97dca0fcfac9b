// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fuzzes decoder and emulation. The first byte chooses the mode, the next 24 fill registers and
 * flags, the rest is the instruction. What is decoded must be whole, stay in range, not depend on
 * what follows it, and be emulated without undefined behaviour.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "model/emulate.h"

#define HEAD 25U

static void check_fields(const struct decoded *d, unsigned available)
{
	char text[DECODE_TEXT_MAX];

	assert(d->length >= 1 && d->length <= available && d->length <= DECODE_INSN_MAX);
	assert(d->op < DECODE_OPS && d->access >= 1 && d->access <= 3);
	assert(d->size == 1 || d->size == 2 || d->size == 4 || d->size == 8);
	assert(d->register_size >= d->size && d->register_size <= 8);
	assert(d->mode == DECODE_64 || (d->size < 8 && d->reg < 8 && d->address_size < 8));
	assert(d->reg < EMULATE_GPRS && (!d->high_byte || (d->reg < 4 && d->register_size == 1)));
	assert(d->base <= DECODE_NONE && (d->index < EMULATE_GPRS || d->index == DECODE_NONE));
	assert(d->index != 4 && d->scale <= 3 && d->segment <= DECODE_GS);
	assert(!d->lock || d->access == (DECODE_READ | DECODE_WRITE));
	assert(!d->rep || decoded_is_string(d));
	decode_mnemonic(d, text, sizeof(text));
	assert(strlen(text) < sizeof(text) - 1);
}

/* Decode from a block that ends where the sanitizer watches. */
static bool decode_exactly(const uint8_t *bytes, unsigned length, enum decode_mode mode,
			   struct decoded *out)
{
	uint8_t *copy = malloc(length ? length : 1);
	bool decoded;

	assert(copy);
	memcpy(copy, bytes, length);
	memset(out, 0, sizeof(*out));
	decoded = decode_insn(copy, length, mode, out);
	free(copy);
	return decoded;
}

/* The instruction alone decodes to the same; a byte less to nothing. */
static void check_bounds(const uint8_t *bytes, const struct decoded *d)
{
	struct decoded again;

	assert(decode_exactly(bytes, d->length, d->mode, &again));
	assert(!memcmp(&again, d, offsetof(struct decoded, scale) + 1));
	assert(again.displacement == d->displacement && again.immediate == d->immediate);
	assert(!decode_exactly(bytes, d->length - 1U, d->mode, &again));
}

static void check_emulation(const struct decoded *d, const uint8_t *head)
{
	uint64_t gpr[EMULATE_GPRS], rflags, loaded, store = 0;
	unsigned i, steps;
	gla_t at;

	memcpy(&rflags, head, sizeof(rflags));
	memcpy(&loaded, head + 8, sizeof(loaded));
	for (i = 0; i < EMULATE_GPRS; i++)
		memcpy(&gpr[i], head + i, sizeof(gpr[i]));
	for (steps = 0; steps < 4 && !emulate_is_empty(d, gpr); steps++) {
		at = emulate_address(d, gpr, loaded, rflags);
		assert(d->mode == DECODE_64 || at.v >> 32 == 0);
		if (d->op == DECODE_MOVS)
			at = emulate_movs_destination(d, gpr, rflags);
		assert(d->mode == DECODE_64 || at.v >> 32 == 0);
		if (emulate_insn(d, gpr, &rflags, loaded, &store))
			return;
		assert(d->rep);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct decoded d;
	unsigned available;

	if (size <= HEAD)
		return 0;
	available = (unsigned)(size - HEAD);
	if (decode_exactly(data + HEAD, available, data[0] % 3, &d)) {
		check_fields(&d, available);
		check_bounds(data + HEAD, &d);
		check_emulation(&d, data + 1);
	}
	return 0;
}
