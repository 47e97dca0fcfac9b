/* SPDX-License-Identifier: GPL-2.0-only */
/* The tables of settings of a board file, one a group. See board.h. */
#include "board.h"

#include <stdio.h>
#include <string.h>

#include "expand.h"
#include "parts.h"

#define BOARD(member)  offsetof(struct board_source, board.member)
#define COUNTER(array, member) \
	((ptrdiff_t)BOARD(member) - (ptrdiff_t)offsetof(struct board_source, array))

static const struct word test_stages[] = {
	{ "features", BH_TEST_FEATURES },
	{ "vmxon", BH_TEST_VMXON },
	{ "entry", BH_TEST_ENTRY },
	{ "panic", BH_TEST_PANIC },
	{ "deaf", BH_TEST_DEAF },
	{ "block", BH_TEST_BLOCK },
	{ "give", BH_TEST_GIVE },
	{ "return", BH_TEST_RETURN },
	{ "messages", BH_TEST_MESSAGES },
	{ "strand", BH_TEST_STRAND },
	{ "begin", BH_TEST_BEGIN },
	{ "asleep", BH_TEST_ASLEEP },
	{ "restless", BH_TEST_RESTLESS },
	{ "overtaken", BH_TEST_OVERTAKEN },
	{ NULL, 0 },
};

static const struct word region_kinds[] = {
	{ "ram", BH_REGION_RAM },
	{ "device", BH_REGION_DEVICE },
	{ NULL, 0 },
};

static const struct word region_is_lent[] = {
	{ "lent", BH_REGION_LENT },
	{ NULL, 0 },
};

static const struct word backends[] = {
	{ "vmx", 0 },
	{ "svm", BH_BOARD_SVM },
	{ NULL, 0 },
};

static const struct word pages_1g[] = {
	{ "pages_1g", BH_BOARD_PAGES_1G },
	{ NULL, 0 },
};

static const struct word apic_stays[] = {
	{ "apic_stays", BH_BOARD_APIC_STAYS },
	{ NULL, 0 },
};

/* To say neither is a third thing. */
static const struct word itlb_multihit[] = {
	{ "itlb_multihit", BH_BOARD_MULTIHIT },
	{ "no itlb_multihit", BH_BOARD_NO_MULTIHIT },
	{ NULL, 0 },
};

/* That it is said at all means something. */
static void read_pci(struct complaints *complaints, const struct setting *row,
		     config_setting_t *setting, void *value)
{
	struct board_source *board = value;

	board->board.flags |= BH_BOARD_PCI;
	setting_read_group(complaints, row, setting, value);
}

static const struct setting_list device_list = {
	.element = &device_element, .element_size = sizeof(struct device_source),
	.most = BH_MAX_DEVICES, .count = COUNTER(devices, device_count),
};

static const struct setting pci_settings[] = {
	{ .name = "mmconfig", .read = setting_read_group, .offset = BOARD(mmconfig),
	  .group = mmconfig_settings,
	  .example = "a group such as { at = 0xb0000000; buses = \"0-255\"; }" },
	{ .name = "devices", .read = setting_read_list,
	  .offset = offsetof(struct board_source, devices), .list = &device_list,
	  .example = "a list of groups, one a device" },
	{ .name = NULL },
};

static const struct setting_list ioapic_list = {
	.element = &ioapic_element, .element_size = sizeof(struct bh_ioapic),
	.most = BH_MAX_IOAPICS, .count = COUNTER(ioapics, ioapic_count),
};

static const struct setting range_settings[] = {
	{ .name = "phys", .read = setting_read_number, .is_required = true,
	  .offset = offsetof(struct bh_range, start), .example = ADDRESS_EXAMPLE },
	{ .name = "size", .read = setting_read_size, .is_required = true,
	  .offset = offsetof(struct bh_range, size), .example = SIZE_EXAMPLE },
	{ .name = NULL },
};

static const struct setting hpet_settings[] = {
	{ .name = "at", .read = setting_read_number, .is_required = true,
	  .example = "an address such as 0xfed00000" },
	{ .name = NULL },
};

static const struct setting test_settings[] = {
	{ .name = "stage", .read = setting_read_word, .is_required = true,
	  .offset = offsetof(struct bh_test, stage), .words = test_stages,
	  .example = "\"features\", \"vmxon\", \"entry\" or \"panic\"" },
	{ .name = "cpu", .read = setting_read_number32, .is_required = true,
	  .offset = offsetof(struct bh_test, cpu), .example = "the number of a CPU" },
	{ .name = NULL },
};

static const struct setting pool_element = {
	.read = setting_read_group, .group = range_settings,
	.example = "a group such as { phys = 0x38800000; size = \"48M\"; }",
};

static const struct setting_list pool_list = {
	.element = &pool_element, .element_size = sizeof(struct bh_range), .most = BH_MAX_POOLS,
	.count = COUNTER(pools, pool_count),
};

static const struct setting core_element = {
	.read = setting_read_cpus, .example = "CPUs of one core such as \"0,4\"",
};

