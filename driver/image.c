// SPDX-License-Identifier: GPL-2.0-only
/*
 * The hypervisor's image file: everything that can be wrong with it is refused here, so that those
 * who use its header need not doubt it.
 */
#include "image.h"

#include <linux/crc32.h>
#include <linux/mm.h>

#include <bulkhead/config.h>
#include <bulkhead/log.h>

#include "model/refuse.h"

#define IMAGE_FILE "bulkhead.bin"
#define IMAGE      "image file " IMAGE_FILE /* begins each refusal */

/* More than any image has: keeps sums of its parts far from overflow. */
#define IMAGE_MEMORY_MAX (1ULL << 30)
#define LOG_MAX          (64U << 20)
#define FAULTS_MAX       (1U << 20)

static uint32_t image_crc32(const struct firmware *file)
{
	struct bh_image_header header;
	uint32_t crc;

	memcpy(&header, file->data, sizeof(header));
	header.crc32 = 0;
	crc = crc32_le(~0U, (const u8 *)&header, sizeof(header));
	return ~crc32_le(crc, file->data + sizeof(header), file->size - sizeof(header));
}

/* Do the header's numbers describe an image? The checksum is right: a defect of the build. */
static bool header_is_sound(const struct bh_image_header *header)
{
	return header->memory_size <= IMAGE_MEMORY_MAX && PAGE_ALIGNED(header->memory_size) &&
	       header->file_size <= header->memory_size && PAGE_ALIGNED(header->text_end) &&
	       header->text_end <= header->rodata_end && PAGE_ALIGNED(header->rodata_end) &&
	       header->rodata_end <= header->memory_size && header->entry < header->text_end &&
	       header->log_size > sizeof(struct bh_log) && header->log_size <= LOG_MAX &&
	       PAGE_ALIGNED(header->log_size) && header->fault_records != 0 &&
	       header->fault_records <= FAULTS_MAX && header->max_cpus != 0 &&
	       header->max_cpus <= BH_MAX_CPUS;
}

static bool image_check(const struct firmware *file, struct bh_refusal *refusal)
{
	const struct bh_image_header *header = (const void *)file->data;

	if (file->size < sizeof(*header))
		return refuse(refusal, IMAGE " is too short: %zu bytes", file->size);
	if (memcmp(header->magic, BH_IMAGE_MAGIC, sizeof(header->magic)) != 0)
		return refuse(refusal, IMAGE " is not a Bulkhead image");
	if (header->abi_version != BH_ABI_VERSION)
		return refuse(refusal, IMAGE " is of version %u, this driver needs version %u",
			      header->abi_version, BH_ABI_VERSION);
	if (header->file_size != file->size)
		return refuse(refusal, IMAGE " is corrupt: it has %zu bytes and should have %llu",
			      file->size, header->file_size);
	if (header->crc32 != image_crc32(file))
		return refuse(refusal, IMAGE " is corrupt: checksum 0x%08x, should be 0x%08x",
			      image_crc32(file), header->crc32);
	if (!header_is_sound(header))
		return refuse(refusal, IMAGE " has a header that contradicts itself");
	return true;
}

bool image_open(struct image *image, struct device *device, struct bh_refusal *refusal)
{
	int error = firmware_request_nowarn(&image->file, IMAGE_FILE, device);

	if (error)
		return refuse(refusal, error == -ENOENT ?
			      IMAGE " is missing from /lib/firmware (error %d)" :
			      IMAGE " cannot be read (error %d)", error);
	if (!image_check(image->file, refusal)) {
		image_close(image);
		return false;
	}
	image->header = (const void *)image->file->data;
	return true;
}

void image_close(struct image *image)
{
	release_firmware(image->file);
	image->file = NULL;
	image->header = NULL;
}
