/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Events that an attacker raises by itself: INT n, IRET with frames that make no sense, and VM
 * exits in the moments that a hypervisor forgets: in the shadow of MOV SS with a breakpoint
 * waiting, single-stepped, from 32-bit code, from user level.
 */
#include "attack.h"

#include "machine.h"

#define INT_N        0xcdu
#define DR7_WATCH_0  0x000d0402u /* four bytes, reads and writes, at DR0 */
#define USER_STACK   (USER_ALIAS + 0x200000)

/* As IRET pops it; the code there finds code_registers. */
struct frame {
	uint64_t rip, cs, rflags, rsp, ss;
};

static void try_interrupts(void)
{
	uint8_t bytes[] = { INT_N, 0 };
	unsigned int vector;

	for (vector = 0; vector < VECTORS; vector++) {
		bytes[1] = (uint8_t)vector;
		code_try(bytes, sizeof(bytes));
		trap_restore();
		attack_tried();
	}
}

static void exit_registers(void)
{
	code_registers = (struct code_registers){
		.rax = cr0_read(), .rcx = 0x570, .rdx = 0x510, .rdi = 0x00500000,
	};
}

static void iret(uint64_t place)
{
	const struct frame *frame = (const struct frame *)place;

	__asm__ volatile("pushq 32(%0)\n"
			 "	pushq 24(%0)\n"
			 "	pushq 16(%0)\n"
			 "	pushq 8(%0)\n"
			 "	pushq 0(%0)\n"
			 "	movq code_registers+0(%%rip), %%rax\n"
			 "	movq code_registers+8(%%rip), %%rcx\n"
			 "	movq code_registers+16(%%rip), %%rdx\n"
			 "	movq code_registers+48(%%rip), %%rdi\n"
			 "	iretq\n"
			 : : "r"(frame) : "rax", "rcx", "rdx", "rdi", "memory");
}

/* Long mode has no nested tasks to return to. */
static void iret_nested(uint64_t place)
{
	__asm__ volatile("pushfq\n\torq $0x4000, (%%rsp)\n\tpopfq" : : : "memory", "cc");
	iret(place);
}

/* Where code of user level and of 32 bits is put; both are left by an exception. */
static uint8_t far_code[4096] __attribute__((aligned(4096)));

static void far_code_set(const uint8_t *bytes, size_t size)
{
	size_t i;

	for (i = 0; i < sizeof(far_code); i++)
		far_code[i] = i < size ? bytes[i] : 0xcc;
}

static void try_frame(const struct frame *frame)
{
	trap_try(iret, (uint64_t)frame);
	trap_restore();
	attack_tried();
}

static void try_frames(void)
{
	static const uint64_t selectors[] = {
		0, 3, SELECTOR_CODE, SELECTOR_DATA, SELECTOR_USER_CODE, SELECTOR_CODE_32,
		SELECTOR_TSS, 0x38, 0xfff8, 0xffff, 0x2b,
	};
	static const uint64_t places[] = {
		0x7ffffffff000, 0x38000000, 0x800000000000, 0xffff800000000000, ~0ULL, 0x00500000,
	};
	struct frame frame = { .rflags = 2, .ss = SELECTOR_DATA };
	size_t cs, place, bit;

	far_code_set(NULL, 0);
	exit_registers();
	for (cs = 0; cs < sizeof(selectors) / sizeof(selectors[0]); cs++) {
		for (place = 0; place <= sizeof(places) / sizeof(places[0]); place++) {
			frame.cs = selectors[cs];
			frame.ss = selectors[(cs + place) % 11];
			frame.rip = place < 6 ? places[place] : (uint64_t)far_code;
			frame.rsp = place < 6 ? places[place] : (uint64_t)far_code + 2048;
			try_frame(&frame);
		}
	}
	/* Every flag; VM and NT mean other things in other modes. TF ends at the first step. */
	for (bit = 0; bit < 32; bit++) {
		frame = (struct frame){ (uint64_t)far_code, SELECTOR_CODE, 2 | 1ULL << bit,
					(uint64_t)far_code + 2048, SELECTOR_DATA };
		try_frame(&frame);
	}
	trap_try(iret_nested, (uint64_t)&frame);
	trap_restore();
	attack_tried();
}

