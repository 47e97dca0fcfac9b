/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Configuration space as an array of bytes. See pci_space.h.
 */
#include "pci_space.h"

#include <string.h>

static uint32_t read_word(void *context, uint32_t offset)
{
	return space_get(context, offset, 4);
}

void space_open(struct pci_space *space)
{
	memset(space, 0, sizeof(*space));
	space->reader = (struct pci_reader){ read_word, space, PCI_EXTENDED_SIZE };
}

void space_set(struct pci_space *space, uint32_t offset, uint32_t width, uint32_t value)
{
	memcpy(&space->bytes[offset], &value, width);
}

uint32_t space_get(const struct pci_space *space, uint32_t offset, uint32_t width)
{
	uint32_t value = 0;

	memcpy(&value, &space->bytes[offset], width);
	return value;
}

/* A capability and what follows it. */
static void capability(struct pci_space *space, uint32_t offset, uint32_t id, uint32_t next)
{
	space_set(space, offset, 2, next << 8 | id);
}

void space_fill_nic(struct pci_space *space)
{
	space_open(space);
	space_set(space, 0x00, 4, 0x10d38086);
	space_set(space, 0x04, 4, 0x00100407);
	space_set(space, 0x08, 4, 0x02000000);
	space_set(space, 0x10, 4, 0xfeb80000);
	space_set(space, 0x18, 4, 0x0000c041);
	space_set(space, 0x1c, 4, 0x8000000c);
	space_set(space, 0x20, 4, 0x00000003);
	space_set(space, 0x30, 4, 0xfeb40000);
	space_set(space, 0x34, 1, NIC_POWER);
	space_set(space, 0x3c, 4, 0x0000010b);
	capability(space, NIC_POWER, 0x01, NIC_MSI);
	space_set(space, NIC_POWER + 4, 2, 0x2108);
	capability(space, NIC_MSI, 0x05, NIC_EXPRESS);
	space_set(space, NIC_MSI + 2, 2, 0x0086); /* 64 bits, 8 messages */
	capability(space, NIC_EXPRESS, 0x10, NIC_MSIX);
	space_set(space, NIC_EXPRESS + 8, 4, 0x00002810);
	capability(space, NIC_MSIX, 0x11, NIC_MAKERS);
	space_set(space, NIC_MSIX + 2, 2, 0x0004);
	space_set(space, NIC_MSIX + 4, 4, 0x00001003);
	capability(space, NIC_MAKERS, 0x09, 0);
	space_set(space, NIC_ERRORS, 4, NIC_SERIAL << 20 | 0x10001);
	space_set(space, NIC_ERRORS + 4, 4, 0x00100000);
	space_set(space, NIC_SERIAL, 4, 0x10003);
}

void space_fill_bridge(struct pci_space *space)
{
	space_open(space);
	space_set(space, 0x00, 4, 0x34208086);
	space_set(space, 0x04, 4, 0x00100547);
	space_set(space, 0x0c, 4, 0x00010000);
	space_set(space, 0x18, 4, 0x00050401);
	space_set(space, 0x1c, 4, 0x2000c1c1);
	space_set(space, 0x20, 4, 0xfeb0fea0);
	space_set(space, 0x24, 4, 0x0001fff1);
	space_set(space, 0x34, 1, 0x40);
	capability(space, 0x40, 0x10, 0x90);
	space_set(space, 0x48, 4, 0x00002810);
	space_set(space, 0x58, 4, 0x000003c0);
	capability(space, 0x90, 0x01, 0);
	space_set(space, 0x94, 2, 0x0008);
}

const struct bh_device space_nic = {
	.name = "nic", .address = 0x18, .vendor_id = 0x8086, .device_id = 0x10d3, .pin = 11,
	.msix_entries = 5, .msix_bar = 3, .msix_offset = 0x1000,
	.bars = {
		[0] = { 0xfeb80000, 0x20000, BH_BAR_MEMORY, 0 },
		[2] = { 0xc040, 0x40, BH_BAR_PORTS, 0 },
		[3] = { 0x380000000, 0x4000, BH_BAR_MEMORY, 0 },
	},
};
