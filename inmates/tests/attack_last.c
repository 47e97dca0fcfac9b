/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a cell tries once: under the policy "stop" it ends there, whatever policy it is where there
 * is no way to go on. Each is a kind of its own in the fault record. A try that comes back says so
 * by the cell's exit code.
 */
#include "attack.h"

#include <bulkhead/hypercall.h>

#include "machine.h"
#include "runtime.h"

#define HOLE            0x00600000u
#define FOREIGN_PORT    0x510u
#define FOREIGN_MSR     0x570u
#define FOREIGN_APIC_ID 0u
#define APIC_ID         0x20u
#define APIC_ICR        0x300u
#define APIC_ICR_HIGH   0x310u
#define CR4_VMXE        (1u << 13)
#define DR7_WATCH_ALL   0x00dd0402u /* eight bytes at DR0, reads and writes */

static volatile uint32_t *word(uint64_t address)
{
	return (volatile uint32_t *)address;
}

static void last_read(void)
{
	(void)*word(HOLE);
}

static void last_write(void)
{
	*word(HOLE) = 0x12345678;
}

static void last_read_only(void)
{
	*word(OWN_READ_ONLY + 0x40) = 0x12345678;
}

static void last_fetch(void)
{
	((void (*)(void))HOLE)();
}

static void last_no_execute(void)
{
	((void (*)(void))OWN_NO_EXECUTE)();
}

static void last_device(void)
{
	(void)*word(OWN_DEVICE + OWN_DEVICE_SIZE);
}

/* The next table would be in a hole. */
static void last_table(void)
{
	volatile uint32_t *window = window_at(0);

	*window_entry() = HOLE | 3;
	page_forget(window);
	(void)*window;
}

static void last_port_in(void)
{
	uint32_t value;

	__asm__ volatile("inl %w1, %0" : "=a"(value) : "d"(FOREIGN_PORT));
}

static void last_port_out(void)
{
	__asm__ volatile("outw %w0, %w1" : : "a"(0x1234), "d"(FOREIGN_PORT));
}

static void last_port_string(void)
{
	uint64_t from = OWN_READ_ONLY, count = 8;

	__asm__ volatile("rep outsb" : "+S"(from), "+c"(count) : "d"(FOREIGN_PORT) : "memory");
}

static void last_msr_read(void)
{
	msr_read(FOREIGN_MSR);
}

static void last_msr_write(void)
{
	msr_write(FOREIGN_MSR, 1);
}

static void last_vmx(void)
{
	__asm__ volatile("vmlaunch");
}

static void last_svm(void)
{
	__asm__ volatile("vmrun" : : "a"(HOLE));
}

static void last_control(void)
{
	cr4_write(cr4_read() | CR4_VMXE);
}

static void last_apic_base(void)
{
	msr_write(MSR_APIC_BASE, (msr_read(MSR_APIC_BASE) & 0xfff) | HOLE);
}

static void interrupt(uint32_t command)
{
	*word(OWN_APIC + APIC_ICR_HIGH) = FOREIGN_APIC_ID << 24;
	*word(OWN_APIC + APIC_ICR) = command;
}

static void last_interrupt(void)
{
	interrupt(0x4041);
}

static void last_nmi(void)
{
	interrupt(0x4400);
}

static void last_init(void)
{
	interrupt(0x4500);
}

static void last_startup(void)
{
	interrupt(0x4608);
}

static void last_interrupt_x2apic(void)
{
	msr_write(MSR_APIC_BASE, msr_read(MSR_APIC_BASE) | APIC_BASE_X2APIC);
	msr_write(MSR_X2APIC_ICR, (uint64_t)FOREIGN_APIC_ID << 32 | 0x4041);
}

static void last_apic(void)
{
	*word(OWN_APIC + APIC_ID) = 0;
}

static const struct table_register nothing = { 0, 0 };

static void last_triple(void)
{
	__asm__ volatile("lidt %0\n\tint3" : : "m"(nothing));
}

/* The interrupt table is in a hole: the processor finds no gate, and no instruction is to blame. */
static void last_delivery(void)
{
	const struct table_register idtr = { 0xfff, HOLE };

	__asm__ volatile("lidt %0\n\tint3" : : "m"(idtr));
}

static void last_hypercall(void)
{
	hypercall(BH_HYPERCALL_LEAVE, 0, 0, 0);
}

/* Never an instruction again, but nothing wrong: only force ends these. */
static void last_halt(void)
{
	__asm__ volatile("1: cli\n\thlt\n\tjmp 1b");
}

static void last_spin(void)
{
	__asm__ volatile("1: jmp 1b");
}

/*
 * #DB is delivered by writing to a place that is watched, which makes the next #DB, without an
 * instruction in between.
 */
static void last_debug_loop(void)
{
	uint64_t *frame = trap_exception_frame();

	dr0_write((uint64_t)(frame - 1) & ~7ULL);
	dr7_write(DR7_WATCH_ALL);
	__asm__ volatile("int $1");
}

const struct last_words last_words[] = {
	{ "read", last_read },
	{ "write", last_write },
	{ "read-only", last_read_only },
	{ "fetch", last_fetch },
	{ "no-execute", last_no_execute },
	{ "device", last_device },
	{ "table", last_table },
	{ "port-in", last_port_in },
	{ "port-out", last_port_out },
	{ "port-string", last_port_string },
	{ "msr-read", last_msr_read },
	{ "msr-write", last_msr_write },
	{ "vmx", last_vmx },
	{ "svm", last_svm },
	{ "control", last_control },
	{ "apic-base", last_apic_base },
	{ "interrupt", last_interrupt },
	{ "nmi", last_nmi },
	{ "init", last_init },
	{ "startup", last_startup },
	{ "interrupt-x2apic", last_interrupt_x2apic },
	{ "apic", last_apic },
	{ "triple", last_triple },
	{ "delivery", last_delivery },
	{ "hypercall", last_hypercall },
	{ "halt", last_halt },
	{ "spin", last_spin },
	{ "debug-loop", last_debug_loop },
};
const size_t last_words_count = sizeof(last_words) / sizeof(last_words[0]);
