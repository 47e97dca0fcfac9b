/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The table of what a cell may write in an HPET's page; the rest is denied. See hpet_policy.h.
 */
#include "model/hpet_policy.h"

#define LAST_TIMER  8
#define ROUTE       9
#define ROUTE_BITS  0x1fu
#define ROUTES      4u /* the upper half of a timer's configuration, read-only */
#define TIMER_SIZE  0x20u

enum rule { RULE_DENY, RULE_PASS, RULE_CONFIGURATION, RULE_TIMER };

/* Halves of registers, by their offset: a register may be written in two. */
static const struct {
	uint16_t offset;
	uint8_t rule;
} of_all[] = {
	{ HPET_CONFIGURATION, RULE_CONFIGURATION },
	{ HPET_CONFIGURATION + 4, RULE_PASS }, /* reserved */
	{ HPET_STATUS, RULE_PASS },            /* of level-triggered interrupts: ones clear it */
	{ HPET_STATUS + 4, RULE_PASS },        /* reserved */
	{ HPET_COUNTER, RULE_PASS },
	{ HPET_COUNTER + 4, RULE_PASS },
}, of_timer[] = {
	{ 0x00, RULE_TIMER },
	{ ROUTES, RULE_PASS },
	{ 0x08, RULE_PASS }, /* comparator, or period */
	{ 0x0c, RULE_PASS },
	/* 10h: what it writes where by FSB delivery, and the rest of its place is reserved */
};

static enum rule find_rule(uint32_t offset)
{
	uint32_t first = HPET_TIMER(0), end = HPET_TIMER(HPET_TIMERS);
	size_t i;

	for (i = 0; i < BH_ARRAY_SIZE(of_all); i++)
		if (of_all[i].offset == offset)
			return (enum rule)of_all[i].rule;
	for (i = 0; offset >= first && offset < end && i < BH_ARRAY_SIZE(of_timer); i++)
		if (of_timer[i].offset == (offset - first) % TIMER_SIZE)
			return (enum rule)of_timer[i].rule;
	return RULE_DENY;
}

uint32_t hpet_routes_at(uint32_t offset)
{
	return find_rule(offset) == RULE_TIMER ? offset + ROUTES : 0;
}

static struct hpet_judgement judge_timer(uint32_t pins, uint32_t value)
{
	uint32_t route = value >> ROUTE & ROUTE_BITS;

	if (value & HPET_TIMER_FSB)
		return (struct hpet_judgement){ .verdict = HPET_DENIED };
	if ((value & HPET_TIMER_ENABLED) && !(pins >> route & 1))
		return (struct hpet_judgement){ .verdict = HPET_PIN, .gsi = route };
	return (struct hpet_judgement){ .verdict = HPET_PASS };
}

static struct hpet_judgement judge_half(uint32_t pins, uint32_t offset, uint32_t value)
{
	struct hpet_judgement denied = { .verdict = HPET_DENIED };
	struct hpet_judgement pass = { .verdict = HPET_PASS };

	switch (find_rule(offset)) {
	case RULE_PASS:
		return pass;
	case RULE_CONFIGURATION:
		return value & HPET_LEGACY ? denied : pass;
	case RULE_TIMER:
		return judge_timer(pins, value);
	default:
		return denied;
	}
}

struct hpet_judgement hpet_judge_write(uint32_t pins, uint32_t offset, uint32_t size,
				       uint64_t value)
{
	struct hpet_judgement judgement;

	/* Parts of these are no accesses that the specification has (2.3.1). */
	if ((size != 4 && size != 8) || offset % size != 0)
		return (struct hpet_judgement){ .verdict = HPET_DENIED };
	judgement = judge_half(pins, offset, (uint32_t)value);
	if (size == 8 && judgement.verdict == HPET_PASS)
		judgement = judge_half(pins, offset + 4, (uint32_t)(value >> 32));
	return judgement;
}

uint32_t hpet_pins(const struct cell_view *cell)
{
	uint32_t pins = 0;
	uint32_t i;

	for (i = 0; i < cell->cell->irq_count; i++)
		if (cell->irqs[i].gsi <= ROUTE_BITS)
			pins |= 1u << cell->irqs[i].gsi;
	return pins;
}

uint32_t hpet_timers(uint32_t capabilities)
{
	return (capabilities >> LAST_TIMER & (HPET_TIMERS - 1)) + 1;
}

uint32_t hpet_at_rest(uint32_t configuration)
{
	return configuration & ~(HPET_TIMER_ENABLED | HPET_TIMER_FSB | ROUTE_BITS << ROUTE);
}
