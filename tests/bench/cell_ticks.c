// SPDX-License-Identifier: GPL-2.0-only
/*
 * Runs inside a machine of the lab: lets a cell live several times by the driver's calls and prints
 * the ticks of the TSC that each step took, the middle one of all rounds. The cell's CPUs are
 * offline before, so no hotplug of Linux is in it.
 *
 *	cell_ticks BLOB
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <x86intrin.h>

#include <bulkhead/ioctl.h>

#define ROUNDS   9
#define LOADED   (1024 * 1024)
#define BLOB_MAX (64 * 1024)

enum step { CREATE, LOAD, START, STOP, DESTROY, STEPS };
static const char *const names[STEPS] = { "create", "load", "start", "stop", "destroy" };

static char blob[BLOB_MAX];
static unsigned char image[LOADED] = { 0xeb, 0xfe }; /* a jump to itself */
static unsigned long long ticks[STEPS][ROUNDS];
static int device, rounds;

static size_t blob_read(const char *path)
{
	FILE *file = fopen(path, "re");
	size_t size;

	if (!file) {
		perror(path);
		exit(EXIT_FAILURE);
	}
	size = fread(blob, 1, sizeof(blob), file);
	fclose(file);
	return size;
}

static void measure(enum step step, unsigned long call, void *argument,
		    const struct bh_refusal *refusal)
{
	unsigned long long start = __rdtsc();
	int result = ioctl(device, call, argument);

	ticks[step][rounds] = __rdtsc() - start;
	if (result == 0)
		return;
	fprintf(stderr, "%s refused: %s\n", names[step], refusal->text);
	exit(EXIT_FAILURE);
}

static void live(size_t size)
{
	struct bh_ioctl_cell_create create = { .config = (uintptr_t)blob, .config_size = size };
	struct bh_ioctl_cell_load load = {
		.data = (uintptr_t)image, .size = sizeof(image), .has_entry = 1,
	};
	struct bh_ioctl_cell_start start = { 0 };
	struct bh_ioctl_cell_shutdown stop = { .force = 1 };
	struct bh_ioctl_cell_destroy destroy = { 0 };

	measure(CREATE, BH_IOCTL_CELL_CREATE, &create, &create.refusal);
	load.cell = start.cell = stop.cell = destroy.cell = create.cell;
	measure(LOAD, BH_IOCTL_CELL_LOAD, &load, &load.refusal);
	measure(START, BH_IOCTL_CELL_START, &start, &start.refusal);
	measure(STOP, BH_IOCTL_CELL_SHUTDOWN, &stop, &stop.refusal);
	measure(DESTROY, BH_IOCTL_CELL_DESTROY, &destroy, &destroy.refusal);
}

static int compare(const void *a, const void *b)
{
	const unsigned long long *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

int main(int argc, char **argv)
{
	size_t size;
	int step;

	device = open(BH_DEVICE, O_RDWR | O_CLOEXEC);
	if (device < 0 || argc != 2) {
		perror(BH_DEVICE);
		return EXIT_FAILURE;
	}
	size = blob_read(argv[1]);
	for (rounds = 0; rounds < ROUNDS; rounds++)
		live(size);
	for (step = 0; step < STEPS; step++) {
		qsort(ticks[step], ROUNDS, sizeof(ticks[step][0]), compare);
		printf("%s %llu\n", names[step], ticks[step][ROUNDS / 2]);
	}
	return EXIT_SUCCESS;
}
