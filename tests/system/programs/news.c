/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * news MILLISECONDS: waits for news of the device as a monitor does, until none has come for so
 * long, and prints them in the order in which they come:
 *
 *   readable           the device became readable; then what it reads:
 *   cell NAME STATE    each cell
 *   fault SEQUENCE     each fault record
 *   uevent WORD...     a uevent of the device, its own variables only
 */
#include <fcntl.h>
#include <linux/netlink.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <bulkhead/fault.h>
#include <bulkhead/ioctl.h>

static int device;
static uint64_t next_fault = 1;

static void die(const char *what)
{
	perror(what);
	exit(1);
}

static int open_uevents(void)
{
	const struct sockaddr_nl address = { .nl_family = AF_NETLINK, .nl_groups = 1 };
	int uevents = socket(AF_NETLINK, SOCK_DGRAM, NETLINK_KOBJECT_UEVENT);

	if (uevents < 0 || bind(uevents, (const struct sockaddr *)&address, sizeof(address)) != 0)
		die("uevents");
	return uevents;
}

static int read_page(uint32_t what, uint64_t position, void *page)
{
	struct bh_ioctl_read call = {
		.what = what, .position = position, .buffer = (uintptr_t)page,
	};

	return ioctl(device, BH_IOCTL_READ, &call);
}

static void read_news(void)
{
	static unsigned char page[BH_PAGE_SIZE] __attribute__((aligned(8)));
	const struct bh_cell_info *cell = (const struct bh_cell_info *)page;
	const struct bh_chunk *chunk = (const struct bh_chunk *)page;
	const struct bh_fault *faults = (const struct bh_fault *)(chunk + 1);
	uint64_t position, i;

	for (position = 0; read_page(BH_READ_CELL, position, page) == 0; position = cell->id + 1)
		printf("cell %s %u\n", cell->name, cell->state);
	while (read_page(BH_READ_FAULTS, next_fault, page) == 0 && chunk->count > 0) {
		for (i = 0; i < chunk->count; i++)
			printf("fault %llu\n", (unsigned long long)faults[i].sequence);
		next_fault = chunk->next;
	}
}

static void print_uevent(int uevents)
{
	char text[4096];
	ssize_t size = recv(uevents, text, sizeof(text) - 1, 0);
	ssize_t at;

	if (size < 0)
		die("uevent");
	text[size] = 0;
	if (!strstr(text, "/misc/bulkhead"))
		return;
	printf("uevent");
	for (at = 0; at < size; at += (ssize_t)strlen(text + at) + 1)
		if (strncmp(text + at, "BULKHEAD_EVENT=", 15) == 0 ||
		    strncmp(text + at, "CELL=", 5) == 0 || strncmp(text + at, "STATE=", 6) == 0 ||
		    strncmp(text + at, "FAULTS=", 7) == 0)
			printf(" %s", text + at);
	printf("\n");
}

int main(int argc, char **argv)
{
	struct pollfd files[2];
	int patience = argc > 1 ? atoi(argv[1]) : 1000;

	device = open(BH_DEVICE, O_RDWR);
	if (device < 0)
		die(BH_DEVICE);
	setvbuf(stdout, NULL, _IOLBF, 0);
	files[0] = (struct pollfd){ .fd = device, .events = POLLIN };
	files[1] = (struct pollfd){ .fd = open_uevents(), .events = POLLIN };
	puts("waits");
	while (poll(files, 2, patience) > 0) {
		if (files[0].revents) {
			puts("readable");
			read_news();
		}
		if (files[1].revents)
			print_uevent(files[1].fd);
	}
	return 0;
}
