// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fuzzes the readers of DMAR and IVRS. What is taken must keep to its own rules: counters within
 * their bounds and in agreement, windows of whole pages. The first byte of the input says which
 * table it is; length and check sum are put right, so that what is behind them is reached.
 */
#include <assert.h>
#include <stdlib.h>

#include "tests/unit/acpi_tables.h"
#include "model/acpi_iommus.h"

/* Some functions are bridges, to buses that do not lead in circles and that do. */
static bool find_bridge(void *context, uint32_t address, uint8_t *first, uint8_t *last)
{
	(void)context;
	*first = (uint8_t)(address >> 3);
	*last = (uint8_t)(address >> 1);
	return address % 3 == 0;
}

static void check(const struct acpi_iommus *iommus)
{
	uint32_t scopes = 0;
	uint32_t i;

	assert(iommus->head.iommu_count <= BH_MAX_IOMMUS);
	assert(iommus->head.scope_count <= BH_MAX_IOMMU_SCOPES);
	assert(iommus->head.window_count <= BH_MAX_IOMMU_WINDOWS);
	for (i = 0; i < iommus->head.iommu_count; i++) {
		scopes += iommus->units[i].scope_count;
		assert(iommus->units[i].levels == 3 || iommus->units[i].levels == 4);
		assert(iommus->units[i].last_bus <= 0xff);
		assert(!(iommus->units[i].flags & ~BH_IOMMU_FLAGS));
		assert(memchr(iommus->units[i].name, '\0', BH_NAME_SIZE));
	}
	assert(scopes == iommus->head.scope_count);
	for (i = 0; i < iommus->head.scope_count; i++) {
		assert(iommus->scopes[i].kind > 0 && iommus->scopes[i].kind < BH_IOMMU_SCOPE_KINDS);
		assert(!(iommus->scopes[i].pass & ~BH_IOMMU_PASS));
	}
	for (i = 0; i < iommus->head.window_count; i++)
		assert((iommus->windows[i].start | iommus->windows[i].size) % 4096 == 0 &&
		       iommus->windows[i].size);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct acpi_bridges bridges = { .find = find_bridge };
	struct bh_refusal refusal = { .text = "" };
	static struct acpi_iommus iommus;
	struct acpi_table table;
	uint8_t *bytes;
	bool done;

	if (size < 2)
		return 0;
	table_begin(&table, data[0] % 2 ? "DMAR" : "IVRS", data[1]);
	table_add(&table, data + 2, size - 2);
	table_seal(&table);
	/* In memory of its own size, so that a byte too far is seen. */
	bytes = malloc(table.size);
	memcpy(bytes, table.bytes, table.size);
	done = data[0] % 2 ? dmar_parse(bytes, table.size, &bridges, &iommus, &refusal) :
			     ivrs_parse(bytes, table.size, &iommus, &refusal);
	if (done)
		check(&iommus);
	else
		assert(refusal.text[0]);
	free(bytes);
	return 0;
}
