/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Walks libconfig's settings along tables: groups, lists, what is unknown and what is missing.
 * Single values are values.c's.
 */
#include "settings.h"

#include <err.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "nearest.h"
#include "type.h"

static void path_print(FILE *out, const config_setting_t *setting)
{
	const config_setting_t *parent = config_setting_parent(setting);

	if (!parent)
		return;
	path_print(out, parent);
	if (config_setting_name(setting))
		fprintf(out, "%s%s", config_setting_parent(parent) ? "." : "",
			config_setting_name(setting));
	else
		fprintf(out, "[%d]", config_setting_index(setting));
}

void setting_complain(struct complaints *complaints, config_setting_t *setting, const char *format,
		      ...)
{
	unsigned int line = config_setting_source_line(setting);
	char *text = NULL;
	va_list arguments;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		err(1, "%s", complaints->path);
	path_print(out, setting);
	if (config_setting_parent(setting))
		fputs(": ", out);
	va_start(arguments, format);
	vfprintf(out, format, arguments);
	va_end(arguments);
	if (fclose(out))
		err(1, "%s", complaints->path);
	complain(complaints, line, "%s", text);
	free(text);
	for (; setting; setting = config_setting_parent(setting))
		config_setting_set_hook(setting, setting);
}

bool setting_is_bad(const config_setting_t *setting)
{
	return config_setting_get_hook(setting) != NULL;
}

static const struct setting *row_find(const struct setting *rows, const char *name)
{
	for (; rows->name; rows++)
		if (strcmp(rows->name, name) == 0)
			return rows;
	return NULL;
}

static void complain_unknown(struct complaints *complaints, const struct setting *rows,
			     config_setting_t *setting)
{
	struct nearest nearest = nearest_start(config_setting_name(setting));
	const struct setting *row;
	char *known = NULL;
	size_t size;
	FILE *out;

	for (row = rows; row->name; row++)
		nearest_offer(&nearest, row->name);
	if (nearest.best) {
		setting_complain(complaints, setting, "unknown setting; did you mean \"%s\"?",
				 nearest.best);
		return;
	}
	out = open_memstream(&known, &size);
	if (!out)
		err(1, "%s", complaints->path);
	for (row = rows; row->name; row++)
		fprintf(out, "%s%s", row == rows ? "" : ", ", row->name);
	if (fclose(out))
		err(1, "%s", complaints->path);
	setting_complain(complaints, setting, "unknown setting; there are: %s", known);
	free(known);
}

void setting_read_group(struct complaints *complaints, const struct setting *row,
			config_setting_t *setting, void *value)
{
	const struct setting *member;
	int i;

	if (!config_setting_is_group(setting)) {
		type_complain(complaints, row, setting);
		return;
	}
	for (i = 0; i < config_setting_length(setting); i++) {
		config_setting_t *inner = config_setting_get_elem(setting, (unsigned int)i);

		member = row_find(row->group, config_setting_name(inner));
		if (member)
			member->read(complaints, member, inner, (char *)value + member->offset);
		else
			complain_unknown(complaints, row->group, inner);
	}
	for (member = row->group; member->name; member++)
		if (member->is_required && !config_setting_get_member(setting, member->name))
			setting_complain(complaints, setting, "\"%s\" is missing: %s", member->name,
					 member->example);
}

void setting_read_list(struct complaints *complaints, const struct setting *row,
		       config_setting_t *setting, void *value)
{
	const struct setting_list *list = row->list;
	uint32_t *count = (uint32_t *)(void *)((char *)value + list->count);
	int i;

	if (!config_setting_is_list(setting) && !config_setting_is_array(setting)) {
		type_complain(complaints, row, setting);
		return;
	}
	for (i = 0; i < config_setting_length(setting); i++) {
		config_setting_t *element = config_setting_get_elem(setting, (unsigned int)i);

		if (*count == list->most) {
			setting_complain(complaints, element,
					 "is one too many: at most %u are possible", list->most);
			return;
		}
		list->element->read(complaints, list->element, element,
				    (char *)value + *count * list->element_size);
		(*count)++;
	}
}
