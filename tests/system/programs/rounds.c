/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * rounds BLOB COUNT: enables and disables that often, by the driver's calls alone. All memory is
 * there before, so that nothing but the two calls happens between them, no page fault either.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <bulkhead/ioctl.h>

static char blob[64 * 1024];

static int switch_once(int device, size_t size)
{
	struct bh_ioctl_enable enable = {
		.config = (uintptr_t)blob, .config_size = (uint32_t)size,
	};
	struct bh_ioctl_disable disable = { .force = 0 };

	if (ioctl(device, BH_IOCTL_ENABLE, &enable) != 0) {
		printf("enable: %s\n", enable.refusal.text);
		return -1;
	}
	if (ioctl(device, BH_IOCTL_DISABLE, &disable) != 0) {
		printf("disable: %s\n", disable.refusal.text);
		return -1;
	}
	return 0;
}

int main(int argc, char **argv)
{
	int device = open(BH_DEVICE, O_RDWR);
	int file = argc == 3 ? open(argv[1], O_RDONLY) : -1;
	int i, count = argc == 3 ? atoi(argv[2]) : 0;
	ssize_t size = file < 0 ? -1 : read(file, blob, sizeof(blob));

	if (device < 0 || size < 0 || mlockall(MCL_CURRENT | MCL_FUTURE) != 0) {
		perror("rounds");
		return 1;
	}
	for (i = 0; i < count; i++)
		if (switch_once(device, (size_t)size) != 0)
			return 1;
	printf("rounds %d\n", count);
	return 0;
}
