/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Interrupts to CPUs that are not ours: every delivery mode to every APIC id, by every shorthand,
 * to logical destinations, in xAPIC and in x2APIC mode; and the APIC's other registers. Those to
 * the attacker itself arrive, and are counted.
 */
#include "attack.h"

#include "machine.h"

#define APIC_ID         0x020u
#define APIC_LDR        0x0d0u
#define APIC_DFR        0x0e0u
#define APIC_SPURIOUS   0x0f0u
#define APIC_ESR        0x280u
#define APIC_ICR        0x300u
#define APIC_ICR_HIGH   0x310u
#define APIC_LVT_FIRST  0x320u
#define APIC_LVT_LAST   0x370u
#define APIC_LVT_MASKED 0x10000u
#define APIC_LVT_MODE(n) ((n) << 8)
#define APIC_STEP       0x10u
#define APIC_SIZE       0x1000u
#define APIC_SOFTWARE_ON 0x1ffu

#define ICR_MODES       8u
#define ICR_MODE_NMI    4u
#define ICR_MODE_INIT   5u
#define ICR_MODE_SIPI   6u
#define ICR_LOGICAL     (1u << 11)
#define ICR_ASSERT      (1u << 14)
#define ICR_LEVEL       (1u << 15)
#define ICR_SHORTHAND(n) ((n) << 18)
#define SHORTHANDS      4u
#define SHORTHAND_SELF  1u
#define SHORTHAND_OTHERS 3u
#define TEST_VECTOR     0x41u
#define VECTOR_MASK     0xffu /* and the spurious vector */
#define IDS             256u
#define BROADCAST       0xffu
#define BROADCAST_X2    0xffffffffu

static volatile uint32_t *apic(uint32_t offset)
{
	return (volatile uint32_t *)(uint64_t)(OWN_APIC + offset);
}

static void send(uint32_t destination, uint32_t command)
{
	if (trap_x2apic) {
		msr_write(MSR_X2APIC_ICR, (uint64_t)destination << 32 | command);
	} else {
		*apic(APIC_ICR_HIGH) = destination << 24;
		*apic(APIC_ICR) = command;
	}
}

static void try_send(uint64_t what)
{
	send((uint32_t)(what >> 32), (uint32_t)what);
}

static void interrupt(uint32_t destination, uint32_t command)
{
	trap_try(try_send, (uint64_t)destination << 32 | command);
	attack_tried();
}

/* INIT and SIPI to itself are its own affair and would end it: they are never sent there. */
static bool is_suicide(uint32_t destination, uint32_t mode)
{
	if (mode != ICR_MODE_INIT && mode != ICR_MODE_SIPI)
		return false;
	return destination == OWN_APIC_ID || destination == BROADCAST ||
	       destination == BROADCAST_X2;
}

static void try_ids(void)
{
	uint32_t id, mode;

	for (mode = 0; mode < ICR_MODES; mode++) {
		for (id = 0; id < IDS; id++) {
			if (is_suicide(id, mode))
				continue;
			interrupt(id, TEST_VECTOR | mode << 8 | ICR_ASSERT);
			interrupt(id, TEST_VECTOR | mode << 8 | ICR_ASSERT | ICR_LEVEL);
		}
	}
	/* Vectors that no interrupt may have, and the hypervisor's: NMI by vector. */
	for (id = 0; id < 32; id++)
		interrupt(0, id | ICR_ASSERT);
}

/* Logical destinations: our own may be among them, so no INIT and no SIPI. */
static void try_logical(void)
{
	uint32_t destination, mode;

	for (mode = 0; mode < ICR_MODE_INIT; mode++)
		for (destination = 0; destination < IDS; destination++)
			interrupt(destination,
				  TEST_VECTOR | mode << 8 | ICR_ASSERT | ICR_LOGICAL);
	if (!trap_x2apic)
		return;
	for (mode = 0; mode < ICR_MODE_INIT; mode++)
		for (destination = 0x00010000; destination; destination <<= 1)
			interrupt(destination | 0xffff,
				  TEST_VECTOR | mode << 8 | ICR_ASSERT | ICR_LOGICAL);
}

static void try_shorthands(void)
{
	uint32_t shorthand, mode;

	for (mode = 0; mode < ICR_MODES; mode++) {
		for (shorthand = SHORTHAND_SELF; shorthand < SHORTHANDS; shorthand++) {
			if (shorthand != SHORTHAND_OTHERS &&
			    (mode == ICR_MODE_INIT || mode == ICR_MODE_SIPI))
				continue;
			interrupt(0, TEST_VECTOR | mode << 8 | ICR_ASSERT |
				  ICR_SHORTHAND(shorthand));
		}
	}
}

static void try_random(void)
{
	uint64_t seed = 0x9e3779b97f4a7c15;
	unsigned int i;

	for (i = 0; i < 2000; i++) {
		uint64_t random = random_next(&seed);
		uint32_t destination = (uint32_t)(random >> 32) >> random % 32;
		uint32_t command = (uint32_t)random;
		uint32_t mode = command >> 8 & 7;

		/* Bochs does not end an interrupt of the spurious vector sent on purpose. */
		if ((command & VECTOR_MASK) == VECTOR_MASK)
			command &= ~1u;
		/* Those that may reach itself, by shorthand or by a logical name. */
		if (mode == ICR_MODE_INIT || mode == ICR_MODE_SIPI)
			command = (command & ~ICR_LOGICAL) | ICR_SHORTHAND(3u);
		interrupt(destination, command);
	}
}

