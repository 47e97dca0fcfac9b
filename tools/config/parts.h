/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What board files and cell files have in common: the settings of a console, of ports, MSRs and
 * access, and how a setting is found again.
 */
#ifndef TOOLS_CONFIG_PARTS_H
#define TOOLS_CONFIG_PARTS_H

#include <bulkhead/config.h>
#include <libconfig.h>

#include "complaints.h"
#include "model/config.h"
#include "settings.h"

#define ADDRESS_EXAMPLE "an address such as 0x38000000"
#define SIZE_EXAMPLE    "a size such as \"8M\", \"64K\" or 0x1000"
#define CONSOLE_EXAMPLE "a group such as { type = \"8250-port\"; port = 0x2f8; baud = 115200; }"

extern const struct word fault_policies[];
extern const struct word access_letters[];
extern const struct word region_is_shared[];
extern const struct word region_is_dma[];
extern const struct setting console_settings[]; /* of struct bh_console */
extern const struct setting port_element;       /* of struct bh_ports */
extern const struct setting msr_element;        /* of struct bh_msrs */

/* Which settings go with which type of console. The setting may be missing, or no group. */
void console_finish(struct bh_console *console, config_setting_t *setting,
		    struct complaints *complaints);

/* The setting of a place whose part has that path, or the innermost one around it. */
config_setting_t *place_setting(const config_t *source, const char *path,
				const struct config_place *place);

/*
 * What a region is for DMA that does not say it: a cell's own RAM is, what it shares is not. The
 * setting may be no group.
 */
void region_finish_dma(struct bh_region *region, const config_setting_t *setting);

#endif
