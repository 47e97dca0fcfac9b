/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Instructions that belong to a hypervisor, to firmware or to nobody: those of VMX and SVM, of SMX,
 * SGX and SMM, those that flush or stop; CPUID in all its leaves, counters and hypercalls of all
 * numbers.
 */
#include "attack.h"

#include <bulkhead/hypercall.h>

#include "machine.h"
#include "runtime.h"

#define BYTES(...)                                                        \
	{                                                                 \
		(const uint8_t[]){ __VA_ARGS__ }, sizeof((const uint8_t[]){ __VA_ARGS__ }) \
	}

struct instruction {
	const uint8_t *bytes;
	size_t size;
};

/* Memory operands are at [rdi]; SDM vol. 2 and APM vol. 3. */
static const struct instruction instructions[] = {
	BYTES(0xf3, 0x0f, 0xc7, 0x37),             /* vmxon */
	BYTES(0x0f, 0x01, 0xc4),                   /* vmxoff */
	BYTES(0x0f, 0xc7, 0x37),                   /* vmptrld */
	BYTES(0x0f, 0xc7, 0x3f),                   /* vmptrst */
	BYTES(0x66, 0x0f, 0xc7, 0x37),             /* vmclear */
	BYTES(0x0f, 0x78, 0x07),                   /* vmread to memory */
	BYTES(0x0f, 0x78, 0xc1),                   /* vmread to a register */
	BYTES(0x0f, 0x79, 0x07),                   /* vmwrite */
	BYTES(0x0f, 0x79, 0xc1),
	BYTES(0x0f, 0x01, 0xc2),                   /* vmlaunch */
	BYTES(0x0f, 0x01, 0xc3),                   /* vmresume */
	BYTES(0x66, 0x0f, 0x38, 0x80, 0x0f),       /* invept, type in rcx */
	BYTES(0x66, 0x0f, 0x38, 0x81, 0x0f),       /* invvpid */
	BYTES(0x66, 0x0f, 0x38, 0x82, 0x0f),       /* invpcid */
	BYTES(0x0f, 0x01, 0xd4),                   /* vmfunc */
	BYTES(0x0f, 0x01, 0xd8),                   /* vmrun */
	BYTES(0x0f, 0x01, 0xd9),                   /* vmmcall */
	BYTES(0x0f, 0x01, 0xda),                   /* vmload */
	BYTES(0x0f, 0x01, 0xdb),                   /* vmsave */
	BYTES(0x0f, 0x01, 0xdc),                   /* stgi */
	BYTES(0x0f, 0x01, 0xdd),                   /* clgi */
	BYTES(0x0f, 0x01, 0xde),                   /* skinit */
	BYTES(0x0f, 0x01, 0xdf),                   /* invlpga */
	BYTES(0x0f, 0x01, 0xfe),                   /* invlpgb */
	BYTES(0x0f, 0x01, 0xff),                   /* tlbsync */
	BYTES(0x0f, 0x37),                         /* getsec, leaf in eax */
	BYTES(0x0f, 0x01, 0xcf),                   /* encls */
	BYTES(0x0f, 0x01, 0xc0),                   /* enclv */
	BYTES(0x0f, 0x01, 0xd7),                   /* enclu */
	BYTES(0x0f, 0x01, 0xc5),                   /* pconfig */
	BYTES(0x0f, 0xaa),                         /* rsm */
	BYTES(0x0f, 0x01, 0xc8),                   /* monitor */
	BYTES(0x0f, 0x01, 0xfa),                   /* monitorx */
	BYTES(0x0f, 0x01, 0xf9),                   /* rdtscp */
	BYTES(0x0f, 0xc7, 0xf0),                   /* rdrand */
	BYTES(0x0f, 0xc7, 0xf8),                   /* rdseed */
	BYTES(0xf3, 0x0f, 0xc7, 0xf8),             /* rdpid */
	BYTES(0x0f, 0xc7, 0x2f),                   /* xsaves */
	BYTES(0x0f, 0xc7, 0x1f),                   /* xrstors */
	BYTES(0x0f, 0x01, 0xee),                   /* rdpkru */
	BYTES(0x0f, 0x01, 0xe8),                   /* setssbsy */
	BYTES(0xf3, 0x90),                         /* pause */
	BYTES(0x0f, 0x0b),                         /* ud2 */
	BYTES(0x0f, 0xff, 0xc0),                   /* ud0 */
	BYTES(0xf1),                               /* int1 */
	BYTES(0x0f, 0x34),                         /* sysenter */
	BYTES(0x0f, 0x05),                         /* syscall */
	BYTES(0x0f, 0x35),                         /* sysexit */
	BYTES(0x0f, 0x07),                         /* sysret */
	BYTES(0x0f, 0x00, 0xd1),                   /* lldt */
	BYTES(0x0f, 0x00, 0xc1),                   /* sldt */
	BYTES(0x0f, 0x00, 0xd9),                   /* ltr */
	BYTES(0x0f, 0x00, 0xc9),                   /* str */
	BYTES(0x0f, 0x01, 0x07),                   /* sgdt */
	BYTES(0x0f, 0x01, 0x0f),                   /* sidt */
	BYTES(0x0f, 0x01, 0xe1),                   /* smsw */
	BYTES(0x0f, 0x01, 0xf1),                   /* lmsw */
	BYTES(0xdb, 0xe3),                         /* fninit */
	BYTES(0x0f, 0x06),                         /* clts */
	BYTES(0x0f, 0x01, 0xd0),                   /* xgetbv */
	BYTES(0xf0, 0x0f, 0xa2),                   /* lock cpuid */
	/* Sixteen bytes, and two prefixes that mean nothing here. */
	BYTES(0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66,
	      0x0f, 0xa2),
	BYTES(0x26, 0x2e, 0x0f, 0xa2),
};

