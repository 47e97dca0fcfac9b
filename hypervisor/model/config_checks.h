/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Between the files of config_check(): where findings go. Nobody else includes this.
 */
#ifndef MODEL_CONFIG_CHECKS_H
#define MODEL_CONFIG_CHECKS_H

#include "model/config.h"
#include "model/range.h"

struct config_checker {
	const struct config_view *view;
	config_report report;
	void *context;
	unsigned int findings;
};

/* Something is wrong with one place alone. */
void config_find(struct config_checker *checker, struct config_place place, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Two places do not go together. */
void config_clash(struct config_checker *checker, struct config_place place,
		  struct config_place other, const char *what, const char *format, ...)
	__attribute__((format(printf, 5, 6)));

static inline struct config_place config_at(enum config_part part, uint32_t index,
					    const char *setting)
{
	return (struct config_place){ .part = part, .index = index, .setting = setting };
}

/* Addresses of regions, pools, hypervisor memory; what overlaps. */
void config_check_memory(struct config_checker *checker);
/* Ports, MSRs and the console. */
void config_check_io(struct config_checker *checker);

#endif
