/* SPDX-License-Identifier: GPL-2.0-only */
/* The tables of settings of a cell file, one a group. See cell.h. */
#include "cell.h"

#include <string.h>

#include "expand.h"
#include "numbers.h"
#include "parts.h"

#define CELL(member) offsetof(struct cell_source, cell.member)
#define COUNTER(array, member) \
	((ptrdiff_t)CELL(member) - (ptrdiff_t)offsetof(struct cell_source, array))

static const struct word region_kinds[] = {
	{ "ram", BH_REGION_RAM },
	{ "device", BH_REGION_DEVICE },
	{ "comm", BH_REGION_COMM },
	{ NULL, 0 },
};

static const struct word region_is_loadable[] = {
	{ "loadable", BH_REGION_LOADABLE },
	{ NULL, 0 },
};

static const struct word cell_is_locked[] = {
	{ "locked", BH_CELL_LOCKED },
	{ NULL, 0 },
};

static const struct word cell_accepts_dma[] = {
	{ "unprotected_dma", BH_CELL_UNPROTECTED_DMA },
	{ NULL, 0 },
};

static const struct word starts[] = {
	{ "entry", 0 },
	{ "reset-vector", BH_CELL_RESET_VECTOR },
	{ NULL, 0 },
};

static const struct word console_words[] = {
	{ "log", BH_CELL_LOG_CONSOLE },
	{ NULL, 0 },
};

/* The log of the hypervisor, or a UART of the cell's own. */
static void read_console(struct complaints *complaints, const struct setting *row,
			 config_setting_t *setting, void *value)
{
	struct bh_cell *cell = value;
	uint32_t flag = 0;

	if (config_setting_type(setting) != CONFIG_TYPE_STRING) {
		setting_read_group(complaints, row, setting, &cell->console);
		return;
	}
	setting_read_word(complaints, row, setting, &flag);
	cell->flags |= flag;
}

static void read_entry(struct complaints *complaints, const struct setting *row,
		       config_setting_t *setting, void *value)
{
	struct bh_cell *cell = value;

	setting_read_number(complaints, row, setting, &cell->entry);
	cell->flags |= BH_CELL_HAS_ENTRY;
}

static void read_irq(struct complaints *complaints, const struct setting *row,
		     config_setting_t *setting, void *value)
{
	const char *text = setting_take_text(complaints, row, setting);

	if (text && strlen(text) >= IRQ_TEXT)
		setting_complain(complaints, setting, "\"%s\" is not understood, must be %s", text,
				 row->example);
	else if (text)
		memcpy(value, text, strlen(text));
}

/* Which of these go together is region_finish()'s. */
static const struct setting region_settings[] = {
	{ .name = "name", .read = setting_read_name, .is_required = true,
	  .offset = offsetof(struct bh_region, name), .example = "a name such as \"ram\"" },
	{ .name = "phys", .read = setting_read_number,
	  .offset = offsetof(struct bh_region, phys), .example = ADDRESS_EXAMPLE },
	{ .name = "at", .read = setting_read_number,
	  .offset = offsetof(struct bh_region, at),
	  .example = "an address in the cell such as 0x0" },
	{ .name = "size", .read = setting_read_size, .is_required = true,
	  .offset = offsetof(struct bh_region, size), .example = SIZE_EXAMPLE },
	{ .name = "access", .read = setting_read_letters, .is_required = true,
	  .offset = offsetof(struct bh_region, access), .words = access_letters,
	  .example = "letters of \"rwx\"" },
	{ .name = "kind", .read = setting_read_word, .offset = offsetof(struct bh_region, kind),
	  .words = region_kinds, .example = "\"ram\", \"device\" or \"comm\"" },
	{ .name = "shared", .read = setting_read_flag, .offset = offsetof(struct bh_region, flags),
	  .words = region_is_shared, .example = "true or false" },
	{ .name = "loadable", .read = setting_read_flag,
	  .offset = offsetof(struct bh_region, flags), .words = region_is_loadable,
	  .example = "true or false" },
	{ .name = "dma", .read = setting_read_flag, .offset = offsetof(struct bh_region, flags),
	  .words = region_is_dma, .example = "true or false" },
	{ .name = NULL },
};

static const struct setting region_element = {
	.read = setting_read_group, .group = region_settings,
	.example = "a group such as { name = \"ram\"; phys = 0x38800000; at = 0x0; size = \"2M\"; "
		   "access = \"rwx\"; loadable = true; }",
};