/* Of all caches of the machine: they are to do nothing, and the next instruction is to follow. */
static const struct instruction of_caches[] = {
	BYTES(0x0f, 0x08),             /* invd */
	BYTES(0x2e, 0x0f, 0x08),
	BYTES(0x0f, 0x09),             /* wbinvd */
	BYTES(0x2e, 0x48, 0x0f, 0x09), /* the same, with prefixes that mean nothing */
	BYTES(0xf3, 0x0f, 0x09),       /* wbnoinvd */
};

static const struct instruction rdpmc = BYTES(0x0f, 0x33);

#define COUNTERS     32u
#define AMD_OF_CORE  6u  /* those behind are of what cores share */
#define AMD_COUNTERS 28u
#define SIGNATURE_AMD 0x68747541u /* EBX of leaf 0: "Auth" */

#define NUMBERS 8

static const uint64_t numbers[NUMBERS] = {
	0, 1, 2, 3, 5, 0xffffffff, 0x8000000000000000, ~0ULL,
};

static uint8_t operand[4096] __attribute__((aligned(4096)));

static void try_instruction(const struct instruction *instruction, uint64_t number)
{
	/* The operand of INVEPT, INVVPID, VMPTRLD: an address, a VPID, a pointer to tables. */
	*(uint64_t *)operand = number;
	code_registers = (struct code_registers){
		.rax = number, .rcx = number, .rdx = number, .rbx = number,
		.rsi = (uint64_t)operand, .rdi = (uint64_t)operand,
	};
	code_try(instruction->bytes, instruction->size);
	attack_tried();
	trap_restore();
}

static void try_caches(void)
{
	size_t i;

	for (i = 0; i < sizeof(of_caches) / sizeof(of_caches[0]); i++) {
		int vector = code_try(of_caches[i].bytes, of_caches[i].size);

		attack_tried();
		attack_expect(vector == NO_EXCEPTION, "answer to a flush", i);
	}
}

static bool is_amd(void)
{
	uint32_t eax = 0, ebx, ecx = 0, edx;

	__asm__ volatile("cpuid" : "+a"(eax), "=b"(ebx), "+c"(ecx), "=d"(edx));
	return ebx == SIGNATURE_AMD;
}

/* Intel's are all of the core. */
static void try_counters(void)
{
	uint32_t counter, answers = 0;

	for (counter = 0; counter < COUNTERS; counter++) {
		int vector;

		code_registers = (struct code_registers){ .rcx = counter };
		vector = code_try(rdpmc.bytes, rdpmc.size);
		attack_tried();
		answers += vector == NO_EXCEPTION;
		if (counter >= AMD_OF_CORE && counter < AMD_COUNTERS && is_amd())
			attack_expect(vector == VECTOR_GP, "answer of a counter", counter);
	}
	say("%u counters answer\n", answers);
}

static void cpuid(uint32_t leaf, uint32_t subleaf)
{
	uint32_t eax = leaf, ebx, ecx = subleaf, edx;

	__asm__ volatile("cpuid" : "+a"(eax), "=b"(ebx), "+c"(ecx), "=d"(edx));
	attack_tried();
}

static void try_cpuid(void)
{
	uint32_t leaf, subleaf;

	for (leaf = 0; leaf < 0x20; leaf++)
		for (subleaf = 0; subleaf < 8; subleaf++)
			cpuid(leaf, subleaf);
	for (leaf = 0; leaf < 0x110; leaf++) {
		cpuid(0x40000000 + leaf, 0);
		cpuid(0x80000000 + leaf, ~0u);
		cpuid(0xffffff00 + leaf, leaf);
	}
}

struct call {
	uint64_t number, first, second, third;
};

static void make_call(uint64_t place)
{
	const struct call *call = (const struct call *)place;

	hypercall(call->number, call->first, call->second, call->third);
}

/* All but the one that ends the cell: nothing of root's may answer, nothing may be written. */
static void try_hypercalls(void)
{
	uint64_t seed = 0x1234567;
	struct call call;
	unsigned int i;

	for (i = 0; i < 400; i++) {
		call.number = i < 64 ? i : i % 2 ? random_next(&seed) : i % 16;
		call.first = numbers[random_next(&seed) % NUMBERS];
		call.second = random_next(&seed) % 3 ? numbers[random_next(&seed) % NUMBERS]
						     : random_next(&seed);
		call.third = random_next(&seed) % 3 ? random_next(&seed) & 0xfffff000 : ~0ULL;
		if (call.number == BH_HYPERCALL_EXIT)
			continue;
		trap_try(make_call, (uint64_t)&call);
		attack_tried();
	}
}

void attack_instructions(void)
{
	size_t i, number;

	for (i = 0; i < sizeof(instructions) / sizeof(instructions[0]); i++)
		for (number = 0; number < NUMBERS; number++)
			try_instruction(&instructions[i], numbers[number]);
	try_caches();
	try_counters();
	try_cpuid();
	try_hypercalls();
}
