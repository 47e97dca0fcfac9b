// SPDX-License-Identifier: GPL-2.0-only
/*
 * The page-table builder: knows levels and spans, asks the format for bits. Every change looks
 * first and writes afterwards, so that a refusal changes nothing. The walk, with the picture of the
 * tree, is in pagetable.h; the arithmetic that foretells its size in pagetable_predict.c.
 */
#include "model/pagetable.h"
#include "model/range.h"
#include "model/refuse.h"
#include "model/text.h"

static uint64_t *entry_of(const struct pagetable *pt, uint64_t virt, unsigned int *level)
{
	return pt_walk(pt->format, pt->root, pt->memory.offset, virt, level);
}

static bool is_present(const struct pagetable *pt, const uint64_t *entry)
{
	return (*entry & pt->format->present) != 0;
}

/* In one piece, because a processor may be walking this table. */
static void store(uint64_t *entry, uint64_t value)
{
	*(volatile uint64_t *)entry = value;
}

static uint64_t canonical(const struct pt_format *format, uint64_t virt)
{
	uint64_t sign = 1ULL << (format->address_bits - 1);

	virt &= (sign << 1) - 1;
	return format->sign_extended ? (virt ^ sign) - sign : virt;
}

/* The level of the largest leaf that this mapping may have. */
static unsigned int leaf_limit(const struct pagetable *pt, const struct pt_mapping *mapping)
{
	if (mapping->largest_leaf && mapping->largest_leaf < pt->largest_leaf)
		return mapping->largest_leaf;
	return pt->largest_leaf;
}

bool pt_init(struct pagetable *pt, const struct pt_format *format, const struct pt_memory *memory,
	     unsigned int physical_bits, unsigned int largest_leaf, struct bh_refusal *refusal)
{
	if (!memory->available(memory->context))
		return refuse(refusal, "%s: no page left for its root", format->name);

	pt->format = format;
	pt->memory = *memory;
	pt->physical_bits = physical_bits;
	pt->largest_leaf = largest_leaf;
	if (pt->largest_leaf > format->largest_leaf)
		pt->largest_leaf = format->largest_leaf;
	pt->root = memory->allocate(memory->context);
	return true;
}

/* May this range stand on the left-hand side of a mapping at all? */
static bool check_virtual(const struct pagetable *pt, struct bh_range virt,
			  struct bh_refusal *refusal)
{
	const struct pt_format *format = pt->format;

	if (range_is_empty(virt))
		return refuse(refusal, "%s: the range at 0x%llx is empty", format->name,
			      (hex)virt.start);
	if (!range_is_aligned(virt, BH_PAGE_SIZE))
		return refuse(refusal, "%s: 0x%llx, size 0x%llx: not made of whole 4 KiB pages",
			      format->name, (hex)virt.start, (hex)virt.size);
	if (range_wraps(virt))
		return refuse(refusal,
			      "%s: 0x%llx, size 0x%llx: runs past the end of the address space",
			      format->name, (hex)virt.start, (hex)virt.size);
	/* Both ends in one half and neither in the hole between: then all is. */
	if (canonical(format, virt.start) != virt.start ||
	    canonical(format, range_last(virt)) != range_last(virt) ||
	    virt.size - 1 >= 1ULL << (format->address_bits - format->sign_extended))
		return refuse(refusal, "%s: 0x%llx-0x%llx: not within its addresses of %u bits",
			      format->name, (hex)virt.start, (hex)range_last(virt),
			      format->address_bits);
	return true;
}

static bool check_physical(const struct pagetable *pt, struct bh_range phys,
			   struct bh_refusal *refusal)
{
	if (!range_is_aligned(phys, BH_PAGE_SIZE))
		return refuse(refusal, "%s: physical 0x%llx: not at a 4 KiB boundary",
			      pt->format->name, (hex)phys.start);
	if (!range_fits_width(phys, pt->physical_bits))
		return refuse(refusal,
			      "%s: physical 0x%llx, size 0x%llx: past the processor's %u bits",
			      pt->format->name, (hex)phys.start, (hex)phys.size, pt->physical_bits);
	return true;
}

static bool check_attributes(const struct pagetable *pt, uint64_t virt, unsigned int attributes,
			     struct bh_refusal *refusal)
{
	uint64_t bits;

	if (!pt->format->encode(attributes, PT_4K, &bits))
		return refuse(refusal, "%s: 0x%llx: cannot be %s%s%s%s%s",
			      pt->format->name, (hex)virt, attributes & PT_READ ? "r" : "-",
			      attributes & PT_WRITE ? "w" : "-",
			      attributes & PT_EXECUTE ? "x" : "-",
			      attributes & PT_UNCACHED ? " uncached" : "",
			      attributes & PT_WRITE_COMBINING ? " write-combining" : "");
	return true;
}

/*
 * Goes over the range as it is now, empty entry by empty entry, and counts the tables that the
 * mapping would hang below them. Refuses at the first page that is mapped.
 */
