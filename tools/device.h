/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The driver, as verbs see it: opens the device and makes its calls. Every failure ends in a
 * refusal with words, the driver's own where it gave some.
 */
#ifndef TOOLS_DEVICE_H
#define TOOLS_DEVICE_H

#include <bulkhead/config.h>
#include <bulkhead/ioctl.h>

/* What one read gives: a chunk's head or a structure of hypercall.h in front. */
struct device_page {
	_Alignas(8) char data[BH_PAGE_SIZE];
	uint32_t size; /* valid bytes */
};

/* A file descriptor, or a negative verb status: the complaint was printed then. */
int device_open(const char *verb);
/* The same for verbs that need the hypervisor running. */
int device_open_enabled(const char *verb);

/* One ioctl; `answer` is the refusal inside `call`, and `refusal` always has words on false. */
bool device_call(int device, unsigned long number, void *call, struct bh_refusal *answer,
		 struct bh_refusal *refusal);

bool device_enable(int device, const void *blob, size_t size, struct bh_refusal *refusal);
/* Force destroys all cells first, running ones too. */
bool device_disable(int device, bool force, struct bh_refusal *refusal);
bool device_read(int device, enum bh_read what, uint64_t position, struct device_page *page,
		 struct bh_refusal *refusal);

/* A read that gives one structure; refused if it is not there as a whole. */
bool device_read_structure(int device, enum bh_read what, uint64_t position, void *structure,
			   size_t size, struct bh_refusal *refusal);

/* The log in reserved memory while not enabled; of this boot's last enable where size is 0. */
bool device_read_last(int device, struct bh_range memory, uint64_t position,
		      struct device_page *page, struct bh_refusal *refusal);

/* The chunk in a page with what follows it; null if the page does not hold all that it says. */
const struct bh_chunk *device_chunk(const struct device_page *page, size_t item_size);

/* Does the hypervisor run underneath? CPUID tells, so neither driver nor privilege is needed. */
bool hypervisor_is_enabled(void);

#endif
