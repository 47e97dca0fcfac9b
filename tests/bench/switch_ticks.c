// SPDX-License-Identifier: GPL-2.0-only
/*
 * Runs inside a machine of the lab: enables or disables by the driver's call and prints the ticks
 * of the TSC that it took. The configuration is in its binary form already, so this is the
 * driver's and the hypervisor's work alone.
 *
 *	switch_ticks enable BLOB | disable
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <x86intrin.h>

#include <bulkhead/ioctl.h>

#define BLOB_MAX (64 * 1024)

static char blob[BLOB_MAX];

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

static int print_ticks(int device, unsigned long call, void *argument,
		       const struct bh_refusal *refusal)
{
	unsigned long long start, end;
	int result;

	start = __rdtsc();
	result = ioctl(device, call, argument);
	end = __rdtsc();
	if (result != 0) {
		fprintf(stderr, "refused: %s\n", refusal->text);
		return EXIT_FAILURE;
	}
	printf("ticks %llu\n", end - start);
	return EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
	struct bh_ioctl_disable disable = { 0 };
	struct bh_ioctl_enable enable = { .config = (uint64_t)blob };
	int device = open(BH_DEVICE, O_RDWR | O_CLOEXEC);

	if (device < 0) {
		perror(BH_DEVICE);
		return EXIT_FAILURE;
	}
	if (argc == 3 && strcmp(argv[1], "enable") == 0) {
		enable.config_size = blob_read(argv[2]);
		return print_ticks(device, BH_IOCTL_ENABLE, &enable, &enable.refusal);
	}
	if (argc == 2 && strcmp(argv[1], "disable") == 0)
		return print_ticks(device, BH_IOCTL_DISABLE, &disable, &disable.refusal);
	fprintf(stderr, "usage: %s enable BLOB | disable\n", argv[0]);
	return EXIT_FAILURE;
}