static bool survey(const struct pagetable *pt, const struct pt_mapping *mapping, uint64_t *tables,
		   struct bh_refusal *refusal)
{
	struct pt_mapping piece = *mapping;
	uint64_t left = mapping->size;
	unsigned int level;

	for (*tables = 0; left; left -= piece.size) {
		const uint64_t *entry = entry_of(pt, piece.virt, &level);
		uint64_t rest = pt_span(level) - (piece.virt & (pt_span(level) - 1));

		if (is_present(pt, entry))
			return refuse(refusal, "%s: 0x%llx-0x%llx: 0x%llx is mapped already",
				      pt->format->name, (hex)mapping->virt,
				      (hex)(mapping->virt + mapping->size - 1), (hex)piece.virt);

		piece.size = left < rest ? left : rest;
		/* The prediction starts from nothing; the tables down to this entry are there. */
		if (level > PT_4K)
			*tables += pt_predict(pt->format, pt->largest_leaf, &piece, 1) -
				   (pt->format->levels - level + 1);
		piece.virt += piece.size;
		piece.phys.v += piece.size;
	}
	return true;
}

static bool check_mapping(const struct pagetable *pt, const struct pt_mapping *mapping,
			  uint64_t *tables, struct bh_refusal *refusal)
{
	return check_virtual(pt, RANGE(mapping->virt, mapping->size), refusal) &&
	       check_physical(pt, RANGE(mapping->phys.v, mapping->size), refusal) &&
	       check_attributes(pt, mapping->virt, mapping->attributes, refusal) &&
	       survey(pt, mapping, tables, refusal);
}

/* Puts a new table behind an empty entry; returns the entry in it that leads on to virt. */
static uint64_t *add_table(struct pagetable *pt, uint64_t *entry, unsigned int level, uint64_t virt)
{
	hpa_t table = pt->memory.allocate(pt->memory.context);

	store(entry, table.v | pt->format->table[level]);
	return pt_entry(table.v + pt->memory.offset, virt, level - 1);
}

/* Could a leaf of that level stand at the start of this mapping? */
static bool leaf_fits(const struct pt_mapping *mapping, unsigned int level, unsigned int limit)
{
	uint64_t span = pt_span(level);

	return level <= limit && mapping->size >= span &&
	       ((mapping->virt | mapping->phys.v) & (span - 1)) == 0;
}

/*
 * Writes leaves of one size from this entry on, to the end of the table at most: a larger leaf
 * could only start there. Stops at a table, where pt_clear() left one. Returns how much it mapped.
 */
static uint64_t write_leaves(const struct pagetable *pt, uint64_t *entry, unsigned int level,
			     const struct pt_mapping *mapping)
{
	uint64_t span = pt_span(level);
	uint64_t mapped = 0;
	uint64_t bits = 0;

	/* Cannot fail: check_attributes() asked, and no format's answer depends on the level. */
	pt->format->encode(mapping->attributes, level, &bits);
	do {
		store(entry++, (mapping->phys.v + mapped) | bits);
		mapped += span;
	} while (mapping->size - mapped >= span && (uintptr_t)entry & BH_PAGE_MASK && !*entry);
	return mapped;
}

/* After check_mapping(): every entry it meets is a table or empty, and the pages suffice. */
static void write_mapping(struct pagetable *pt, const struct pt_mapping *mapping)
{
	unsigned int limit = leaf_limit(pt, mapping);
	struct pt_mapping rest = *mapping;

	while (rest.size) {
		unsigned int level;
		uint64_t *entry = entry_of(pt, rest.virt, &level);
		uint64_t mapped;

		for (; !leaf_fits(&rest, level, limit); level--)
			entry = add_table(pt, entry, level, rest.virt);

		mapped = write_leaves(pt, entry, level, &rest);
		rest.virt += mapped;
		rest.phys.v += mapped;
		rest.size -= mapped;
	}
}

bool pt_map(struct pagetable *pt, const struct pt_mapping *mapping, struct bh_refusal *refusal)
{
	uint64_t available = pt->memory.available(pt->memory.context);
	uint64_t tables;

	if (!check_mapping(pt, mapping, &tables, refusal))
		return false;
	if (tables > available)
		return refuse(refusal,
			      "%s: 0x%llx-0x%llx: needs %llu pages for tables, %llu are left",
			      pt->format->name, (hex)mapping->virt,
			      (hex)(mapping->virt + mapping->size - 1), (hex)tables,
			      (hex)available);
	write_mapping(pt, mapping);
	return true;
}

bool pt_restore(struct pagetable *pt, const struct pt_mapping *mapping, struct bh_refusal *refusal)
{
	uint64_t tables;

	if (!check_mapping(pt, mapping, &tables, refusal))
		return false;
	if (tables)
		return refuse(refusal, "%s: 0x%llx-0x%llx: its boundaries were not made beforehand",
			      pt->format->name, (hex)mapping->virt,
			      (hex)(mapping->virt + mapping->size - 1));
	write_mapping(pt, mapping);
	return true;
}

