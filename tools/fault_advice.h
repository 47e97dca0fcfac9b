/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What to do about a fault if what was tried was meant: the setting that would allow it, or whose
 * the place is, if no setting can give it away.
 */
#ifndef TOOLS_FAULT_ADVICE_H
#define TOOLS_FAULT_ADVICE_H

#include <bulkhead/fault.h>

#include "model/config.h"

#define FAULT_SETTING_MAX 192
#define FAULT_LINES_MAX   512

struct fault_advice {
	const char *owner;               /* null: nobody's that is known */
	char setting[FAULT_SETTING_MAX]; /* "root.ports: "0x510""; empty where none helps */
	bool is_change;                  /* of a setting that is there, not one to add */
	/* The same for people, as whole lines of a file, and the group or list that gets them. */
	char lines[FAULT_LINES_MAX];
	const char *where; /* null: there are none */
	const char *note;  /* what is wrong, where no setting would be right; or null */
};

/* Board is null where no board is known: then only what all boards have in common has an owner. */
void fault_advise(struct fault_advice *advice, const struct bh_fault *fault,
		  const struct config_view *board);

/* The setting by which the nearest region, which the place is in, allows what was tried. */
void fault_advise_access(struct fault_advice *advice, const struct bh_fault *fault,
			 const struct config_view *board);

/* The name of the nearest region, or null. */
const char *fault_region_name(const struct bh_fault *fault, const struct config_view *board);

#endif
