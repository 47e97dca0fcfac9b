/* SPDX-License-Identifier: GPL-2.0-only */
/* Between settings.c and values.c: the complaint about a wrong type. */
#ifndef TOOLS_CONFIG_TYPE_H
#define TOOLS_CONFIG_TYPE_H

#include "settings.h"

void type_complain(struct complaints *complaints, const struct setting *row,
		   config_setting_t *setting);

#endif
