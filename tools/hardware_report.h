/* SPDX-License-Identifier: GPL-2.0-only */
/* Which of the features that Bulkhead needs or makes use of a machine has, printed. */
#ifndef TOOLS_HARDWARE_REPORT_H
#define TOOLS_HARDWARE_REPORT_H

#include "machine.h"

/* Each returns whether the machine is known to have all that is needed. */
bool hardware_report(const struct machine *machine);
bool hardware_report_json(const struct machine *machine);

#endif
