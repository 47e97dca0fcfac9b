/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ACPI tables for tests: put together byte by byte, and finished with length and check sum.
 */
#ifndef TESTS_UNIT_ACPI_TABLES_H
#define TESTS_UNIT_ACPI_TABLES_H

#include <stdint.h>
#include <string.h>

struct acpi_table {
	uint8_t bytes[4096];
	size_t size;
};

#define ACPI_LENGTH   4
#define ACPI_CHECKSUM 9

static inline void table_seal(struct acpi_table *table)
{
	uint8_t sum = 0;
	size_t i;

	memcpy(table->bytes + ACPI_LENGTH, &(uint32_t){ (uint32_t)table->size }, 4);
	table->bytes[ACPI_CHECKSUM] = 0;
	for (i = 0; i < table->size; i++)
		sum = (uint8_t)(sum + table->bytes[i]);
	table->bytes[ACPI_CHECKSUM] = (uint8_t)-sum;
}

static inline void table_add(struct acpi_table *table, const void *bytes, size_t size)
{
	if (size > sizeof(table->bytes) - table->size)
		size = sizeof(table->bytes) - table->size;
	memcpy(table->bytes + table->size, bytes, size);
	table->size += size;
}

/* A head of 48 bytes; of a DMAR its byte 36 is the width of addresses, less one. */
static inline void table_begin(struct acpi_table *table, const char *signature, uint8_t byte36)
{
	memset(table, 0, sizeof(*table));
	memcpy(table->bytes, signature, 4);
	table->bytes[36] = byte36;
	table->size = 48;
}

#define TABLE_ADD(table, ...) \
	table_add(table, (const uint8_t[]){ __VA_ARGS__ }, sizeof((const uint8_t[]){ __VA_ARGS__ }))

/* Numbers, least byte first. */
#define B16(n) (uint8_t)(n), (uint8_t)((n) >> 8)
#define B32(n) B16((uint32_t)(n)), B16((uint32_t)(n) >> 16)
#define B64(n) B32((uint64_t)(n)), B32((uint64_t)(n) >> 32)

#endif
