/* SPDX-License-Identifier: GPL-2.0-only */
/* Names of the reasons for which a CPU leaves guest mode. */
#ifndef TOOLS_EXIT_REASONS_H
#define TOOLS_EXIT_REASONS_H

#include <stddef.h>
#include <stdint.h>

#define EXIT_REASON_NAME_MAX 48

/* Writes the manual's name of a basic exit reason, or "reason N". */
void exit_reason_name(uint32_t reason, char name[EXIT_REASON_NAME_MAX]);

#endif
