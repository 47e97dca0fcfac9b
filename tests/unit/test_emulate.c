// SPDX-License-Identifier: GPL-2.0-only
/*
 * The emulation against the processor: random instructions with random registers run natively, on
 * memory of the test's own, and are decoded and emulated on a copy. Registers, flags and every
 * byte of memory must agree. What needs 16 or 32-bit code is compared with worked examples.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <asm/prctl.h>
#include <unistd.h>
#include <cmocka.h>

#include "model/emulate.h"

#define CODE_SIZE  4096U
#define DATA_SIZE  4096U
#define FLAGS      0x8d5ULL /* CF PF AF ZF SF OF */
#define FLAG_DF    0x400ULL
#define FLAGS_BASE 0x202ULL

enum { RAX, RCX, RDX, RBX, RSP, RBP, RSI, RDI };

struct machine {
	uint64_t gpr[EMULATE_GPRS];
	uint64_t rflags;
};

/* One mapping in the first 2 GiB, so that code reaches data by RIP, and addresses fit 32 bits. */
static uint8_t *code;
static uint8_t *data;
static uint8_t data_copy[DATA_SIZE];

/* What native_run() loads, runs and stores; the stack pointer is a register like the others. */
struct machine native_machine;
void *native_code;
uint64_t native_stack;
void native_run(void);
extern const uint8_t native_return[];

__asm__(".pushsection .text\n"
	"native_run:\n"
	"	push %rbx\n	push %rbp\n	push %r12\n"
	"	push %r13\n	push %r14\n	push %r15\n"
	"	mov %rsp, native_stack(%rip)\n"
	"	pushq native_machine+128(%rip)\n	popfq\n"
	"	mov native_machine+0(%rip), %rax\n"
	"	mov native_machine+8(%rip), %rcx\n"
	"	mov native_machine+16(%rip), %rdx\n"
	"	mov native_machine+24(%rip), %rbx\n"
	"	mov native_machine+32(%rip), %rsp\n"
	"	mov native_machine+40(%rip), %rbp\n"
	"	mov native_machine+48(%rip), %rsi\n"
	"	mov native_machine+56(%rip), %rdi\n"
	"	mov native_machine+64(%rip), %r8\n"
	"	mov native_machine+72(%rip), %r9\n"
	"	mov native_machine+80(%rip), %r10\n"
	"	mov native_machine+88(%rip), %r11\n"
	"	mov native_machine+96(%rip), %r12\n"
	"	mov native_machine+104(%rip), %r13\n"
	"	mov native_machine+112(%rip), %r14\n"
	"	mov native_machine+120(%rip), %r15\n"
	"	jmp *native_code(%rip)\n"
	"native_return:\n"
	"	mov %rax, native_machine+0(%rip)\n"
	"	mov %rcx, native_machine+8(%rip)\n"
	"	mov %rdx, native_machine+16(%rip)\n"
	"	mov %rbx, native_machine+24(%rip)\n"
	"	mov %rsp, native_machine+32(%rip)\n"
	"	mov %rbp, native_machine+40(%rip)\n"
	"	mov %rsi, native_machine+48(%rip)\n"
	"	mov %rdi, native_machine+56(%rip)\n"
	"	mov %r8, native_machine+64(%rip)\n"
	"	mov %r9, native_machine+72(%rip)\n"
	"	mov %r10, native_machine+80(%rip)\n"
	"	mov %r11, native_machine+88(%rip)\n"
	"	mov %r12, native_machine+96(%rip)\n"
	"	mov %r13, native_machine+104(%rip)\n"
	"	mov %r14, native_machine+112(%rip)\n"
	"	mov %r15, native_machine+120(%rip)\n"
	"	mov native_stack(%rip), %rsp\n"
	"	pushfq\n	popq native_machine+128(%rip)\n	cld\n"
	"	pop %r15\n	pop %r14\n	pop %r13\n"
	"	pop %r12\n	pop %rbp\n	pop %rbx\n"
	"	ret\n"
	".popsection\n");

