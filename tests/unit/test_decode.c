// SPDX-License-Identifier: GPL-2.0-only
/*
 * The decoder against the assembler: decode_cases.py asks for some thousand instructions, the
 * assembler encodes them, and the decoder must find what was asked for. And what it must refuse:
 * cut instructions, overlong ones, forms that are no memory access or not known.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "model/decode.h"

/* As decode_cases.py lays it out. */
struct decode_case {
	const char *text;
	const uint8_t *bytes;
	uint8_t length;
	uint8_t op;
	uint8_t access;
	uint8_t operand;
	uint8_t register_left;
	uint8_t size;
	uint8_t register_size;
	uint8_t reg;
	uint8_t base;
	uint8_t segment;
	uint8_t extend;
	uint8_t high_byte;
	uint8_t lock;
	uint8_t rep;
	uint8_t mode;
	uint8_t address_size;
	uint8_t index;
	uint8_t scale;
	int64_t displacement;
	int64_t immediate;
};

extern const struct decode_case decode_cases[];
extern const uint64_t decode_case_count;

/* A copy that ends where the block ends, so that the sanitizer sees a read past it. */
static bool decode_exactly(const uint8_t *bytes, unsigned length, enum decode_mode mode,
			   struct decoded *out)
{
	uint8_t *copy = malloc(length ? length : 1);
	bool decoded;

	assert_non_null(copy);
	memcpy(copy, bytes, length);
	memset(out, 0xa5, sizeof(*out));
	decoded = decode_insn(length ? copy : copy + 1, length, mode, out);
	free(copy);
	return decoded;
}

static void same(const struct decode_case *c, const char *what, int64_t found, int64_t expected)
{
	if (found != expected)
		fail_msg("%s: %s is %lld instead of %lld", c->text, what, (long long)found,
			 (long long)expected);
}

#define SAME(field) same(c, #field, d->field, c->field)

static void check_case(const struct decode_case *c, const struct decoded *d)
{
	unsigned unused = 64 - d->address_size * 8U;

	SAME(length);
	SAME(op);
	SAME(access);
	SAME(operand);
	SAME(register_left);
	SAME(size);
	SAME(register_size);
	SAME(reg);
	SAME(base);
	SAME(segment);
	SAME(extend);
	SAME(high_byte);
	SAME(lock);
	SAME(rep);
	SAME(mode);
	SAME(address_size);
	SAME(index);
	SAME(scale);
	SAME(immediate);
	same(c, "displacement", (int64_t)((uint64_t)d->displacement << unused),
	     (int64_t)((uint64_t)c->displacement << unused));
}

static void test_agrees_with_the_assembler(void **state)
{
	const struct decode_case *c;
	struct decoded d;

	(void)state;
	assert_true(decode_case_count > 5000);
	for (c = decode_cases; c < decode_cases + decode_case_count; c++) {
		if (!decode_exactly(c->bytes, c->length, c->mode, &d))
			fail_msg("%s: not decoded", c->text);
		check_case(c, &d);
	}
}

/* Bytes behind the instruction change nothing; with them there the short cut for MOV is taken. */
static void test_ignores_what_follows(void **state)
{
	const struct decode_case *c;
	uint8_t bytes[32];
	struct decoded d;

	(void)state;
	for (c = decode_cases; c < decode_cases + decode_case_count; c++) {
		memset(bytes, 0xcc, sizeof(bytes));
		memcpy(bytes, c->bytes, c->length);
		if (!decode_exactly(bytes, DECODE_INSN_MAX, c->mode, &d))
			fail_msg("%s: not decoded", c->text);
		check_case(c, &d);
		assert_true(decode_insn(bytes, sizeof(bytes), c->mode, &d));
		check_case(c, &d);
	}
}

