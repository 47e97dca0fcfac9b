/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The good blob, and the rules in their plainest form: byte by byte, pair by pair, in 128 bits
 * where a sum could wrap. See config_blob.h.
 */
#include "config_blob.h"
#include "pci_rules.h"

#include <stdio.h>
#include <string.h>

/* A CRC-32 bit by bit: the model's own must not be its own judge. */
static uint32_t crc_bits(const uint8_t *data, size_t size)
{
	uint32_t crc = ~0u;

	while (size--) {
		int bit;

		crc ^= *data++;
		for (bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (crc & 1 ? 0xedb88320u : 0);
	}
	return ~crc;
}

void blob_seal(struct bh_config_header *header)
{
	header->crc32 = 0;
	header->crc32 = crc_bits((const uint8_t *)header, header->size);
}

static struct bh_region region(const char *name, uint64_t phys, uint64_t size, uint32_t access,
			       uint32_t kind)
{
	struct bh_region made = { .phys = phys, .at = phys, .size = size, .access = access,
				  .kind = kind };

	snprintf(made.name, sizeof(made.name), "%s", name);
	return made;
}

void blob_fill(struct blob *blob)
{
	struct bh_board *board = &blob->board;

	memset(blob, 0, sizeof(*blob));
	memcpy(blob->header.magic, "BULKHEAD", 8);
	blob->header.version = BH_CONFIG_VERSION;
	blob->header.size = sizeof(*blob);
	snprintf(board->name, sizeof(board->name), "unit");
	board->hypervisor = (struct bh_range){ 0x38000000, 0x800000 };
	board->console = (struct bh_console){ .type = BH_CONSOLE_8250_PORT, .stride = 1,
					      .address = 0x2f8, .divisor = 1 };
	board->physical_bits = 40;
	board->flags = BH_BOARD_PAGES_1G;
	board->pool_count = 2;
	snprintf(board->root.name, sizeof(board->root.name), "root");
	board->root.cpus[0] = 0xf;
	board->root.region_count = 4;
	board->root.port_count = 3;
	board->root.msr_count = 2;
	blob->pools[0] = (struct bh_range){ 0x38800000, 0x800000 };
	blob->pools[1] = (struct bh_range){ 0x3a000000, 0x1000000 };
	blob->regions[0] = region("low", 0, 0xa0000, 7, BH_REGION_RAM);
	blob->regions[1] = region("vga", 0xa0000, 0x20000, 3, BH_REGION_DEVICE);
	blob->regions[2] = region("main", 0x100000, 0x37f00000, 7, BH_REGION_RAM);
	blob->regions[3] = region("high", 0x100000000, 0x40000000, 7, BH_REGION_RAM);
	blob->ports[0] = (struct bh_ports){ .first = 0x20, .last = 0x21 };
	blob->ports[1] = (struct bh_ports){ .first = 0x40, .last = 0x43 };
	blob->ports[2] = (struct bh_ports){ .first = 0x3f8, .last = 0x3ff };
	blob->msrs[0] = (struct bh_msrs){ .first = 0xc90, .last = 0xc9f };
	blob->msrs[1] = (struct bh_msrs){ .first = 0x1a4, .last = 0x1a4 };
	blob_seal(&blob->header);
}

void blob_mutate(void *blob, const struct mutation *mutation)
{
	memcpy((char *)blob + mutation->offset, &mutation->value, mutation->size);
}

typedef unsigned __int128 wide;

/* Memory that is somebody's, in one flat list. */
#define FLAT (5 + BH_MAX_IOAPICS + BH_MAX_POOLS + BH_MAX_REGIONS)
struct flat {
	uint64_t start[FLAT];
	uint64_t size[FLAT];
	char what[FLAT]; /* a pool, shared memory, a device's BAR, or else 0 */
	size_t count;
};

static void flat_add(struct flat *flat, uint64_t start, uint64_t size, char what)
{
	flat->what[flat->count] = what;
	flat->start[flat->count] = start;
	flat->size[flat->count] = size;
	flat->count++;
}

static char region_what(uint32_t flags)
{
	if (flags & 1)
		return 's';
	return flags & 16 ? 'b' : 0;
}

static const char *broken_memory(const struct config_view *view)
{
	const struct bh_board *board = view->board;
	struct flat flat = { .count = 0 };
	size_t i, j;

	flat_add(&flat, 0xfee00000, 0x1000, 0);
	flat_add(&flat, board->hypervisor.start, board->hypervisor.size, 0);
	for (i = 0; i < board->pool_count; i++)
		flat_add(&flat, view->pools[i].start, view->pools[i].size, 'p');
	for (i = 0; i < board->root.region_count; i++)
		flat_add(&flat, view->regions[i].phys, view->regions[i].size,
			 region_what(view->regions[i].flags));
	for (i = 0; i < board->ioapic_count; i++)
		flat_add(&flat, view->ioapics[i].at, 4096, 0);
	if (board->mmconfig.at)
		flat_add(&flat, board->mmconfig.at + board->mmconfig.first_bus * 0x100000ULL,
			 (board->mmconfig.last_bus - board->mmconfig.first_bus + 1) * 0x100000ULL,
			 0);
	if (board->console.type == BH_CONSOLE_8250_MMIO)
		flat_add(&flat, board->console.address / 4096 * 4096, 4096, 0);
	for (i = 0; i < flat.count; i++) {
		if (flat.what[i] != 'b' && (flat.start[i] % 4096 || flat.size[i] % 4096))
			return "4K alignment";
		if (flat.size[i] == 0)
			return "no empty range";
		if ((wide)flat.start[i] + flat.size[i] > (wide)1 << board->physical_bits)
			return "physical width";
		for (j = 0; j < i; j++)
			if (!(flat.what[i] == 's' && flat.what[j] == 'p') &&
			    (wide)flat.start[i] < (wide)flat.start[j] + flat.size[j] &&
			    (wide)flat.start[j] < (wide)flat.start[i] + flat.size[i])
				return "no overlap";
	}
	if (board->hypervisor.start % 0x200000)
		return "2M alignment of hypervisor memory";
	return board->hypervisor.size > 1u << 30 ? "hypervisor memory of at most 1G" : NULL;
}

static const char *broken_name(const char name[BH_NAME_SIZE])
{
	size_t length = strnlen(name, BH_NAME_SIZE);
	size_t i;

	if (length == 0 || length == BH_NAME_SIZE)
		return "names of 1 to 31 characters";
	if (strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.+") !=
	    length)
		return "characters of names";
	for (i = length; i < BH_NAME_SIZE; i++)
		if (name[i])
			return "zeros behind names";
	return NULL;
}

static bool is_in_pool(const struct config_view *view, const struct bh_region *region)
{
	size_t i;

	for (i = 0; i < view->board->pool_count; i++)
		if (region->phys >= view->pools[i].start &&
		    (wide)region->phys + region->size <=
			    (wide)view->pools[i].start + view->pools[i].size)
			return true;
	return false;
}

static const char *broken_regions(const struct config_view *view)
{
	const struct bh_region *regions = view->regions;
	bool has_ram = false;
	size_t i, j;

	for (i = 0; i < view->board->root.region_count; i++) {
		if (broken_name(regions[i].name))
			return broken_name(regions[i].name);
		for (j = 0; j < i; j++)
			if (strcmp(regions[i].name, regions[j].name) == 0)
				return "names once";
		if (regions[i].at != regions[i].phys)
			return "root's memory where it is";
		if (regions[i].access > 7 || !(regions[i].access & 1))
			return "access with reading";
		if (regions[i].kind > 1)
			return "known kinds";
		if (regions[i].reserved)
			return "reserved bytes of regions";
		/* 1 is shared, 4 is lent, 8 for DMA, 16 and 32 a device's. */
		if ((regions[i].flags & ~61u) || (regions[i].flags & 5) == 5)
			return "flags of root's regions";
		if ((regions[i].flags & 8) && regions[i].kind != 0)
			return "RAM for DMA";
		if ((regions[i].flags & 1) && !is_in_pool(view, &regions[i]))
			return "shared memory from a pool";
		if ((regions[i].flags & 1) && regions[i].kind != 0)
			return "shared memory is RAM";
		has_ram |= regions[i].kind == 0;
	}
	return has_ram ? NULL : "some RAM";
}

static const char *broken_ports(const struct config_view *view)
{
	const struct bh_console *console = &view->board->console;
	bool has_console = console->type == BH_CONSOLE_8250_PORT;
	uint32_t i, j;

	if (has_console && console->address > 0xfff8)
		return "console below the last port";
	for (i = 0; i < view->board->root.port_count; i++) {
		const struct bh_ports *ports = &view->ports[i];

		if (ports->flags > 1)
			return "flags of ports";
		if (ports->first > ports->last)
			return "ports ascend";
		if (has_console && ports->last >= console->address &&
		    ports->first < console->address + 8)
			return "console's ports are its own";
		for (j = 0; j < i; j++)
			if (ports->first <= view->ports[j].last &&
			    view->ports[j].first <= ports->last)
				return "ports once";
	}
	return NULL;
}

static const char *broken_msrs(const struct config_view *view)
{
	uint32_t i, j, n;

	for (i = 0; i < view->board->root.msr_count; i++) {
		const struct bh_msrs *msrs = &view->msrs[i];

		if (msrs->first > msrs->last)
			return "MSRs ascend";
		if (msrs->last > 0x1fff && (msrs->first < 0xc0000000 || msrs->last > 0xc0001fff))
			return "MSRs of the bitmap";
		/* A handful that would let a cell out. */
		for (n = msrs->first; n <= msrs->last; n++)
			if (n == 0x1b || n == 0x3a || n == 0x79 || n == 0x830)
				return "no dangerous MSR";
		for (j = 0; j < i; j++)
			if (msrs->first <= view->msrs[j].last && view->msrs[j].first <= msrs->last)
				return "MSRs once";
	}
	return NULL;
}

static const char *broken_board(const struct bh_board *board)
{
	static const struct bh_console no_console;
	const struct bh_console *console = &board->console;
	unsigned int cpus = 0;
	size_t i;

	if (broken_name(board->name) || broken_name(board->root.name))
		return "names of board and root";
	if (board->physical_bits < 32 || board->physical_bits > 52)
		return "physical bits";
	if (board->hpet % 4096 || board->hpet >> board->physical_bits)
		return "the HPET's page";
	if (board->flags > 63 || board->iommu_size % 8 || console->reserved ||
	    board->root.on_fault > 1)
		return "known flags and values";
	if ((board->flags & 16) && (board->flags & 32))
		return "one word on multihit";
	if (board->root.flags || board->root.entry || board->root.reserved ||
	    board->root.device_count || board->root.irq_count ||
	    memcmp(&board->root.console, &no_console, sizeof(no_console)) != 0)
		return "nothing of other cells in root";
	for (i = 0; i < BH_CPU_WORDS; i++)
		cpus += (unsigned int)__builtin_popcountll(board->root.cpus[i]);
	if (cpus == 0)
		return "some CPU";
	if (board->test.stage > 14 || (board->test.stage == 0 && board->test.cpu != 0))
		return "test";
	if (board->test.stage && (board->test.cpu > 255 ||
	    !(board->root.cpus[board->test.cpu / 64] & 1ULL << board->test.cpu % 64)))
		return "CPU of the test";
	if (console->type > 2 || console->divisor > 65535)
		return "console";
	if (console->type == 0 && (console->address || console->stride || console->divisor))
		return "no settings without console";
	if (console->type == 1 && console->stride != 1)
		return "stride of ports";
	if (console->type == 2 &&
	    ((console->stride != 1 && console->stride != 4) || console->address % console->stride ||
	     console->address % 4096 + 8 * console->stride > 4096))
		return "registers in one page";
	return NULL;
}

const char *blob_broken_rule(const struct config_view *view)
{
	const char *rule = broken_board(view->board);

	if (!rule)
		rule = pci_broken_places(view);
	if (!rule)
		rule = broken_memory(view);
	if (!rule)
		rule = broken_regions(view);
	if (!rule)
		rule = broken_ports(view);
	if (!rule)
		rule = broken_msrs(view);
	if (!rule)
		rule = pci_broken_rule(view);
	return rule;
}
