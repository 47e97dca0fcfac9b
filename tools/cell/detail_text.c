// SPDX-License-Identifier: GPL-2.0-only
/* Shows one cell in detail, to a person: see detail.h. */
#include "detail.h"

#include <inttypes.h>
#include <stdio.h>

#include "cell_table.h"
#include "devices.h"
#include "model/fault_text.h"
#include "region_text.h"
#include "registers.h"
#include "target.h"
#include "tools/backend_words.h"
#include "tools/exit_reasons.h"
#include "tools/output.h"

static void print_leaves(const struct cell_leaves *leaves)
{
	const struct {
		uint64_t count;
		const char *size;
	} rows[] = {
		{ leaves->of_1g, "1 GiB" }, { leaves->of_2m, "2 MiB" }, { leaves->of_4k, "4 KiB" },
	};
	const char *comma = " maps ";
	size_t i;

	if (!leaves->is_known)
		return;
	for (i = 0; i < BH_ARRAY_SIZE(rows); i++) {
		if (!rows[i].count)
			continue;
		printf("%s%" PRIu64 " page%s of %s", comma, rows[i].count,
		       rows[i].count == 1 ? "" : "s", rows[i].size);
		comma = ", ";
	}
}

static void print_comm(const struct bh_cell_info *cell)
{
	if (cell->comm)
		printf("comm:     at 0x%" PRIx64 "; %" PRIu64 " heartbeats, message %u, shutdown: "
		       "%s\n", cell->comm, cell->heartbeats, cell->message, comm_reply_name(cell));
}

static void print_faults(const struct bh_cell_info *cell)
{
	uint32_t kind;

	printf("faults:   %" PRIu64, faults_total(cell));
	for (kind = 0; kind < BH_FAULT_KINDS; kind++)
		if (cell->faults_counted[kind])
			printf(", %s %" PRIu64, fault_kind_name(kind), cell->faults_counted[kind]);
	printf("; on a fault: %s\n", policy_name(cell->on_fault));
}

static void print_head(const struct cell_detail *detail)
{
	const struct bh_cell_info *cell = detail->cell;
	char cpus[CPUS_TEXT], memory[SIZE_TEXT];

	cell_cpus_format(detail->snapshot, cell, cpus);
	size_format(cell->memory, memory);
	printf("cell %u \"%s\": %s%s\n", cell->id, cell->name, cell_state_name(cell->state),
	       cell->flags & BH_CELL_LOCKED ? ", locked" : "");
	printf("CPUs:     %s\n", cpus);
	printf("memory:   %s of RAM", memory);
	if (cell->id)
		printf("; %" PRIu64 " pages of the hypervisor's", cell->pages);
	putchar('\n');
	printf("map:      %s 0x%" PRIx64 ";",
	       backend_words(detail->snapshot->info.backend)->map_pointer, cell->eptp);
	print_leaves(&detail->leaves);
	printf(" in %" PRIu64 " page%s of tables\n", cell->tables, cell->tables == 1 ? "" : "s");
	if (cell->flags & BH_CELL_RESET_VECTOR)
		puts("starts:   at the real-mode reset vector");
	else if (cell->id)
		printf("starts:   at 0x%" PRIx64 "\n", cell->entry);
	if (cell->starts)
		printf("started:  %" PRIu64 " time%s; last exit code %" PRIu64 "\n", cell->starts,
		       cell->starts == 1 ? "" : "s", cell->exit_code);
	print_comm(cell);
	print_faults(cell);
}

