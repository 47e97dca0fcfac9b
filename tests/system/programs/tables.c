/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * tables: what a debug build of the hypervisor tells of itself, a line an item.
 *
 *   tables map ID           leaves of a cell's second-level map as they are in memory
 *   tables invalidations    changes that a TLB could have cached, and invalidations
 *   tables entries          of the first IOMMU, from the first requester id on
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

#include <bulkhead/ioctl.h>

static union {
	struct bh_chunk chunk;
	uint8_t bytes[4096];
} page;

static const void *read_chunk(int device, uint32_t what, uint64_t position)
{
	struct bh_ioctl_read call = {
		.what = what, .position = position, .buffer = (uintptr_t)&page,
	};

	if (ioctl(device, BH_IOCTL_READ, &call) == 0)
		return &page.chunk + 1;
	fprintf(stderr, "%s\n", call.refusal.text);
	exit(1);
}

static void print_map(int device, uint32_t cell)
{
	uint64_t position = BH_READ_AT(cell, 0);

	do {
		const struct bh_leaf *leaf = read_chunk(device, BH_READ_MAP, position);
		const struct bh_leaf *end = leaf + page.chunk.count;

		for (; leaf < end; leaf++)
			printf("0x%llx 0x%llx %llu %c%c%c %s\n", (unsigned long long)leaf->at,
			       (unsigned long long)leaf->phys, (unsigned long long)leaf->size,
			       leaf->access & BH_ACCESS_READ ? 'r' : '-',
			       leaf->access & BH_ACCESS_WRITE ? 'w' : '-',
			       leaf->access & BH_ACCESS_EXECUTE ? 'x' : '-',
			       leaf->uncached ? "uncached" : "write-back");
		position = page.chunk.next;
	} while (page.chunk.count > 0);
}

static void print_invalidations(int device)
{
	static const char *const kinds[] = {
		[BH_INVALIDATE_CHANGE] = "change", [BH_INVALIDATE_VPID] = "owner",
		[BH_INVALIDATE_EPT] = "invept", [BH_INVALIDATE_INVVPID] = "invvpid",
		[BH_INVALIDATE_RETURN] = "return", [BH_INVALIDATE_DEVICE] = "device",
		[BH_INVALIDATE_UNIT] = "unit", [BH_INVALIDATE_UNIT_ALL] = "unit-all",
		[BH_INVALIDATE_WRITTEN] = "written",
	};
	uint64_t position = 0;

	do {
		const struct bh_invalidation *r =
			read_chunk(device, BH_READ_INVALIDATIONS, position);
		const struct bh_invalidation *end = r + page.chunk.count;

		for (; r < end; r++)
			printf("%llu %s %u %u %u 0x%llx\n", (unsigned long long)r->sequence,
			       kinds[r->kind], r->cpu, r->cell, r->vpid,
			       (unsigned long long)r->eptp);
		position = page.chunk.next;
	} while (page.chunk.count > 0);
}

static void print_entries(int device)
{
	uint64_t position = 0;

	do {
		const struct bh_device_entry *entry =
			read_chunk(device, BH_READ_DEVICE_ENTRIES, position);
		const struct bh_device_entry *end = entry + page.chunk.count;

		for (; entry < end; entry++)
			printf("0x%llx 0x%llx 0x%llx 0x%llx\n",
			       (unsigned long long)entry->words[0],
			       (unsigned long long)entry->words[1],
			       (unsigned long long)entry->words[2],
			       (unsigned long long)entry->words[3]);
		position = page.chunk.next;
	} while (page.chunk.count > 0);
}

int main(int argc, char **argv)
{
	int device = open(BH_DEVICE, O_RDWR);

	if (device < 0 || argc < 2) {
		perror("tables");
		return 1;
	}
	if (argc > 2 && strcmp(argv[1], "map") == 0)
		print_map(device, (uint32_t)atoi(argv[2]));
	else if (strcmp(argv[1], "entries") == 0)
		print_entries(device);
	else
		print_invalidations(device);
	return 0;
}