static void test_refuses_cut_instructions(void **state)
{
	const struct decode_case *c;
	struct decoded d;
	unsigned length;

	(void)state;
	for (c = decode_cases; c < decode_cases + decode_case_count; c++)
		for (length = 0; length < c->length; length++)
			if (decode_exactly(c->bytes, length, c->mode, &d))
				fail_msg("%s: decoded from %u bytes", c->text, length);
}

/* Prefixes until the instruction has exactly, and then more than, fifteen bytes. */
static void test_refuses_overlong_instructions(void **state)
{
	const struct decode_case *c;
	uint8_t bytes[64];
	struct decoded d;
	unsigned room;

	(void)state;
	for (c = decode_cases; c < decode_cases + decode_case_count; c++) {
		room = DECODE_INSN_MAX - c->length;
		memset(bytes, 0x3e, sizeof(bytes)); /* DS: changes neither length nor legality */
		memcpy(bytes + room, c->bytes, c->length);
		if (!decode_exactly(bytes, DECODE_INSN_MAX, c->mode, &d))
			fail_msg("%s: not decoded with %u prefixes", c->text, room);
		assert_int_equal(d.length, DECODE_INSN_MAX);
		memset(bytes, 0x3e, sizeof(bytes));
		memcpy(bytes + room + 1, c->bytes, c->length);
		if (decode_exactly(bytes, sizeof(bytes), c->mode, &d))
			fail_msg("%s: decoded with %u prefixes", c->text, room + 1);
	}
}

/* Which form an instruction is: its opcode bytes and, where they continue it, ModRM's reg. */
static unsigned form_number(const uint8_t *bytes, enum decode_mode mode)
{
	static const uint8_t grouped[] = { 0x80, 0x81, 0x83, 0xc6, 0xc7, 0xf6, 0xf7, 0xfe, 0xff };
	static const uint8_t prefixes[] = { 0x26, 0x2e, 0x36, 0x3e, 0x64, 0x65,
					    0x66, 0x67, 0xf0, 0xf2, 0xf3 };
	unsigned number;

	while (memchr(prefixes, *bytes, sizeof(prefixes)) ||
	       (mode == DECODE_64 && (*bytes & 0xf0) == 0x40))
		bytes++;
	if (*bytes == 0x0f) {
		bytes++;
		number = 256U + *bytes;
		return number * 8 + (*bytes == 0xba ? bytes[1] >> 3 & 7 : 0);
	}
	number = *bytes;
	return number * 8 + (memchr(grouped, *bytes, sizeof(grouped)) ? bytes[1] >> 3 & 7 : 0);
}

/* Whatever the decoder accepts has been compared with the assembler in that mode. */
static void test_every_form_has_a_case(void **state)
{
	static bool covered[3][512 * 8];
	const struct decode_case *c;
	uint8_t bytes[DECODE_INSN_MAX] = { 0 };
	unsigned opcode, reg, mode, forms = 0;
	struct decoded d;

	(void)state;
	for (c = decode_cases; c < decode_cases + decode_case_count; c++)
		covered[c->mode][form_number(c->bytes, c->mode)] = true;
	for (mode = DECODE_16; mode <= DECODE_64; mode++) {
		for (opcode = 0; opcode < 512; opcode++) {
			for (reg = 0; reg < 8; reg++) {
				unsigned at = 0;

				if (opcode >= 256)
					bytes[at++] = 0x0f;
				bytes[at++] = (uint8_t)opcode;
				bytes[at] = (uint8_t)(reg << 3);
				if (!decode_insn(bytes, sizeof(bytes), mode, &d) ||
				    d.length < at)
					continue;
				forms++;
				if (!covered[mode][form_number(bytes, mode)])
					fail_msg("mode %u: opcode %03x /%u has no case", mode,
						 opcode, reg);
			}
		}
	}
	assert_true(forms > 300);
}

struct refused {
	const char *why;
	enum decode_mode mode;
	uint8_t bytes[DECODE_INSN_MAX];
};

