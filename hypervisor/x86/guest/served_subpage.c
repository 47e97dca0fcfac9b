/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Regions of less than a page, carried out as they are.
 */
#include "x86/device_memory.h"
#include "x86/guest/served.h"

static bool read_subpage(struct cpu *cpu, const struct served *served, uint64_t *value)
{
	*value = device_memory_read(cpu, served_phys(served), served->size);
	return true;
}

static bool write_subpage(struct cpu *cpu, const struct served *served, uint64_t value)
{
	device_memory_write(cpu, served_phys(served), served->size, value);
	return true;
}

const struct served_kind served_subpage = { .read = read_subpage, .write = write_subpage };