static const uint8_t cpuid[] = { 0x0f, 0xa2 };
static const uint8_t vmcall[] = { 0x0f, 0x01, 0xc1 };
static const uint8_t vmmcall[] = { 0x0f, 0x01, 0xd9 };
static const uint8_t in[] = { 0xec };
static const uint8_t rdmsr[] = { 0x0f, 0x32 };
static const uint8_t vmxoff[] = { 0x0f, 0x01, 0xc4 };
static const uint8_t load[] = { 0x8b, 0x07 }; /* mov (%rdi), %eax */
static const uint8_t cr0_write_rax[] = { 0x0f, 0x22, 0xc0 };
static const uint8_t int3[] = { 0xcc };

static const struct {
	const uint8_t *bytes;
	size_t size;
} exits[] = {
	{ cpuid, sizeof(cpuid) }, { vmcall, sizeof(vmcall) },
	{ vmmcall, sizeof(vmmcall) }, { in, sizeof(in) },
	{ rdmsr, sizeof(rdmsr) }, { vmxoff, sizeof(vmxoff) }, { load, sizeof(load) },
	{ cr0_write_rax, sizeof(cr0_write_rax) }, { int3, sizeof(int3) },
};
#define EXITS (sizeof(exits) / sizeof(exits[0]))

/* In user level, and in compatibility mode at level 0. */
static void try_far(void)
{
	struct frame frame = { .rflags = 2 };
	size_t i;

	for (i = 0; i < EXITS; i++) {
		far_code_set(exits[i].bytes, exits[i].size);
		exit_registers();
		frame.cs = SELECTOR_USER_CODE;
		frame.ss = SELECTOR_USER_DATA;
		frame.rip = USER_ALIAS + (uint64_t)far_code;
		frame.rsp = USER_STACK;
		try_frame(&frame);
		frame.cs = SELECTOR_CODE_32;
		frame.ss = SELECTOR_DATA;
		frame.rip = (uint64_t)far_code;
		frame.rsp = (uint64_t)far_code + 2048;
		try_frame(&frame);
	}
}

static uint32_t watched = SELECTOR_DATA;

/*
 * `mov (watched), %ss`, then the exit. The breakpoint on the operand is held back until the
 * instruction behind is done: with an exit there, state of both kinds meets at the VM entry
 * (SDM vol. 3C, 26.3.1.5).
 */
static void try_shadow(void)
{
	static const uint8_t mov_ss[] = { 0x8e, 0x16 }; /* mov (%rsi), %ss */
	uint8_t bytes[8];
	size_t i, j;

	for (i = 0; i < EXITS; i++) {
		bytes[0] = mov_ss[0];
		bytes[1] = mov_ss[1];
		for (j = 0; j < exits[i].size; j++)
			bytes[2 + j] = exits[i].bytes[j];
		exit_registers();
		code_registers.rsi = (uint64_t)&watched;
		dr0_write((uint64_t)&watched);
		dr7_write(DR7_WATCH_0);
		code_try(bytes, 2 + exits[i].size);
		trap_restore();
		attack_tried();
	}
}

/* POPF sets TF, the exit is stepped over, and #DB comes behind it. */
static void try_step(void)
{
	static const uint8_t set_tf[] = { 0x9c, 0x80, 0x4c, 0x24, 0x01, 0x01, 0x9d };
	uint8_t bytes[16];
	size_t i, j;

	for (i = 0; i < EXITS; i++) {
		for (j = 0; j < sizeof(set_tf); j++)
			bytes[j] = set_tf[j];
		for (j = 0; j < exits[i].size; j++)
			bytes[sizeof(set_tf) + j] = exits[i].bytes[j];
		exit_registers();
		code_try(bytes, sizeof(set_tf) + exits[i].size);
		trap_restore();
		attack_tried();
	}
}

void attack_events(void)
{
	try_interrupts();
	try_frames();
	try_far();
	try_shadow();
	try_step();
}
