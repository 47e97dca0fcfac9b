/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Leaves a mark in a register of a device: says what it finds there and what stands there then. It
 * shows whether somebody has reset the device since the last run. The words:
 *
 *	id=0xDDDDVVVV    the device, as the first word of its configuration space has it
 *	bar=N at=OFFSET  the register, of 32 bits
 *	set=VALUE        the mark
 */
#include "attack.h"

#include "runtime.h"

int main(void)
{
	volatile uint32_t *at;
	uint32_t function;

	if (!config_find((uint32_t)argument_number("id", 0), &function)) {
		say("no such device\n");
		return 1;
	}
	config_write(BY_PORTS, function, CONFIG_COMMAND, 2, CONFIG_MEMORY);
	at = (volatile uint32_t *)(config_bar(function, (uint32_t)argument_number("bar", 0)) +
				   argument_number("at", 0));
	say("found 0x%x", (uint64_t)*at);
	*at = (uint32_t)argument_number("set", 0);
	say(", left 0x%x\n", (uint64_t)*at);
	return 0;
}
