/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * image-seal FILE: writes the check sum into the head of a hypervisor image, the one field that the
 * linker cannot know, after it has made sure that what the head says of the file is true. Part of
 * the build; what the driver checks before it uses an image is not decided here.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <bulkhead/image.h>
#include "model/crc32.h"

#define IMAGE_MAX (1024 * 1024)

static unsigned char image[IMAGE_MAX];

static int fail(const char *name, const char *why)
{
	fprintf(stderr, "%s: %s\n", name, why);
	return EXIT_FAILURE;
}

static const char *header_fault(const struct bh_image_header *header, size_t size)
{
	if (size < sizeof(*header) ||
	    memcmp(header->magic, BH_IMAGE_MAGIC, sizeof(header->magic)) != 0)
		return "does not begin with an image header";
	if (size == IMAGE_MAX)
		return "larger than any image may be";
	if (header->abi_version != BH_ABI_VERSION)
		return "the header's version is not that of the contracts";
	if (header->file_size != size)
		return "the header's file size is not that of the file";
	if (header->memory_size < size || header->memory_size & BH_PAGE_MASK)
		return "the header's memory size is not whole pages that hold the file";
	return NULL;
}

int main(int argc, char **argv)
{
	struct bh_image_header header;
	const char *fault;
	FILE *file;
	size_t size;

	if (argc != 2)
		return fail("image-seal", "usage: image-seal FILE");
	file = fopen(argv[1], "r+b");
	if (!file)
		return fail(argv[1], strerror(errno));
	size = fread(image, 1, sizeof(image), file);
	memcpy(&header, image, sizeof(header));
	fault = header_fault(&header, size);
	if (!fault) {
		header.crc32 = 0;
		memcpy(image, &header, sizeof(header));
		header.crc32 = crc32_update(0, image, size);
		if (fseek(file, 0, SEEK_SET) || fwrite(&header, sizeof(header), 1, file) != 1)
			fault = strerror(errno);
	}
	if (fclose(file) && !fault)
		fault = strerror(errno);
	return fault ? fail(argv[1], fault) : EXIT_SUCCESS;
}