/* All registers, all places between them; LDR and DFR may claim to be everybody. */
static void try_registers(void)
{
	uint32_t offset;

	for (offset = 0; offset < APIC_SIZE; offset += 4) {
		if (offset == APIC_ICR)
			continue;
		*apic(offset) = 0xffffffff;
		*apic(offset) = 0;
		attack_tried();
	}
	for (offset = APIC_LVT_FIRST; offset <= APIC_LVT_LAST; offset += APIC_STEP)
		*apic(offset) = APIC_LVT_MASKED;
	*apic(APIC_SPURIOUS) = APIC_SOFTWARE_ON;
	*apic(APIC_DFR) = 0xffffffff;
	*apic(APIC_LDR) = 0xff000000;
	*apic(APIC_ESR) = 0;
	*(volatile uint8_t *)apic(APIC_ICR) = 0;
	*(volatile uint16_t *)apic(APIC_ICR) = 0;
	attack_expect(*apic(APIC_ID) >> 24 == OWN_APIC_ID, "APIC id", *apic(APIC_ID));
	/* The processor must not have it: it would take interrupts of root's devices. */
	attack_expect(*apic(APIC_LDR) == 0, "logical id", *apic(APIC_LDR));
}

static void write_local(uint64_t what)
{
	uint32_t offset = (uint32_t)(what >> 32), value = (uint32_t)what;

	if (trap_x2apic)
		msr_write(MSR_X2APIC_FIRST + (offset >> 4), value);
	else
		*apic(offset) = value;
}

static uint32_t read_local(uint32_t offset)
{
	if (trap_x2apic)
		return (uint32_t)msr_read(MSR_X2APIC_FIRST + (offset >> 4));
	return *apic(offset);
}

/*
 * Every local vector in every delivery mode but fixed and NMI: an SMI stops the machine, ExtINT
 * takes what is root's. Some processors have the mode in the entries of timer and errors, too.
 */
static void try_modes(void)
{
	uint32_t offset, mode;

	for (offset = APIC_LVT_FIRST; offset <= APIC_LVT_LAST; offset += APIC_STEP) {
		for (mode = 1; mode < ICR_MODES; mode++) {
			if (mode == ICR_MODE_NMI)
				continue;
			trap_try(write_local, (uint64_t)offset << 32 | TEST_VECTOR |
				 APIC_LVT_MODE(mode));
			attack_tried();
			attack_expect((read_local(offset) & APIC_LVT_MASKED) ||
				      !(read_local(offset) & APIC_LVT_MODE(7u)),
				      "mode of a local vector", offset << 16 | mode);
			trap_try(write_local, (uint64_t)offset << 32 | APIC_LVT_MASKED);
		}
	}
}

/* What is ours does arrive: else all the rest would say nothing. */
static void try_self(void)
{
	uint64_t before = trap_interrupts, nmis = trap_nmis;
	unsigned int i;

	interrupts_on();
	interrupt(OWN_APIC_ID, TEST_VECTOR | ICR_ASSERT);
	interrupt(0, TEST_VECTOR | ICR_ASSERT | ICR_SHORTHAND(SHORTHAND_SELF));
	interrupt(OWN_APIC_ID, 4u << 8 | ICR_ASSERT);
	for (i = 0; i < 100000 && trap_interrupts < before + 2; i++)
		__asm__ volatile("pause");
	interrupts_off();
	attack_expect(trap_interrupts >= before + 2, "interrupts to itself",
		      trap_interrupts - before);
	attack_expect(trap_nmis > nmis, "NMIs to itself", trap_nmis - nmis);
}

/* With the logical id that try_registers() has given. */
static void try_logical_self(void)
{
	uint64_t before = trap_interrupts;
	unsigned int i;

	interrupts_on();
	interrupt(1, TEST_VECTOR | ICR_ASSERT | ICR_LOGICAL);
	for (i = 0; i < 100000 && trap_interrupts == before; i++)
		__asm__ volatile("pause");
	interrupts_off();
	attack_expect(trap_interrupts > before, "logical interrupts to itself", 0);
}

static void try_all(void)
{
	interrupts_on();
	try_ids();
	try_logical();
	try_shorthands();
	try_random();
	interrupts_off();
	try_modes();
	try_self();
}

void attack_interrupts(void)
{
	*apic(APIC_SPURIOUS) = APIC_SOFTWARE_ON;
	try_self();
	try_registers();
	try_logical_self();
	try_all();
}

static void try_base(uint64_t value)
{
	msr_write(MSR_APIC_BASE, value);
}

void attack_interrupts_x2apic(void)
{
	uint64_t base = msr_read(MSR_APIC_BASE);

	msr_write(MSR_APIC_BASE, base | APIC_BASE_X2APIC);
	trap_x2apic = true;
	msr_write(MSR_X2APIC_FIRST + (APIC_SPURIOUS >> 4), APIC_SOFTWARE_ON);
	/* Straight back, which is not allowed, and to places that are not the APIC's. */
	trap_try(try_base, base);
	trap_try(try_base, (base | APIC_BASE_X2APIC) + 0x1000);
	trap_try(try_base, (base | APIC_BASE_X2APIC) & 0xfff);
	try_all();
	/* The page of the other mode. */
	attack_expect(*apic(APIC_ID) == 0xffffffff || !(*apic(APIC_ID) & 0xffffff),
		      "APIC page in x2APIC mode", *apic(APIC_ID));
}
