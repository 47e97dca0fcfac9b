// SPDX-License-Identifier: GPL-2.0-only
/* Reads the table IVRS: units of AMD-Vi. See acpi_iommus.h; AMD IOMMU specification, chapter 5. */
#include "model/acpi_parts.h"
#include "model/refuse.h"

#define HEAD_SIZE 48

/* 5.2.2: blocks begin with type, flags and length. */
#define BLOCK_SIZE    4
#define BLOCK_FLAGS   1
#define BLOCK_LENGTH  2
#define BLOCK_DEVICE  4 /* of a unit its own function */
#define BLOCK_LAST    6 /* of memory for a range of devices */

/* A unit may be described by several blocks, the later types with more: the highest one counts. */
#define TYPE_IVHD_10  0x10
#define TYPE_IVHD_11  0x11
#define TYPE_IVHD_40  0x40
#define IVHD_BASE     8
#define IVHD_SEGMENT  16
#define IVHD_10_SIZE  24
#define IVHD_11_SIZE  40 /* and of type 40h */
/* Of the flags HtTunEn, PassPW, ResPassPW and Isoc: in the order of ours. */
#define IVHD_SENDS    0xfu

/* 5.2.2.8: memory of devices. */
#define TYPE_IVMD_ALL   0x20
#define TYPE_IVMD_ONE   0x21
#define TYPE_IVMD_RANGE 0x22
#define IVMD_SIZE       32
#define IVMD_START      16
#define IVMD_LENGTH     24

/* 5.2.2.4: device entries; the two upper bits of the type tell the size. */
#define ENTRY_ALL         1
#define ENTRY_SELECT      2
#define ENTRY_START       3
#define ENTRY_END         4
#define ENTRY_ALIAS       66
#define ENTRY_ALIAS_START 67
#define ENTRY_EXTENDED    70
#define ENTRY_EXTENDED_START 71
#define ENTRY_SPECIAL     72
#define ENTRY_ACPI        240 /* 22 bytes, and a name whose length is the last of them */
#define ENTRY_ACPI_SIZE   ((size_t)22)
#define ENTRY_ACPI_NAME   21
#define ENTRY_DEVICE      1
#define ENTRY_PASS        3 /* DTE setting */
#define ENTRY_OTHER       5 /* the alias; of special devices their own id */
#define ENTRY_HANDLE      4
#define ENTRY_VARIETY     7
#define VARIETY_IOAPIC    1
#define VARIETY_HPET      2

struct reader {
	struct acpi_iommus *iommus;
	struct bh_refusal *refusal;
	struct bh_iommu *unit;
	uint32_t start;   /* of the range that is open; NO_RANGE: none is */
	uint32_t alias;   /* of its functions; NO_RANGE: none */
	uint16_t pass;    /* of the entry that is read; of a range, of the one that began it */
};

#define NO_RANGE UINT32_MAX

static bool add(struct reader *reader, uint32_t kind, uint16_t source, uint16_t id)
{
	uint16_t last = kind == BH_IOMMU_RANGE ? id : source;

	if (last >> 8 > reader->unit->last_bus)
		reader->unit->last_bus = last >> 8;
	return acpi_add_scope(reader->iommus, (struct bh_iommu_scope){
		.kind = (uint16_t)kind, .source = source, .id = id,
		.pass = kind == BH_IOMMU_ALIAS ? 0 : reader->pass,
	}, reader->refusal);
}

static bool add_alias(struct reader *reader, uint16_t source, uint16_t alias)
{
	return add(reader, BH_IOMMU_FUNCTION, source, 0) &&
	       add(reader, BH_IOMMU_ALIAS, source, alias) &&
	       add(reader, BH_IOMMU_FUNCTION, alias, 0);
}

