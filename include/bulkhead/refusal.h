/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A refusal: why something was not done, in words for the person who asked. It travels from the
 * hypervisor through the driver to the tool unchanged. An empty text means "not refused".
 */
#ifndef BULKHEAD_REFUSAL_H
#define BULKHEAD_REFUSAL_H

#define BH_REFUSAL_TEXT 240

struct bh_refusal {
	char text[BH_REFUSAL_TEXT];
};

#endif
