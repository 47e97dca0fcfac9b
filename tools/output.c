// SPDX-License-Identifier: GPL-2.0-only
/* Tables and JSON: see output.h. */
#include "output.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "verb.h"

static void succeed(int result)
{
	if (result >= 0)
		return;
	fputs("bulkhead: out of memory\n", stderr);
	exit(VERB_REFUSED);
}

void *must(void *pointer)
{
	succeed(pointer ? 0 : -1);
	return pointer;
}

struct libscols_table *table_new(const struct output_column *columns, size_t count)
{
	struct libscols_table *table = must(scols_new_table());
	size_t i;

	for (i = 0; i < count; i++)
		must(scols_table_new_column(table, columns[i].name, 0, columns[i].flags));
	return table;
}

struct libscols_line *table_line(struct libscols_table *table)
{
	return must(scols_table_new_line(table, NULL));
}

void line_set(struct libscols_line *line, size_t column, const char *format, ...)
{
	va_list arguments;
	char *text;

	va_start(arguments, format);
	succeed(vasprintf(&text, format, arguments));
	va_end(arguments);
	succeed(scols_line_refer_data(line, column, text));
}

void table_print(struct libscols_table *table)
{
	succeed(scols_print_table(table));
	scols_unref_table(table);
}

struct json_object *json_list_new(void)
{
	return must(json_object_new_array());
}

struct json_object *json_record_new(void)
{
	return must(json_object_new_object());
}

void json_set(struct json_object *object, const char *name, struct json_object *child)
{
	succeed(json_object_object_add(object, name, must(child)));
}

void json_append(struct json_object *list, struct json_object *child)
{
	succeed(json_object_array_add(list, must(child)));
}

/* JSON is UTF-8: a byte that may come from anywhere must not spoil the whole. */
void json_set_text(struct json_object *object, const char *name, const char *text)
{
	char *ascii = must(strdup(text));
	char *c;

	for (c = ascii; *c; c++)
		if ((unsigned char)*c >= 0x80)
			*c = '?';
	json_set(object, name, json_object_new_string(ascii));
	free(ascii);
}

void json_set_number(struct json_object *object, const char *name, uint64_t number)
{
	json_set(object, name, json_object_new_uint64(number));
}

void json_set_truth(struct json_object *object, const char *name, bool truth)
{
	json_set(object, name, json_object_new_boolean(truth));
}

void json_set_address(struct json_object *object, const char *name, uint64_t address)
{
	char text[sizeof("0x0123456789abcdef")];

	snprintf(text, sizeof(text), "0x%" PRIx64, address);
	json_set_text(object, name, text);
}

void json_print(struct json_object *object)
{
	const int style = JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_SPACED |
			  JSON_C_TO_STRING_NOSLASHESCAPE;

	puts(must((void *)json_object_to_json_string_ext(object, style)));
	json_object_put(object);
}

void json_print_line(struct json_object *object)
{
	const int style = JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE;

	puts(must((void *)json_object_to_json_string_ext(object, style)));
	json_object_put(object);
}
