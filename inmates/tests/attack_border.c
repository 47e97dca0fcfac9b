/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Accesses across the ends of pages and of regions, by instructions of many forms: half in what is
 * ours and half not, in memory that may only be read, in a device smaller than a page. Some cannot
 * be answered and end the cell.
 */
#include "attack.h"

#include "machine.h"

#define FORM(...)                                                         \
	{                                                                 \
		(const uint8_t[]){ __VA_ARGS__ }, sizeof((const uint8_t[]){ __VA_ARGS__ }), \
			false                                             \
	}

/* What no emulation answers, so that it ends the cell: tried at one border only. */
#define ENDS(...)                                                         \
	{                                                                 \
		(const uint8_t[]){ __VA_ARGS__ }, sizeof((const uint8_t[]){ __VA_ARGS__ }), true \
	}
#define ENDS_BORDER 0u
#define ENDS_BEFORE (-4)

struct form {
	const uint8_t *bytes;
	size_t size;
	bool ends;
};

/* The address in question is in rdi; rsi points to RAM, rcx is small. */
static const struct form forms[] = {
	FORM(0x8a, 0x07),                         /* mov (%rdi), %al */
	FORM(0x66, 0x8b, 0x07),
	FORM(0x8b, 0x07),
	FORM(0x48, 0x8b, 0x07),                   /* mov (%rdi), %rax */
	FORM(0x88, 0x07),                         /* mov %al, (%rdi) */
	FORM(0x66, 0x89, 0x07),
	FORM(0x89, 0x07),
	FORM(0x48, 0x89, 0x07),
	FORM(0xc7, 0x07, 0x78, 0x56, 0x34, 0x12), /* movl $..., (%rdi) */
	FORM(0x48, 0x0f, 0xb6, 0x07),             /* movzx */
	FORM(0x48, 0x63, 0x07),                   /* movsxd */
	FORM(0x03, 0x07),                         /* add (%rdi), %eax */
	FORM(0x01, 0x07),                         /* add %eax, (%rdi) */
	FORM(0xf0, 0xff, 0x07),                   /* lock incl (%rdi) */
	ENDS(0xf0, 0x48, 0x0f, 0xb1, 0x0f),       /* lock cmpxchg %rcx, (%rdi) */
	FORM(0x48, 0x87, 0x07),                   /* xchg %rax, (%rdi) */
	ENDS(0x48, 0x0f, 0xc7, 0x0f),             /* cmpxchg16b (%rdi) */
	FORM(0x0f, 0xab, 0x07),                   /* bts %eax, (%rdi) */
	ENDS(0xf7, 0x37),                         /* divl (%rdi) */
	FORM(0xf6, 0x07, 0x01),                   /* testb $1, (%rdi) */
	ENDS(0xff, 0x37),                         /* push (%rdi) */
	ENDS(0x8f, 0x07),                         /* pop (%rdi) */
	ENDS(0xff, 0x27),                         /* jmp *(%rdi) */
	ENDS(0xff, 0x2f),                         /* ljmp *(%rdi) */
	FORM(0xff, 0xe7),                         /* jmp *%rdi */
	FORM(0xa4),                               /* movsb */
	FORM(0x48, 0xa5),                         /* movsq */
	FORM(0xf3, 0x48, 0xa5),                   /* rep movsq */
	FORM(0xf3, 0xa4),                         /* rep movsb */
	FORM(0xf3, 0xaa),                         /* rep stosb */
	FORM(0xf3, 0x48, 0xab),                   /* rep stosq */
	ENDS(0xf3, 0xae),                         /* rep scasb */
	ENDS(0xf3, 0xa6),                         /* rep cmpsb */
	FORM(0xfd, 0xf3, 0x48, 0xab, 0xfc),       /* the same, downwards */
	ENDS(0x0f, 0x10, 0x07),                   /* movups */
	ENDS(0x0f, 0x11, 0x07),
	ENDS(0x0f, 0x28, 0x07),                   /* movaps */
	ENDS(0x0f, 0xe7, 0x07),                   /* movntq */
	ENDS(0x0f, 0xc3, 0x07),                   /* movnti */
	ENDS(0x0f, 0xae, 0x07),                   /* fxsave */
	ENDS(0x0f, 0xae, 0x0f),                   /* fxrstor */
	ENDS(0xdf, 0x2f),                         /* fildll */
	ENDS(0xdb, 0x3f),                         /* fstpt */
	ENDS(0xdd, 0x37),                         /* fnsave */
	ENDS(0x0f, 0x01, 0x07),                   /* sgdt */
	FORM(0x0f, 0x01, 0x3f),                   /* invlpg */
	ENDS(0x0f, 0xae, 0x3f),                   /* clflush */
	FORM(0x0f, 0x18, 0x0f),                   /* prefetch */
	ENDS(0x0f, 0x38, 0xf0, 0x07),             /* movbe */
	FORM(0xc8, 0x00, 0x01, 0x00, 0xc9),       /* enter, leave */
};

static const uint64_t borders[] = {
	OWN_RAM_END,                        /* RAM, then a hole */
	OWN_READ_ONLY,                      /* a hole, then memory to be read */
	OWN_READ_ONLY + 0x8000,
	OWN_READ_ONLY + 0x10000,
	OWN_SHARED,
	OWN_SHARED + 0x1000,
	OWN_NO_EXECUTE,
	OWN_NO_EXECUTE + 0x10000,
	OWN_DEVICE,                         /* inside a page */
	OWN_DEVICE + 4,
	OWN_DEVICE + OWN_DEVICE_SIZE,
	0x38000000,
	0xfffffffe,                         /* the last bytes of 4 GiB */
};

/* What an access may begin before the border. Not the APIC's page: see attack_memory.c. */
static const int64_t before[] = { -16, -8, -7, -4, -3, -2, -1, 0, 1 };

static uint8_t scratch[4096] __attribute__((aligned(4096)));

static void try_form(const struct form *form, uint64_t address)
{
	if (!attack_next())
		return;
	code_registers = (struct code_registers){
		.rax = 0, .rcx = 3, .rdx = 0, .rbx = 1, .rsi = (uint64_t)scratch, .rdi = address,
	};
	code_try(form->bytes, form->size);
	attack_tried();
}

static void try_border(size_t border, int64_t distance)
{
	size_t form;

	for (form = 0; form < sizeof(forms) / sizeof(forms[0]); form++)
		if (!forms[form].ends || (border == ENDS_BORDER && distance == ENDS_BEFORE))
			try_form(&forms[form], borders[border] + (uint64_t)distance);
}

void attack_borders(void)
{
	size_t border, i;

	for (border = 0; border < sizeof(borders) / sizeof(borders[0]); border++)
		for (i = 0; i < sizeof(before) / sizeof(before[0]); i++)
			try_border(border, before[i]);
	trap_restore();
}
