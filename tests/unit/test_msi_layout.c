/* SPDX-License-Identifier: GPL-2.0-only */
/* Where words and masks of a message are in the four forms of the MSI capability. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "model/msi_layout.h"
#include "pci_space.h"

#define OFF     0x0000u
#define ON      0x0001u
#define WIDE    0x0080u
#define MASKS   0x0100u
#define OF_FOUR 0x0020u
#define OF_64   0x0060u

static void words_are_found(void **state)
{
	(void)state;
	assert_int_equal(msi_word_at(ON, 0), MSI_WORDS);
	assert_int_equal(msi_word_at(ON, 4), 0);
	assert_int_equal(msi_word_at(ON, 8), 2);
	assert_int_equal(msi_word_at(ON, 10), 2);
	assert_int_equal(msi_word_at(ON, 12), MSI_WORDS);
	assert_int_equal(msi_word_at(ON | WIDE, 8), 1);
	assert_int_equal(msi_word_at(ON | WIDE, 12), 2);
	assert_int_equal(msi_word_at(ON | WIDE, 16), MSI_WORDS); /* masks */
	assert_int_equal(msi_word_offset(ON, 1), 0);
	assert_int_equal(msi_word_offset(ON | WIDE, 1), 8);
	assert_int_equal(msi_word_offset(ON | WIDE, 2), 12);
	assert_int_equal(msi_word_offset(ON, 2), 8);
}

static void messages_in_force_are_counted(void **state)
{
	(void)state;
	assert_int_equal(msi_messages(OFF | OF_FOUR), 0);
	assert_int_equal(msi_messages(ON), 1);
	assert_int_equal(msi_messages(ON | WIDE | OF_FOUR), 4);
	assert_int_equal(msi_messages(ON | OF_64), 32);
}

static void forms_have_their_lengths(void **state)
{
	(void)state;
	assert_int_equal(msi_size(ON), 0x0c);
	assert_int_equal(msi_size(WIDE), 0x10);
	assert_int_equal(msi_size(MASKS), 0x14);
	assert_int_equal(msi_size(WIDE | MASKS), 0x18);
	assert_int_equal(msi_masks_offset(ON), 0);
	assert_int_equal(msi_masks_offset(MASKS), 0x0c);
	assert_int_equal(msi_masks_offset(WIDE | MASKS), 0x10);
}

static void messages_are_read(void **state)
{
	struct pci_space space;
	struct msi_message message;

	(void)state;
	space_open(&space);
	space_set(&space, 0x54, 4, 0xfee01000);
	space_set(&space, 0x58, 4, 0x12340041);
	space_set(&space, 0x5c, 4, 0xabcd0042);
	message = msi_message_read(&space.reader, 0x50, ON);
	assert_int_equal(message.address, 0xfee01000);
	assert_int_equal(message.data, 0x41);
	message = msi_message_read(&space.reader, 0x50, ON | WIDE);
	assert_int_equal(message.address, 0x12340041fee01000);
	assert_int_equal(message.data, 0x42);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_are_found),
		cmocka_unit_test(messages_in_force_are_counted),
		cmocka_unit_test(forms_have_their_lengths),
		cmocka_unit_test(messages_are_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
