/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * PCI configuration space for attackers: every access as it is asked for, in every width, by either
 * mechanism, and just enough of a search to find a device of one's own.
 */
#include "attack.h"

#include "machine.h"
#include "runtime.h"

#define PORT_ADDRESS    0xcf8u /* PCI Local Bus Specification 3.0, 3.2.2.3.2 */
#define PORT_DATA       0xcfcu
#define ADDRESS_ENABLE  0x80000000u
#define FUNCTIONS       0x10000u
#define STATUS          0x06u
#define STATUS_HAS_LIST 0x10u
#define LIST            0x34u
#define LIST_LONGEST    48u
#define BAR             0x10u
#define BAR_FLAGS       0xfu
#define BAR_64          0x4u

bool config_has_memory(void)
{
	return argument_number("mmconfig", 0) != 0;
}

uint64_t config_place(uint32_t function, uint32_t reg)
{
	static uint64_t base;

	if (!base)
		base = argument_number("mmconfig", 0);
	return base + ((uint64_t)function << 12) + reg;
}

static uint32_t port_select(uint32_t function, uint32_t reg)
{
	port_write(PORT_ADDRESS, 4, ADDRESS_ENABLE | function << 8 | (reg & 0xfc));
	return PORT_DATA + (reg & 3);
}

static uint32_t memory_read(uint64_t place, uint32_t width)
{
	if (width == 1)
		return *(volatile uint8_t *)place;
	if (width == 2)
		return *(volatile uint16_t *)place;
	return *(volatile uint32_t *)place;
}

uint32_t config_read(enum config_way way, uint32_t function, uint32_t reg, uint32_t width)
{
	if (way == BY_MEMORY)
		return memory_read(config_place(function, reg), width);
	return port_read(port_select(function, reg), width);
}

static void memory_write(uint64_t place, uint32_t width, uint32_t value)
{
	if (width == 1)
		*(volatile uint8_t *)place = (uint8_t)value;
	else if (width == 2)
		*(volatile uint16_t *)place = (uint16_t)value;
	else
		*(volatile uint32_t *)place = value;
}

void config_write(enum config_way way, uint32_t function, uint32_t reg, uint32_t width,
		  uint32_t value)
{
	if (way == BY_MEMORY)
		memory_write(config_place(function, reg), width, value);
	else
		port_write(port_select(function, reg), width, value);
}

bool config_find(uint32_t id, uint32_t *function)
{
	for (*function = 0; *function < FUNCTIONS; ++*function)
		if (config_read(BY_PORTS, *function, 0, 4) == id)
			return true;
	return false;
}

uint32_t config_capability(uint32_t function, uint32_t id)
{
	uint32_t at, count;

	if (!(config_read(BY_PORTS, function, STATUS, 2) & STATUS_HAS_LIST))
		return 0;
	at = config_read(BY_PORTS, function, LIST, 1) & 0xfc;
	for (count = 0; at && count < LIST_LONGEST; count++) {
		if (config_read(BY_PORTS, function, at, 1) == id)
			return at;
		at = config_read(BY_PORTS, function, at + 1, 1) & 0xfc;
	}
	return 0;
}

uint64_t config_bar(uint32_t function, uint32_t number)
{
	uint64_t low = config_read(BY_PORTS, function, BAR + 4 * number, 4);

	if (low & BAR_64)
		low |= (uint64_t)config_read(BY_PORTS, function, BAR + 4 * number + 4, 4) << 32;
	return low & ~(uint64_t)BAR_FLAGS;
}