static void print_cpus(const struct cell_detail *detail)
{
	uint32_t backend = detail->snapshot->info.backend;
	const struct output_column columns[] = {
		{ "CPU", SCOLS_FL_RIGHT }, { "APIC ID", SCOLS_FL_RIGHT },
		{ backend_words(backend)->tag, SCOLS_FL_RIGHT },
		{ "MODE", 0 }, { "EXITS", SCOLS_FL_RIGHT },
		{ "BY REASON", 0 },
	};
	struct libscols_table *table = table_new(columns, BH_ARRAY_SIZE(columns));
	uint32_t i, reason;

	for (i = 0; i < detail->snapshot->info.cpus; i++) {
		const struct bh_cpu_info *cpu = &detail->snapshot->cpus[i];
		struct libscols_line *line;
		char reasons[1024] = "";
		size_t used = 0;

		if (cpu->cell != detail->cell->id)
			continue;
		for (reason = 0; reason < BH_EXIT_REASONS && used < sizeof(reasons); reason++) {
			char name[EXIT_REASON_NAME_MAX];

			if (!cpu->by_reason[reason])
				continue;
			exit_counter_name(backend, reason, name);
			used += (size_t)snprintf(reasons + used, sizeof(reasons) - used,
						 "%s%s %" PRIu64, used ? ", " : "", name,
						 cpu->by_reason[reason]);
		}
		line = table_line(table);
		line_set(line, 0, "%u", cpu->cpu);
		line_set(line, 1, "%u", cpu->apic_id);
		line_set(line, 2, "%u", cpu->vpid);
		line_set(line, 3, "%s", cpu->x2apic ? "x2apic" : "xapic");
		line_set(line, 4, "%" PRIu64, cpu->exits);
		line_set(line, 5, "%s", reasons);
	}
	putchar('\n');
	table_print(table);
}

static void print_regions(const struct cell_config *config)
{
	static const struct output_column columns[] = {
		{ "REGION", SCOLS_FL_RIGHT }, { "NAME", 0 }, { "AT", 0 }, { "PHYS", 0 },
		{ "SIZE", SCOLS_FL_RIGHT }, { "ACCESS", 0 }, { "KIND", 0 }, { "", 0 },
	};
	struct libscols_table *table = table_new(columns, BH_ARRAY_SIZE(columns));
	uint32_t i;

	for (i = 0; i < config->cell->region_count; i++) {
		const struct bh_region *region = &config->regions[i];
		struct libscols_line *line = table_line(table);
		char size[SIZE_TEXT], access[ACCESS_TEXT], flags[FLAGS_TEXT], at[RANGE_TEXT];

		size_format(region->size, size);
		access_format(region->access, access);
		region_flags_format(region->flags, flags);
		range_format(region->at, region->at + region->size - 1, at);
		line_set(line, 0, "%u", i);
		line_set(line, 1, "%s", region->name);
		line_set(line, 2, "%s", at);
		if (region->kind != BH_REGION_COMM)
			line_set(line, 3, "0x%" PRIx64, region->phys);
		line_set(line, 4, "%s", size);
		line_set(line, 5, "%s", access);
		line_set(line, 6, "%s", region_kind_name(region->kind));
		line_set(line, 7, "%s", flags);
	}
	putchar('\n');
	table_print(table);
}

static void print_ranges(const struct cell_config *config)
{
	char text[RANGE_TEXT];
	uint32_t i;

	if (config->cell->port_count)
		printf("\nports:");
	for (i = 0; i < config->cell->port_count; i++) {
		range_format(config->ports[i].first, config->ports[i].last, text);
		printf(" %s", text);
	}
	if (config->cell->msr_count)
		printf("\nMSRs besides what every cell has:");
	for (i = 0; i < config->cell->msr_count; i++) {
		range_format(config->msrs[i].first, config->msrs[i].last, text);
		printf(" %s", text);
	}
	if (config->cell->port_count || config->cell->msr_count)
		putchar('\n');
}

void detail_print(const struct cell_detail *detail)
{
	size_t i;

	print_head(detail);
	print_cpus(detail);
	if (detail->config.blob) {
		print_regions(&detail->config);
		print_ranges(&detail->config);
		devices_print(detail);
	}
	for (i = 0; i < detail->register_count; i++) {
		putchar('\n');
		registers_print(&detail->registers[i]);
	}
}
