/* SPDX-License-Identifier: GPL-2.0-only */
/* The hypervisor's image file: loaded through the kernel's firmware loader, and checked. */
#ifndef DRIVER_IMAGE_H
#define DRIVER_IMAGE_H

#include <linux/device.h>
#include <linux/firmware.h>

#include <bulkhead/image.h>
#include <bulkhead/refusal.h>

struct image {
	const struct firmware *file;
	const struct bh_image_header *header; /* the file's start */
};

/* An image that was opened is whole and of this driver's version. */
bool image_open(struct image *image, struct device *device, struct bh_refusal *refusal);
void image_close(struct image *image);

#endif
