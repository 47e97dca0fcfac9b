/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reads groups of settings by tables: a row says the setting's name, how it is read and where in a
 * struct its value goes. What is not in the table, is missing or has a wrong type or form becomes a
 * complaint with its line. Which settings there are is board.c's.
 */
#ifndef TOOLS_CONFIG_SETTINGS_H
#define TOOLS_CONFIG_SETTINGS_H

#include <libconfig.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "complaints.h"

struct setting;

/* Puts the value at `value`; complains about what it cannot read. */
typedef void setting_reader(struct complaints *complaints, const struct setting *row,
			    config_setting_t *setting, void *value);

struct word {
	const char *text; /* null ends a list of words */
	uint32_t value;
};

/* The word with that value, which one of them has. */
const char *word_text(const struct word *words, uint32_t value);

/* Elements go into an array whose counter lies in the same struct. */
struct setting_list {
	const struct setting *element; /* a row without name and offset */
	size_t element_size;
	uint32_t most;
	ptrdiff_t count; /* bytes from the array to its uint32_t counter */
};

struct setting {
	const char *name; /* null ends a table */
	setting_reader *read;
	bool is_required;
	size_t offset;
	const char *example; /* what a right value is, such as `a size such as "8M"` */
	const struct word *words;        /* what may be chosen */
	const struct setting *group;     /* rows of a group */
	const struct setting_list *list;
};

/* Readers, and what they write. */
setting_reader setting_read_name;    /* char[BH_NAME_SIZE] */
setting_reader setting_read_number;  /* uint64_t */
setting_reader setting_read_number32; /* uint32_t */
setting_reader setting_read_size;    /* uint64_t */
setting_reader setting_read_flag;    /* uint32_t: the value of words[0] where true, [1] where not */
setting_reader setting_read_word;    /* uint32_t: the value of the word, among other bits */
setting_reader setting_read_letters; /* uint32_t: the sum of the one-letter words' values */
setting_reader setting_read_cpus;    /* uint64_t[BH_CPU_WORDS] */
setting_reader setting_read_ports;   /* struct bh_ports */
setting_reader setting_read_msrs;    /* struct bh_msrs */
setting_reader setting_read_group;   /* what the rows say */
setting_reader setting_read_list;    /* array and counter */

/* Reads a number or a string by `parse`; false after a complaint. */
bool setting_take_number(struct complaints *complaints, const struct setting *row,
			 config_setting_t *setting,
			 bool (*parse)(const char *text, uint64_t *number), uint64_t *number);

/* The string of a setting; null after a complaint. */
const char *setting_take_text(struct complaints *complaints, const struct setting *row,
			      config_setting_t *setting);

/* "board.hypervisor.size: ..." with its line. Setting and groups around it count as bad then. */
void setting_complain(struct complaints *complaints, config_setting_t *setting, const char *format,
		      ...) __attribute__((format(printf, 3, 4)));
bool setting_is_bad(const config_setting_t *setting);

#endif
