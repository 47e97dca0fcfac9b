/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The blob's form: header, bounds, check sum, and where its arrays lie. What the values mean is
 * config_check.c's. Nothing behind the header is read before the header says it is there, and the
 * size of every array is bounded before it is added up.
 */
#include "model/config_checks.h"

#include "model/crc32.h"
#include "model/iommus.h"
#include "model/text.h"

uint32_t config_checksum(const struct bh_config_header *header)
{
	struct bh_config_header head = *header;
	uint32_t crc;

	head.crc32 = 0;
	crc = crc32_update(0, &head, sizeof(head));
	return crc32_update(crc, header + 1, header->size - sizeof(head));
}

static bool has_magic(const struct bh_config_header *header, const char *magic)
{
	size_t i;

	for (i = 0; i < sizeof(header->magic); i++)
		if (header->magic[i] != (uint8_t)magic[i])
			return false;
	return true;
}

bool config_header_open(const void *blob, size_t size, const char *magic, size_t body,
			struct bh_refusal *refusal)
{
	const struct bh_config_header *header = blob;
	uint32_t crc;

	if ((uintptr_t)blob % _Alignof(struct bh_board) != 0)
		return reject(refusal, "the configuration does not start at a multiple of 8 bytes");
	if (size < sizeof(*header) + body || size > BH_CONFIG_MAX_SIZE)
		return reject(refusal, "a configuration has %zu to %u bytes, not %zu",
			      sizeof(*header) + body, BH_CONFIG_MAX_SIZE, size);
	if (!has_magic(header, magic))
		return reject(refusal, "this is no configuration: it does not start with \"%s\"",
			      magic);
	if (header->version != BH_CONFIG_VERSION)
		return reject(refusal,
			      "the configuration has version %u, this side knows version %u: "
			      "compile it with the tool of this version",
			      header->version, BH_CONFIG_VERSION);
	if (header->size != size)
		return reject(refusal, "the configuration says it has %u bytes, but %zu are here",
			      header->size, size);
	if (header->reserved != 0)
		return reject(refusal, "reserved bytes of the configuration's header are not zero");
	crc = config_checksum(header);
	if (header->crc32 != crc)
		return reject(refusal,
			      "the configuration is damaged: its check sum is %08x, not %08x", crc,
			      header->crc32);
	return true;
}

static bool header_open(struct config_view *view, const void *blob, size_t size,
			struct bh_refusal *refusal)
{
	if (!config_header_open(blob, size, BH_CONFIG_MAGIC, sizeof(struct bh_board), refusal))
		return false;
	view->header = blob;
	view->board = (const struct bh_board *)(view->header + 1);
	return true;
}

bool config_count_within(uint32_t count, uint32_t most, const char *what,
			 struct bh_refusal *refusal)
{
	return count <= most ||
	       reject(refusal, "%u %s are more than the %u that a configuration may have", count,
		      what, most);
}

static bool arrays_open(struct config_view *view, struct bh_refusal *refusal)
{
	const struct bh_board *board = view->board;
	const struct bh_cell *root = &board->root;
	uint64_t size;

	if (!config_count_within(board->pool_count, BH_MAX_POOLS, "ranges of cell memory",
				 refusal) ||
	    !config_count_within(board->ioapic_count, BH_MAX_IOAPICS, "IOAPICs", refusal) ||
	    !config_count_within(board->device_count, BH_MAX_DEVICES, "devices", refusal) ||
	    !config_count_within(root->region_count, BH_MAX_REGIONS, "memory regions", refusal) ||
	    !config_count_within(root->port_count, BH_MAX_PORTS, "port ranges", refusal) ||
	    !config_count_within(root->msr_count, BH_MAX_MSRS, "MSR ranges", refusal))
		return false;
	view->pools = (const struct bh_range *)(board + 1);
	view->ioapics = (const struct bh_ioapic *)(view->pools + board->pool_count);
	view->devices = (const struct bh_device *)(view->ioapics + board->ioapic_count);
	view->regions = (const struct bh_region *)(view->devices + board->device_count);
	view->ports = (const struct bh_ports *)(view->regions + root->region_count);
	view->msrs = (const struct bh_msrs *)(view->ports + root->port_count);
	size = (uint64_t)((const uint8_t *)(view->msrs + root->msr_count) -
			  (const uint8_t *)view->header) + board->iommu_size;
	if (size != view->header->size)
		return reject(refusal,
			      "the configuration's parts have %llu bytes, but all of it %u",
			      (unsigned long long)size, view->header->size);
	return true;
}

