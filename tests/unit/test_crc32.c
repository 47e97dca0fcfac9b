// SPDX-License-Identifier: GPL-2.0-only
/* The CRC against known values and against its definition, whole and in two pieces. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

#include "model/crc32.h"

static void crc_of_known_texts(void **state)
{
	static const struct {
		const char *text;
		uint32_t crc;
	} known[] = {
		{ "", 0x00000000 },
		{ "a", 0xe8b7be43 },
		{ "abc", 0x352441c2 },
		{ "123456789", 0xcbf43926 },
		{ "The quick brown fox jumps over the lazy dog", 0x414fa339 },
	};
	static const uint8_t zeros[32];
	size_t i;

	(void)state;
	for (i = 0; i < BH_ARRAY_SIZE(known); i++)
		assert_int_equal(crc32_update(0, known[i].text, strlen(known[i].text)),
				 known[i].crc);
	assert_int_equal(crc32_update(0, zeros, sizeof(zeros)), 0x190a55ad);
}

/* A byte at a time, by the definition of the polynomial. */
static uint32_t slow_crc(const uint8_t *data, size_t size)
{
	uint32_t crc = UINT32_MAX;
	int bit;

	while (size--) {
		crc ^= *data++;
		for (bit = 0; bit < 8; bit++)
			crc = crc & 1 ? crc >> 1 ^ 0xedb88320 : crc >> 1;
	}
	return ~crc;
}

static void crc_goes_on_where_it_stopped(void **state)
{
	uint8_t data[257];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(data); i++)
		data[i] = (uint8_t)(i * 167 + 13);
	for (i = 0; i <= sizeof(data); i++) {
		uint32_t crc = crc32_update(0, data, i);

		assert_int_equal(crc, slow_crc(data, i));
		crc = crc32_update(crc, data + i, sizeof(data) - i);
		assert_int_equal(crc, slow_crc(data, sizeof(data)));
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(crc_of_known_texts),
		cmocka_unit_test(crc_goes_on_where_it_stopped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
