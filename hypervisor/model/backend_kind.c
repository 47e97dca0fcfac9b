// SPDX-License-Identifier: GPL-2.0-only
/* The table of backends. See backend_kind.h. */
#include "model/backend_kind.h"

#include "model/format_ept.h"
#include "model/format_npt.h"
#include "model/port_policy.h"

const struct backend_kind backend_kinds[BH_BACKENDS] = {
	[BH_BACKEND_VMX] = {
		.name = "VMX", .word = "vmx", .map_format = &pt_format_ept,
		.permissions = {
			.msr_pages = 1, .io_pages = 1, .io_maps = PORT_BITMAP_PAGES,
			.fill_msrs = msr_bitmap_fill, .fill_ports = port_bitmap_fill,
			.change_ports = port_bitmap_change, .needs_ports = port_bitmap_needed,
		},
	},
	[BH_BACKEND_SVM] = {
		.name = "SVM", .word = "svm", .map_format = &pt_format_npt,
		.permissions = {
			.msr_pages = MSR_PERMISSION_PAGES, .io_pages = PORT_PERMISSION_PAGES,
			.io_maps = 1,
			.fill_msrs = msr_permission_fill, .fill_ports = port_permission_fill,
			.change_ports = port_permission_change,
			.needs_ports = port_permission_needed,
		},
	},
};