static const struct setting_list core_list = {
	.element = &core_element, .element_size = sizeof(uint64_t[BH_CPU_WORDS]),
	.most = BH_MAX_CPUS,
	.count = offsetof(struct siblings, count) - offsetof(struct siblings, cores),
};

static const struct setting board_settings[] = {
	{.name = "name",
	 .read = setting_read_name,
	 .is_required = true,
	 .offset = BOARD(name),
	 .example = "a name such as \"bochs\""},
	{.name = "physical_bits",
	 .read = setting_read_number32,
	 .is_required = true,
	 .offset = BOARD(physical_bits),
	 .example = "the width of physical addresses, such as 39"},
	{.name = "backend",
	 .read = setting_read_word,
	 .offset = BOARD(flags),
	 .words = backends,
	 .example = "\"vmx\" or \"svm\""},
	{.name = "pages_1g",
	 .read = setting_read_flag,
	 .offset = BOARD(flags),
	 .words = pages_1g,
	 .example = "true or false"},
	{.name = "itlb_multihit",
	 .read = setting_read_flag,
	 .offset = BOARD(flags),
	 .words = itlb_multihit,
	 .example = "true or false"},
	{.name = "apic_stays",
	 .read = setting_read_flag,
	 .offset = BOARD(flags),
	 .words = apic_stays,
	 .example = "true or false"},
	{.name = "cpus",
	 .read = setting_read_cpus,
	 .is_required = true,
	 .offset = BOARD(root.cpus),
	 .example = "a set of CPUs such as \"0-3\" or \"0,2,4-7\""},
	{.name = "siblings",
	 .read = setting_read_list,
	 .offset = offsetof(struct board_source, siblings.cores),
	 .list = &core_list,
	 .example = "a list such as ( \"0,4\", \"1,5\" ), or () for none"},
	{.name = "hypervisor",
	 .read = setting_read_group,
	 .is_required = true,
	 .offset = BOARD(hypervisor),
	 .group = range_settings,
	 .example = "a group such as { phys = 0x38000000; size = \"8M\"; }"},
	{.name = "cell_memory",
	 .read = setting_read_list,
	 .offset = offsetof(struct board_source, pools),
	 .list = &pool_list,
	 .example = "a list such as ( { phys = 0x38800000; size = \"48M\"; } )"},
	{.name = "console",
	 .read = setting_read_group,
	 .is_required = true,
	 .offset = BOARD(console),
	 .group = console_settings,
	 .example = CONSOLE_EXAMPLE},
	{.name = "ioapics",
	 .read = setting_read_list,
	 .offset = offsetof(struct board_source, ioapics),
	 .list = &ioapic_list,
	 .example = "a list such as ( { name = \"ioapic\"; at = 0xfec00000; pins = 24; } )"},
	{.name = "hpet",
	 .read = setting_read_group,
	 .offset = BOARD(hpet),
	 .group = hpet_settings,
	 .example = "a group such as { at = 0xfed00000; }"},
	{.name = "pci",
	 .read = read_pci,
	 .group = pci_settings,
	 .example = "a group such as { devices = (); }"},
	{.name = "iommus",
	 .read = setting_read_list,
	 .offset = offsetof(struct board_source, iommus.units),
	 .list = &iommu_list,
	 .example = IOMMUS_EXAMPLE},
	{.name = "iommu_windows",
	 .read = setting_read_list,
	 .offset = offsetof(struct board_source, iommus.windows),
	 .list = &window_list,
	 .example = WINDOWS_EXAMPLE},
	{.name = "test",
	 .read = setting_read_group,
	 .offset = BOARD(test),
	 .group = test_settings,
	 .example = "a group such as { stage = \"vmxon\"; cpu = 2; }"},
	{.name = NULL},
};

static const struct setting region_settings[] = {
	{ .name = "name", .read = setting_read_name, .is_required = true,
	  .offset = offsetof(struct bh_region, name), .example = "a name such as \"vga\"" },
	{ .name = "phys", .read = setting_read_number, .is_required = true,
	  .offset = offsetof(struct bh_region, phys), .example = ADDRESS_EXAMPLE },
	{ .name = "size", .read = setting_read_size, .is_required = true,
	  .offset = offsetof(struct bh_region, size), .example = SIZE_EXAMPLE },
	{ .name = "access", .read = setting_read_letters, .is_required = true,
	  .offset = offsetof(struct bh_region, access), .words = access_letters,
	  .example = "letters of \"rwx\"" },
	{ .name = "kind", .read = setting_read_word, .is_required = true,
	  .offset = offsetof(struct bh_region, kind), .words = region_kinds,
	  .example = "\"ram\" or \"device\"" },
	{ .name = "shared", .read = setting_read_flag, .offset = offsetof(struct bh_region, flags),
	  .words = region_is_shared, .example = "true or false" },
	{ .name = "lent", .read = setting_read_flag, .offset = offsetof(struct bh_region, flags),
	  .words = region_is_lent, .example = "true or false" },
	{ .name = NULL },
};

