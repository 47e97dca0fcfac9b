/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tables for people by libsmartcols and objects for programs by json-c, with what the two libraries
 * ask for each time put in one place. Running out of memory ends the program with a word.
 */
#ifndef TOOLS_OUTPUT_H
#define TOOLS_OUTPUT_H

#include <json-c/json.h>
#include <libsmartcols/libsmartcols.h>
#include <stdbool.h>
#include <stdint.h>

struct output_column {
	const char *name;
	int flags; /* SCOLS_FL_* */
};

struct libscols_table *table_new(const struct output_column *columns, size_t count);
struct libscols_line *table_line(struct libscols_table *table);
void line_set(struct libscols_line *line, size_t column, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Prints the table and frees it. */
void table_print(struct libscols_table *table);

struct json_object *json_list_new(void);
struct json_object *json_record_new(void);
void json_set_text(struct json_object *object, const char *name, const char *text);
void json_set_number(struct json_object *object, const char *name, uint64_t number);
void json_set_truth(struct json_object *object, const char *name, bool truth);
/* As a string "0x...": programs that read numbers as doubles would round an address. */
void json_set_address(struct json_object *object, const char *name, uint64_t address);
/* Both take the child over. */
void json_set(struct json_object *object, const char *name, struct json_object *child);
void json_append(struct json_object *list, struct json_object *child);

/* Prints the object and frees it; the second one in a single line. */
void json_print(struct json_object *object);
void json_print_line(struct json_object *object);

/* Ends the program unless the pointer is good. */
void *must(void *pointer);

#endif
