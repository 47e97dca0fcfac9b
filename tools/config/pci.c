/* SPDX-License-Identifier: GPL-2.0-only */
/* The tables of settings of PCI and of IOAPICs. See pci.h. */
#include "pci.h"

#include <stdio.h>
#include <string.h>

#include "numbers.h"
#include "parts.h"

#define DEVICE(member) offsetof(struct device_source, device.member)
#define BAR(member)    offsetof(struct bar_source, bar.member)

bool pci_address_parse(const char *text, uint32_t *address)
{
	uint64_t domain = 0, bus, device, function;

	/* Each field has as many digits as lspci writes. */
	if (strlen(text) != strlen("00:03.0") && !hex_take(&text, 4, ':', &domain))
		return false;
	if (!hex_take(&text, 2, ':', &bus) || !hex_take(&text, 2, '.', &device) ||
	    !hex_take(&text, 1, '\0', &function) || device > 0x1f || function > 7)
		return false;
	*address = BH_PCI_ADDRESS(domain, bus, device, function);
	return true;
}

void pci_address_format(uint32_t address, char text[PCI_ADDRESS_TEXT])
{
	snprintf(text, PCI_ADDRESS_TEXT, "%04x:%02x:%02x.%u", BH_PCI_DOMAIN(address),
		 BH_PCI_BUS(address), BH_PCI_DEVICE(address), BH_PCI_FUNCTION(address));
}

void pci_bar_format(const struct bh_bar *bar, uint32_t index, char text[PCI_BAR_TEXT])
{
	unsigned long long first = bar->at;
	char size[SIZE_TEXT];

	size_format(bar->size, size);
	if (bar->kind == BH_BAR_PORTS)
		snprintf(text, PCI_BAR_TEXT, "{ index = %u; ports = \"0x%llx-0x%llx\"; }", index,
			 first, first + bar->size - 1);
	else
		snprintf(text, PCI_BAR_TEXT, "{ index = %u; at = 0x%llx; size = \"%s\"; }", index,
			 first, size);
}

static void complain_form(struct complaints *complaints, const struct setting *row,
			  config_setting_t *setting, const char *text)
{
	setting_complain(complaints, setting, "\"%s\" is not understood, must be %s", text,
			 row->example);
}

static void read_address(struct complaints *complaints, const struct setting *row,
			 config_setting_t *setting, void *value)
{
	const char *text = setting_take_text(complaints, row, setting);

	if (text && !pci_address_parse(text, value))
		complain_form(complaints, row, setting, text);
}

static void read_id(struct complaints *complaints, const struct setting *row,
		    config_setting_t *setting, void *value)
{
	const char *text = setting_take_text(complaints, row, setting);
	struct bh_device *device = value;
	const char *rest = text;
	uint64_t vendor, model;

	if (!text)
		return;
	if (!hex_take(&rest, 4, ':', &vendor) || !hex_take(&rest, 4, '\0', &model)) {
		complain_form(complaints, row, setting, text);
		return;
	}
	device->vendor_id = (uint16_t)vendor;
	device->device_id = (uint16_t)model;
}

static void read_buses(struct complaints *complaints, const struct setting *row,
		       config_setting_t *setting, void *value)
{
	const char *text = setting_take_text(complaints, row, setting);
	struct bh_mmconfig *mmconfig = value;
	uint64_t first, last;

	if (!text)
		return;
	if (!range_parse(text, &first, &last) || first > UINT32_MAX || last > UINT32_MAX) {
		complain_form(complaints, row, setting, text);
		return;
	}
	mmconfig->first_bus = (uint32_t)first;
	mmconfig->last_bus = (uint32_t)last;
}

const struct setting mmconfig_settings[] = {
	{ .name = "at", .read = setting_read_number, .is_required = true,
	  .offset = offsetof(struct bh_mmconfig, at), .example = "an address such as 0xb0000000" },
	{ .name = "buses", .read = read_buses, .is_required = true,
	  .example = "buses such as \"0-255\"" },
	{ .name = NULL },
};

