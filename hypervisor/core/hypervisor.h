/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The one hypervisor that runs on this machine: what was handed over, where everything lies, and
 * the order in which its parts come up (start.c).
 */
#ifndef CORE_HYPERVISOR_H
#define CORE_HYPERVISOR_H

#include <bulkhead/handover.h>
#include <bulkhead/image.h>

#include "model/config.h"
#include "model/layout.h"

extern const struct bh_image_header image_header;

struct hypervisor {
	const struct bh_handover *handover;
	struct layout layout;
	struct config_view config;
};

extern struct hypervisor hypervisor;

/* Brings up what all CPUs share; runs on the first CPU that steps over, before any other does. */
bool hypervisor_start(const struct bh_handover *handover, struct bh_refusal *refusal);

/*
 * Linear address of a page of the hypervisor's linear part, from its host-physical one, and back.
 */
static inline void *hypervisor_pointer(hpa_t at)
{
	return (void *)(at.v - hypervisor.layout.phys + HV_LINEAR);
}

static inline hpa_t hypervisor_phys(const void *pointer)
{
	return HPA((uint64_t)pointer - HV_LINEAR + hypervisor.layout.phys);
}

#endif
