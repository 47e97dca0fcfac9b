/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a cell may write in an HPET's page (IA-PC HPET specification 1.0a, 2.3), the cell having the
 * pins 8 and 23: each register, each bit that leads out, and the whole page against a plain
 * account of it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "model/hpet_policy.h"

#define PINS      (1u << 8 | 1u << 23)
#define ENABLE    0x4u
#define LEVEL     0x2u
#define PERIODIC  0x48u
#define FSB       0x4000u
#define ROUTE(n)  ((n) << 9)

static enum hpet_verdict judge(uint32_t offset, uint32_t size, uint64_t value)
{
	return hpet_judge_write(PINS, offset, size, value).verdict;
}

static void what_timers_are_for(void **state)
{
	(void)state;
	assert_int_equal(judge(0x010, 4, 1), HPET_PASS); /* the counter runs */
	assert_int_equal(judge(0x010, 8, 1), HPET_PASS);
	assert_int_equal(judge(0x010, 4, 0), HPET_PASS);
	assert_int_equal(judge(0x020, 4, 0xffffffff), HPET_PASS);
	assert_int_equal(judge(0x020, 8, 0xffffffff), HPET_PASS);
	assert_int_equal(judge(0x0f0, 8, ~0ULL), HPET_PASS);
	assert_int_equal(judge(0x0f0, 4, 0), HPET_PASS);
	assert_int_equal(judge(0x0f4, 4, 0), HPET_PASS);
	assert_int_equal(judge(0x108, 8, ~0ULL), HPET_PASS);
	assert_int_equal(judge(0x12c, 4, ~0u), HPET_PASS);
	assert_int_equal(judge(0x4e8, 4, ~0u), HPET_PASS); /* of the last timer there can be */
	assert_int_equal(judge(0x100, 4, ROUTE(23) | ENABLE | PERIODIC), HPET_PASS);
	assert_int_equal(judge(0x120, 8, ROUTE(8) | ENABLE | LEVEL), HPET_PASS);
	/* What interrupts nobody names any pin. */
	assert_int_equal(judge(0x100, 4, ROUTE(2) | PERIODIC), HPET_PASS);
}

static void writes_into_memory(void **state)
{
	(void)state;
	assert_int_equal(judge(0x100, 4, ROUTE(23) | FSB | ENABLE), HPET_DENIED);
	assert_int_equal(judge(0x100, 4, FSB), HPET_DENIED);
	assert_int_equal(judge(0x100, 8, FSB | 0x00ff000000000000), HPET_DENIED);
	assert_int_equal(judge(0x110, 4, 0), HPET_DENIED); /* the value */
	assert_int_equal(judge(0x114, 4, 0), HPET_DENIED); /* the address */
	assert_int_equal(judge(0x110, 8, 0), HPET_DENIED);
	assert_int_equal(judge(0x4f0, 8, 0), HPET_DENIED);
}

static void pins_of_others(void **state)
{
	struct hpet_judgement judgement;
	uint32_t pin;

	(void)state;
	for (pin = 0; pin < 32; pin++) {
		judgement = hpet_judge_write(PINS, 0x140, 4, ROUTE(pin) | ENABLE);
		if (pin == 8 || pin == 23) {
			assert_int_equal(judgement.verdict, HPET_PASS);
			continue;
		}
		assert_int_equal(judgement.verdict, HPET_PIN);
		assert_int_equal(judgement.gsi, pin);
		assert_int_equal(judge(0x140, 8, ROUTE(pin) | ENABLE | LEVEL), HPET_PIN);
		assert_int_equal(judge(0x140, 4, ROUTE(pin)), HPET_PASS);
	}
	/* IRQ 0 and 8, which are root's whatever pins are the cell's. */
	assert_int_equal(judge(0x010, 4, 2), HPET_DENIED);
	assert_int_equal(judge(0x010, 4, 3), HPET_DENIED);
	assert_int_equal(judge(0x010, 8, 3), HPET_DENIED);
	assert_int_equal(hpet_judge_write(0, 0x100, 4, ROUTE(0) | ENABLE).verdict, HPET_PIN);
}

/* No part of a register is written, no two registers by halves, and nothing that there is not. */
static bool may_be_written(uint32_t offset, uint32_t size)
{
	uint32_t reg = offset & ~7u;

	if ((size != 4 && size != 8) || offset % size)
		return false;
	if (reg >= 0x100 && reg < 0x500)
		return (reg & 0x1f) == 0 || (reg & 0x1f) == 8;
	return reg == 0x010 || reg == 0x020 || reg == 0x0f0;
}

static void whole_page(void **state)
{
	uint32_t offset, size;

	(void)state;
	for (size = 1; size <= 8; size *= 2)
		for (offset = 0; offset < 0x1000; offset++)
			assert_int_equal(judge(offset, size, 0),
					 may_be_written(offset, size) ? HPET_PASS : HPET_DENIED);
}

static void pins_of_a_cell(void **state)
{
	static const struct bh_irq irqs[] = { { .gsi = 0 }, { .gsi = 31 }, { .gsi = 32 },
					      { .gsi = 8 }, { .gsi = 0xffffffff } };
	static const struct bh_cell cell = { .irq_count = BH_ARRAY_SIZE(irqs) }, none;
	struct cell_view view = { .cell = &cell, .irqs = irqs };

	(void)state;
	assert_int_equal(hpet_pins(&view), 0x80000101);
	view.cell = &none;
	assert_int_equal(hpet_pins(&view), 0);
}

/* A pin of the cell's that the timer has not leads to another one, of anybody. */
static void pins_that_a_timer_has(void **state)
{
	uint32_t offset;

	(void)state;
	for (offset = 0; offset < 0x1000; offset++)
		assert_int_equal(hpet_routes_at(offset),
				 offset >= 0x100 && offset < 0x500 && offset % 0x20 == 0 ?
				 offset + 4 : 0);
}

static void at_rest(void **state)
{
	(void)state;
	assert_int_equal(hpet_timers(0x8086a201), 3); /* as PIIX and ICH have it */
	assert_int_equal(hpet_timers(0x00001f00), 32);
	assert_int_equal(hpet_timers(0), 1);
	assert_int_equal(hpet_at_rest(0xffffffff), 0xffff81fb);
	/* Else the next one who has it might find it at a pin that is not its own. */
	assert_int_equal(hpet_at_rest(ROUTE(23) | PERIODIC | LEVEL), PERIODIC | LEVEL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_timers_are_for), cmocka_unit_test(writes_into_memory),
		cmocka_unit_test(pins_of_others),      cmocka_unit_test(whole_page),
		cmocka_unit_test(pins_of_a_cell),      cmocka_unit_test(pins_that_a_timer_has),
		cmocka_unit_test(at_rest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
