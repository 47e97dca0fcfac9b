/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The rules of cells in their plainest form: sums in 128 bits, CPU by CPU, pair by pair. Shares
 * nothing with the model's checks. See cell_blob.h.
 */
#include "cell_blob.h"
#include "pci_rules.h"

#include <string.h>

typedef unsigned __int128 wide;

enum { READ = 1, WRITE = 2, EXECUTE = 4 };
enum { RAM, DEVICE, COMM };
enum { SHARED = 1, LOADABLE = 2, LENT = 4 };

static bool meet(uint64_t a, uint64_t a_size, uint64_t b, uint64_t b_size)
{
	return a_size && b_size && (wide)a < (wide)b + b_size && (wide)b < (wide)a + a_size;
}

static bool holds(uint64_t outer, wide outer_size, uint64_t inner, wide inner_size)
{
	return inner >= outer && inner + inner_size <= outer + outer_size;
}

static const char *broken_name(const char *name)
{
	size_t length = strlen(name);

	if (length == 0 || length >= BH_NAME_SIZE ||
	    strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.+") !=
		    length)
		return "characters of names";
	return NULL;
}

static bool has_cpu(const uint64_t *cpus, unsigned int cpu)
{
	return cpus[cpu / 64] & 1ULL << cpu % 64;
}

static const char *broken_cpus(const struct config_view *board, const struct cell_view *cell,
			       const struct cell_view *const *others, uint32_t count)
{
	unsigned int cpu, own = 0, left = 0;
	uint32_t i;

	for (cpu = 0; cpu < 256; cpu++) {
		bool of_board = has_cpu(board->board->root.cpus, cpu);

		if (!has_cpu(cell->cell->cpus, cpu)) {
			left += of_board;
			continue;
		}
		own++;
		if (!of_board)
			return "the board's CPUs";
		for (i = 0; i < count; i++)
			if (has_cpu(others[i]->cell->cpus, cpu))
				return "CPUs once";
	}
	if (has_cpu(cell->cell->cpus, 0))
		return "CPU 0 is root's";
	if (own == 0)
		return "some CPU";
	return left == 0 ? "a CPU for root" : NULL;
}

/* Flags 1 to 8: locked, reset vector, entry, log. */
static const char *broken_start(const struct cell_view *cell)
{
	const struct bh_cell *own = cell->cell;
	uint32_t i;

	if (own->flags > 31 || own->on_fault > 1)
		return "known flags and policies";
	if (!(own->flags & 4))
		return own->entry ? "no value of an entry without one" : NULL;
	if (own->flags & 2)
		return "an entry or the reset vector";
	if (own->entry >= (wide)1 << 32)
		return "entry below 4 GiB";
	for (i = 0; i < own->region_count; i++)
		if (cell->regions[i].kind == RAM && (cell->regions[i].access & EXECUTE) &&
		    holds(cell->regions[i].at, cell->regions[i].size, own->entry, 1))
			return NULL;
	return "entry in executable RAM";
}

static const char *broken_comm(const struct bh_region *region)
{
	if (region->phys || region->size != 4096 || region->at % 4096)
		return "a communication page is a page";
	return region->access != (READ | WRITE) || region->flags ? "rights of such a page" : NULL;
}

/* Flag 64 is of the board's own; without one there is none at 0xfed00000 either. */
static bool broken_hpet(uint64_t hpet, const struct bh_region *region)
{
	if (hpet && region->kind == DEVICE && region->phys == hpet && region->size == 4096)
		return region->flags != 64;
	return (region->flags & 64) || (hpet && meet(region->phys, region->size, hpet, 4096)) ||
	       (region->kind == DEVICE &&
		meet(region->phys, region->size, 0xfed00000, 4 * 4096));
}

static const char *broken_region(const struct config_view *board, const struct bh_region *region)
{
	bool whole = region->phys % 4096 == 0 && region->at % 4096 == 0 &&
		     region->size % 4096 == 0;
	wide limit = (wide)1 << board->board->physical_bits;
	uint32_t pool;
	bool in = false, touched = false;

	if (region->kind > COMM || region->access > 7 || !(region->access & READ))
		return "known kinds, access with reading";
	if (region->size == 0 || (wide)region->at + region->size > limit ||
	    (wide)region->phys + region->size > limit)
		return "within the physical width";
	if (region->kind == COMM)
		return broken_comm(region);
	if (broken_hpet(board->board->hpet, region))
		return "HPETs as a whole and filtered";
	if (region->flags & 48)
		return region->kind == DEVICE && !(region->flags & ~48u) ? NULL :
		       "what is a device's";
	if (!whole && (region->kind == RAM || region->at % 4096 != region->phys % 4096 ||
		       region->at / 4096 != (region->at + region->size - 1) / 4096 ||
		       (region->access & EXECUTE)))
		return "whole pages, or some of one without code";
	if ((region->flags & ~(11u | 64u)) || (region->kind == DEVICE && (region->flags & ~64u)))
		return "flags";
	for (pool = 0; pool < board->board->pool_count; pool++) {
		const struct bh_range *memory = &board->pools[pool];

		in |= holds(memory->start, memory->size, region->phys, region->size);
		touched |= meet(memory->start, memory->size, region->phys, region->size);
	}
	if (region->kind == RAM ? !in : touched)
		return "RAM from the pools, devices elsewhere";
	return NULL;
}