static bool close_range(struct reader *reader, uint16_t end)
{
	uint32_t start = reader->start;
	uint32_t source;

	reader->start = NO_RANGE;
	if (start == NO_RANGE || start > end)
		return refuse(reader->refusal, "IVRS: a range ends at 0x%x that did not begin",
			      end);
	if (reader->alias == NO_RANGE)
		return add(reader, BH_IOMMU_RANGE, (uint16_t)start, end);
	for (source = start; source <= end; source++)
		if (!add_alias(reader, (uint16_t)source, (uint16_t)reader->alias))
			return false;
	return true;
}

static bool open_range(struct reader *reader, uint16_t start, uint32_t alias)
{
	if (reader->start != NO_RANGE)
		return refuse(reader->refusal, "IVRS: a range begins at 0x%x inside another",
			      start);
	reader->start = start;
	reader->alias = alias;
	return true;
}

/* IOAPICs and HPETs: the unit sees their interrupts as this function's. */
static bool add_special(struct reader *reader, struct acpi_bytes entry)
{
	uint16_t source = acpi_16(entry, ENTRY_OTHER);

	switch (entry.at[ENTRY_VARIETY]) {
	case VARIETY_IOAPIC:
		return add(reader, BH_IOMMU_IOAPIC, source, entry.at[ENTRY_HANDLE]);
	case VARIETY_HPET:
		return add(reader, BH_IOMMU_HPET, source, entry.at[ENTRY_HANDLE]);
	default:
		return true;
	}
}

/* What they may pass has to be said of some: of all that there can be. */
static bool add_all(struct reader *reader)
{
	reader->unit->flags |= BH_IOMMU_ALL;
	reader->unit->last_bus = 0xff;
	return !reader->pass || add(reader, BH_IOMMU_RANGE, 0, 0xffff);
}

static bool read_entry(struct reader *reader, struct acpi_bytes entry)
{
	uint16_t device = acpi_16(entry, ENTRY_DEVICE);

	if (reader->start == NO_RANGE)
		reader->pass = entry.at[ENTRY_PASS] & BH_IOMMU_PASS;
	switch (entry.at[0]) {
	case ENTRY_ALL:
		return add_all(reader);
	case ENTRY_SELECT:
	case ENTRY_EXTENDED:
	case ENTRY_ACPI: /* no function by PCI, but seen as this one */
		return add(reader, BH_IOMMU_FUNCTION, device, 0);
	case ENTRY_START:
	case ENTRY_EXTENDED_START:
		return open_range(reader, device, NO_RANGE);
	case ENTRY_ALIAS:
		return add_alias(reader, device, acpi_16(entry, ENTRY_OTHER));
	case ENTRY_ALIAS_START:
		return open_range(reader, device, acpi_16(entry, ENTRY_OTHER));
	case ENTRY_END:
		return close_range(reader, device);
	case ENTRY_SPECIAL:
		return add_special(reader, entry);
	default:
		return true; /* padding */
	}
}

static size_t entry_size(struct acpi_bytes rest)
{
	if (rest.at[0] == ENTRY_ACPI)
		return rest.size < ENTRY_ACPI_SIZE ? SIZE_MAX :
						     ENTRY_ACPI_SIZE + rest.at[ENTRY_ACPI_NAME];
	return (size_t)4 << (rest.at[0] >> 6);
}

static bool read_entries(struct reader *reader, struct acpi_bytes rest)
{
	size_t size;

	for (; rest.size; rest = acpi_rest(rest, size)) {
		size = entry_size(rest);
		if (size > rest.size)
			return refuse(reader->refusal, "IVRS: a device entry of type %u is cut off",
				      rest.at[0]);
		if (!read_entry(reader, (struct acpi_bytes){ rest.at, size }))
			return false;
	}
	return reader->start == NO_RANGE ||
	       refuse(reader->refusal, "IVRS: the range from 0x%x has no end", reader->start);
}

static bool is_unit(uint8_t type)
{
	return type == TYPE_IVHD_10 || type == TYPE_IVHD_11 || type == TYPE_IVHD_40;
}

static size_t unit_size(uint8_t type)
{
	return type == TYPE_IVHD_10 ? IVHD_10_SIZE : IVHD_11_SIZE;
}

