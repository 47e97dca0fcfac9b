/* SPDX-License-Identifier: GPL-2.0-only */
/* Settings that board files and cell files have in common. See parts.h. */
#include "parts.h"

#include <stdio.h>
#include <string.h>

#include "numbers.h"

#define UART_CLOCK 115200

static void read_baud(struct complaints *complaints, const struct setting *row,
		      config_setting_t *setting, void *value)
{
	uint64_t baud;

	if (!setting_take_number(complaints, row, setting, number_parse, &baud))
		return;
	if (baud == 0 || UART_CLOCK % baud != 0)
		setting_complain(complaints, setting, "%llu does not divide %d, must be %s",
				 (unsigned long long)baud, UART_CLOCK, row->example);
	else
		*(uint32_t *)value = (uint32_t)(UART_CLOCK / baud);
}

static const struct word console_types[] = {
	{ "none", BH_CONSOLE_NONE },
	{ "8250-port", BH_CONSOLE_8250_PORT },
	{ "8250-mmio", BH_CONSOLE_8250_MMIO },
	{ NULL, 0 },
};

const struct word fault_policies[] = {
	{ "report", BH_ON_FAULT_REPORT },
	{ "stop", BH_ON_FAULT_STOP },
	{ NULL, 0 },
};

const struct word access_letters[] = {
	{ "r", BH_ACCESS_READ },
	{ "w", BH_ACCESS_WRITE },
	{ "x", BH_ACCESS_EXECUTE },
	{ NULL, 0 },
};

const struct word region_is_shared[] = {
	{ "shared", BH_REGION_SHARED },
	{ NULL, 0 },
};

const struct word region_is_dma[] = {
	{ "dma", BH_REGION_DMA },
	{ NULL, 0 },
};

/* Which of these go together is console_finish()'s. */
const struct setting console_settings[] = {
	{ .name = "type", .read = setting_read_word, .is_required = true,
	  .offset = offsetof(struct bh_console, type), .words = console_types,
	  .example = "\"8250-port\", \"8250-mmio\" or \"none\"" },
	{ .name = "port", .read = setting_read_number,
	  .offset = offsetof(struct bh_console, address), .example = "a port such as 0x2f8" },
	{ .name = "address", .read = setting_read_number,
	  .offset = offsetof(struct bh_console, address), .example = ADDRESS_EXAMPLE },
	{ .name = "stride", .read = setting_read_number32,
	  .offset = offsetof(struct bh_console, stride), .example = "1 or 4" },
	{ .name = "baud", .read = read_baud, .offset = offsetof(struct bh_console, divisor),
	  .example = "a rate such as 115200, 57600 or 9600" },
	{ .name = NULL },
};

const struct setting port_element = {
	.read = setting_read_ports, .example = "ports such as \"0x3f8-0x3ff\", \"0x80\" or 0x80",
};

const struct setting msr_element = {
	.read = setting_read_msrs, .example = "MSRs such as \"0xc90-0xc9f\" or 0x1a4",
};

/* Does a console of its type have the setting? Complains if it lacks it or should not have it. */
static void console_setting(struct complaints *complaints, config_setting_t *console,
			    const char *name, bool is_wanted, const char *example)
{
	config_setting_t *setting = config_setting_get_member(console, name);

	if (is_wanted && !setting)
		setting_complain(complaints, console, "\"%s\" is missing: %s", name, example);
	if (!is_wanted && setting)
		setting_complain(complaints, setting, "a console of this type has no %s", name);
}

void console_finish(struct bh_console *console, config_setting_t *setting,
		    struct complaints *complaints)
{
	if (!setting || !config_setting_is_group(setting) || setting_is_bad(setting))
		return;
	console_setting(complaints, setting, "port", console->type == BH_CONSOLE_8250_PORT,
			"a port such as 0x2f8");
	console_setting(complaints, setting, "address", console->type == BH_CONSOLE_8250_MMIO,
			"an address such as 0xfe030000");
	if (console->type != BH_CONSOLE_8250_MMIO)
		console_setting(complaints, setting, "stride", false, "");
	if (console->type == BH_CONSOLE_NONE)
		console_setting(complaints, setting, "baud", false, "");
	else if (!config_setting_get_member(setting, "stride"))
		console->stride = 1;
}

void region_finish_dma(struct bh_region *region, const config_setting_t *setting)
{
	if (region->kind == BH_REGION_RAM && !(region->flags & BH_REGION_SHARED) &&
	    config_setting_is_group(setting) && !config_setting_get_member(setting, "dma"))
		region->flags |= BH_REGION_DMA;
}

/* The outermost group around a path that is not there. */
static config_setting_t *setting_around(const config_t *source, const char *path)
{
	char outer[32];
	config_setting_t *setting;

	snprintf(outer, sizeof(outer), "%.*s", (int)strcspn(path, "."), path);
	setting = config_lookup(source, outer);
	return setting ? setting : config_root_setting(source);
}

config_setting_t *place_setting(const config_t *source, const char *path,
				const struct config_place *place)
{
	config_setting_t *setting = config_lookup(source, path);
	config_setting_t *element, *member;

	if (!setting)
		return setting_around(source, path);
	if (config_setting_is_list(setting) || config_setting_is_array(setting)) {
		element = config_setting_get_elem(setting, place->index);
		setting = element ? element : setting;
	}
	if (!place->setting || !config_setting_is_group(setting))
		return setting;
	member = config_setting_get_member(setting, place->setting);
	return member ? member : setting;
}
