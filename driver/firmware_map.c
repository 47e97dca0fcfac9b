// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reads the firmware's memory map where programs find it, in sysfs: what Linux has of it inside is
 * KVM's alone from 6.19 on. Its entries are in no order, and one may go on where another ends.
 */
#include "firmware_map.h"

#include <linux/err.h>
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/kstrtox.h>
#include <linux/string.h>

#define FOLDER "/sys/firmware/memmap"

/* A file of the entry with this number: "0x100000\n". */
static bool read_text(unsigned int number, const char *name, char *text, size_t size)
{
	struct file *file;
	ssize_t length;
	loff_t at = 0;
	char path[64];

	snprintf(path, sizeof(path), FOLDER "/%u/%s", number, name);
	file = filp_open(path, O_RDONLY, 0);
	if (IS_ERR(file))
		return false;
	length = kernel_read(file, text, size - 1, &at);
	filp_close(file, NULL);
	text[max_t(ssize_t, length, 0)] = '\0';
	return length > 0;
}

static bool read_address(unsigned int number, const char *name, u64 *address)
{
	char text[32];

	return read_text(number, name, text, sizeof(text)) && kstrtou64(text, 0, address) == 0;
}

bool firmware_map_is_there(void)
{
	char text[32];

	return read_text(0, "type", text, sizeof(text));
}

/* Where the RAM around an address ends; the address itself if there is none. */
static u64 end_of_ram(u64 address)
{
	u64 first, last;
	char type[32];
	unsigned int i;

	for (i = 0; read_text(i, "type", type, sizeof(type)); i++)
		if (sysfs_streq(type, "System RAM") && read_address(i, "start", &first) &&
		    read_address(i, "end", &last) && first <= address && address <= last)
			return last + 1;
	return address;
}

bool firmware_map_has_ram(const struct bh_range *range)
{
	u64 at = range->start;
	u64 next;

	while (at < range_end(*range)) {
		next = end_of_ram(at);
		if (next <= at)
			return false;
		at = next;
	}
	return true;
}
