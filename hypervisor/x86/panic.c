/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The last words of a CPU on which the hypervisor failed: registers and stack to console and log.
 * Only that CPU stops; cells on other CPUs go on.
 */
#include "core/cpu.h"
#include "core/log.h"
#include "x86/control.h"
#include "x86/exceptions.h"

#define STACK_WORDS 24

static const char *const exception_names[] = {
	"divide error", "debug", "NMI", "breakpoint", "overflow", "bound range", "invalid opcode",
	"no device", "double fault", "coprocessor overrun", "invalid TSS", "segment not present",
	"stack fault", "general protection", "page fault", "reserved", "x87 error",
	"alignment check", "machine check", "SIMD error", "virtualization exception",
	"control protection",
};

static _Noreturn void stop(void)
{
	for (;;)
		__asm__ volatile("cli; hlt");
}

/* A fault while the last words are spoken, as of a stack that is not there, ends them. */
static void begin(struct cpu *cpu)
{
	if (cpu->halt == CPU_PANICKED)
		stop();
	cpu->halt = CPU_PANICKED;
}

/* Words of the stack that are surely mapped: up to the end of the page that RSP is in. */
static void print_stack(uint64_t rsp)
{
	const uint64_t *word = (const uint64_t *)(rsp & ~7ULL);
	uint64_t left = (BH_PAGE_SIZE - (rsp & BH_PAGE_MASK)) / sizeof(*word);
	unsigned int i;

	if (rsp < HV_CPUS || rsp >= HV_DEVICES)
		return;
	for (i = 0; i < STACK_WORDS && i < left; i++) {
		if (i % 4 == 0)
			log_print_panic("%s  stack %016llx:", i ? "\n" : "",
					(unsigned long long)(word + i));
		log_print_panic(" %016llx", (unsigned long long)word[i]);
	}
	log_print_panic("\n");
}

#define U(x) ((unsigned long long)(x))

_Noreturn void panic_frame(const struct exception_frame *f, const char *why)
{
	struct cpu *cpu = cpu_this();
	const char *name =
		f->vector < BH_ARRAY_SIZE(exception_names) ? exception_names[f->vector] : "?";

	begin(cpu);
	log_print_panic("PANIC on CPU %u: %s (vector %llu, error code 0x%llx); this CPU stops\n",
			cpu->linux_cpu, why ? why : name, U(f->vector), U(f->error_code));
	log_print_panic("  rip %016llx cs %04llx rflags %08llx rsp %016llx ss %04llx\n",
			U(f->rip), U(f->cs), U(f->rflags), U(f->rsp), U(f->ss));
	log_print_panic("  rax %016llx rbx %016llx rcx %016llx rdx %016llx\n", U(f->rax), U(f->rbx),
			U(f->rcx), U(f->rdx));
	log_print_panic("  rsi %016llx rdi %016llx rbp %016llx r8  %016llx\n", U(f->rsi), U(f->rdi),
			U(f->rbp), U(f->r8));
	log_print_panic("  r9  %016llx r10 %016llx r11 %016llx r12 %016llx\n", U(f->r9), U(f->r10),
			U(f->r11), U(f->r12));
	log_print_panic("  r13 %016llx r14 %016llx r15 %016llx\n", U(f->r13), U(f->r14), U(f->r15));
	log_print_panic("  cr0 %016llx cr2 %016llx cr3 %016llx cr4 %016llx\n", U(cr0_read()),
			U(cr2_read()), U(cr3_read()), U(cr4_read()));
	print_stack(f->rsp);
	stop();
}

_Noreturn void panic(const char *why)
{
	struct cpu *cpu = cpu_this();

	begin(cpu);
	log_print_panic("PANIC on CPU %u: %s; this CPU stops\n", cpu->linux_cpu, why);
	print_stack((uint64_t)__builtin_frame_address(0));
	stop();
}
