/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * CRC-32 as in IEEE 802.3 and zlib: finds damage to the configuration blob and the image. It is no
 * protection against intent.
 */
#ifndef MODEL_CRC32_H
#define MODEL_CRC32_H

#include <bulkhead/types.h>

/* Start with 0 and feed the result back in to go on with the next piece of the same data. */
uint32_t crc32_update(uint32_t crc, const void *data, size_t size);

#endif
