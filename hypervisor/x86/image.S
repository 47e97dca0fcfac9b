/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The head of the image file, struct bh_image_header: what the driver must know before it maps the
 * image. The check sum is put in when the file is made.
 */
#include <bulkhead/version.h>

#define ABI_VERSION 4 /* BH_ABI_VERSION; the build refuses an image where they differ */

	.section .image_header, "a"
	.globl image_header
image_header:
	.asciz "BULKIMG"
	.long ABI_VERSION
	.long 0				/* crc32 */
	.quad image_file_size
	.quad image_memory_size
	.quad image_text_size
	.quad image_rodata_size
	.quad image_entry_offset
	.long CONFIG_MAX_CPUS
	.long CONFIG_LOG_SIZE * 1024
	.long CONFIG_FAULT_RECORDS
	.long 0
1:	.asciz BULKHEAD_VERSION
	.fill 32 - (. - 1b), 1, 0
