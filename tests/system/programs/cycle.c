/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * cycle BLOB IMAGE AT ENTRY COUNT: so many times creates a cell, loads an image, starts it, waits
 * for its first heartbeat, has it shut down and destroys it; by the driver's calls alone. Prints
 * how many pages of the pool were used before and after, or what was refused.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>

#include <bulkhead/ioctl.h>

#define PATIENCE 10 /* seconds */

struct file {
	char data[1 << 20];
	size_t size;
};

static struct file blob, image;
static int device;

static void file_read(struct file *file, const char *path)
{
	FILE *stream = fopen(path, "re");

	if (!stream) {
		perror(path);
		exit(1);
	}
	file->size = fread(file->data, 1, sizeof(file->data), stream);
	fclose(stream);
}

static void call(unsigned long number, void *argument, const struct bh_refusal *refusal,
		 const char *name, unsigned long cycle)
{
	if (ioctl(device, number, argument) == 0)
		return;
	printf("cycle %lu: %s refused: %s\n", cycle, name, refusal->text);
	exit(1);
}

static void read_page(uint32_t what, uint64_t position, void *page)
{
	struct bh_ioctl_read request = {
		.what = what, .position = position, .buffer = (uint64_t)page,
	};

	call(BH_IOCTL_READ, &request, &request.refusal, "read", position);
}

static uint64_t pool_used(void)
{
	static uint64_t page[512];

	read_page(BH_READ_INFO, 0, page);
	return ((struct bh_info *)page)->pool_used;
}

static void wait_for_heartbeat(uint32_t cell)
{
	static uint64_t page[512];
	struct bh_cell_info *info = (struct bh_cell_info *)page;
	time_t end = time(NULL) + PATIENCE;

	do {
		read_page(BH_READ_CELL, cell, page);
		if (info->id == cell && info->heartbeats)
			return;
	} while (time(NULL) < end);
	printf("cell %u: no heartbeat\n", cell);
	exit(1);
}

static void cycle(unsigned long number, uint64_t at, uint64_t entry)
{
	struct bh_ioctl_cell_create create = {
		.config = (uint64_t)blob.data, .config_size = blob.size,
	};
	struct bh_ioctl_cell_load load = {
		.has_entry = 1, .entry = entry, .at = at, .data = (uint64_t)image.data,
		.size = image.size,
	};
	struct bh_ioctl_cell_start start = { 0 };
	struct bh_ioctl_cell_shutdown shutdown = { 0 };
	struct bh_ioctl_cell_destroy destroy = { 0 };

	call(BH_IOCTL_CELL_CREATE, &create, &create.refusal, "create", number);
	load.cell = start.cell = shutdown.cell = destroy.cell = create.cell;
	call(BH_IOCTL_CELL_LOAD, &load, &load.refusal, "load", number);
	call(BH_IOCTL_CELL_START, &start, &start.refusal, "start", number);
	wait_for_heartbeat(create.cell);
	call(BH_IOCTL_CELL_SHUTDOWN, &shutdown, &shutdown.refusal, "shutdown", number);
	call(BH_IOCTL_CELL_DESTROY, &destroy, &destroy.refusal, "destroy", number);
}

int main(int argc, char **argv)
{
	unsigned long count, i;
	uint64_t before;

	if (argc != 6)
		return 2;
	device = open(BH_DEVICE, O_RDWR | O_CLOEXEC);
	if (device < 0) {
		perror(BH_DEVICE);
		return 1;
	}
	file_read(&blob, argv[1]);
	file_read(&image, argv[2]);
	count = strtoul(argv[5], NULL, 0);
	before = pool_used();
	for (i = 0; i < count; i++)
		cycle(i, strtoull(argv[3], NULL, 0), strtoull(argv[4], NULL, 0));
	printf("cycles %lu pages %llu %llu\n", count, (unsigned long long)before,
	       (unsigned long long)pool_used());
	return 0;
}
