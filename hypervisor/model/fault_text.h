/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A fault record in one line for a person: who tried what, where, by which instruction.
 */
#ifndef MODEL_FAULT_TEXT_H
#define MODEL_FAULT_TEXT_H

#include <bulkhead/fault.h>

#define FAULT_TEXT_MAX 320

const char *fault_kind_name(uint32_t kind);
/* Which device it was, of BH_FAULT_DMA, as Linux writes it: "0000:00:1f.2". */
#define FAULT_DEVICE_MAX 16
void fault_device_text(const struct bh_fault *fault, char *text, size_t size);

void fault_text(const struct bh_fault *fault, char *text, size_t size);

#endif
