/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A board file and cell files, judged together: they are to be able to exist at the same time.
 */
#ifndef TOOLS_CONFIG_SET_H
#define TOOLS_CONFIG_SET_H

#include <bulkhead/image.h>

#include "file.h"

struct set_cell {
	struct config_file *file;
	struct cell_blob blob;
};

struct config_set {
	struct config_file *board_file;
	struct config_blob board;
	struct siblings siblings;
	struct set_cell *cells;
	uint32_t count;
};

struct set_options {
	/* the hypervisor's, to judge by what memory is left; may be null */
	const struct bh_image_header *image;
	/*
	 * /sys, or a copy: this machine is the board, and knows which CPUs are threads of one core
	 * and which PCI functions there are. Null: it is not asked.
	 */
	const char *live;
};

/* By what there is in it; a file that cannot be read is neither. */
bool file_is_board(const struct config_file *file);
bool file_is_cell(const struct config_file *file);

/* The first of the files is the board's, the others are of cells. False if anything is wrong. */
bool set_judge(struct config_set *set, struct config_file *files, uint32_t count,
	       const struct set_options *options);
void set_free(struct config_set *set);

/* The name of a cell that borrows or shares a region of root's; null if none does. */
const char *set_region_user(const struct config_set *set, const struct bh_region *region);
/* Is it in root's map while the set's cells are there? */
bool set_root_has(const struct config_set *set, const struct bh_region *region);

/* The same for a range of root's ports. */
bool set_root_has_ports(const struct config_set *set, const struct bh_ports *ports);

/* Warnings where cells divide a core. */
void siblings_judge(struct config_set *set, const struct siblings *siblings);

#endif
