/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What must be known of a backend beforehand, on any machine: how its second-level tables look and
 * how large its permission maps are. From it the tools foretell what the hypervisor then takes.
 * Which backend a board is for its file says.
 */
#ifndef MODEL_BACKEND_KIND_H
#define MODEL_BACKEND_KIND_H

#include <bulkhead/config.h>

#include "model/msr_policy.h"
#include "model/pagetable.h"

/*
 * The maps by which the processor lets a guest access MSRs and ports: one of MSRs, and of ports one
 * or several, each for its share of them. The pages of one map are contiguous.
 */
#define IO_MAPS_MOST 2
struct permission_maps {
	uint32_t msr_pages;
	uint32_t io_pages; /* of each map of ports */
	uint32_t io_maps;
	void (*fill_msrs)(uint8_t *map, enum msr_who who, const struct bh_msrs *given,
			  uint32_t count);
	void (*fill_ports)(uint8_t *map, unsigned int which, const struct bh_ports *ports,
			   uint32_t count);
	/* Does the cell reach these ports from now on? */
	void (*change_ports)(uint8_t *map, unsigned int which, const struct bh_ports *ports,
			     bool reaches);
	/* Has the list a port of that map at all? */
	bool (*needs_ports)(unsigned int which, const struct bh_ports *ports, uint32_t count);
};

struct backend_kind {
	const char *name; /* the manuals' */
	const char *word; /* in board files and for programs */
	const struct pt_format *map_format;
	struct permission_maps permissions;
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
