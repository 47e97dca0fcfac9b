// SPDX-License-Identifier: GPL-2.0-only
/*
 * Opens the driver's device and makes its calls. What the answers mean is for the verbs.
 */
#include "device.h"

#include <cpuid.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "model/refuse.h"
#include "verb.h"

#define DRIVER_FOLDER "/sys/module/bulkhead"

static int explain_open(const char *verb, int error)
{
	switch (error) {
	case EACCES:
	case EPERM:
		verb_complain(verb, "only root may do this (%s: %s)", BH_DEVICE, strerror(error));
		return VERB_REFUSED;
	case ENOENT:
	case ENODEV:
	case ENXIO:
		if (access(DRIVER_FOLDER, F_OK) == 0)
			verb_complain(verb, "the driver is loaded, but there is no %s", BH_DEVICE);
		else
			verb_complain(verb, "not enabled: the driver is not loaded; load the "
				      "driver: modprobe bulkhead");
		return VERB_NOT_ENABLED;
	default:
		verb_complain(verb, "%s: %s", BH_DEVICE, strerror(error));
		return VERB_REFUSED;
	}
}

int device_open(const char *verb)
{
	int device = open(BH_DEVICE, O_RDWR | O_CLOEXEC);

	return device >= 0 ? device : -explain_open(verb, errno);
}

int device_open_enabled(const char *verb)
{
	int device = device_open(verb);

	/* The driver would say so too, but it puts what it refuses into the kernel's log. */
	if (device < 0 || hypervisor_is_enabled())
		return device;
	close(device);
	verb_complain(verb, "the hypervisor is not enabled: `bulkhead enable BOARD' enables it");
	return -VERB_NOT_ENABLED;
}

/* A call's refusal made into one that has words and an end, whoever answered. */
static bool refused(int result, struct bh_refusal *answer, struct bh_refusal *refusal)
{
	int error = errno;

	answer->text[BH_REFUSAL_TEXT - 1] = '\0';
	if (result >= 0 && !answer->text[0])
		return false;
	*refusal = *answer;
	if (!answer->text[0])
		snprintf(refusal->text, sizeof(refusal->text),
			 "the driver refuses without a word: %s", strerror(error));
	return true;
}

bool device_call(int device, unsigned long number, void *call, struct bh_refusal *answer,
		 struct bh_refusal *refusal)
{
	return !refused(ioctl(device, number, call), answer, refusal);
}

bool device_enable(int device, const void *blob, size_t size, struct bh_refusal *refusal)
{
	struct bh_ioctl_enable call = { .config = (uintptr_t)blob, .config_size = size };

	return device_call(device, BH_IOCTL_ENABLE, &call, &call.refusal, refusal);
}

bool device_disable(int device, bool force, struct bh_refusal *refusal)
{
	struct bh_ioctl_disable call = { .force = force };

	return device_call(device, BH_IOCTL_DISABLE, &call, &call.refusal, refusal);
}

bool device_read(int device, enum bh_read what, uint64_t position, struct device_page *page,
		 struct bh_refusal *refusal)
{
	struct bh_ioctl_read call = {
		.what = what,
		.position = position,
		.buffer = (uintptr_t)page->data,
	};
	bool done = device_call(device, BH_IOCTL_READ, &call, &call.refusal, refusal);

	page->size = call.size < sizeof(page->data) ? call.size : sizeof(page->data);
	return done;
}

bool device_read_structure(int device, enum bh_read what, uint64_t position, void *structure,
			   size_t size, struct bh_refusal *refusal)
{
	struct device_page page = { .size = 0 };

	if (!device_read(device, what, position, &page, refusal))
		return false;
	if (page.size < size)
		return refuse(refusal,
			      "driver and tool do not fit each other: %u bytes instead of %zu",
			      page.size, size);
	memcpy(structure, page.data, size);
	return true;
}

bool device_read_last(int device, struct bh_range memory, uint64_t position,
		      struct device_page *page, struct bh_refusal *refusal)
{
	struct bh_ioctl_last call = {
		.start = memory.start,
		.size = memory.size,
		.position = position,
		.buffer = (uintptr_t)page->data,
	};

	page->size = sizeof(page->data);
	return device_call(device, BH_IOCTL_LAST, &call, &call.refusal, refusal);
}

const struct bh_chunk *device_chunk(const struct device_page *page, size_t item_size)
{
	const struct bh_chunk *chunk = (const struct bh_chunk *)page->data;

	if (page->size < sizeof(*chunk) ||
	    chunk->count > (page->size - sizeof(*chunk)) / item_size)
		return NULL;
	return chunk;
}

bool hypervisor_is_enabled(void)
{
	unsigned int eax, ebx, ecx, edx;
	char signature[3 * sizeof(ebx)];

	__cpuid(1, eax, ebx, ecx, edx);
	if (!(ecx >> 31 & 1))
		return false;
	__cpuid(BH_CPUID_LEAF, eax, ebx, ecx, edx);
	memcpy(signature, &ebx, sizeof(ebx));
	memcpy(signature + sizeof(ebx), &ecx, sizeof(ecx));
	memcpy(signature + 2 * sizeof(ebx), &edx, sizeof(edx));
	return memcmp(signature, BH_CPUID_SIGNATURE, sizeof(signature)) == 0;
}
