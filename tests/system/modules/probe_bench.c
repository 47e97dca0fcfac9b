// SPDX-License-Identifier: GPL-2.0-only
/*
 * What one instruction costs, by the TSC, which counts executed instructions on an emulated machine
 * with one CPU. The instruction and nothing are measured by the same code, with the same registers
 * loaded before; the difference of the medians is what it costs, itself included.
 */
#include "probe.h"

#include <linux/errno.h>
#include <linux/io.h>
#include <linux/irqflags.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/sort.h>
#include <linux/types.h>
#include <asm/apic.h>
#include <asm/apicdef.h>
#include <asm/irq_vectors.h>
#include <asm/msr.h>
#include <asm/processor.h>

#include <bulkhead/hypercall.h>

#define SAMPLES_MAX    512
#define CONFIG_ADDRESS 0xcf8 /* its data are four ports further */

/* What the instruction finds in RAX, RCX, RDX and RDI. */
struct inputs {
	u64 rax, rcx, rdx, rdi;
};

typedef u64 (*timed)(const struct inputs *in);

#define READ_TSC(to)                                                                       \
	"	lfence\n"                                                                  \
	"	rdtsc\n"                                                                   \
	"	shlq $32, %%rdx\n"                                                         \
	"	orq %%rdx, %%rax\n"                                                        \
	"	movq %%rax, " to "\n"

#define TIMED(name, instruction)                                                           \
	static noinline u64 name(const struct inputs *in)                                  \
	{                                                                                  \
		u64 start, end;                                                            \
											   \
		asm volatile(READ_TSC("%[start]")                                          \
			     "	movq %[rax], %%rax\n"                                      \
			     "	movq %[rcx], %%rcx\n"                                      \
			     "	movq %[rdx], %%rdx\n"                                      \
			     "	movq %[rdi], %%rdi\n"                                      \
			     instruction                                                   \
			     READ_TSC("%[end]")                                            \
			     : [start] "=&r"(start), [end] "=&r"(end)                      \
			     : [rax] "m"(in->rax), [rcx] "m"(in->rcx), [rdx] "m"(in->rdx), \
			       [rdi] "m"(in->rdi)                                          \
			     : "rax", "rbx", "rcx", "rdx", "rdi", "memory", "cc");         \
		return end - start;                                                        \
	}

TIMED(time_nothing, "")
TIMED(time_cpuid, "	cpuid\n")
TIMED(time_vmcall, "	vmcall\n")
TIMED(time_vmmcall, "	vmmcall\n")
TIMED(time_in, "	inb %%dx, %%al\n")
TIMED(time_rdmsr, "	rdmsr\n")
TIMED(time_wrmsr, "	wrmsr\n")
TIMED(time_load, "	movl (%%rdi), %%eax\n")
TIMED(time_store, "	movl %%eax, (%%rdi)\n")
TIMED(time_config, "	outl %%eax, %%dx\n	addl $4, %%edx\n	inl %%dx, %%eax\n")

/* In the kernel's own text, which lies on large pages, by the way that Linux itself takes. */
static noinline u64 time_apic_write(const struct inputs *in)
{
	u64 start = rdtsc_ordered();

	apic->write((u32)in->rdi, (u32)in->rax);
	return rdtsc_ordered() - start;
}

static u64 samples[SAMPLES_MAX];

static int compare(const void *a, const void *b)
{
	u64 x = *(const u64 *)a;
	u64 y = *(const u64 *)b;

	return x < y ? -1 : x > y;
}

/* Sorts the samples; no interrupt falls between two readings. */
static void take_samples(timed code, const struct inputs *in, unsigned int count)
{
	unsigned long flags;
	unsigned int i;

	local_irq_save(flags);
	for (i = 0; i < count; i++)
		samples[i] = code(in);
	local_irq_restore(flags);
	sort(samples, count, sizeof(samples[0]), compare, NULL);
}

static void measure(timed code, const struct inputs *in, u64 wanted)
{
	unsigned int count = clamp_t(u64, wanted, 1, SAMPLES_MAX);
	u64 nothing;

	take_samples(time_nothing, in, count);
	nothing = samples[count / 2];
	take_samples(code, in, count);
	probe_say("net %lld min %lld max %lld", (s64)(samples[count / 2] - nothing),
		  (s64)(samples[0] - nothing), (s64)(samples[count - 1] - nothing));
}

