// SPDX-License-Identifier: GPL-2.0-only
/* The table of backends. See backend_kind.h. */
#include "model/backend_kind.h"

#include "model/format_ept.h"
#include "model/format_npt.h"

const struct backend_kind backend_kinds[BH_BACKENDS] = {
	[BH_BACKEND_VMX] = { .name = "VMX", .map_format = &pt_format_ept },
	[BH_BACKEND_SVM] = { .name = "SVM", .map_format = &pt_format_npt },
};
