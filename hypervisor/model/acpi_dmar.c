// SPDX-License-Identifier: GPL-2.0-only
/* Reads the table DMAR: units of VT-d. See acpi_iommus.h; VT-d specification, chapter 8. */
#include "model/acpi_parts.h"
#include "model/refuse.h"

/* 8.1: behind the common head the width of addresses, less one, and flags. */
#define HEAD_SIZE  48
#define WIDTH      36

/* Structures begin with type and length, 16 bits each. */
#define TYPE_DRHD  0
#define TYPE_RMRR  1
#define TYPE_SIZE  4

/* 8.3 */
#define DRHD_SIZE     16
#define DRHD_FLAGS    4
#define DRHD_ALL      (1U << 0) /* INCLUDE_PCI_ALL */
#define DRHD_SEGMENT  6
#define DRHD_BASE     8

/* 8.4 */
#define RMRR_SIZE     24
#define RMRR_SEGMENT  6
#define RMRR_FIRST    8
#define RMRR_LAST     16

/* 8.3.1: a device scope. The way begins at a bus and leads through bridges: device, function. */
#define SCOPE_SIZE     6
#define SCOPE_LENGTH   1
#define SCOPE_ID       4
#define SCOPE_BUS      5
#define SCOPE_STEP     2
#define SCOPE_ENDPOINT 1
#define SCOPE_BRIDGE   2
#define SCOPE_IOAPIC   3
#define SCOPE_HPET     4
#define SCOPE_ACPI     5 /* of its namespace: no function by PCI, but seen as this one */

struct reader {
	const struct acpi_bridges *bridges;
	struct acpi_iommus *iommus;
	struct bh_refusal *refusal;
	unsigned int levels;
};

typedef bool scope_taker(struct reader *reader, uint32_t segment, struct acpi_bytes scope,
			 uint16_t source);

/* Where the way ends; false if a bridge on it is not there. */
static bool follow(const struct reader *reader, uint32_t segment, struct acpi_bytes scope,
		   uint16_t *source)
{
	uint8_t bus = scope.at[SCOPE_BUS];
	uint8_t last;
	size_t at;

	for (at = SCOPE_SIZE; at + SCOPE_STEP <= scope.size; at += SCOPE_STEP) {
		if (scope.at[at] > 0x1f || scope.at[at + 1] > 7)
			return false;
		*source = (uint16_t)(bus << 8 | scope.at[at] << 3 | scope.at[at + 1]);
		if (at + 2 * SCOPE_STEP <= scope.size &&
		    !reader->bridges->find(reader->bridges->context,
					   BH_PCI_ADDRESS_OF(segment, *source), &bus, &last))
			return false;
	}
	return true;
}

static bool for_each_scope(struct reader *reader, uint32_t segment, struct acpi_bytes rest,
			   scope_taker *take)
{
	uint16_t source = 0;
	size_t length;

	for (; rest.size; rest = acpi_rest(rest, length)) {
		length = rest.size < SCOPE_SIZE ? 0 : rest.at[SCOPE_LENGTH];
		if (length < SCOPE_SIZE + SCOPE_STEP || length > rest.size ||
		    (length - SCOPE_SIZE) % SCOPE_STEP)
			return refuse(reader->refusal, "DMAR: a device scope of %zu bytes", length);
		if (!follow(reader, segment, (struct acpi_bytes){ rest.at, length }, &source))
			reader->iommus->skipped++;
		else if (!take(reader, segment, rest, source))
			return false;
	}
	return true;
}