static uint64_t random64(void)
{
	uint64_t value = (uint64_t)rand() << 42 ^ (uint64_t)rand() << 21 ^ (uint64_t)rand();

	/* Numbers near the edges make the interesting flags. */
	switch (rand() % 8) {
	case 0:
		return value & 1 ? ~0ULL : 0;
	case 1:
		return 1ULL << (value & 63);
	case 2:
		return (1ULL << (value & 63)) - 1;
	default:
		return value;
	}
}

static int set_up(void **state)
{
	(void)state;
	code = mmap(NULL, CODE_SIZE + DATA_SIZE, PROT_READ | PROT_WRITE | PROT_EXEC,
		    MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
	if (code == MAP_FAILED)
		return -1;
	data = code + CODE_SIZE;
	srand(1);
	return 0;
}

/* Leave @insn at a random place of the code page, followed by a jump back. */
static uint8_t *code_place(const uint8_t *insn, unsigned length)
{
	static const uint8_t jump[] = { 0xff, 0x25, 0, 0, 0, 0 }; /* jmp [rip] */
	const uint8_t *target = native_return;
	uint8_t *at = code + rand() % 1024;

	memcpy(at, insn, length);
	memcpy(at + length, jump, sizeof(jump));
	memcpy(at + length + sizeof(jump), &target, sizeof(target));
	return at;
}

static void machine_randomize(struct machine *m)
{
	unsigned i;

	for (i = 0; i < EMULATE_GPRS; i++)
		m->gpr[i] = random64();
	m->rflags = FLAGS_BASE | (random64() & FLAGS);
	for (i = 0; i < 128; i++) {
		uint64_t value = random64();

		memcpy(data + (unsigned)rand() % (DATA_SIZE - 8), &value, sizeof(value));
	}
}

static uint8_t *data_at(gla_t address, unsigned size)
{
	uint64_t offset = address.v - (uintptr_t)data;

	if (offset > DATA_SIZE - size)
		fail_msg("address %llx is outside of the data", (unsigned long long)address.v);
	return data_copy + offset;
}

/* Emulate the instruction at @at to its end, on the copy of the data. */
static void run_emulated(const struct decoded *d, struct machine *m, const uint8_t *at,
			 uint64_t gs_base)
{
	bool complete = emulate_is_empty(d, m->gpr);

	while (!complete) {
		gla_t address = emulate_address(d, m->gpr, (uintptr_t)at, gs_base);
		gla_t destination = address;
		uint64_t loaded = 0xa5a5a5a5a5a5a5a5, store = 0x5a5a5a5a5a5a5a5a;

		if (d->op == DECODE_MOVS)
			destination = emulate_movs_destination(d, m->gpr, 0);
		if (d->access & DECODE_READ)
			memcpy(&loaded, data_at(address, d->size), d->size);
		complete = emulate_insn(d, m->gpr, &m->rflags, loaded, &store);
		if (d->access & DECODE_WRITE)
			memcpy(data_at(destination, d->size), &store, d->size);
	}
}

static void compare(const struct decoded *d, const struct machine *emulated)
{
	char text[DECODE_TEXT_MAX];
	unsigned i;

	decode_mnemonic(d, text, sizeof(text));
	for (i = 0; i < EMULATE_GPRS; i++)
		if (emulated->gpr[i] != native_machine.gpr[i])
			fail_msg("%s: register %u is %llx instead of %llx", text, i,
				 (unsigned long long)emulated->gpr[i],
				 (unsigned long long)native_machine.gpr[i]);
	if ((emulated->rflags ^ native_machine.rflags) & (FLAGS | FLAG_DF))
		fail_msg("%s: flags are %llx instead of %llx", text,
			 (unsigned long long)emulated->rflags,
			 (unsigned long long)native_machine.rflags);
	if (memcmp(data, data_copy, DATA_SIZE) != 0)
		fail_msg("%s: memory differs", text);
}

/* Run the instruction at @at, whose operands @m places in the data, both ways. */
static void run_both_ways(const struct decoded *d, const struct machine *m, const uint8_t *at,
			  uint64_t gs_base)
{
	struct machine emulated = *m;

	memcpy(data_copy, data, DATA_SIZE);
	native_machine = *m;
	native_code = (void *)(uintptr_t)at;
	native_run();
	run_emulated(d, &emulated, at, gs_base);
	compare(d, &emulated);
}

static const uint8_t one_byte_opcodes[] = {
	0x00, 0x01, 0x02, 0x03, 0x08, 0x09, 0x0a, 0x0b, 0x10, 0x11, 0x12, 0x13, 0x18, 0x19, 0x1a,
	0x1b, 0x20, 0x21, 0x22, 0x23, 0x28, 0x29, 0x2a, 0x2b, 0x30, 0x31, 0x32, 0x33, 0x38, 0x39,
	0x3a, 0x3b, 0x63, 0x80, 0x81, 0x83, 0x84, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8a, 0x8b, 0xc6,
	0xc7, 0xf6, 0xf7, 0xfe, 0xff,
};
static const uint8_t two_byte_opcodes[] = { 0xa3, 0xab, 0xb3, 0xb6, 0xb7, 0xba, 0xbb, 0xbe, 0xbf };

/* A random instruction with ModRM; the caller asks the decoder whether it is one. */
static void insn_randomize(uint8_t *insn)
{
	unsigned length = 0;

	if (rand() % 4 == 0)
		insn[length++] = 0x65; /* GS */
	if (rand() % 8 == 0)
		insn[length++] = 0x2e; /* CS: nothing, even behind GS */
	if (rand() % 4 == 0)
		insn[length++] = 0x66;
	if (rand() % 4 == 0)
		insn[length++] = 0x67;
	if (rand() % 8 == 0)
		insn[length++] = 0xf0;
	if (rand() % 2)
		insn[length++] = (uint8_t)(0x40 | rand() % 16);
	if (rand() % 4) {
		insn[length++] = one_byte_opcodes[(unsigned)rand() % sizeof(one_byte_opcodes)];
	} else {
		insn[length++] = 0x0f;
		insn[length++] = two_byte_opcodes[(unsigned)rand() % sizeof(two_byte_opcodes)];
	}
	insn[length++] = (uint8_t)(rand() % 0xc0); /* ModRM with a memory operand */
	while (length < DECODE_INSN_MAX)
		insn[length++] = (uint8_t)rand();
}

/*
 * Choose registers so that the memory operand lies in the data. False where it cannot be: no base
 * register, or one that has another part to play.
 */
static bool operand_place(const struct decoded *d, struct machine *m, uint64_t gs_base)
{
	uint64_t target = (uintptr_t)data + DATA_SIZE / 4 + (unsigned)rand() % (DATA_SIZE / 2);
	bool by_register = d->op >= DECODE_BT && d->op <= DECODE_BTC &&
			   d->operand == DECODE_OPERAND_REGISTER;

	if (d->base >= EMULATE_GPRS || d->base == d->index || (by_register && d->base == d->reg))
		return false;
	if (by_register) { /* the bit must be near, but register bits past the operand are free */
		m->gpr[d->reg] = (uint64_t)(rand() % 8192 - 4096);
		if (d->size < 8)
			m->gpr[d->reg] ^= random64() << d->size * 8;
	}
	if (d->lock || d->op == DECODE_XCHG)
		target &= ~7ULL; /* some processors report locks across cache lines */
	m->gpr[d->base] = 0;
	m->gpr[d->base] = target - emulate_address(d, m->gpr, 0, gs_base).v;
	if (d->address_size == 4) /* register bits past the address are free too */
		m->gpr[d->base] ^= random64() << 32;
	return true;
}

static uint64_t gs_base_randomize(void)
{
	uint64_t base = (uint64_t)(rand() % 2 ? 0 : rand() % 0x1000);

	assert_int_equal(syscall(SYS_arch_prctl, ARCH_SET_GS, base), 0);
	return base;
}

static void test_agrees_with_the_processor(void **state)
{
	unsigned seen[DECODE_OPS] = { 0 };
	uint64_t gs_base = 0;
	unsigned rounds = 0;

	(void)state;
	while (rounds < 60000) {
		uint8_t insn[32] = { 0 };
		struct machine m;
		struct decoded d;

		insn_randomize(insn);
		if (!decode_insn(insn, DECODE_INSN_MAX, DECODE_64, &d))
			continue;
		if (rounds % 64 == 0)
			gs_base = gs_base_randomize();
		machine_randomize(&m);
		if (!operand_place(&d, &m, gs_base))
			continue;
		run_both_ways(&d, &m, code_place(insn, d.length), gs_base);
		seen[d.op]++;
		rounds++;
	}
	for (unsigned op = 0; op < DECODE_STOS; op++)
		if (seen[op] < 50)
			fail_msg("operation %u ran %u times only", op, seen[op]);
}

/* An immediate stands between the displacement and the instruction that RIP counts from. */
static void test_reaches_memory_by_rip(void **state)
{
	static const uint8_t insns[][DECODE_INSN_MAX] = {
		{ 0x01, 0x0d }, { 0x48, 0x81, 0x05 }, { 0x67, 0x8b, 0x15 }, { 0x67, 0x80, 0x35 },
	};
	unsigned round;

	(void)state;
	for (round = 0; round < 2000; round++) {
		uint8_t insn[DECODE_INSN_MAX];
		struct machine m;
		struct decoded d;
		int32_t displacement;
		uint8_t *at;
		unsigned place = round % 4 ? 3 : 2;

		memcpy(insn, insns[round % 4], sizeof(insn));
		assert_true(decode_insn(insn, sizeof(insn), DECODE_64, &d));
		assert_int_equal(d.base, DECODE_RIP);
		at = code_place(insn, d.length);
		displacement = (int32_t)(data + (unsigned)rand() % (DATA_SIZE - 8) - at - d.length);
		memcpy(at + place, &displacement, sizeof(displacement));
		assert_true(decode_insn(at, sizeof(insn), DECODE_64, &d));
		machine_randomize(&m);
		run_both_ways(&d, &m, at, 0);
	}
}

/* Counts and indexes of both widths, both directions, repeated and not, also zero times. */
static void test_strings_agree_with_the_processor(void **state)
{
	static const uint8_t opcodes[] = { 0xa4, 0xa5, 0xaa, 0xab, 0xac, 0xad };
	uint64_t gs_base = 0;
	unsigned round;

	(void)state;
	for (round = 0; round < 20000; round++) {
		uint8_t insn[DECODE_INSN_MAX] = { 0 };
		unsigned length = 0;
		struct machine m;
		struct decoded d;

		if (rand() % 2)
			insn[length++] = rand() % 2 ? 0xf3 : 0xf2;
		if (rand() % 4 == 0)
			insn[length++] = 0x65;
		if (rand() % 3 == 0)
			insn[length++] = 0x66;
		if (rand() % 3 == 0)
			insn[length++] = 0x67;
		if (rand() % 3 == 0)
			insn[length++] = (uint8_t)(0x40 | rand() % 16);
		insn[length++] = opcodes[(unsigned)rand() % sizeof(opcodes)];
		assert_true(decode_insn(insn, sizeof(insn), DECODE_64, &d));
		assert_int_equal(d.length, length);

		if (round % 64 == 0)
			gs_base = gs_base_randomize();
		machine_randomize(&m);
		m.gpr[RSI] = (uintptr_t)data + DATA_SIZE / 4 + (unsigned)rand() % (DATA_SIZE / 2);
		m.gpr[RDI] = rand() % 2 ? m.gpr[RSI] + (unsigned)rand() % 16
					: (uintptr_t)data + DATA_SIZE / 2;
		m.gpr[RCX] = (unsigned)rand() % 24;
		if (d.segment == DECODE_GS)
			m.gpr[RSI] -= gs_base;
		if (d.address_size == 4 && m.gpr[RCX]) {
			m.gpr[RSI] ^= random64() << 32;
			m.gpr[RDI] ^= random64() << 32;
			m.gpr[RCX] ^= random64() << 32;
		}
		if (rand() % 2)
			m.rflags |= FLAG_DF;
		run_both_ways(&d, &m, code_place(insn, length), gs_base);
	}
}

static void decode_whole(const uint8_t *insn, enum decode_mode mode, struct decoded *d)
{
	assert_true(decode_insn(insn, DECODE_INSN_MAX, mode, d));
}

static void test_addresses_wrap(void **state)
{
	static const uint8_t bx_si[DECODE_INSN_MAX] = { 0x8b, 0x40, 0x7f };
	static const uint8_t ebx[DECODE_INSN_MAX] = { 0x8b, 0x43, 0x10 };
	static const uint8_t fs_ebx[DECODE_INSN_MAX] = { 0x64, 0x67, 0x8b, 0x43, 0x10 };
	uint64_t gpr[EMULATE_GPRS] = { 0 };
	struct decoded d;

	(void)state;
	gpr[RBX] = 0xdead0000ff00;
	gpr[RSI] = 0xbeef00000090;
	decode_whole(bx_si, DECODE_16, &d);
	assert_true(emulate_needs_segment_base(&d));
	assert_int_equal(emulate_address(&d, gpr, 0, 0x12340).v, 0x12340 + 0x000f);
	assert_int_equal(emulate_address(&d, gpr, 0, 0xffffffff).v, 0x000e);

	gpr[RBX] = 0xfffffff8;
	decode_whole(ebx, DECODE_32, &d);
	assert_int_equal(emulate_address(&d, gpr, 0, 0).v, 8);
	assert_int_equal(emulate_address(&d, gpr, 0, 0xfffffffc).v, 4);
	decode_whole(ebx, DECODE_64, &d);
	assert_false(emulate_needs_segment_base(&d));
	assert_int_equal(emulate_address(&d, gpr, 0, 0x1000).v, 0x100000008);
	decode_whole(fs_ebx, DECODE_64, &d);
	assert_true(emulate_needs_segment_base(&d));
	assert_int_equal(emulate_address(&d, gpr, 0, 0xffff800000000000).v, 0xffff800000000008);
}

/* The base of ES counts in 32-bit code and not in 64-bit code. */
static void test_movs_writes_to_es(void **state)
{
	static const uint8_t movsb[DECODE_INSN_MAX] = { 0xa4 };
	uint64_t gpr[EMULATE_GPRS] = { [RDI] = 0x1fffffff0 };
	struct decoded d;

	(void)state;
	decode_whole(movsb, DECODE_32, &d);
	assert_int_equal(emulate_movs_destination(&d, gpr, 0x20).v, 0x10);
	decode_whole(movsb, DECODE_64, &d);
	assert_int_equal(emulate_movs_destination(&d, gpr, 0x20).v, 0x1fffffff0);
}

/* 16-bit counters and indexes wrap at 64 KiB and leave the rest of their registers. */
static void test_strings_of_16_bit_code(void **state)
{
	static const uint8_t rep_stosw[DECODE_INSN_MAX] = { 0xf3, 0xab };
	uint64_t gpr[EMULATE_GPRS] = { [RAX] = 0x11112222, [RCX] = 0xaaaa0002, [RDI] = 0xbbbbfffe };
	uint64_t rflags = FLAGS_BASE, store = 0;
	struct decoded d;

	(void)state;
	decode_whole(rep_stosw, DECODE_16, &d);
	assert_false(emulate_is_empty(&d, gpr));
	assert_int_equal(emulate_address(&d, gpr, 0, 0x100000).v, 0x10fffe);
	assert_false(emulate_insn(&d, gpr, &rflags, 0, &store));
	assert_int_equal(store, 0x2222);
	assert_int_equal(gpr[RDI], 0xbbbb0000);
	assert_int_equal(gpr[RCX], 0xaaaa0001);
	assert_true(emulate_insn(&d, gpr, &rflags, 0, &store));
	assert_int_equal(gpr[RDI], 0xbbbb0002);
	assert_int_equal(gpr[RCX], 0xaaaa0000);
	assert_true(emulate_is_empty(&d, gpr));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_agrees_with_the_processor),
		cmocka_unit_test(test_reaches_memory_by_rip),
		cmocka_unit_test(test_strings_agree_with_the_processor),
		cmocka_unit_test(test_addresses_wrap),
		cmocka_unit_test(test_movs_writes_to_es),
		cmocka_unit_test(test_strings_of_16_bit_code),
	};

	return cmocka_run_group_tests(tests, set_up, NULL);
}
