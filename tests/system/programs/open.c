/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * open: how far an unprivileged process gets with the driver's device. It opens it while it is
 * root, gives up all privileges, and calls: the node's mode does not help then, the capability has
 * to.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <bulkhead/ioctl.h>

int main(void)
{
	struct bh_ioctl_disable disable = { .force = 0 };
	int device = open(BH_DEVICE, O_RDWR);
	int again;

	if (device < 0 || setgid(65534) != 0 || setuid(65534) != 0)
		return 1;
	again = open(BH_DEVICE, O_RDWR);
	printf("open: %s\n", again < 0 ? strerror(errno) : "done");
	printf("disable: %s\n",
	       ioctl(device, BH_IOCTL_DISABLE, &disable) ? strerror(errno) : "done");
	return 0;
}
