/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The mnemonic of the instruction in a fault record: those with a memory operand by the model's
 * decoder, and the others for which a cell is stopped by a table.
 */
#ifndef TOOLS_INSTRUCTION_H
#define TOOLS_INSTRUCTION_H

#include <bulkhead/fault.h>

#define INSTRUCTION_TEXT_MAX 80

/* "" where it is not known. Returns how many bytes it has: all that there are where not known. */
unsigned int instruction_text(const struct bh_fault *fault, char text[INSTRUCTION_TEXT_MAX]);

/* The same of the table alone. */
void instruction_name(const struct bh_fault *fault, char text[INSTRUCTION_TEXT_MAX]);

#endif
