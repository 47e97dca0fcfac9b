/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * kvm SECONDS: makes a KVM virtual machine, which takes VMX into use, and keeps it that long.
 */
#include <fcntl.h>
#include <linux/kvm.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	int device = open("/dev/kvm", O_RDWR);

	if (device < 0 || ioctl(device, KVM_CREATE_VM, 0) < 0) {
		perror("kvm");
		return 1;
	}
	printf("vm\n");
	fflush(stdout);
	sleep(argc > 1 ? (unsigned int)atoi(argv[1]) : 1);
	return 0;
}
