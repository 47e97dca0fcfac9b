/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The HPET (IA-PC HPET specification 1.0a, 2.3): its timers are told to write into memory that is
 * not ours, and such that is, to be seen; to raise every pin; to stand in for IRQ 0 and 8. Then
 * every offset of its page is written in every width. "pin=N" names a pin that is ours and that all
 * timers have, "other=N" one that is ours and that they may not have. All timers are left at work
 * behind that, for whoever looks whether they are silenced.
 */
#include "attack.h"

#include "machine.h"
#include "runtime.h"

#define PAGE           0xfed00000u
#define PAGE_SIZE      0x1000u
#define CAPABILITIES   0x000u
#define CONFIGURATION  0x010u
#define COUNTER        0x0f0u
#define TIMER(n)       (0x100u + 0x20u * (n))
#define COMPARATOR(n)  (0x108u + 0x20u * (n))
#define FSB_VALUE(n)   (0x110u + 0x20u * (n))
#define FSB_ADDRESS(n) (0x114u + 0x20u * (n))
#define RUNS           0x1u
#define LEGACY         0x2u
#define LEVEL          0x2u
#define ENABLED        0x4u
#define FSB            0x4000u
#define ROUTE(pin)     ((pin) << 9)
#define ROUTE_OF(conf) ((conf) >> 9 & 31)
#define PINS           32u
#define SOON           2000u      /* ticks of the counter, of 10 to 100 ns */
#define LATER          0x40000000u
#define PATIENCE       100000u    /* looks at the counter */
#define DATA_PHYSICAL  0x39c20000u /* of OWN_NO_EXECUTE, as the tests place it */
#define UNTOUCHED      0x5a5a5a5au
#define WRITTEN        0xdeadbeefu
#define NMI            0x400u

static const uint32_t patterns[] = { 0xffffffff, 0x00000000, 0xa5a5a5a5, 0x5a5a5a5a };
#define PATTERNS (sizeof(patterns) / sizeof(patterns[0]))

/* What is written where: ours first, then what is the hypervisor's, the neighbour's and root's. */
static const struct { uint32_t address, value; } targets[] = {
	{ DATA_PHYSICAL, WRITTEN }, { 0x38000000, WRITTEN }, { 0x39740000, WRITTEN },
	{ 0x01000000, WRITTEN },    { 0xfee00000, NMI },     { 0xfee01000, NMI },
};
#define TARGETS (sizeof(targets) / sizeof(targets[0]))

static uint32_t own, other; /* pins; PINS: none */

static volatile uint32_t *hpet(uint32_t offset)
{
	return (volatile uint32_t *)(uint64_t)(PAGE + offset);
}

static void hpet_write(uint32_t offset, uint32_t value)
{
	*hpet(offset) = value;
	attack_tried();
}

static uint32_t timers(void)
{
	return (*hpet(CAPABILITIES) >> 8 & 31) + 1;
}

/* Until the timer's time has come and gone. */
static void let_it_fire(uint32_t n)
{
	uint32_t start = *hpet(COUNTER), i;

	hpet_write(COMPARATOR(n), start + SOON);
	for (i = 0; i < PATIENCE && *hpet(COUNTER) - start < 2 * SOON; i++)
		continue;
	attack_expect(i < PATIENCE, "counter that stands still", *hpet(COUNTER));
}

static void try_memory(uint32_t n, size_t target)
{
	hpet_write(FSB_VALUE(n), targets[target].value);
	hpet_write(FSB_ADDRESS(n), targets[target].address);
	*(volatile uint64_t *)hpet(FSB_VALUE(n)) =
		(uint64_t)targets[target].address << 32 | targets[target].value;
	hpet_write(TIMER(n), FSB | ENABLED);
	*(volatile uint64_t *)hpet(TIMER(n)) = FSB | ENABLED;
	*hpet(TIMER(n)) |= FSB;
	attack_expect(!(*hpet(TIMER(n)) & FSB), "timer that writes", n);
	let_it_fire(n);
	hpet_write(TIMER(n), 0);
}

