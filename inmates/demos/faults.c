/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Leaves the cell's walls in the way that its argument names, to show what is reported:
 *
 *	bulkhead cell load rt0 faults.elf -s memory-write -a 0x1000
 *	bulkhead cell start rt0
 *	bulkhead cell faults rt0
 *
 * Under the policy "stop" the cell ends there. Under "report" it is told what came of it and goes
 * on with the next word. Without an argument it lists the words.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <bulkhead/call.h>
#include <inmate/apic.h>
#include <inmate/cell.h>
#include <inmate/cpu.h>
#include <inmate/smp.h>
#include <inmate/try.h>

#define HOLE         0x70000000u /* no cell of the examples has memory there */
#define FOREIGN_PORT 0x510u
#define FOREIGN_MSR  0x79u  /* microcode update: no cell's, ever */
#define VECTOR       0x40u
#define READ_ONLY    APIC_VERSION
#define NO_HYPERCALL 99

static uint64_t result; /* of what was read */

static void memory_read(void *argument)
{
	(void)argument;
	result = *(volatile uint32_t *)(uint64_t)HOLE;
}

static void memory_write(void *argument)
{
	(void)argument;
	*(volatile uint32_t *)(uint64_t)HOLE = 0x12345678;
}

static void fetch(void *argument)
{
	(void)argument;
	((void (*)(void))(uint64_t)HOLE)();
}

static void port_in(void *argument)
{
	(void)argument;
	result = port_in32(FOREIGN_PORT);
}

static void port_out(void *argument)
{
	(void)argument;
	port_out16(FOREIGN_PORT, 0x1234);
}

static void read_msr(void *argument)
{
	(void)argument;
	result = msr_read(FOREIGN_MSR);
}

static void write_msr(void *argument)
{
	(void)argument;
	msr_write(FOREIGN_MSR, 0);
}

/* What only a hypervisor may do: VMXON, or VMRUN where SVM drives the processor. */
static void instruction(void *argument)
{
	uint64_t area = HOLE;

	(void)argument;
	if (bh_call_is_vmmcall(cell_comm()))
		__asm__ volatile("vmrun %0" : : "a"(area) : "memory");
	else
		__asm__ volatile("vmxon %0" : : "m"(area) : "memory");
}

static const struct {
	uint16_t limit;
	uint64_t base;
} __attribute__((packed)) no_interrupts = { 0, 0 };

/* No handler for the exception, none for that, and none for that either. */
static void triple(void *argument)
{
	(void)argument;
	__asm__ volatile("lidt %0\n\tint3" : : "m"(no_interrupts));
}

/* The exception is the cell's own affair; where its frame would go is not. */
static void delivery(void *argument)
{
	(void)argument;
	__asm__ volatile("movq %0, %%rsp\n\tint3" : : "r"((uint64_t)HOLE) : "memory");
}

static bool is_ours(uint32_t id)
{
	volatile struct bh_comm *comm = cell_comm();
	uint32_t i;

	for (i = 0; comm && i < comm->cpu_count; i++)
		if (comm->apic_ids[i] == id)
			return true;
	return id == apic_id();
}

static uint32_t foreign_cpu(void)
{
	uint32_t id = 0;

	while (is_ours(id))
		id++;
	return id;
}

/* To a CPU of another cell, in the APIC mode that the CPU is in. */
static void send(uint32_t what)
{
	apic_open(false);
	apic_send(foreign_cpu(), what);
}

static void ipi(void *argument)
{
	(void)argument;
	send(APIC_SEND_FIXED | VECTOR);
}

static void nmi(void *argument)
{
	(void)argument;
	send(APIC_SEND_NMI);
}

static void init(void *argument)
{
	(void)argument;
	send(APIC_SEND_INIT);
}

static void sipi(void *argument)
{
	(void)argument;
	send(APIC_SEND_STARTUP | 8);
}

/* In x2APIC mode a write to such a register is #GP, and no fault: the page is not used. */
static void xapic(void *argument)
{
	(void)argument;
	*(volatile uint32_t *)(uint64_t)(0xfee00000u + READ_ONLY) = 0;
}

static void hypercall(void *argument)
{
	(void)argument;
	result = (uint64_t)cell_call((enum bh_hypercall)NO_HYPERCALL, 0, 0, 0);
}

static const struct {
	const char *name;
	void (*run)(void *);
	bool reads;
} kinds[] = {
	{ "memory-read", memory_read, true },
	{ "memory-write", memory_write, false },
	{ "fetch", fetch, false },
	{ "port-in", port_in, true },
	{ "port-out", port_out, false },
	{ "msr-read", read_msr, true },
	{ "msr-write", write_msr, false },
	{ "instruction", instruction, false },
	{ "ipi", ipi, false },
	{ "nmi", nmi, false },
	{ "init", init, false },
	{ "sipi", sipi, false },
	{ "xapic", xapic, false },
	{ "hypercall", hypercall, true },
	{ "delivery", delivery, false },
	{ "triple", triple, false },
};
#define KINDS (sizeof(kinds) / sizeof(kinds[0]))

static void trip(size_t kind)
{
	int vector;

	printf("%s: leaving the walls\n", kinds[kind].name);
	result = 0;
	vector = try_run(kinds[kind].run, NULL);
	if (vector != TRY_FINE)
		printf("%s: exception %d\n", kinds[kind].name, vector);
	else if (kinds[kind].reads)
		printf("%s: read 0x%" PRIx64 "\n", kinds[kind].name, result);
	else
		printf("%s: nothing came of it\n", kinds[kind].name);
}

int main(int argc, char **argv)
{
	size_t kind;
	int i;

	for (i = 1; i < argc; i++) {
		for (kind = 0; kind < KINDS && strcmp(kinds[kind].name, argv[i]) != 0; kind++)
			continue;
		if (kind == KINDS) {
			printf("%s: no such kind\n", argv[i]);
			return 2;
		}
		trip(kind);
	}
	if (argc > 1)
		return 0;
	printf("Ways out, to be named by the argument string:");
	for (kind = 0; kind < KINDS; kind++)
		printf(" %s", kinds[kind].name);
	printf("\n");
	return 2;
}
