/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The head of the hypervisor's image file, checked by the driver before anything else. Offsets
 * count from the start of the image, which lies at the start of this header.
 */
#ifndef BULKHEAD_IMAGE_H
#define BULKHEAD_IMAGE_H

#include <bulkhead/types.h>

#define BH_IMAGE_MAGIC   "BULKIMG" /* with its terminating zero: eight bytes */
#define BH_ABI_VERSION   4         /* of image header, hand-over, hypercalls and records together */
#define BH_IMAGE_BUILD   32

struct bh_image_header {
	uint8_t magic[8];
	uint32_t abi_version;   /* BH_ABI_VERSION */
	uint32_t crc32;         /* of the file with this field zero */
	uint64_t file_size;     /* bytes in the file: text, read-only data, data */
	/* bytes in memory: the file and zeroed data behind it, whole pages */
	uint64_t memory_size;
	uint64_t text_end;      /* [0, text_end) is read and execute */
	uint64_t rodata_end;    /* [text_end, rodata_end) is read only, the rest read and write */
	uint64_t entry;         /* where CPUs enter from the bridge */
	uint32_t max_cpus;
	uint32_t log_size;      /* bytes of the log ring, header included */
	uint32_t fault_records; /* entries of the fault ring */
	uint32_t reserved;
	char build[BH_IMAGE_BUILD]; /* version for people */
};

#endif