static const struct setting region_element = {
	.read = setting_read_group, .group = region_settings,
	.example = "a group such as { name = \"low\"; phys = 0; size = \"640K\"; access = \"rwx\"; "
		   "kind = \"ram\"; }",
};

static const struct setting_list region_list = {
	.element = &region_element,
	.element_size = sizeof(struct bh_region),
	.most = BH_MAX_REGIONS,
	.count = COUNTER(regions, root.region_count),
};

static const struct setting_list port_list = {
	.element = &port_element, .element_size = sizeof(struct bh_ports), .most = BH_MAX_PORTS,
	.count = COUNTER(ports, root.port_count),
};

static const struct setting_list msr_list = {
	.element = &msr_element, .element_size = sizeof(struct bh_msrs), .most = BH_MAX_MSRS,
	.count = COUNTER(msrs, root.msr_count),
};

static const struct setting root_settings[] = {
	{ .name = "on_fault", .read = setting_read_word, .offset = BOARD(root.on_fault),
	  .words = fault_policies, .example = "\"report\" or \"stop\"" },
	{ .name = "memory", .read = setting_read_list, .is_required = true,
	  .offset = offsetof(struct board_source, regions), .list = &region_list,
	  .example = "a list of groups, one a region" },
	{ .name = "ports", .read = setting_read_list, .is_required = true,
	  .offset = offsetof(struct board_source, ports), .list = &port_list,
	  .example = "a list such as ( \"0x20-0x21\", \"0x3f8-0x3ff\" ), or () for none" },
	{ .name = "msrs", .read = setting_read_list, .offset = offsetof(struct board_source, msrs),
	  .list = &msr_list, .example = "a list such as ( \"0xc90-0xc9f\", 0x1a4 )" },
	{ .name = NULL },
};

static const struct setting file_settings[] = {
	{ .name = "board", .read = setting_read_group, .is_required = true, .group = board_settings,
	  .example = "a group that describes the machine" },
	{ .name = "root", .read = setting_read_group, .is_required = true, .group = root_settings,
	  .example = "a group that describes the root cell" },
	{ .name = NULL },
};

static const struct setting file = { .read = setting_read_group, .group = file_settings };

void board_read(struct board_source *board, const config_t *source, struct complaints *complaints)
{
	config_setting_t *devices;
	uint32_t i;

	setting_read_group(complaints, &file, config_root_setting(source), board);
	console_finish(&board->board.console, config_lookup(source, "board.console"), complaints);
	snprintf(board->board.root.name, BH_NAME_SIZE, "root");
	board->board.iommu_size = (uint32_t)iommus_size(&board->iommus);
	for (i = 0; i < board->board.root.region_count; i++)
		board->regions[i].at = board->regions[i].phys;
	devices = config_lookup(source, "board.pci.devices");
	for (i = 0; i < board->board.device_count; i++)
		device_finish(&board->devices[i], config_setting_get_elem(devices, i), complaints);
	expand_board(board, source, complaints);
}

static bool is_part_of(const struct bh_region *region, const struct bh_device *device)
{
	size_t length = strlen(device->name);

	return strncmp(region->name, device->name, length) == 0 && region->name[length] == '.';
}

/* A region or range of ports that the tool made of a device stands in the file as that. */
static struct config_place origin(const struct config_view *view, const struct config_place *place)
{
	struct config_place device = { .part = CONFIG_DEVICE, .setting = "bars" };
	const struct bh_ports *ports;
	uint32_t i, j;

	for (i = 0; i < view->board->device_count; i++) {
		device.index = i;
		if (place->part == CONFIG_REGION &&
		    (view->regions[place->index].flags & BH_REGION_BAR) &&
		    is_part_of(&view->regions[place->index], &view->devices[i]))
			return device;
		ports = place->part == CONFIG_PORTS ? &view->ports[place->index] : NULL;
		for (j = 0; j < BH_BARS && ports && ports->flags; j++)
			if (view->devices[i].bars[j].at == ports->first)
				return device;
	}
	return *place;
}

/* A piece that was cut off a region, "NAME+1", stands in the file as that region. */
static void find_whole(const config_t *source, const struct config_view *view,
		       struct config_place *place)
{
	const config_setting_t *list = config_lookup(source, "root.memory");
	uint32_t length = list ? (uint32_t)config_setting_length(list) : 0;
	const char *name;
	uint32_t i;

	if (place->part != CONFIG_REGION || place->index < length)
		return;
	name = view->regions[place->index].name;
	for (i = 0; i < length; i++)
		if (strncmp(view->regions[i].name, name, strcspn(name, "+")) == 0 &&
		    view->regions[i].name[strcspn(name, "+")] == '\0')
			place->index = i;
}

config_setting_t *board_setting(const config_t *source, const struct config_view *view,
				const struct config_place *place)
{
	struct config_place found = origin(view, place);

	if (place->part == CONFIG_NOTHING || place->part == CONFIG_APIC)
		return NULL;
	find_whole(source, view, &found);
	return place_setting(source, config_part_name(found.part), &found);
}
