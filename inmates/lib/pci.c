/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * PCI configuration space, by both of its mechanisms, and what is found in it. Interrupts are in
 * pci_msi.c.
 */
#include <inmate/pci.h>

#include <inmate/cpu.h>

#include "internal.h"

#define PORT_ADDRESS     0xcf8u /* PCI Local Bus Specification 3.0, 3.2.2.3.2 */
#define PORT_DATA        0xcfcu
#define ADDRESS_ENABLE   0x80000000u
#define PORTS_END        0x100u
#define FUNCTIONS        0x10000u
#define BARS             6u
#define NOTHING          0xffffu /* no vendor has it */
#define COMMAND_PORTS    (1u << 0)
#define COMMAND_MEMORY   (1u << 1)
#define COMMAND_MASTER   (1u << 2)
#define COMMAND_NO_INTX  (1u << 10)
#define STATUS_HAS_LIST  (1u << 4)
#define BAR_IS_PORTS     (1u << 0)
#define BAR_KIND         (3u << 1)
#define BAR_64           (2u << 1)
#define BAR_PORTS_FLAGS  0x3u
#define BAR_MEMORY_FLAGS 0xfu
#define LIST_LONGEST     48u /* capabilities of four bytes fill what is behind the header */
#define EXTENDED_LONGEST 960u

static uint64_t mmconfig;
static uint64_t dma_offset;

void pci_use_mmconfig(uint64_t base)
{
	mmconfig = base;
}

static uint64_t in_mmconfig(pci_function function, unsigned int reg)
{
	return mmconfig + ((uint64_t)function << 12) + reg;
}

/* The data port to use; the address stays for it. An interrupt handler must not come between. */
static uint16_t port_select(pci_function function, unsigned int reg)
{
	port_out32(PORT_ADDRESS, ADDRESS_ENABLE | (uint32_t)function << 8 | (reg & 0xfcu));
	return (uint16_t)(PORT_DATA + (reg & 3));
}

/* pci_read8() and its like. */
#define PCI_ACCESS(bits)                                                                       \
	uint##bits##_t pci_read##bits(pci_function function, unsigned int reg)                 \
	{                                                                                      \
		uint##bits##_t value;                                                          \
		bool were_on;                                                                  \
											       \
		if (mmconfig)                                                                  \
			return *(volatile uint##bits##_t *)in_mmconfig(function, reg);         \
		if (reg >= PORTS_END)                                                          \
			return (uint##bits##_t)~0u;                                            \
		were_on = interrupts_save();                                                   \
		value = port_in##bits(port_select(function, reg));                             \
		interrupts_restore(were_on);                                                   \
		return value;                                                                  \
	}                                                                                      \
											       \
	void pci_write##bits(pci_function function, unsigned int reg, uint##bits##_t value)    \
	{                                                                                      \
		bool were_on;                                                                  \
											       \
		if (mmconfig) {                                                                \
			*(volatile uint##bits##_t *)in_mmconfig(function, reg) = value;        \
			return;                                                                \
		}                                                                              \
		if (reg >= PORTS_END)                                                          \
			return;                                                                \
		were_on = interrupts_save();                                                   \
		port_out##bits(port_select(function, reg), value);                             \
		interrupts_restore(were_on);                                                   \
	}

PCI_ACCESS(8)
PCI_ACCESS(16)
PCI_ACCESS(32)
#undef PCI_ACCESS

/*
 * A cell may have a function of a device without having its function 0, so that does not say
 * whether to look at the others.
 */
bool pci_next(uint32_t from, pci_function *function)
{
	for (; from < FUNCTIONS; from++) {
		*function = (pci_function)from;
		if (pci_read16(*function, PCI_ID) != NOTHING)
			return true;
	}
	return false;
}

bool pci_find(uint16_t vendor, uint16_t device, pci_function *function)
{
	uint32_t from;

	for (from = 0; pci_next(from, function); from = *function + 1u)
		if (pci_read32(*function, PCI_ID) == ((uint32_t)device << 16 | vendor))
			return true;
	return false;
}

/* PCI Local Bus Specification 3.0, 6.2.5.1. */
uint64_t pci_bar(pci_function function, unsigned int number)
{
	uint32_t low = pci_read32(function, PCI_BAR + 4 * number);

	if (low & BAR_IS_PORTS)
		return low & ~BAR_PORTS_FLAGS;
	if ((low & BAR_KIND) == BAR_64 && number + 1 < BARS)
		return (uint64_t)pci_read32(function, PCI_BAR + 4 * (number + 1)) << 32 |
		       (low & ~BAR_MEMORY_FLAGS);
	return low & ~BAR_MEMORY_FLAGS;
}

unsigned int pci_capability(pci_function function, uint8_t id)
{
	unsigned int at, count;

	if (!(pci_read16(function, PCI_STATUS) & STATUS_HAS_LIST))
		return 0;
	at = pci_read8(function, PCI_CAPABILITIES) & 0xfcu;
	/* A list that bites its own tail must not hold us for ever. */
	for (count = 0; at && count < LIST_LONGEST; count++) {
		uint16_t entry = pci_read16(function, at);

		if ((entry & 0xff) == id)
			return at;
		at = entry >> 8 & 0xfcu;
	}
	return 0;
}

/* PCI Express Base Specification 3.0, 7.9.3: id, version, offset of the next. */
unsigned int pci_extended_capability(pci_function function, uint16_t id)
{
	unsigned int at = PCI_EXTENDED, count;

	for (count = 0; at >= PCI_EXTENDED && count < EXTENDED_LONGEST; count++) {
		uint32_t entry = pci_read32(function, at);

		if (entry == 0 || entry == ~0u)
			return 0;
		if ((entry & 0xffff) == id)
			return at;
		at = entry >> 20 & 0xffcu;
	}
	return 0;
}

void pci_enable(pci_function function)
{
	uint16_t command = pci_read16(function, PCI_COMMAND) & (uint16_t)~COMMAND_NO_INTX;

	pci_messages_off(function);
	pci_write16(function, PCI_COMMAND,
		    command | COMMAND_PORTS | COMMAND_MEMORY | COMMAND_MASTER);
}

/* Decoding stays: the program may still want to look at registers. */
void pci_disable(pci_function function)
{
	uint16_t command = pci_read16(function, PCI_COMMAND) & (uint16_t)~COMMAND_MASTER;

	pci_write16(function, PCI_COMMAND, command | COMMAND_NO_INTX);
}

void pci_dma_offset(uint64_t offset)
{
	dma_offset = offset;
}

uint64_t pci_dma_address(const volatile void *memory)
{
	return (uint64_t)memory + dma_offset;
}
