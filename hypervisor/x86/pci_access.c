/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reads and writes configuration space. The two ports are one register of the machine, so they are
 * used by one CPU at a time; an access in memory needs no lock.
 */
#include "x86/pci_access.h"

#include "core/cpu.h"
#include "core/hypervisor.h"
#include "core/spinlock.h"
#include "model/bits.h"
#include "model/pci.h"
#include "model/range.h"
#include "x86/device_memory.h"
#include "x86/port.h"

#define PAGE_OF_FUNCTION 12 /* PCI Express base 3.0, 7.2.2: 4 KiB each */

static struct spinlock ports_lock;

static bool in_memory(uint32_t function, uint32_t offset, hpa_t *at)
{
	const struct bh_mmconfig *mmconfig = &hypervisor.config.board->mmconfig;

	*at = HPA(mmconfig->at + ((uint64_t)function << PAGE_OF_FUNCTION) + offset);
	return range_has(pci_mmconfig_range(mmconfig), at->v);
}

uint32_t pci_access_size(uint32_t function)
{
	hpa_t at;

	return in_memory(function, 0, &at) ? PCI_EXTENDED_SIZE : PCI_CONFIG_SIZE;
}

/* With the lock held; the port that the register is at then. */
static uint16_t select_register(uint32_t function, uint32_t offset)
{
	port_write32(PCI_PORT_ADDRESS, PCI_PORT_ENABLE | function << 8 | (offset & 0xfc));
	return (uint16_t)(PCI_PORT_DATA + offset % 4);
}

static uint32_t read_port(uint16_t port, uint32_t width)
{
	switch (width) {
	case 1:
		return port_read8(port);
	case 2:
		return port_read16(port);
	default:
		return port_read32(port);
	}
}

static void write_port(uint16_t port, uint32_t width, uint32_t value)
{
	switch (width) {
	case 1:
		port_write8(port, (uint8_t)value);
		break;
	case 2:
		port_write16(port, (uint16_t)value);
		break;
	default:
		port_write32(port, value);
		break;
	}
}

uint32_t pci_access_read(uint32_t function, uint32_t offset, uint32_t width)
{
	uint32_t value;
	hpa_t at;

	if (in_memory(function, offset, &at))
		return (uint32_t)device_memory_read(cpu_this(), at, width);
	if (offset >= PCI_CONFIG_SIZE)
		return (uint32_t)bytes_mask(width);
	spin_lock(&ports_lock);
	value = read_port(select_register(function, offset), width);
	spin_unlock(&ports_lock);
	return value;
}

void pci_access_write(uint32_t function, uint32_t offset, uint32_t width, uint32_t value)
{
	hpa_t at;

	if (in_memory(function, offset, &at)) {
		device_memory_write(cpu_this(), at, width, value);
		return;
	}
	if (offset >= PCI_CONFIG_SIZE)
		return;
	spin_lock(&ports_lock);
	write_port(select_register(function, offset), width, value);
	spin_unlock(&ports_lock);
}
