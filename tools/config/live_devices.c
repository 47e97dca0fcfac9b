// SPDX-License-Identifier: GPL-2.0-only
/* See live_devices.h. Of what a cell has at the time sysfs tells the same as of all others. */
#include "live_devices.h"

#include <stdarg.h>
#include <stdio.h>

#include "board.h"
#include "pci.h"
#include "sysfs_pci.h"

struct comparison {
	struct config_file *file;
	const struct config_view *board;
	uint32_t index; /* of the device */
};

/* About one setting of the device. */
__attribute__((format(printf, 3, 4)))
static void differ(const struct comparison *comparison, const char *setting,
		   const char *format, ...)
{
	const struct config_place place = {
		.part = CONFIG_DEVICE, .index = comparison->index, .setting = setting,
	};
	const config_setting_t *at =
		board_setting(&comparison->file->source, comparison->board, &place);
	char name[96], words[200];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(words, sizeof(words), format, arguments);
	va_end(arguments);
	config_place_name(comparison->board, &place, name, sizeof(name));
	complain(&comparison->file->complaints, at ? config_setting_source_line(at) : 0,
		 "%s: this machine %s", name, words);
}

static void compare_bars(const struct comparison *comparison,
			 const struct sysfs_function *function)
{
	const struct bh_device *device = &comparison->board->devices[comparison->index];
	struct bh_bar bars[BH_BARS];
	char text[PCI_BAR_TEXT];
	uint32_t i;

	sysfs_bars(function, bars);
	for (i = 0; i < BH_BARS; i++) {
		if (bars[i].kind == device->bars[i].kind && bars[i].at == device->bars[i].at &&
		    bars[i].size == device->bars[i].size)
			continue;
		pci_bar_format(&bars[i], i, text);
		if (bars[i].kind == BH_BAR_NONE)
			differ(comparison, "bars", "has no BAR %u there", i);
		else
			differ(comparison, "bars", "has %s", text);
	}
}

static void compare(const struct comparison *comparison, const char *devices)
{
	const struct bh_device *device = &comparison->board->devices[comparison->index];
	struct sysfs_function function = { .size = 0 };
	char address[PCI_ADDRESS_TEXT];
	unsigned long vendor, id;

	sysfs_function_name(&function, devices, device->address);
	vendor = sysfs_number(&function, "vendor");
	id = sysfs_number(&function, "device");
	pci_address_format(device->address, address);
	if (vendor == 0)
		differ(comparison, "address", "has no function at %s", address);
	else if (vendor != device->vendor_id || id != device->device_id)
		differ(comparison, "id", "has %04lx:%04lx at %s", vendor, id, address);
	else
		compare_bars(comparison, &function);
}

void live_devices_judge(struct config_file *file, const struct config_view *board,
			const char *sysfs)
{
	struct comparison comparison = { .file = file, .board = board };
	char devices[300];

	snprintf(devices, sizeof(devices), "%s/" SYSFS_PCI, sysfs);
	for (; comparison.index < board->board->device_count; comparison.index++)
		compare(&comparison, devices);
}