bool config_name_open(const char name[BH_NAME_SIZE], const char *what, uint32_t index,
		      struct bh_refusal *refusal)
{
	size_t i = 0;

	while (i < BH_NAME_SIZE && name[i] != '\0')
		i++;
	if (i == BH_NAME_SIZE)
		return reject(refusal, "the name of %s %u is not terminated", what, index);
	for (; i < BH_NAME_SIZE; i++)
		if (name[i] != '\0')
			return reject(refusal, "unused bytes of the name of %s %u are not zero",
				      what, index);
	return true;
}

/* Start and console are for cells that are started. */
static bool has_nothing_of_cells(const struct bh_cell *root)
{
	const struct bh_console *console = &root->console;

	return root->flags == 0 && root->entry == 0 && root->device_count == 0 &&
	       root->irq_count == 0 && root->reserved == 0 && console->type == 0 &&
	       console->stride == 0 && console->address == 0 && console->divisor == 0 &&
	       console->reserved == 0;
}

static bool device_open(const struct bh_device *device, uint32_t index, struct bh_refusal *refusal)
{
	bool is_zero = device->reserved == 0;
	uint32_t i;

	for (i = 0; i < BH_BARS; i++)
		is_zero = is_zero && device->bars[i].reserved == 0;
	if (!is_zero)
		return reject(refusal, "reserved bytes of device %u are not zero", index);
	return config_name_open(device->name, "device", index, refusal) &&
	       config_name_open(device->group, "the group of device", index, refusal);
}

static bool contents_open(const struct config_view *view, struct bh_refusal *refusal)
{
	const struct bh_board *board = view->board;
	uint32_t i;

	if (!config_name_open(board->name, "board", 0, refusal) ||
	    !config_name_open(board->root.name, "cell", 0, refusal))
		return false;
	for (i = 0; i < board->root.region_count; i++) {
		if (!config_name_open(view->regions[i].name, "memory region", i, refusal))
			return false;
		if (view->regions[i].reserved != 0)
			return reject(refusal, "reserved bytes of memory region %u are not zero",
				      i);
	}
	if (!has_nothing_of_cells(&board->root))
		return reject(refusal, "root has settings that only other cells have");
	if (board->console.reserved != 0)
		return reject(refusal, "reserved bytes of the configuration's board are not zero");
	for (i = 0; i < board->ioapic_count; i++)
		if (!config_name_open(view->ioapics[i].name, "IOAPIC", i, refusal))
			return false;
	for (i = 0; i < board->device_count; i++)
		if (!device_open(&view->devices[i], i, refusal))
			return false;
	return true;
}

void config_keep_first(void *context, const struct config_finding *finding)
{
	struct config_first *first = context;
	char place[96];
	char other[96] = "";

	if (first->found)
		return;
	first->found = true;
	config_place_name(first->view, &finding->place, place, sizeof(place));
	if (finding->other.part != CONFIG_NOTHING)
		config_place_name(first->view, &finding->other, other, sizeof(other));
	refuse(first->refusal, "%s: %s%s%s%s%s", place, finding->what, other[0] ? " " : "", other,
	       finding->detail[0] ? " " : "", finding->detail);
}

bool config_open(struct config_view *view, const void *blob, size_t size,
		 struct bh_refusal *refusal)
{
	struct config_first first = { .view = view, .refusal = refusal };

	return header_open(view, blob, size, refusal) && arrays_open(view, refusal) &&
	       contents_open(view, refusal) && iommus_open(view, refusal) &&
	       config_check(view, config_keep_first, &first) == 0;
}