static bool take_scope(struct reader *reader, uint32_t segment, struct acpi_bytes scope,
		       uint16_t source)
{
	struct bh_iommu_scope new = { .source = source };
	uint8_t first, last;

	switch (scope.at[0]) {
	case SCOPE_ENDPOINT:
	case SCOPE_ACPI:
		new.kind = BH_IOMMU_FUNCTION;
		break;
	case SCOPE_BRIDGE:
		new.kind = BH_IOMMU_BRIDGE;
		if (!reader->bridges->find(reader->bridges->context,
					   BH_PCI_ADDRESS_OF(segment, source), &first, &last)) {
			reader->iommus->skipped++;
			return true;
		}
		new.id = (uint16_t)(first << 8 | last);
		break;
	case SCOPE_IOAPIC:
	case SCOPE_HPET:
		new.kind = scope.at[0] == SCOPE_IOAPIC ? BH_IOMMU_IOAPIC : BH_IOMMU_HPET;
		new.id = scope.at[SCOPE_ID];
		break;
	default:
		return true; /* what was not known yet */
	}
	return acpi_add_scope(reader->iommus, new, reader->refusal);
}

static bool read_unit(struct reader *reader, struct acpi_bytes bytes)
{
	struct bh_iommu *unit;

	if (bytes.size < DRHD_SIZE)
		return refuse(reader->refusal, "DMAR: a unit of %zu bytes", bytes.size);
	unit = acpi_add_unit(reader->iommus, "dmar", reader->refusal);
	if (!unit)
		return false;
	unit->kind = BH_IOMMU_VTD;
	unit->levels = reader->levels;
	unit->registers = acpi_number(bytes, DRHD_BASE, 8);
	unit->segment = acpi_16(bytes, DRHD_SEGMENT);
	unit->last_bus = 0xff;
	if (bytes.at[DRHD_FLAGS] & DRHD_ALL)
		unit->flags |= BH_IOMMU_ALL;
	return for_each_scope(reader, unit->segment, acpi_rest(bytes, DRHD_SIZE), take_scope);
}

/* Each device of it has a window of its own; which memory it is the caller has put aside. */
struct window_reader {
	struct reader reader;
	uint64_t first, last;
};

static bool take_window(struct reader *reader, uint32_t segment, struct acpi_bytes scope,
			uint16_t source)
{
	/* The reader is the first member. */
	const struct window_reader *window = (struct window_reader *)reader;

	(void)scope;
	return acpi_add_window(reader->iommus, (struct bh_iommu_window){
		.address = BH_PCI_ADDRESS_OF(segment, source),
	}, window->first, window->last, reader->refusal);
}

static bool read_window(const struct reader *reader, struct acpi_bytes bytes)
{
	struct window_reader window = { .reader = *reader };

	if (bytes.size < RMRR_SIZE)
		return refuse(reader->refusal, "DMAR: reserved memory of %zu bytes", bytes.size);
	window.first = acpi_number(bytes, RMRR_FIRST, 8);
	window.last = acpi_number(bytes, RMRR_LAST, 8);
	return for_each_scope(&window.reader, acpi_16(bytes, RMRR_SEGMENT),
			      acpi_rest(bytes, RMRR_SIZE), take_window);
}

static bool read_structure(struct reader *reader, struct acpi_bytes bytes)
{
	switch (acpi_16(bytes, 0)) {
	case TYPE_DRHD:
		return read_unit(reader, bytes);
	case TYPE_RMRR:
		return read_window(reader, bytes);
	default:
		return true; /* says nothing about who may reach what */
	}
}

bool dmar_parse(const uint8_t *table, size_t size, const struct acpi_bridges *bridges,
		struct acpi_iommus *iommus, struct bh_refusal *refusal)
{
	struct reader reader = { .bridges = bridges, .iommus = iommus, .refusal = refusal };
	struct acpi_bytes rest = { table, size };
	size_t length;

	*iommus = (struct acpi_iommus){ 0 };
	if (!acpi_open(rest, "DMAR", HEAD_SIZE, refusal))
		return false;
	reader.levels = table[WIDTH] < 39 ? 3 : 4;
	for (rest = acpi_rest(rest, HEAD_SIZE); rest.size; rest = acpi_rest(rest, length)) {
		length = rest.size < TYPE_SIZE ? 0 : acpi_16(rest, 2);
		if (length < TYPE_SIZE || length > rest.size)
			return refuse(refusal, "DMAR: a structure of %zu bytes, %zu are left",
				      length, rest.size);
		if (!read_structure(&reader, (struct acpi_bytes){ rest.at, length }))
			return false;
	}
	return true;
}