/* Does it interrupt nobody, or by a pin that is ours, and that it has? */
static bool is_good(uint32_t n, uint32_t conf)
{
	uint32_t route = ROUTE_OF(conf);

	return !(conf & ENABLED) ||
	       ((route == own || route == other) && *hpet(TIMER(n) + 4) >> route & 1);
}

static void try_pins(uint32_t n)
{
	uint32_t pin, conf;

	for (pin = 0; pin < PINS; pin++) {
		hpet_write(TIMER(n), ROUTE(pin) | ENABLED);
		hpet_write(TIMER(n), ROUTE(pin) | ENABLED | LEVEL);
		conf = *hpet(TIMER(n));
		attack_expect(is_good(n, conf), "pin", pin);
		if (pin == own)
			attack_expect(conf & ENABLED, "our own pin", conf);
		hpet_write(TIMER(n), 0);
	}
}

static void try_legacy(void)
{
	hpet_write(CONFIGURATION, RUNS | LEGACY);
	*(volatile uint64_t *)hpet(CONFIGURATION) = RUNS | LEGACY;
	*hpet(CONFIGURATION) |= LEGACY;
	attack_expect(!(*hpet(CONFIGURATION) & LEGACY), "IRQ 0 and 8", *hpet(CONFIGURATION));
}

static void try_page(void)
{
	uint32_t offset, i;

	for (i = 0; i < PATTERNS; i++) {
		for (offset = 0; offset < PAGE_SIZE; offset++) {
			*((volatile uint8_t *)hpet(0) + offset) = (uint8_t)patterns[i];
			if (offset % 2 == 0)
				*(volatile uint16_t *)((uint64_t)PAGE + offset) =
					(uint16_t)patterns[i];
			if (offset % 4 == 0)
				hpet_write(offset, patterns[i]);
			if (offset % 8 == 0)
				*(volatile uint64_t *)((uint64_t)PAGE + offset) =
					patterns[i] * 0x100000001ULL;
		}
	}
}

static void expect_nothing_leads_out(void)
{
	uint32_t n, conf;

	attack_expect(!(*hpet(CONFIGURATION) & LEGACY), "IRQ 0 and 8", *hpet(CONFIGURATION));
	for (n = 0; n < timers(); n++) {
		conf = *hpet(TIMER(n));
		attack_expect(!(conf & FSB), "timer that writes", conf);
		attack_expect(is_good(n, conf), "pin", conf);
		attack_expect(*hpet(FSB_VALUE(n)) != WRITTEN, "what a timer writes", n);
		attack_expect(*hpet(FSB_ADDRESS(n)) != DATA_PHYSICAL, "where it writes", n);
	}
}

void attack_hpet(void)
{
	volatile uint32_t *ours = (volatile uint32_t *)(uint64_t)OWN_NO_EXECUTE;
	size_t target;
	uint32_t n;

	own = (uint32_t)argument_number("pin", PINS);
	other = (uint32_t)argument_number("other", PINS);
	*ours = UNTOUCHED;
	hpet_write(CONFIGURATION, RUNS);
	for (n = 0; n < timers(); n++) {
		for (target = 0; target < TARGETS; target++) {
			try_memory(n, target);
			attack_expect(*ours == UNTOUCHED, "memory", *ours);
		}
		try_pins(n);
	}
	try_legacy();
	try_page();
	expect_nothing_leads_out();
	hpet_write(CONFIGURATION, RUNS);
	for (n = 0; n < timers(); n++) {
		hpet_write(COMPARATOR(n), *hpet(COUNTER) + LATER);
		hpet_write(TIMER(n), ROUTE(own) | ENABLED);
		attack_expect(*hpet(TIMER(n)) & ENABLED, "our own pin", n);
	}
}
