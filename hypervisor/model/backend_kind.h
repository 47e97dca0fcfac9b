/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What must be known of a backend beforehand, on any machine: how its second-level tables look and
 * how large its permission maps are. From it the tools foretell what the hypervisor then takes.
 * Which backend a board is for its file says.
 */
#ifndef MODEL_BACKEND_KIND_H
#define MODEL_BACKEND_KIND_H

#include <bulkhead/config.h>

#include "model/pagetable.h"

struct backend_kind {
	const char *name; /* the manuals' */
	const struct pt_format *map_format;
};

/* By enum bh_backend. */
extern const struct backend_kind backend_kinds[BH_BACKENDS];

static inline enum bh_backend board_backend(const struct bh_board *board)
{
	return board->flags & BH_BOARD_SVM ? BH_BACKEND_SVM : BH_BACKEND_VMX;
}

static inline const struct backend_kind *board_kind(const struct bh_board *board)
{
	return &backend_kinds[board_backend(board)];
}

#endif
