/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is written to the command register of a VT-d unit (GCMD). It cannot be read, and each write
 * says all bits that stay (GCMD_STAYING); the status register tells them, but late, and of emulated
 * units not all. So they are remembered.
 */
#ifndef MODEL_VTD_COMMAND_H
#define MODEL_VTD_COMMAND_H

#include <bulkhead/types.h>

/* The value that sets or clears one bit and leaves what stays; `staying` has it from then on. */
uint32_t vtd_command_value(uint32_t *staying, uint32_t bit, bool on);

#endif