static bool meets(const struct bh_region *region, const struct bh_region *other)
{
	return region->kind != COMM && other->kind != COMM &&
	       meet(region->phys, region->size, other->phys, other->size);
}

/* `filled`: some share of the region's name may be written by somebody else. */
static const char *broken_beside(const struct bh_region *region, const struct bh_region *other,
				 bool of_root, bool filled)
{
	bool both = region->flags & other->flags & SHARED;
	bool same = region->phys == other->phys && region->size == other->size;
	bool same_name = strcmp(region->name, other->name) == 0;

	if (both && (same_name || meets(region, other))) {
		if (!same || !same_name)
			return "name, place and size of a share";
		if (!filled && !(region->access & WRITE))
			return "a share that can be filled";
		if (((region->access & WRITE) && (other->access & EXECUTE)) ||
		    ((other->access & WRITE) && (region->access & EXECUTE)))
			return "no code that another writes";
		return NULL;
	}
	if (!meets(region, other))
		return NULL;
	if (of_root && (other->flags & LENT) && same && region->kind == other->kind)
		return (region->flags ^ other->flags) & 48 ? "a device as such" : NULL;
	return "bytes once";
}

static const char *broken_fixed(const struct config_view *board, const struct bh_region *region)
{
	const struct bh_console *console = &board->board->console;

	if (meet(region->at, region->size, 0xfee00000, 0x100000))
		return "the cell's local APIC";
	if (region->kind == COMM)
		return NULL;
	if (meet(region->phys, region->size, 0xfee00000, 0x100000))
		return "the local APIC";
	if (meet(region->phys, region->size, board->board->hypervisor.start,
		 board->board->hypervisor.size))
		return "hypervisor memory";
	if (console->type == 2 &&
	    meet(region->phys, region->size, console->address / 4096 * 4096, 4096))
		return "the hypervisor's console";
	return NULL;
}

static const char *broken_pair(const struct bh_region *a, const struct bh_region *b)
{
	if (strcmp(a->name, b->name) == 0)
		return "names of regions once";
	if (meet(a->at, a->size, b->at, b->size) || meets(a, b))
		return "regions apart";
	return a->kind == COMM && b->kind == COMM ? "one communication page" : NULL;
}

static bool writes(const struct bh_region *other, const char *name)
{
	return (other->flags & SHARED) && (other->access & WRITE) && !strcmp(other->name, name);
}

static bool filled_by_others(const struct config_view *board, const struct bh_region *region,
			     const struct cell_view *const *others, uint32_t count)
{
	bool filled = false;
	uint32_t j, k;

	for (j = 0; j < board->board->root.region_count; j++)
		filled |= writes(&board->regions[j], region->name);
	for (k = 0; k < count; k++)
		for (j = 0; j < others[k]->cell->region_count; j++)
			filled |= writes(&others[k]->regions[j], region->name);
	return filled;
}

static const char *broken_memory(const struct config_view *board, const struct cell_view *cell,
				 const struct cell_view *const *others, uint32_t count)
{
	const char *rule = NULL;
	bool has_ram = false;
	uint32_t i, j, k;

	for (i = 0; !rule && i < cell->cell->region_count; i++) {
		const struct bh_region *region = &cell->regions[i];
		bool filled = filled_by_others(board, region, others, count);

		has_ram |= region->kind == RAM;
		rule = broken_name(region->name);
		if (!rule)
			rule = broken_region(board, region);
		if (!rule)
			rule = broken_fixed(board, region);
		for (j = 0; !rule && j < i; j++)
			rule = broken_pair(region, &cell->regions[j]);
		for (j = 0; !rule && j < board->board->root.region_count; j++)
			rule = broken_beside(region, &board->regions[j], true, filled);
		for (k = 0; k < count; k++)
			for (j = 0; !rule && j < others[k]->cell->region_count; j++)
				rule = broken_beside(region, &others[k]->regions[j], false,
						     filled);
	}
	return rule || has_ram ? rule : "some RAM";
}