/* Is the range made of whole leaves, with nothing unmapped between? */
static bool check_leaves(const struct pagetable *pt, struct bh_range virt,
			 struct bh_refusal *refusal)
{
	uint64_t done = 0;
	unsigned int level;

	if (!check_virtual(pt, virt, refusal))
		return false;
	while (done < virt.size) {
		uint64_t at = virt.start + done;
		const uint64_t *entry = entry_of(pt, at, &level);
		uint64_t span = pt_span(level);

		if (!is_present(pt, entry))
			return refuse(refusal, "%s: 0x%llx-0x%llx: 0x%llx is not mapped",
				      pt->format->name, (hex)virt.start, (hex)range_last(virt),
				      (hex)at);
		if (at & (span - 1) || virt.size - done < span)
			return refuse(refusal,
				      "%s: 0x%llx-0x%llx: cuts the page of 0x%llx bytes at 0x%llx",
				      pt->format->name, (hex)virt.start, (hex)range_last(virt),
				      (hex)span, (hex)(at & ~(span - 1)));
		done += span;
	}
	return true;
}

bool pt_clear(struct pagetable *pt, uint64_t virt, uint64_t size, struct bh_refusal *refusal)
{
	uint64_t done;
	unsigned int level;

	if (!check_leaves(pt, RANGE(virt, size), refusal))
		return false;
	for (done = 0; done < size; done += pt_span(level))
		store(entry_of(pt, virt + done, &level), 0);
	return true;
}

bool pt_protect(struct pagetable *pt, uint64_t virt, uint64_t size, unsigned int attributes,
		struct bh_refusal *refusal)
{
	uint64_t done;
	unsigned int level;

	if (!check_attributes(pt, virt, attributes, refusal) ||
	    !check_leaves(pt, RANGE(virt, size), refusal))
		return false;
	for (done = 0; done < size; done += pt_span(level)) {
		uint64_t *entry = entry_of(pt, virt + done, &level);
		uint64_t bits = 0;

		/* Cannot fail, as in write_leaves(). */
		pt->format->encode(attributes, level, &bits);
		store(entry, (*entry & pt->format->address_mask) | bits);
	}
	return true;
}

static struct pt_leaf leaf_of(const struct pagetable *pt, uint64_t entry, uint64_t virt,
			      unsigned int level)
{
	uint64_t inside = pt_span(level) - 1;

	return (struct pt_leaf){
		.virt       = virt & ~inside,
		.phys       = HPA(entry & pt->format->address_mask),
		.size       = inside + 1,
		.attributes = pt->format->decode(entry),
		.level      = level,
	};
}

bool pt_lookup(const struct pagetable *pt, uint64_t virt, struct pt_leaf *leaf)
{
	const uint64_t *entry;
	unsigned int level;

	if (canonical(pt->format, virt) != virt)
		return false;
	entry = entry_of(pt, virt, &level);
	if (!is_present(pt, entry))
		return false;
	*leaf = leaf_of(pt, *entry, virt, level);
	return true;
}

bool pt_for_each_leaf(const struct pagetable *pt,
		      bool (*visit)(void *context, const struct pt_leaf *leaf), void *context)
{
	uint64_t end = 1ULL << pt->format->address_bits;
	uint64_t at = 0;

	while (at < end) {
		unsigned int level;
		const uint64_t *entry = entry_of(pt, at, &level);

		/* A new walk only where the next entry leads down or the table ends. */
		do {
			if (is_present(pt, entry)) {
				uint64_t virt = canonical(pt->format, at);
				struct pt_leaf leaf = leaf_of(pt, *entry, virt, level);

				if (!visit(context, &leaf))
					return false;
			}
			at += pt_span(level);
			entry++;
		} while ((uintptr_t)entry & BH_PAGE_MASK &&
			 (level == 1 || !pt_is_table(pt->format, *entry, level)));
	}
	return true;
}

struct visitor {
	void (*visit)(void *context, hpa_t table);
	void *context;
};

/* Recursion ends with the levels, of which there are PT_LEVELS_MAX at most. */
static void visit_tables(const struct pagetable *pt, hpa_t table, unsigned int level,
			 const struct visitor *visitor)
{
	const uint64_t *entry = pt_entry(table.v + pt->memory.offset, 0, level);
	unsigned int i;

	visitor->visit(visitor->context, table);
	for (i = 0; level > 1 && i < PT_ENTRIES; i++)
		if (pt_is_table(pt->format, entry[i], level))
			visit_tables(pt, HPA(entry[i] & pt->format->address_mask), level - 1,
				     visitor);
}

void pt_for_each_table(const struct pagetable *pt, void (*visit)(void *context, hpa_t table),
		       void *context)
{
	const struct visitor visitor = { .visit = visit, .context = context };

	visit_tables(pt, pt->root, pt->format->levels, &visitor);
}

static void count_table(void *context, hpa_t table)
{
	uint64_t *count = context;

	(void)table;
	(*count)++;
}

uint64_t pt_count_pages(const struct pagetable *pt)
{
	uint64_t count = 0;

	pt_for_each_table(pt, count_table, &count);
	return count;
}
