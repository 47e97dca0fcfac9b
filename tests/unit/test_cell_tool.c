// SPDX-License-Identifier: GPL-2.0-only
/*
 * Small parts of the verbs for cells: which cell is meant, its lines in the log, rates of exits,
 * times on the command line.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "tools/cell/cell_table.h"
#include "tools/cell/ending.h"
#include "tools/cell/exit_rates.h"
#include "tools/cell/log_lines.h"
#include "tools/cell/target.h"

static struct bh_cell_info cells[] = {
	{ .id = 0, .name = "root" },
	{ .id = 2, .name = "rt0" },
	{ .id = 5, .name = "7" },
	{ .id = 7, .name = "rt1" },
};

static const struct snapshot all = { .cells = cells, .cell_count = BH_ARRAY_SIZE(cells) };

static void expect_cell(const char *choice, int index)
{
	struct bh_refusal refusal;

	assert_ptr_equal(cell_choose(&all, choice, &refusal), index < 0 ? NULL : &cells[index]);
}

static void a_cell_is_meant_by_name_or_id(void **state)
{
	struct bh_refusal refusal;

	(void)state;
	expect_cell("rt0", 1);
	expect_cell("2", 1);
	expect_cell("0", 0);
	expect_cell("root", 0);
	expect_cell("5", 2);
	expect_cell("rt1", 3);
	expect_cell("rt", -1);
	expect_cell("3", -1);
	expect_cell("2x", -1);
	expect_cell("4294967298", -1);
	assert_null(cell_choose(&all, "rt9", &refusal));
	assert_string_equal(refusal.text,
			    "there is no cell \"rt9\"; there are: root, rt0, 7, rt1");
	assert_null(cell_choose(&all, "7", &refusal));
	assert_string_equal(refusal.text, "\"7\" is the name of cell 5 and the id of cell \"rt1\": "
			    "say which");
}

static void expect_faults(const struct snapshot *snapshot, const char *expected)
{
	char *text = NULL;
	size_t size = 0;
	FILE *file = open_memstream(&text, &size);

	assert_non_null(file);
	cells_faults_print(file, snapshot);
	fclose(file);
	assert_string_equal(text, expected);
	free(text);
}

/* Each cell's under its own name. */
static void faults_are_counted_by_cell(void **state)
{
	struct bh_cell_info some[] = {
		{ .id = 0, .name = "root" }, { .id = 1, .name = "rt0" }, { .id = 3, .name = "rt1" },
	};
	const struct snapshot snapshot = { .cells = some, .cell_count = BH_ARRAY_SIZE(some) };

	(void)state;
	expect_faults(&snapshot, "none");
	some[2].faults_counted[BH_FAULT_DMA] = 4;
	expect_faults(&snapshot, "rt1 4 (dma 4)");
	some[0].faults_counted[BH_FAULT_PORT] = 3;
	some[0].faults_counted[BH_FAULT_MSR] = 9;
	expect_faults(&snapshot, "root 12 (port 3, msr 9), rt1 4 (dma 4)");
}

static char lines_seen[2 * LOG_LINE_MAX];

static void see_line(void *context, const char *line)
{
	size_t used = strlen(lines_seen);

	(void)context;
	snprintf(lines_seen + used, sizeof(lines_seen) - used, "[%s]", line);
}

/* The text in pieces of every size must give the same lines. */
static void expect_lines(const char *text, const char *wanted)
{
	size_t size = strlen(text);
	size_t piece, at;

	for (piece = 1; piece <= size; piece++) {
		struct log_lines lines = { .name = "rt0", .line = see_line };

		lines_seen[0] = '\0';
		for (at = 0; at < size; at += piece)
			log_lines_add(&lines, text + at, size - at < piece ? size - at : piece);
		assert_string_equal(lines_seen, wanted);
	}
}

static void lines_of_one_cell_are_picked(void **state)
{
	struct log_lines lines = { .name = "rt0", .line = see_line };

	(void)state;
	expect_lines("Bulkhead 0.1\nrt0| one\nrt1| two\nrt0| \nrt01| x\nrt0|three\nrt0| a| b\n",
		     "[one][][a| b]");
	expect_lines("rt0| \x1b[2J\x80\n rt0| x\nrt0| not yet", "[?[2J?]");
	/* What follows a gap is not the rest of what was before it, nor a line. */
	lines_seen[0] = '\0';
	log_lines_add(&lines, "rt0| on", 7);
	log_lines_break(&lines);
	log_lines_add(&lines, "rt0| e\nrt0| two\n", 16);
	assert_string_equal(lines_seen, "[two]");
	assert_int_equal(lines.found, 1);
}