/* A bit for each port, so that nothing depends on comparing ends. */
static bool ports_taken(uint8_t *taken, const struct bh_ports *ports, uint32_t count)
{
	uint32_t i, port;
	bool twice = false;

	for (i = 0; i < count; i++)
		for (port = ports[i].first; port <= ports[i].last; port++) {
			twice |= taken[port];
			taken[port] = 1;
		}
	return twice;
}

/* Root's ports that the cell has just so, with a device. */
static bool lends_ports(const struct bh_ports *ports, const struct cell_view *cell)
{
	uint32_t i;

	for (i = 0; i < cell->cell->port_count && ports->flags == 1; i++)
		if (memcmp(ports, &cell->ports[i], sizeof(*ports)) == 0)
			return true;
	return false;
}

static const char *broken_ports(const struct config_view *board, const struct cell_view *cell,
				const struct cell_view *const *others, uint32_t count)
{
	static uint8_t taken[65536 + 8];
	uint32_t i;

	memset(taken, 0, sizeof(taken));
	if (board->board->console.type == 1)
		memset(taken + board->board->console.address, 1, 8);
	for (i = 0; i < board->board->root.port_count; i++)
		if (!lends_ports(&board->ports[i], cell))
			ports_taken(taken, &board->ports[i], 1);
	memset(taken + 0xcf8, 1, 8);
	memset(taken + 0x20, 1, 2);
	memset(taken + 0xa0, 1, 2);
	memset(taken + 0x4d0, 1, 2);
	for (i = 0; i < count; i++)
		ports_taken(taken, others[i]->ports, others[i]->cell->port_count);
	for (i = 0; i < cell->cell->port_count; i++)
		if (cell->ports[i].first > cell->ports[i].last || cell->ports[i].flags > 1)
			return "ports ascend";
	return ports_taken(taken, cell->ports, cell->cell->port_count) ? "ports once" : NULL;
}

static const char *broken_msrs(const struct cell_view *cell)
{
	uint32_t i, j, msr;

	for (i = 0; i < cell->cell->msr_count; i++) {
		const struct bh_msrs *msrs = &cell->msrs[i];

		if (msrs->first > msrs->last)
			return "MSRs ascend";
		if (msrs->last > 0x1fff && (msrs->first < 0xc0000000 || msrs->last > 0xc0001fff))
			return "MSRs of the bitmap";
		for (msr = msrs->first; msr <= msrs->last; msr++)
			if (msr == 0x1b || msr == 0x3a || msr == 0x79 || msr == 0x830)
				return "no dangerous MSR";
		for (j = 0; j < i; j++)
			if (msrs->first <= cell->msrs[j].last && cell->msrs[j].first <= msrs->last)
				return "MSRs once";
	}
	return NULL;
}

static const char *broken_console(const struct cell_view *cell)
{
	const struct bh_console *console = &cell->cell->console;
	uint32_t i;

	if (console->type > 2 || console->divisor > 65535)
		return "console";
	if (console->type == 0)
		return console->address || console->stride || console->divisor ?
			       "no settings without console" : NULL;
	if (console->stride != 1 && (console->stride != 4 || console->type == 1))
		return "stride";
	for (i = 0; console->type == 1 && i < cell->cell->port_count; i++)
		if (console->address >= cell->ports[i].first &&
		    (wide)console->address + 7 <= cell->ports[i].last)
			return NULL;
	for (i = 0; console->type == 2 && i < cell->cell->region_count; i++)
		if (cell->regions[i].kind == DEVICE &&
		    holds(cell->regions[i].at, cell->regions[i].size, console->address,
			  8 * console->stride))
			return NULL;
	return "a UART of its own";
}

const char *cell_broken_rule(const struct config_view *board, const struct cell_view *cell,
			     const struct cell_view *const *others, uint32_t count)
{
	const char *rule = broken_name(cell->cell->name);
	uint32_t i;

	if (strcmp(cell->cell->name, board->board->root.name) == 0)
		return "another name than root's";
	for (i = 0; i < count; i++)
		if (strcmp(cell->cell->name, others[i]->cell->name) == 0)
			return "names of cells once";
	if (!rule)
		rule = broken_cpus(board, cell, others, count);
	if (!rule)
		rule = broken_start(cell);
	if (!rule)
		rule = broken_memory(board, cell, others, count);
	if (!rule)
		rule = broken_ports(board, cell, others, count);
	if (!rule)
		rule = broken_msrs(cell);
	if (!rule)
		rule = pci_cell_broken_rule(board, cell, others, count);
	return rule ? rule : broken_console(cell);
}