static const struct setting_list region_list = {
	.element = &region_element, .element_size = sizeof(struct bh_region),
	.most = BH_MAX_REGIONS, .count = COUNTER(regions, region_count),
};

static const struct setting_list port_list = {
	.element = &port_element, .element_size = sizeof(struct bh_ports), .most = BH_MAX_PORTS,
	.count = COUNTER(ports, port_count),
};

static const struct setting_list msr_list = {
	.element = &msr_element, .element_size = sizeof(struct bh_msrs), .most = BH_MAX_MSRS,
	.count = COUNTER(msrs, msr_count),
};

static const struct setting pci_element = {
	.read = setting_read_name,
	.example = "a device of the board such as \"nic\" or \"0000:00:03.0\"",
};

static const struct setting_list pci_list = {
	.element = &pci_element, .element_size = sizeof(char[BH_NAME_SIZE]),
	.most = BH_MAX_DEVICES,
	.count = offsetof(struct cell_source, device_names) -
		 offsetof(struct cell_source, device_name),
};

static const struct setting irq_element = { .read = read_irq, .example = IRQ_EXAMPLE };

static const struct setting_list irq_list = {
	.element = &irq_element, .element_size = sizeof(char[IRQ_TEXT]), .most = BH_MAX_IRQS,
	.count = offsetof(struct cell_source, irq_names) - offsetof(struct cell_source, irq_name),
};

static const struct setting cell_settings[] = {
	{ .name = "name", .read = setting_read_name, .is_required = true, .offset = CELL(name),
	  .example = "a name such as \"rt0\"" },
	{ .name = "cpus", .read = setting_read_cpus, .is_required = true, .offset = CELL(cpus),
	  .example = "a set of CPUs such as \"3\" or \"2,4-7\"" },
	{ .name = "on_fault", .read = setting_read_word, .offset = CELL(on_fault),
	  .words = fault_policies, .example = "\"stop\" or \"report\"" },
	{ .name = "locked", .read = setting_read_flag, .offset = CELL(flags),
	  .words = cell_is_locked, .example = "true or false" },
	{ .name = "start", .read = setting_read_word,
	  .offset = offsetof(struct cell_source, start), .words = starts,
	  .example = "\"entry\" or \"reset-vector\"" },
	{ .name = "entry", .read = read_entry, .offset = offsetof(struct cell_source, cell),
	  .example = "an address in the cell such as 0x10000" },
	{ .name = "console", .read = read_console, .offset = offsetof(struct cell_source, cell),
	  .words = console_words, .group = console_settings,
	  .example = "\"log\", or " CONSOLE_EXAMPLE },
	{ .name = "memory", .read = setting_read_list, .is_required = true,
	  .offset = offsetof(struct cell_source, regions), .list = &region_list,
	  .example = "a list of groups, one a region" },
	{ .name = "ports", .read = setting_read_list, .offset = offsetof(struct cell_source, ports),
	  .list = &port_list, .example = "a list such as ( \"0x3e8-0x3ef\" )" },
	{ .name = "msrs", .read = setting_read_list, .offset = offsetof(struct cell_source, msrs),
	  .list = &msr_list, .example = "a list such as ( \"0xc90-0xc9f\", 0x1a4 )" },
	{ .name = "pci", .read = setting_read_list,
	  .offset = offsetof(struct cell_source, device_name), .list = &pci_list,
	  .example = "a list such as ( \"nic\" )" },
	{ .name = "irqs", .read = setting_read_list,
	  .offset = offsetof(struct cell_source, irq_name), .list = &irq_list,
	  .example = "a list such as ( \"ioapic:11\" )" },
	{ .name = "unprotected_dma", .read = setting_read_flag, .offset = CELL(flags),
	  .words = cell_accepts_dma, .example = "true or false" },
	{ .name = NULL },
};

static const struct setting file_settings[] = {
	{ .name = "cell", .read = setting_read_group, .is_required = true, .group = cell_settings,
	  .example = "a group that describes a cell" },
	{ .name = NULL },
};

static const struct setting file = { .read = setting_read_group, .group = file_settings };

static void region_finish(struct bh_region *region, config_setting_t *setting,
			  struct complaints *complaints)
{
	bool is_comm = region->kind == BH_REGION_COMM;
	config_setting_t *phys, *kind;