static const struct refused refused[] = {
	{ "MOV between registers", DECODE_64, { 0x89, 0xc3 } },
	{ "MOV between registers with REX", DECODE_64, { 0x48, 0x8b, 0xc3 } },
	{ "MOV of an immediate to a register", DECODE_64, { 0xc7, 0xc0, 1, 0, 0, 0 } },
	{ "XBEGIN", DECODE_64, { 0xc7, 0xf8, 0, 0, 0, 0 } },
	{ "C7 /1", DECODE_64, { 0xc7, 0x08, 0, 0, 0, 0 } },
	{ "MUL", DECODE_64, { 0xf7, 0x23 } },
	{ "CALL", DECODE_64, { 0xff, 0x13 } },
	{ "PUSH", DECODE_64, { 0xff, 0x33 } },
	{ "INC of AX in 32-bit code", DECODE_32, { 0x40, 0x89, 0x03 } },
	{ "ARPL in 32-bit code", DECODE_32, { 0x63, 0x03 } },
	{ "opcode 82", DECODE_64, { 0x82, 0x03, 1 } },
	{ "LOCK MOV", DECODE_64, { 0xf0, 0x89, 0x03 } },
	{ "LOCK of a load", DECODE_64, { 0xf0, 0x03, 0x03 } },
	{ "LOCK CMP", DECODE_64, { 0xf0, 0x39, 0x03 } },
	{ "LOCK TEST", DECODE_64, { 0xf0, 0x85, 0x03 } },
	{ "LOCK BT", DECODE_64, { 0xf0, 0x0f, 0xa3, 0x03 } },
	{ "LOCK MOVS", DECODE_64, { 0xf0, 0xa4 } },
	{ "POPCNT", DECODE_64, { 0xf3, 0x0f, 0xb8, 0x03 } },
	{ "BSF", DECODE_64, { 0x0f, 0xbc, 0x03 } },
	{ "BT with /3", DECODE_64, { 0x0f, 0xba, 0x1b, 0x01 } },
	{ "CPUID", DECODE_64, { 0x0f, 0xa2 } },
	{ "CMPS", DECODE_64, { 0xa6 } },
	{ "SCAS", DECODE_64, { 0xae } },
	{ "VEX", DECODE_64, { 0xc5, 0xf8, 0x10, 0x03 } },
	{ "an SSE move", DECODE_64, { 0x0f, 0x10, 0x03 } },
	{ "nothing but prefixes", DECODE_64, { 0x66, 0x67, 0xf0, 0xf2, 0xf3, 0x64, 0x65, 0x26, 0x2e,
					       0x36, 0x3e, 0x40, 0x48, 0x66, 0x66 } },
};

static void test_refuses_other_instructions(void **state)
{
	struct decoded d;
	size_t i;

	(void)state;
	for (i = 0; i < BH_ARRAY_SIZE(refused); i++)
		if (decode_exactly(refused[i].bytes, DECODE_INSN_MAX, refused[i].mode, &d))
			fail_msg("%s was decoded", refused[i].why);
}

static void check_sanity(const struct decoded *d, unsigned available)
{
	assert_in_range(d->length, 1, available);
	assert_in_range(d->op, 0, DECODE_OPS - 1);
	assert_in_range(d->access, 1, 3);
	assert_in_range(d->reg, 0, 15);
	assert_true(d->size == 1 || d->size == 2 || d->size == 4 || d->size == 8);
	assert_true(d->register_size >= d->size && d->register_size <= 8);
	assert_true(d->base <= DECODE_NONE && d->index <= DECODE_NONE && d->scale <= 3);
	assert_true(d->index != DECODE_RIP && d->index != 4);
	assert_in_range(d->segment, DECODE_ES, DECODE_GS);
}