static bool read_unit(struct reader *reader, struct acpi_bytes block)
{
	struct bh_iommu *unit = acpi_add_unit(reader->iommus, "ivhd", reader->refusal);

	if (!unit)
		return false;
	unit->kind = BH_IOMMU_AMDVI;
	unit->registers = acpi_number(block, IVHD_BASE, 8);
	unit->segment = acpi_16(block, IVHD_SEGMENT);
	unit->flags |= (block.at[BLOCK_FLAGS] & IVHD_SENDS) * BH_IOMMU_TUNNEL;
	reader->unit = unit;
	reader->start = NO_RANGE;
	return read_entries(reader, acpi_rest(block, unit_size(block.at[0]))) &&
	       acpi_add_scope(reader->iommus, (struct bh_iommu_scope){
		       .kind = BH_IOMMU_UNIT, .source = acpi_16(block, BLOCK_DEVICE),
	       }, reader->refusal);
}

static bool read_window(struct reader *reader, struct acpi_bytes block)
{
	uint64_t start = acpi_number(block, IVMD_START, 8);
	uint64_t size = acpi_number(block, IVMD_LENGTH, 8);
	struct bh_iommu_window devices = { .last = UINT32_MAX };

	if (block.at[0] != TYPE_IVMD_ALL) {
		devices.address = acpi_16(block, BLOCK_DEVICE);
		devices.last = block.at[0] == TYPE_IVMD_ONE ? 0 : acpi_16(block, BLOCK_LAST);
		if (devices.last && devices.last < devices.address)
			return refuse(reader->refusal, "IVRS: the range from 0x%x ends at 0x%x",
				      devices.address, devices.last);
	}
	return acpi_add_window(reader->iommus, devices, start, start + size - 1, reader->refusal);
}

static bool next_block(struct acpi_bytes *rest, struct acpi_bytes *block,
		       struct bh_refusal *refusal)
{
	size_t length = rest->size < BLOCK_SIZE ? 0 : acpi_16(*rest, BLOCK_LENGTH);
	size_t least = BLOCK_SIZE;

	if (rest->size >= BLOCK_SIZE) {
		if (is_unit(rest->at[0]))
			least = unit_size(rest->at[0]);
		else if (rest->at[0] >= TYPE_IVMD_ALL && rest->at[0] <= TYPE_IVMD_RANGE)
			least = IVMD_SIZE;
	}
	if (length < least || length > rest->size) {
		refuse(refusal, "IVRS: a block of %zu bytes, %zu are left", length, rest->size);
		return false;
	}
	*block = (struct acpi_bytes){ rest->at, length };
	*rest = acpi_rest(*rest, length);
	return true;
}

/* The highest type of all blocks: firmware describes each unit by every type that it knows. */
static bool find_type(struct acpi_bytes rest, uint8_t *type, struct bh_refusal *refusal)
{
	struct acpi_bytes block;

	for (*type = 0; rest.size;) {
		if (!next_block(&rest, &block, refusal))
			return false;
		if (is_unit(block.at[0]) && block.at[0] > *type)
			*type = block.at[0];
	}
	return true;
}

bool ivrs_parse(const uint8_t *table, size_t size, struct acpi_iommus *iommus,
		struct bh_refusal *refusal)
{
	struct reader reader = { .iommus = iommus, .refusal = refusal };
	struct acpi_bytes rest = { table, size };
	struct acpi_bytes block;
	uint8_t type;

	*iommus = (struct acpi_iommus){ 0 };
	if (!acpi_open(rest, "IVRS", HEAD_SIZE, refusal))
		return false;
	rest = acpi_rest(rest, HEAD_SIZE);
	if (!find_type(rest, &type, refusal))
		return false;
	while (rest.size) {
		if (!next_block(&rest, &block, refusal))
			return false;
		if (is_unit(block.at[0]) && block.at[0] == type && !read_unit(&reader, block))
			return false;
		if (block.at[0] >= TYPE_IVMD_ALL && block.at[0] <= TYPE_IVMD_RANGE &&
		    !read_window(&reader, block))
			return false;
	}
	return true;
}
