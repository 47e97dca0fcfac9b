/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * news: waits for news of the device as a monitor does, until SIGUSR1 has come and then none for a
 * second, and prints them in the order in which they come:
 *
 *   readable           the device became readable; then what it reads:
 *   cell NAME STATE    each cell
 *   fault SEQUENCE     each fault record
 *   uevent WORD...     a uevent of the device, its own variables only
 */
#include <fcntl.h>
#include <linux/netlink.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <bulkhead/fault.h>
#include <bulkhead/ioctl.h>

static int device;
static uint64_t next_fault = 1;

#define SILENCE_MS 1000

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

static int open_end(void)
{
	sigset_t signals;
	int end;

	sigemptyset(&signals);
	sigaddset(&signals, SIGUSR1);
	sigprocmask(SIG_BLOCK, &signals, NULL);
	end = signalfd(-1, &signals, 0);
	if (end < 0)
		die("signalfd");
	return end;
}

int main(void)
{
	struct pollfd files[3];
	int patience = -1;

	device = open(BH_DEVICE, O_RDWR);
	if (device < 0)
		die(BH_DEVICE);
	setvbuf(stdout, NULL, _IOLBF, 0);
	files[0] = (struct pollfd){ .fd = device, .events = POLLIN };
	files[1] = (struct pollfd){ .fd = open_uevents(), .events = POLLIN };
	files[2] = (struct pollfd){ .fd = open_end(), .events = POLLIN };
	puts("waits");
	while (poll(files, 3, patience) > 0) {
		if (files[0].revents) {
			puts("readable");
			read_news();
		}
		if (files[1].revents)
			print_uevent(files[1].fd);
		if (files[2].revents) {
			patience = SILENCE_MS;
			files[2].fd = -1; /* not looked at again */
		}
	}
	return 0;
}
