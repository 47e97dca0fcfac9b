/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reads single settings: names, numbers, words, sets. What the values mean to a board is
 * model/config_check.c's, except that they fit where they are put.
 */
#include <err.h>
#include <stdlib.h>
#include <string.h>

#include <bulkhead/config.h>

#include "nearest.h"
#include "numbers.h"
#include "settings.h"
#include "type.h"

void type_complain(struct complaints *complaints, const struct setting *row,
		   config_setting_t *setting)
{
	static const char *const names[] = {
		[CONFIG_TYPE_NONE] = "empty",
		[CONFIG_TYPE_GROUP] = "a group",
		[CONFIG_TYPE_INT] = "a number",
		[CONFIG_TYPE_INT64] = "a number",
		[CONFIG_TYPE_FLOAT] = "a number with a fraction",
		[CONFIG_TYPE_STRING] = "a string",
		[CONFIG_TYPE_BOOL] = "true or false",
		[CONFIG_TYPE_ARRAY] = "an array",
		[CONFIG_TYPE_LIST] = "a list",
	};

	setting_complain(complaints, setting, "is %s, must be %s",
			 names[config_setting_type(setting)], row->example);
}

const char *setting_take_text(struct complaints *complaints, const struct setting *row,
			      config_setting_t *setting)
{
	if (config_setting_type(setting) == CONFIG_TYPE_STRING)
		return config_setting_get_string(setting);
	type_complain(complaints, row, setting);
	return NULL;
}

void setting_read_name(struct complaints *complaints, const struct setting *row,
		       config_setting_t *setting, void *value)
{
	const char *text = setting_take_text(complaints, row, setting);

	if (!text)
		return;
	if (strlen(text) >= BH_NAME_SIZE)
		setting_complain(complaints, setting, "\"%s\" has %zu characters, at most %d fit",
				 text, strlen(text), BH_NAME_SIZE - 1);
	else
		memcpy(value, text, strlen(text));
}

bool setting_take_number(struct complaints *complaints, const struct setting *row,
			 config_setting_t *setting,
			 bool (*parse)(const char *text, uint64_t *number), uint64_t *number)
{
	int type = config_setting_type(setting);
	const char *text;

	if (type == CONFIG_TYPE_INT || type == CONFIG_TYPE_INT64) {
		long long signed_number = config_setting_get_int64(setting);

		if (signed_number < 0)
			setting_complain(complaints, setting, "%lld is negative, must be %s",
					 signed_number, row->example);
		*number = (uint64_t)signed_number;
		return signed_number >= 0;
	}
	text = setting_take_text(complaints, row, setting);
	if (!text)
		return false;
	if (!parse(text, number)) {
		setting_complain(complaints, setting, "\"%s\" is not understood, must be %s", text,
				 row->example);
		return false;
	}
	return true;
}

void setting_read_number(struct complaints *complaints, const struct setting *row,
			 config_setting_t *setting, void *value)
{
	uint64_t number;

	if (setting_take_number(complaints, row, setting, number_parse, &number))
		*(uint64_t *)value = number;
}

void setting_read_number32(struct complaints *complaints, const struct setting *row,
			   config_setting_t *setting, void *value)
{
	uint64_t number;

	if (!setting_take_number(complaints, row, setting, number_parse, &number))
		return;
	if (number > UINT32_MAX)
		setting_complain(complaints, setting, "%llu is too large, must be %s",
				 (unsigned long long)number, row->example);
	else
		*(uint32_t *)value = (uint32_t)number;
}

void setting_read_size(struct complaints *complaints, const struct setting *row,
		       config_setting_t *setting, void *value)
{
	uint64_t number;

	if (setting_take_number(complaints, row, setting, size_parse, &number))
		*(uint64_t *)value = number;
}

void setting_read_flag(struct complaints *complaints, const struct setting *row,
		       config_setting_t *setting, void *value)
{
	if (config_setting_type(setting) != CONFIG_TYPE_BOOL)
		type_complain(complaints, row, setting);
	else
		*(uint32_t *)value |= row->words[!config_setting_get_bool(setting)].value;
}

const char *word_text(const struct word *words, uint32_t value)
{
	while (words->text && words->value != value)
		words++;
	return words->text;
}

/* A word may share its place with flags: bits that no word has stay. */
static void put_word(uint32_t *value, const struct word *words, uint32_t chosen)
{
	for (; words->text; words++)
		*value &= ~words->value;
	*value |= chosen;
}