static void a_line_that_is_too_long_is_cut(void **state)
{
	struct log_lines lines = { .name = "rt0", .line = see_line };
	size_t i;

	(void)state;
	lines_seen[0] = '\0';
	log_lines_add(&lines, "rt0| ", 5);
	for (i = 0; i < LOG_LINE_MAX + 100; i++)
		log_lines_add(&lines, "x", 1);
	log_lines_add(&lines, "\n", 1);
	assert_int_equal(strlen(lines_seen), LOG_LINE_MAX - 5 + 2);
}

static struct bh_cpu_info before_cpus[3], now_cpus[3];

static const struct snapshot before = {
	.info = { .cpus = 3 }, .cpus = before_cpus, .cells = cells, .cell_count = 2,
};

static const struct snapshot now = {
	.info = { .cpus = 3 }, .cpus = now_cpus, .cells = cells, .cell_count = 2,
};

static void set_cpu(unsigned int cpu, uint32_t cell_before, uint64_t count_before,
		    uint32_t cell_now, uint64_t count_now)
{
	before_cpus[cpu].cpu = cpu;
	now_cpus[cpu].cpu = cpu;
	before_cpus[cpu].cell = cell_before;
	before_cpus[cpu].by_reason[10] = count_before;
	now_cpus[cpu].cell = cell_now;
	now_cpus[cpu].by_reason[10] = count_now;
}

static void rates_count_what_happened_in_between(void **state)
{
	struct exit_rates rates = { .now = &now, .before = &before, .seconds = 2 };

	(void)state;
	set_cpu(0, 2, 100, 2, 130);
	set_cpu(1, 2, 50, 2, 4);   /* began anew */
	set_cpu(2, 0, 1000, 2, 7); /* came over from root: nobody knows when */
	assert_int_equal(exit_rates_total(&rates, 2, 10), 141);
	assert_int_equal(exit_rates_new(&rates, 2, 10), 34);
	assert_int_equal(exit_rates_new(&rates, 2, 11), 0);
	assert_int_equal(exit_rates_total(&rates, 0, 10), 0);
	rates.before = NULL;
	assert_int_equal(exit_rates_new(&rates, 2, 10), 0);
}

static void rates_are_a_second(void **state)
{
	const struct exit_rates rates = {
		.now = &now, .before = &before, .seconds = 2, .only = 2, .has_only = true,
	};
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	struct json_object *list = exit_rates_json(&rates);

	(void)state;
	exit_rates_print(&rates, out);
	fclose(out);
	assert_non_null(strstr(text, "CPUID                                           "
			       "141         17.0\n"));
	assert_null(strstr(text, "root"));
	assert_non_null(strstr(text, "CPUs 0-2\n")); /* where they are, not where they came from */
	assert_int_equal(json_object_array_length(list), 1);
	assert_non_null(strstr(json_object_to_json_string(list), "\"CPUID\": { \"total\": 141, "
			       "\"per_second\": 17.0 }"));
	json_object_put(list);
	free(text);
}

static void times_are_seconds(void **state)
{
	static const char *const bad[] = { "", "0", "-1", "x", "1s", "nan", "inf", "86401", "1e9" };
	uint64_t ms = 0;
	size_t i;

	(void)state;
	assert_true(seconds_parse("1", &ms));
	assert_int_equal(ms, 1000);
	assert_true(seconds_parse("0.25", &ms));
	assert_int_equal(ms, 250);
	assert_true(seconds_parse("86400", &ms));
	assert_int_equal(ms, 86400000);
	for (i = 0; i < BH_ARRAY_SIZE(bad); i++)
		assert_false(seconds_parse(bad[i], &ms));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_cell_is_meant_by_name_or_id),
		cmocka_unit_test(faults_are_counted_by_cell),
		cmocka_unit_test(lines_of_one_cell_are_picked),
		cmocka_unit_test(a_line_that_is_too_long_is_cut),
		cmocka_unit_test(rates_count_what_happened_in_between),
		cmocka_unit_test(rates_are_a_second),
		cmocka_unit_test(times_are_seconds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