/* Random bytes, weighted towards prefixes: nothing is read past the end, all is in range. */
static void test_survives_random_bytes(void **state)
{
	static const uint8_t likely[] = { 0x66, 0x67, 0xf0, 0xf3, 0x48, 0x41, 0x0f, 0x89, 0x8b };
	uint8_t bytes[20];
	struct decoded d;
	unsigned round, i, available, mode, decoded = 0;

	(void)state;
	srand(1);
	for (round = 0; round < 300000; round++) {
		available = (unsigned)rand() % (sizeof(bytes) + 1);
		for (i = 0; i < available; i++)
			bytes[i] = rand() % 4 ? (uint8_t)rand()
					      : likely[(unsigned)rand() % sizeof(likely)];
		mode = (unsigned)rand() % 3;
		if (decode_exactly(bytes, available, mode, &d)) {
			check_sanity(&d, available);
			decoded++;
		}
	}
	assert_true(decoded > 10000);
}

static void test_writes_texts(void **state)
{
	static const struct {
		const char *text;
		enum decode_mode mode;
		uint8_t bytes[DECODE_INSN_MAX];
	} texts[] = {
		{ "mov dword [rbx+0x10], eax", DECODE_64, { 0x89, 0x43, 0x10 } },
		{ "mov qword [rbx+rcx*4-0x10], r8", DECODE_64, { 0x4c, 0x89, 0x44, 0x8b, 0xf0 } },
		{ "mov dword [-0xa03000], 0x0", DECODE_64,
		  { 0xc7, 0x04, 0x25, 0x00, 0xd0, 0x5f, 0xff, 0, 0, 0, 0 } },
		{ "movzx eax, byte gs:[rip+0x1]", DECODE_64,
		  { 0x65, 0x0f, 0xb6, 0x05, 1, 0, 0, 0 } },
		{ "movsxd rax, dword [rbx]", DECODE_64, { 0x48, 0x63, 0x03 } },
		{ "lock or byte ds:[0x11223344], 0x7f", DECODE_32,
		  { 0xf0, 0x80, 0x0d, 0x44, 0x33, 0x22, 0x11, 0x7f } },
		{ "rep stos qword [rdi], rax", DECODE_64, { 0xf3, 0x48, 0xab } },
		{ "mov byte ds:[bx+si], ah", DECODE_16, { 0x88, 0x20 } },
		{ "mov byte [rax], spl", DECODE_64, { 0x40, 0x88, 0x20 } },
		{ "not word [r12d]", DECODE_64, { 0x66, 0x67, 0x41, 0xf7, 0x14, 0x24 } },
	};
	char text[DECODE_TEXT_MAX], little[8];
	struct decoded d;
	size_t i;

	(void)state;
	for (i = 0; i < BH_ARRAY_SIZE(texts); i++) {
		assert_true(decode_insn(texts[i].bytes, DECODE_INSN_MAX, texts[i].mode, &d));
		decode_mnemonic(&d, text, sizeof(text));
		assert_string_equal(text, texts[i].text);
		decode_mnemonic(&d, little, sizeof(little));
		assert_int_equal(strlen(little), sizeof(little) - 1);
		assert_memory_equal(little, text, sizeof(little) - 1);
	}
}

/* The longest texts fit. */
static void test_has_room_for_texts(void **state)
{
	const struct decode_case *c;
	char text[DECODE_TEXT_MAX];
	struct decoded d;

	(void)state;
	for (c = decode_cases; c < decode_cases + decode_case_count; c++) {
		assert_true(decode_insn(c->bytes, c->length, c->mode, &d));
		decode_mnemonic(&d, text, sizeof(text));
		assert_true(strlen(text) < sizeof(text) - 1);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_agrees_with_the_assembler),
		cmocka_unit_test(test_ignores_what_follows),
		cmocka_unit_test(test_refuses_cut_instructions),
		cmocka_unit_test(test_refuses_overlong_instructions),
		cmocka_unit_test(test_every_form_has_a_case),
		cmocka_unit_test(test_refuses_other_instructions),
		cmocka_unit_test(test_survives_random_bytes),
		cmocka_unit_test(test_writes_texts),
		cmocka_unit_test(test_has_room_for_texts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