void setting_read_word(struct complaints *complaints, const struct setting *row,
		       config_setting_t *setting, void *value)
{
	const char *text = setting_take_text(complaints, row, setting);
	const struct word *word;
	struct nearest nearest;

	if (!text)
		return;
	nearest = nearest_start(text);
	for (word = row->words; word->text; word++) {
		if (strcmp(word->text, text) == 0) {
			put_word(value, row->words, word->value);
			return;
		}
		nearest_offer(&nearest, word->text);
	}
	if (nearest.best)
		setting_complain(complaints, setting, "\"%s\" is unknown; did you mean \"%s\"?",
				 text, nearest.best);
	else
		setting_complain(complaints, setting, "\"%s\" is unknown, must be %s", text,
				 row->example);
}

void setting_read_letters(struct complaints *complaints, const struct setting *row,
			  config_setting_t *setting, void *value)
{
	const char *text = setting_take_text(complaints, row, setting);
	const struct word *word;
	uint32_t sum = 0;

	if (!text)
		return;
	for (; *text; text++) {
		for (word = row->words; word->text && word->text[0] != *text; word++)
			;
		if (!word->text || sum & word->value) {
			setting_complain(complaints, setting, "letter '%c' is %s, must be %s",
					 *text, word->text ? "there twice" : "unknown",
					 row->example);
			return;
		}
		sum |= word->value;
	}
	if (sum == 0)
		setting_complain(complaints, setting, "is empty, must be %s", row->example);
	*(uint32_t *)value = sum;
}

void setting_read_cpus(struct complaints *complaints, const struct setting *row,
		       config_setting_t *setting, void *value)
{
	const char *text = setting_take_text(complaints, row, setting);
	uint64_t cpu;

	if (!text)
		return;
	switch (cpus_parse(text, value, &cpu)) {
	case CPUS_GOOD:
		break;
	case CPUS_MALFORMED:
		setting_complain(complaints, setting, "\"%s\" is not understood, must be %s", text,
				 row->example);
		break;
	case CPUS_BACKWARDS:
		setting_complain(complaints, setting, "\"%s\" runs backwards at CPU %llu", text,
				 (unsigned long long)cpu);
		break;
	case CPUS_TWICE:
		setting_complain(complaints, setting, "\"%s\" names CPU %llu twice", text,
				 (unsigned long long)cpu);
		break;
	case CPUS_TOO_HIGH:
		setting_complain(complaints, setting,
				 "CPU %llu is too high: at most %d are supported",
				 (unsigned long long)cpu, BH_MAX_CPUS);
		break;
	}
}

/* A range within [0, most]; false after a complaint. */
static bool take_range(struct complaints *complaints, const struct setting *row,
		       config_setting_t *setting, uint64_t most, uint64_t *first, uint64_t *last)
{
	int type = config_setting_type(setting);
	const char *text;

	if (type == CONFIG_TYPE_INT || type == CONFIG_TYPE_INT64) {
		if (!setting_take_number(complaints, row, setting, number_parse, first))
			return false;
		*last = *first;
	} else {
		text = setting_take_text(complaints, row, setting);
		if (!text)
			return false;
		if (!range_parse(text, first, last)) {
			setting_complain(complaints, setting,
					 "\"%s\" is not understood, must be %s", text,
					 row->example);
			return false;
		}
	}
	if (*first <= most && *last <= most)
		return true;
	setting_complain(complaints, setting, "0x%llx is too high, the last one is 0x%llx",
			 (unsigned long long)(*first > *last ? *first : *last),
			 (unsigned long long)most);
	return false;
}

void setting_read_ports(struct complaints *complaints, const struct setting *row,
			config_setting_t *setting, void *value)
{
	struct bh_ports *ports = value;
	uint64_t first, last;

	if (!take_range(complaints, row, setting, UINT16_MAX, &first, &last))
		return;
	ports->first = (uint16_t)first;
	ports->last = (uint16_t)last;
}

void setting_read_msrs(struct complaints *complaints, const struct setting *row,
		       config_setting_t *setting, void *value)
{
	struct bh_msrs *msrs = value;
	uint64_t first, last;

	if (!take_range(complaints, row, setting, UINT32_MAX, &first, &last))
		return;
	msrs->first = (uint32_t)first;
	msrs->last = (uint32_t)last;
}
