// SPDX-License-Identifier: GPL-2.0-only
/* A ring of each small size against all that was ever put in, kept in one piece. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

#include "model/log_ring.h"

#define MOST_IN_RING 40u
#define ROUNDS       200u
#define GUARD        0x55

static struct {
	char all[ROUNDS * MOST_IN_RING];
	uint64_t written;
	char data[MOST_IN_RING + 1];
	struct log_ring ring;
} kept;

static uint32_t next_random(void)
{
	static uint32_t state = 1;

	state = state * 1664525 + 1013904223;
	return state >> 8;
}

static void begin(size_t size)
{
	memset(&kept, GUARD, sizeof(kept));
	kept.written = 0;
	kept.ring = (struct log_ring){ .data = kept.data, .size = size };
}

static void put(size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		kept.all[kept.written + i] = (char)next_random();
	log_ring_put(kept.ring, kept.written, kept.all + kept.written, count);
	kept.written += count;
	assert_int_equal(kept.data[kept.ring.size], GUARD);
}

/* What is there from a position on: as much as there is room for, of the last that were put in. */
static void check(uint64_t position, size_t room)
{
	uint64_t oldest = kept.written < kept.ring.size ? 0 : kept.written - kept.ring.size;
	uint64_t first = position < oldest ? oldest : position;
	char to[MOST_IN_RING + 2];
	size_t count;

	if (first > kept.written)
		first = kept.written;
	memset(to, GUARD, sizeof(to));
	count = log_ring_get(kept.ring, kept.written, &position, to, room);
	assert_true(position == first);
	assert_true(count <= room && count <= kept.written - first);
	assert_true(count == room || first + count == kept.written);
	assert_memory_equal(to, kept.all + first, count);
	assert_int_equal(to[count], GUARD);
}

static void what_was_put_in_is_got_as_long_as_it_is_there(void **state)
{
	unsigned int round;
	size_t size;

	(void)state;
	for (size = 1; size <= MOST_IN_RING; size++) {
		begin(size);
		check(0, MOST_IN_RING);
		for (round = 0; round < ROUNDS; round++) {
			put(next_random() % (size + 1));
			check(0, MOST_IN_RING);
			check(next_random() % (kept.written + 3), next_random() % MOST_IN_RING);
			check(kept.written, MOST_IN_RING);
		}
	}
}

/* A log that lay in memory may say anything of itself. */
static void positions_near_the_end_of_all_numbers(void **state)
{
	uint64_t position = UINT64_MAX;
	char to[8];

	(void)state;
	begin(5);
	put(5);
	assert_int_equal(log_ring_get(kept.ring, 5, &position, to, sizeof(to)), 0);
	assert_true(position == 5);
	position = 0;
	assert_int_equal(log_ring_get(kept.ring, UINT64_MAX, &position, to, sizeof(to)), 5);
	assert_true(position == UINT64_MAX - 5);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_put_in_is_got_as_long_as_it_is_there),
		cmocka_unit_test(positions_near_the_end_of_all_numbers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
