// SPDX-License-Identifier: GPL-2.0-only
/* What is written to GCMD. See vtd_command.h. */
#include "model/vtd_command.h"

#include "model/vtd_registers.h"

/* Of the other bits each is one command, done once (VT-d specification, 11.4.4). */
uint32_t vtd_command_value(uint32_t *staying, uint32_t bit, bool on)
{
	uint32_t others = *staying & ~bit;

	*staying = others | (on ? bit & GCMD_STAYING : 0);
	return others | (on ? bit : 0);
}