/* EBX, ECX and EDX of a leaf. */
static void ask_cpuid(u32 leaf, u32 *answer)
{
	answer[1] = 0;
	asm volatile("cpuid" : "+a"(leaf), "=b"(answer[0]), "+c"(answer[1]), "=d"(answer[2]));
}

static bool hypervisor_answers(void)
{
	u32 signature[3] = { 0, 0, 0 };

	ask_cpuid(1, signature);
	if (!(signature[1] >> 31))
		return false;
	ask_cpuid(BH_CPUID_LEAF, signature);
	return memcmp(signature, BH_CPUID_SIGNATURE, sizeof(signature)) == 0;
}

int probe_bench_cpuid(const u64 *numbers, unsigned int count)
{
	struct inputs in = { .rax = numbers[1] };

	measure(time_cpuid, &in, numbers[0]);
	return 0;
}

int probe_bench_hypercall(const u64 *numbers, unsigned int count)
{
	struct inputs in = { .rax = BH_HYPERCALL_VERSION };

	if (!hypervisor_answers())
		return -ENODEV;
	measure(probe_is_on_svm() ? time_vmmcall : time_vmcall, &in, numbers[0]);
	return 0;
}

int probe_bench_port(const u64 *numbers, unsigned int count)
{
	struct inputs in = { .rdx = numbers[1] };

	measure(time_in, &in, numbers[0]);
	return 0;
}

int probe_bench_msr(const u64 *numbers, unsigned int count)
{
	struct inputs in = { .rcx = numbers[1] };
	u64 value;

	if (!probe_read_msr(numbers[1], &value))
		return -EINVAL;
	measure(time_rdmsr, &in, numbers[0]);
	return 0;
}

static int measure_memory(timed code, u64 address, u32 value, u64 wanted)
{
	void __iomem *page = ioremap(address & PAGE_MASK, PAGE_SIZE);
	struct inputs in = { .rax = value };

	if (!page)
		return -ENOMEM;
	in.rdi = (__force u64)page + offset_in_page(address);
	measure(code, &in, wanted);
	iounmap(page);
	return 0;
}

int probe_bench_mmio(const u64 *numbers, unsigned int count)
{
	return measure_memory(time_load, numbers[1], 0, numbers[0]);
}

int probe_bench_store(const u64 *numbers, unsigned int count)
{
	return measure_memory(time_store, numbers[1], (u32)numbers[2], numbers[0]);
}

/* By its address for the ports of configuration space. */
int probe_bench_config(const u64 *numbers, unsigned int count)
{
	struct inputs in = { .rax = numbers[1], .rdx = CONFIG_ADDRESS };

	measure(time_config, &in, numbers[0]);
	return 0;
}

/* With nothing in service an EOI does nothing. */
int probe_bench_xapic_eoi(const u64 *numbers, unsigned int count)
{
	return measure_memory(time_store, APIC_DEFAULT_PHYS_BASE + APIC_EOI, 0, numbers[0]);
}

/* To itself, with a vector that asks the scheduler to look whether there is something to do. */
int probe_bench_xapic_icr(const u64 *numbers, unsigned int count)
{
	return measure_memory(time_store, APIC_DEFAULT_PHYS_BASE + APIC_ICR,
			      APIC_DEST_SELF | APIC_DM_FIXED | RESCHEDULE_VECTOR, numbers[0]);
}

int probe_bench_apic(const u64 *numbers, unsigned int count)
{
	struct inputs in = { .rdi = numbers[1], .rax = numbers[2] };

	measure(time_apic_write, &in, numbers[0]);
	return 0;
}

void probe_measure_x2apic_icr(u64 wanted)
{
	struct inputs in = {
		.rcx = APIC_BASE_MSR + (APIC_ICR >> 4),
		.rax = APIC_DEST_SELF | APIC_DM_FIXED | RESCHEDULE_VECTOR,
	};

	measure(time_wrmsr, &in, wanted);
}