	if (!config_setting_is_group(setting))
		return;
	kind = config_setting_get_member(setting, "kind");
	if (kind && setting_is_bad(kind))
		return;
	phys = config_setting_get_member(setting, "phys");
	if (is_comm && phys)
		setting_complain(complaints, phys,
				 "a communication page has no phys: the hypervisor provides it");
	if (!is_comm && !phys)
		setting_complain(complaints, setting, "\"phys\" is missing: " ADDRESS_EXAMPLE);
	if (config_setting_get_member(setting, "at"))
		return;
	if (is_comm)
		setting_complain(complaints, setting, "\"at\" is missing: where the cell sees its "
				 "communication page, such as 0xfef00000");
	region->at = region->phys;
}

/* What the rows cannot say: settings that go with others, and values of those left out. */
static void cell_finish(struct cell_source *cell, const config_t *source,
			struct complaints *complaints)
{
	config_setting_t *memory = config_lookup(source, "cell.memory");
	config_setting_t *entry = config_lookup(source, "cell.entry");
	uint32_t i;

	for (i = 0; i < cell->cell.region_count; i++) {
		region_finish(&cell->regions[i], config_setting_get_elem(memory, i), complaints);
		region_finish_dma(&cell->regions[i], config_setting_get_elem(memory, i));
	}
	console_finish(&cell->cell.console, config_lookup(source, "cell.console"), complaints);
	cell->cell.flags |= cell->start;
	if (entry && cell->start == BH_CELL_RESET_VECTOR)
		setting_complain(complaints, entry,
				 "a cell that starts at the reset vector has no entry");
}

void cell_read(struct cell_source *cell, const struct config_view *board, const config_t *source,
	       struct complaints *complaints)
{
	cell->cell.on_fault = BH_ON_FAULT_STOP;
	setting_read_group(complaints, &file, config_root_setting(source), cell);
	cell_finish(cell, source, complaints);
	if (board)
		expand_cell(cell, board, source, complaints);
}

/* What the tool made of a device stands in the file as that. */
static enum config_part origin(const struct config_place *place)
{
	const struct cell_view *cell = place->cell;

	if ((place->part == CONFIG_REGION && (cell->regions[place->index].flags & BH_REGION_BAR)) ||
	    (place->part == CONFIG_PORTS && cell->ports[place->index].flags))
		return CONFIG_DEVICE;
	return place->part;
}

config_setting_t *cell_setting(const config_t *source, const struct config_place *place)
{
	static const char *const paths[] = {
		[CONFIG_CELL] = "cell",
		[CONFIG_CONSOLE] = "cell.console",
		[CONFIG_REGION] = "cell.memory",
		[CONFIG_PORTS] = "cell.ports",
		[CONFIG_MSRS] = "cell.msrs",
		[CONFIG_DEVICE] = "cell.pci",
		[CONFIG_IRQ] = "cell.irqs",
	};
	struct config_place found = *place;

	found.part = origin(place);
	/* Which of the devices it is, names would have to tell: the list is near enough. */
	if (found.part != place->part)
		found.index = UINT32_MAX;
	if (found.part >= BH_ARRAY_SIZE(paths) || !paths[found.part])
		return NULL;
	return place_setting(source, paths[found.part], &found);
}

static bool is_bad(const config_t *source, const char *path)
{
	const config_setting_t *setting = config_lookup(source, path);

	return setting && setting_is_bad(setting);
}

bool cell_place_depends_on_bad(const config_t *source, const struct config_place *place)
{
	const config_setting_t *list = config_lookup(source, "cell.memory");
	const config_setting_t *region, *kind;

	switch (place->part) {
	case CONFIG_CELL:
		if (place->setting && strcmp(place->setting, "unprotected_dma") == 0)
			return is_bad(source, "cell.pci");
		return place->setting && strcmp(place->setting, "entry") == 0 &&
		       (!list || setting_is_bad(list));
	/* What the cell has is not known, nor where in these lists the rest of it stands. */
	case CONFIG_DEVICE:
		return is_bad(source, "cell.pci");
	case CONFIG_IRQ:
		return is_bad(source, "cell.pci") || is_bad(source, "cell.irqs");
	case CONFIG_CONSOLE:
		return is_bad(source, "cell.ports") || is_bad(source, "cell.memory") ||
		       is_bad(source, "cell.pci");
	case CONFIG_REGION:
		region = list ? config_setting_get_elem(list, place->index) : NULL;
		kind = region ? config_setting_get_member(region, "kind") : NULL;
		return kind && setting_is_bad(kind);
	default:
		return false;
	}
}
