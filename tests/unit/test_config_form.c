/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * model/config.c's look at the form of a blob: what is cut, damaged, misaligned or not terminated,
 * bit by bit and size by size; and bytes changed at random under a right check sum.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "config_blob.h"

static struct blob blob;

static bool opens(struct bh_refusal *refusal)
{
	struct config_view view;

	return config_open(&view, &blob, sizeof(blob), refusal);
}

/* With a right check sum. */
static void refused(const char *words)
{
	struct bh_refusal refusal;

	blob_seal(&blob.header);
	assert_false(opens(&refusal));
	if (!strstr(refusal.text, words))
		fail_msg("refused with \"%s\", not with \"%s\"", refusal.text, words);
}

static void unterminated_names_refused(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < BH_ARRAY_SIZE(blob.regions); i++) {
		blob_fill(&blob);
		memset(blob.regions[i].name, 'a', BH_NAME_SIZE);
		refused("not terminated");
	}
	blob_fill(&blob);
	memset(blob.board.name, 'a', BH_NAME_SIZE);
	refused("not terminated");
}

/* Without a new check sum no bit can change, wherever it is. */
static void every_flipped_bit_refused(void **state)
{
	struct bh_refusal refusal;
	size_t i;

	(void)state;
	for (i = 0; i < 8 * sizeof(blob); i++) {
		blob_fill(&blob);
		((uint8_t *)&blob)[i / 8] ^= (uint8_t)(1 << i % 8);
		if (opens(&refusal))
			fail_msg("bit %zu", i);
	}
}

static void every_other_size_refused(void **state)
{
	static _Alignas(8) uint8_t buffer[sizeof(struct blob) + 64];
	struct bh_refusal refusal;
	struct config_view view;
	size_t size;

	(void)state;
	blob_fill(&blob);
	memcpy(buffer, &blob, sizeof(blob));
	for (size = 0; size <= sizeof(buffer); size++) {
		if (size == sizeof(blob))
			continue;
		assert_false(config_open(&view, buffer, size, &refusal));
		if (size < sizeof(blob.header) + sizeof(blob.board))
			assert_non_null(strstr(refusal.text, "bytes, not"));
		if (size < sizeof(blob.header))
			continue;
		/* The header agrees, so what is in it must be found missing. */
		((struct bh_config_header *)(void *)buffer)->size = (uint32_t)size;
		blob_seal((void *)buffer);
		assert_false(config_open(&view, buffer, size, &refusal));
	}
	assert_false(config_open(&view, buffer, BH_CONFIG_MAX_SIZE + 1, &refusal));
	assert_non_null(strstr(refusal.text, "65536"));
}

static void misaligned_refused(void **state)
{
	static _Alignas(8) uint8_t buffer[sizeof(struct blob) + 8];
	struct bh_refusal refusal;
	struct config_view view;
	size_t i;

	(void)state;
	blob_fill(&blob);
	for (i = 1; i < 8; i++) {
		memcpy(buffer + i, &blob, sizeof(blob));
		assert_false(config_open(&view, buffer + i, sizeof(blob), &refusal));
		assert_non_null(strstr(refusal.text, "multiple of 8"));
	}
}

static void bad_magic_refused(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(blob.header.magic); i++) {
		blob_fill(&blob);
		blob.header.magic[i]++;
		refused("this is no configuration");
	}
}

/* xorshift64*, so that every run sees the same */
static uint64_t random_state = 0x9e3779b97f4a7c15;

static uint64_t random_next(void)
{
	random_state ^= random_state >> 12;
	random_state ^= random_state << 25;
	random_state ^= random_state >> 27;
	return random_state * 0x2545f4914f6cdd1d;
}

static void random_bytes_never_fool(void **state)
{
	static const uint8_t favourites[] = { 0, 1, 2, 0x7f, 0x80, 0xff };
	unsigned int round, change, taken = 0;
	struct bh_refusal refusal;
	struct config_view view;

	(void)state;
	for (round = 0; round < 100000; round++) {
		blob_fill(&blob);
		for (change = 0; change <= random_next() % 4; change++)
			((uint8_t *)&blob)[24 + random_next() % (sizeof(blob) - 24)] =
				random_next() % 2 ? favourites[random_next() % sizeof(favourites)] :
						    (uint8_t)random_next();
		blob_seal(&blob.header);
		if (!config_open(&view, &blob, sizeof(blob), &refusal)) {
			assert_int_not_equal(refusal.text[0], '\0');
			continue;
		}
		taken++;
		if (blob_broken_rule(&view))
			fail_msg("round %u: taken although \"%s\" is broken", round,
				 blob_broken_rule(&view));
	}
	/* Many changes are harmless, but not most. */
	assert_in_range(taken, 1000, 60000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(unterminated_names_refused),
		cmocka_unit_test(every_flipped_bit_refused),
		cmocka_unit_test(every_other_size_refused),
		cmocka_unit_test(misaligned_refused),
		cmocka_unit_test(bad_magic_refused),
		cmocka_unit_test(random_bytes_never_fool),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