static const struct setting ioapic_settings[] = {
	{ .name = "name", .read = setting_read_name, .is_required = true,
	  .offset = offsetof(struct bh_ioapic, name), .example = "a name such as \"ioapic\"" },
	{ .name = "at", .read = setting_read_number, .is_required = true,
	  .offset = offsetof(struct bh_ioapic, at), .example = "an address such as 0xfec00000" },
	{ .name = "first", .read = setting_read_number32,
	  .offset = offsetof(struct bh_ioapic, first),
	  .example = "the number of the interrupt at its first pin, such as 0" },
	{ .name = "pins", .read = setting_read_number32, .is_required = true,
	  .offset = offsetof(struct bh_ioapic, pins),
	  .example = "how many pins it has, such as 24" },
	{ .name = NULL },
};

const struct setting ioapic_element = {
	.read = setting_read_group, .group = ioapic_settings,
	.example = "a group such as { name = \"ioapic\"; at = 0xfec00000; first = 0; pins = 24; }",
};

static void read_bar_ports(struct complaints *complaints, const struct setting *row,
			   config_setting_t *setting, void *value)
{
	struct bar_source *bar = value;
	struct bh_ports ports;

	setting_read_ports(complaints, row, setting, &ports);
	if (setting_is_bad(setting))
		return;
	/* They have no size then, which is what the rest goes by. */
	if (ports.first > ports.last) {
		setting_complain(complaints, setting, "runs backwards: use \"0x%x-0x%x\"",
				 ports.last, ports.first);
		return;
	}
	bar->bar.at = ports.first;
	bar->bar.size = ports.last - ports.first + 1ULL;
	bar->bar.kind = BH_BAR_PORTS;
}

/* Which of these go together is bar_finish()'s. */
static const struct setting bar_settings[] = {
	{ .name = "index", .read = setting_read_number32, .is_required = true,
	  .offset = offsetof(struct bar_source, index),
	  .example = "the number of the BAR, 0 to 5" },
	{ .name = "at", .read = setting_read_number, .offset = BAR(at),
	  .example = ADDRESS_EXAMPLE },
	{ .name = "size", .read = setting_read_size, .offset = BAR(size),
	  .example = SIZE_EXAMPLE },
	{ .name = "ports", .read = read_bar_ports, .example = "ports such as \"0xc000-0xc03f\"" },
	{ .name = NULL },
};

static const struct setting bar_element = {
	.read = setting_read_group, .group = bar_settings,
	.example = "a group such as { index = 0; at = 0xfebc0000; size = \"128K\"; }",
};

static const struct setting_list bar_list = {
	.element = &bar_element, .element_size = sizeof(struct bar_source), .most = BH_BARS,
	.count = offsetof(struct device_source, bar_count) - offsetof(struct device_source, bars),
};

static const struct setting msix_settings[] = {
	{ .name = "bar", .read = setting_read_number32, .is_required = true,
	  .offset = offsetof(struct bh_device, msix_bar),
	  .example = "the number of a BAR, 0 to 5" },
	{ .name = "offset", .read = setting_read_number32, .is_required = true,
	  .offset = offsetof(struct bh_device, msix_offset),
	  .example = "where the table is in its BAR, such as 0x2000" },
	{ .name = "entries", .read = setting_read_number32, .is_required = true,
	  .offset = offsetof(struct bh_device, msix_entries),
	  .example = "how many entries the table has, such as 16" },
	{ .name = NULL },
};

static const struct word without_reset[] = {
	{ "without_reset", BH_DEVICE_WITHOUT_RESET }, { NULL, 0 },
};

