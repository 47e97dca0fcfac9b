/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The high-precision event timers; IA-PC HPET Specification 1.0a, 2.3. Registers are of 64 bits and
 * are accessed by halves, since not every machine takes them whole.
 */
#include <inmate/hpet.h>

#define HPET_CAPABILITIES  0x000u /* the tick's length in fs above 32 bits of features */
#define HPET_CONFIGURATION 0x010u
#define HPET_COUNTER       0x0f0u
#define HPET_TIMER(n)      (0x100u + 0x20u * (n)) /* its configuration, the pins above it */
#define HPET_COMPARATOR(n) (0x108u + 0x20u * (n))

#define LAST_TIMER         8 /* in the features */
#define COUNTER_IS_64      (1u << 13)
#define CONFIGURATION_RUN  (1u << 0)
#define CONFIGURATION_LEGACY (1u << 1)
#define TIMER_LEVEL        (1u << 1)
#define TIMER_ENABLE       (1u << 2)
#define TIMER_PERIODIC     (1u << 3)
#define TIMER_CAN_PERIODIC (1u << 4)
#define TIMER_SET_VALUE    (1u << 6)
#define TIMER_32           (1u << 8)
#define TIMER_PIN          9
#define TIMER_PIN_MASK     (31u << TIMER_PIN)
#define TIMER_FSB          (1u << 14)
#define SET_TRIES          8 /* a period may be shorter than setting it takes */
#define FS_PER_SECOND      1000000000000000ULL
#define FS_LONGEST         100000000u /* 100 ns, the specification's limit */

static uint64_t hpet;

static volatile uint32_t *hpet_register(uint32_t offset)
{
	return (volatile uint32_t *)(hpet + offset);
}

static uint32_t tick_fs(void)
{
	return *hpet_register(HPET_CAPABILITIES + 4);
}

bool hpet_open(uint64_t address)
{
	unsigned int i;

	hpet = address;
	if (tick_fs() == 0 || tick_fs() > FS_LONGEST)
		return false;
	hpet_close();
	for (i = 0; i < hpet_timers(); i++)
		hpet_stop(i);
	*hpet_register(HPET_COUNTER) = 0;
	*hpet_register(HPET_COUNTER + 4) = 0;
	*hpet_register(HPET_CONFIGURATION) |= CONFIGURATION_RUN;
	return true;
}

/* Not as substitute of the interval timer: that has a pin of its own. */
void hpet_close(void)
{
	*hpet_register(HPET_CONFIGURATION) &= ~(CONFIGURATION_RUN | CONFIGURATION_LEGACY);
}

uint64_t hpet_hz(void)
{
	return FS_PER_SECOND / tick_fs();
}

/* The high half is read before and behind the low one, which may wrap between. */
uint64_t hpet_now(void)
{
	uint32_t high, low;

	if (!(*hpet_register(HPET_CAPABILITIES) & COUNTER_IS_64))
		return *hpet_register(HPET_COUNTER);
	do {
		high = *hpet_register(HPET_COUNTER + 4);
		low = *hpet_register(HPET_COUNTER);
	} while (high != *hpet_register(HPET_COUNTER + 4));
	return (uint64_t)high << 32 | low;
}

unsigned int hpet_timers(void)
{
	return (*hpet_register(HPET_CAPABILITIES) >> LAST_TIMER & 31) + 1;
}

uint32_t hpet_pins(unsigned int timer)
{
	return *hpet_register(HPET_TIMER(timer) + 4);
}

/*
 * In periodic mode the first value that is written after TIMER_SET_VALUE is when it fires first,
 * the second one how often from then on; the specification's 2.3.9.2.2. Values are of 32 bits, so
 * that every machine can hold them. One that has passed meanwhile would only be met when these have
 * gone round: whoever was held up for a period has to set it anew.
 */
bool hpet_periodic(unsigned int timer, unsigned int pin, uint64_t period)
{
	uint32_t now = *hpet_register(HPET_TIMER(timer)), start;
	unsigned int tries = SET_TRIES;

	if (timer >= hpet_timers() || !(now & TIMER_CAN_PERIODIC) || pin > 31 ||
	    !(hpet_pins(timer) >> pin & 1) || period == 0 || period > UINT32_MAX)
		return false;
	now &= ~(TIMER_LEVEL | TIMER_PIN_MASK | TIMER_FSB | TIMER_ENABLE);
	now |= pin << TIMER_PIN | TIMER_PERIODIC | TIMER_32 | TIMER_SET_VALUE;
	do {
		*hpet_register(HPET_TIMER(timer)) = now;
		start = (uint32_t)hpet_now();
		*hpet_register(HPET_COMPARATOR(timer)) = start + (uint32_t)period;
		*hpet_register(HPET_COMPARATOR(timer)) = (uint32_t)period;
		*hpet_register(HPET_TIMER(timer)) = (now & ~TIMER_SET_VALUE) | TIMER_ENABLE;
	} while ((uint32_t)hpet_now() - start >= period && --tries);
	return (*hpet_register(HPET_TIMER(timer)) & TIMER_PIN_MASK) == pin << TIMER_PIN;
}

void hpet_stop(unsigned int timer)
{
	*hpet_register(HPET_TIMER(timer)) &= ~TIMER_ENABLE;
}
