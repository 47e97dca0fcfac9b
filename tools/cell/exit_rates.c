// SPDX-License-Identifier: GPL-2.0-only
/* Counts and shows exits by reason: see exit_rates.h. */
#include "exit_rates.h"

#include <inttypes.h>

#include "cell_table.h"
#include "target.h"
#include "tools/exit_reasons.h"
#include "tools/output.h"

uint64_t exit_rates_total(const struct exit_rates *rates, uint32_t cell, uint32_t reason)
{
	uint64_t total = 0;
	uint32_t i;

	for (i = 0; i < rates->now->info.cpus; i++)
		if (rates->now->cpus[i].cell == cell)
			total += rates->now->cpus[i].by_reason[reason];
	return total;
}

uint64_t exit_rates_new(const struct exit_rates *rates, uint32_t cell, uint32_t reason)
{
	uint64_t total = 0;
	uint32_t i;

	if (!rates->before)
		return 0;
	for (i = 0; i < rates->now->info.cpus && i < rates->before->info.cpus; i++) {
		const struct bh_cpu_info *now = &rates->now->cpus[i];
		const struct bh_cpu_info *before = &rates->before->cpus[i];

		if (now->cell != cell || before->cell != cell)
			continue;
		/* A count that fell began anew. */
		total += now->by_reason[reason] -
			 (now->by_reason[reason] >= before->by_reason[reason] ?
			  before->by_reason[reason] : 0);
	}
	return total;
}

static double per_second(const struct exit_rates *rates, uint64_t count)
{
	return (double)count / rates->seconds;
}

static void print_line(const struct exit_rates *rates, FILE *out, const char *name, uint64_t total,
		       uint64_t added)
{
	fprintf(out, "    %-36s %14" PRIu64, name, total);
	if (rates->before)
		fprintf(out, " %12.1f", per_second(rates, added));
	fputc('\n', out);
}

static void print_cell(const struct exit_rates *rates, FILE *out, const struct bh_cell_info *cell)
{
	uint64_t all = 0, all_new = 0;
	char cpus[CPUS_TEXT];
	uint32_t reason;

	cell_cpus_format(rates->now, cell, cpus);
	fprintf(out, "cell %u \"%s\": %s, CPUs %s\n", cell->id, cell->name,
		cell_state_name(cell->state), cpus);
	fprintf(out, "    %-36s %14s%s\n", "EXIT REASON", "TOTAL",
		rates->before ? "     A SECOND" : "");
	for (reason = 0; reason < BH_EXIT_REASONS; reason++) {
		uint64_t total = exit_rates_total(rates, cell->id, reason);
		uint64_t added = exit_rates_new(rates, cell->id, reason);
		char name[EXIT_REASON_NAME_MAX];

		all += total;
		all_new += added;
		if (!total)
			continue;
		exit_counter_name(rates->now->info.backend, reason, name);
		print_line(rates, out, name, total, added);
	}
	print_line(rates, out, "all", all, all_new);
}

static bool is_shown(const struct exit_rates *rates, const struct bh_cell_info *cell)
{
	return !rates->has_only || rates->only == cell->id;
}

void exit_rates_print(const struct exit_rates *rates, FILE *out)
{
	size_t i;

	for (i = 0; i < rates->now->cell_count; i++)
		if (is_shown(rates, &rates->now->cells[i]))
			print_cell(rates, out, &rates->now->cells[i]);
}

static struct json_object *count_json(const struct exit_rates *rates, uint64_t total,
				      uint64_t added)
{
	struct json_object *object = json_record_new();

	json_set_number(object, "total", total);
	if (rates->before)
		json_set(object, "per_second",
			 json_object_new_double(per_second(rates, added)));
	return object;
}

static struct json_object *cell_rates_json(const struct exit_rates *rates,
					   const struct bh_cell_info *cell)
{
	struct json_object *object = json_record_new();
	struct json_object *reasons = json_record_new();
	uint64_t all = 0, all_new = 0;
	uint32_t reason;

	for (reason = 0; reason < BH_EXIT_REASONS; reason++) {
		uint64_t total = exit_rates_total(rates, cell->id, reason);
		uint64_t added = exit_rates_new(rates, cell->id, reason);
		char name[EXIT_REASON_NAME_MAX];

		all += total;
		all_new += added;
		exit_counter_name(rates->now->info.backend, reason, name);
		if (total)
			json_set(reasons, name, count_json(rates, total, added));
	}
	json_set_number(object, "id", cell->id);
	json_set_text(object, "name", cell->name);
	json_set_text(object, "state", cell_state_name(cell->state));
	json_set(object, "exits", count_json(rates, all, all_new));
	json_set(object, "by_reason", reasons);
	return object;
}

struct json_object *exit_rates_json(const struct exit_rates *rates)
{
	struct json_object *list = json_list_new();
	size_t i;

	for (i = 0; i < rates->now->cell_count; i++)
		if (is_shown(rates, &rates->now->cells[i]))
			json_append(list, cell_rates_json(rates, &rates->now->cells[i]));
	return list;
}