static const struct setting device_settings[] = {
	{ .name = "name", .read = setting_read_name, .is_required = true, .offset = DEVICE(name),
	  .example = "a name such as \"nic\"" },
	{ .name = "address", .read = read_address, .is_required = true, .offset = DEVICE(address),
	  .example = "an address such as \"0000:00:03.0\"" },
	{ .name = "id", .read = read_id, .is_required = true,
	  .offset = offsetof(struct device_source, device),
	  .example = "maker and model such as \"8086:100e\"" },
	{ .name = "bars", .read = setting_read_list, .is_required = true,
	  .offset = offsetof(struct device_source, bars), .list = &bar_list,
	  .example = "a list such as ( { index = 0; at = 0xfebc0000; size = \"128K\"; } ), or () "
		     "for none" },
	{ .name = "pin", .read = setting_read_number32, .offset = DEVICE(pin),
	  .example = "the number of its interrupt at an IOAPIC, such as 11" },
	{ .name = "msix", .read = setting_read_group,
	  .offset = offsetof(struct device_source, device), .group = msix_settings,
	  .example = "a group such as { bar = 3; offset = 0x0; entries = 5; }" },
	{ .name = "group", .read = setting_read_name, .offset = DEVICE(group),
	  .example = "a name that all devices have that go together" },
	{ .name = "without_reset", .read = setting_read_flag, .offset = DEVICE(flags),
	  .words = without_reset,
	  .example = "true or false; true accepts that nothing resets it between a cell and "
		     "Linux" },
	{ .name = NULL },
};

const struct setting device_element = {
	.read = setting_read_group, .group = device_settings,
	.example = "a group such as { name = \"nic\"; address = \"0000:00:03.0\"; "
		   "id = \"8086:100e\"; "
		   "bars = ( { index = 0; at = 0xfebc0000; size = \"128K\"; } ); pin = 11; }",
};

/* Memory has place and size, ports have neither. */
static void check_settings(const struct bar_source *bar, config_setting_t *setting,
			   struct complaints *complaints)
{
	static const char *const of_memory[] = { "at", "size" };
	config_setting_t *member;
	size_t i;

	for (i = 0; i < BH_ARRAY_SIZE(of_memory); i++) {
		member = config_setting_get_member(setting, of_memory[i]);
		if (member && bar->bar.kind == BH_BAR_PORTS)
			setting_complain(complaints, member, "a BAR of ports has no %s",
					 of_memory[i]);
		if (!member && bar->bar.kind == BH_BAR_MEMORY)
			setting_complain(complaints, setting, "\"%s\" is missing: %s", of_memory[i],
					 i ? SIZE_EXAMPLE : ADDRESS_EXAMPLE);
	}
}

static void bar_finish(struct bh_device *device, struct bar_source *bar,
		       config_setting_t *setting, struct complaints *complaints)
{
	if (setting_is_bad(setting))
		return;
	if (bar->bar.kind == BH_BAR_NONE)
		bar->bar.kind = BH_BAR_MEMORY;
	check_settings(bar, setting, complaints);
	if (bar->index >= BH_BARS)
		setting_complain(complaints, setting, "BAR %u: there are 0 to %u", bar->index,
				 BH_BARS - 1);
	else if (device->bars[bar->index].kind != BH_BAR_NONE)
		setting_complain(complaints, setting, "BAR %u is there twice", bar->index);
	else
		device->bars[bar->index] = bar->bar;
}

void device_finish(struct device_source *device, config_setting_t *setting,
		   struct complaints *complaints)
{
	config_setting_t *bars, *msix;
	uint32_t i;

	if (!config_setting_is_group(setting))
		return;
	if (!config_setting_get_member(setting, "pin"))
		device->device.pin = BH_NO_PIN;
	msix = config_setting_get_member(setting, "msix");
	if (msix && !setting_is_bad(msix) && device->device.msix_entries == 0)
		setting_complain(complaints, msix, "a table without entries: leave it out");
	bars = config_setting_get_member(setting, "bars");
	for (i = 0; i < device->bar_count; i++)
		bar_finish(&device->device, &device->bars[i], config_setting_get_elem(bars, i),
			   complaints);
}
