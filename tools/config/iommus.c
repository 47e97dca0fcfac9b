// SPDX-License-Identifier: GPL-2.0-only
/* The tables of settings of a board's IOMMUs. See iommus.h. */
#include "iommus.h"

#include <string.h>

#include "parts.h"
#include "pci.h"

#define FUNCTION_EXAMPLE "a function such as \"00:1f.0\""
#define DEVICE_EXAMPLE   "a function such as \"0000:00:1f.0\""

/* Both addresses are a segment above bus, device and function. */
static bool parse_function(const char *text, uint64_t *number)
{
	uint32_t address;

	if (!pci_address_parse(text, &address))
		return false;
	*number = address;
	return true;
}

static void read_source(struct complaints *complaints, const struct setting *row,
			config_setting_t *setting, void *value)
{
	uint64_t number;

	if (!setting_take_number(complaints, row, setting, parse_function, &number))
		return;
	if (number > UINT16_MAX)
		setting_complain(complaints, setting, "0x%llx is too large, must be %s",
				 (unsigned long long)number, row->example);
	else
		*(uint16_t *)value = (uint16_t)number;
}

static void read_kind(struct complaints *complaints, const struct setting *row,
		      config_setting_t *setting, void *value)
{
	uint32_t kind = 0;

	setting_read_word(complaints, row, setting, &kind);
	*(uint16_t *)value = (uint16_t)kind;
}

static void read_pass(struct complaints *complaints, const struct setting *row,
		      config_setting_t *setting, void *value)
{
	uint32_t pass = 0;

	setting_read_number32(complaints, row, setting, &pass);
	if (pass > UINT8_MAX)
		setting_complain(complaints, setting, "0x%x is too large, must be %s", pass,
				 row->example);
	else
		*(uint16_t *)value = (uint16_t)pass;
}

static void read_device(struct complaints *complaints, const struct setting *row,
			config_setting_t *setting, void *value)
{
	uint64_t number;

	if (!setting_take_number(complaints, row, setting, parse_function, &number))
		return;
	if (number > UINT32_MAX)
		setting_complain(complaints, setting, "0x%llx is too large, must be %s",
				 (unsigned long long)number, row->example);
	else
		*(uint32_t *)value = (uint32_t)number;
}

const struct word iommu_kinds[] = {
	{ "vt-d", BH_IOMMU_VTD }, { "amd-vi", BH_IOMMU_AMDVI }, { NULL, 0 },
};

const struct word iommu_scope_kinds[] = {
	{ "function", BH_IOMMU_FUNCTION },
	{ "range", BH_IOMMU_RANGE },
	{ "bridge", BH_IOMMU_BRIDGE },
	{ "ioapic", BH_IOMMU_IOAPIC },
	{ "hpet", BH_IOMMU_HPET },
	{ "alias", BH_IOMMU_ALIAS },
	{ "unit", BH_IOMMU_UNIT },
	{ NULL, 0 },
};

static const struct word all[] = { { "all", BH_IOMMU_ALL }, { NULL, 0 } };
static const struct word remaps[] = { { "remaps", BH_IOMMU_REMAPS }, { NULL, 0 } };
static const struct word linux_remaps[] = {
	{ "linux_remaps", BH_IOMMU_LINUX_REMAPS }, { NULL, 0 },
};
static const struct word scalable[] = { { "scalable", BH_IOMMU_SCALABLE }, { NULL, 0 } };
static const struct word pages_2m[] = { { "pages_2m", BH_IOMMU_PAGES_2M }, { NULL, 0 } };
static const struct word pages_1g[] = { { "pages_1g", BH_IOMMU_PAGES_1G }, { NULL, 0 } };
static const struct word tunnel[] = { { "tunnel", BH_IOMMU_TUNNEL }, { NULL, 0 } };
static const struct word pass_pw[] = { { "pass_pw", BH_IOMMU_PASS_PW }, { NULL, 0 } };
static const struct word res_pass_pw[] = { { "res_pass_pw", BH_IOMMU_RES_PASS_PW }, { NULL, 0 } };
static const struct word isoc[] = { { "isoc", BH_IOMMU_ISOC }, { NULL, 0 } };

static const struct setting scope_settings[] = {
	{ .name = "kind", .read = read_kind, .is_required = true,
	  .offset = offsetof(struct bh_iommu_scope, kind), .words = iommu_scope_kinds,
	  .example = "\"function\", \"range\", \"bridge\", \"ioapic\", \"hpet\", \"alias\" or "
		     "\"unit\"" },
	{ .name = "source", .read = read_source, .is_required = true,
	  .offset = offsetof(struct bh_iommu_scope, source), .example = FUNCTION_EXAMPLE },
	{ .name = "id", .read = read_source, .offset = offsetof(struct bh_iommu_scope, id),
	  .example = "a number, or " FUNCTION_EXAMPLE },
	{ .name = "pass", .read = read_pass, .offset = offsetof(struct bh_iommu_scope, pass),
	  .example = "a number up to 0xf7 such as 0xd7" },
	{ .name = NULL },
};

static const struct setting scope_element = {
	.read = setting_read_group, .group = scope_settings,
	.example = "a group such as { kind = \"function\"; source = \"00:02.0\"; }",
};

static const struct setting_list scope_list = {
	.element = &scope_element, .element_size = sizeof(struct bh_iommu_scope),
	.most = BH_MAX_IOMMU_SCOPES,
	.count = (ptrdiff_t)offsetof(struct iommu_source, unit.scope_count) -
		 (ptrdiff_t)offsetof(struct iommu_source, scopes),
};

#define UNIT(member) offsetof(struct iommu_source, unit.member)
#define FLAG(name_, text) \
	{ .name = text, .read = setting_read_flag, .offset = UNIT(flags), .words = name_, \
	  .example = "true or false" }

static const struct setting unit_settings[] = {
	{ .name = "name", .read = setting_read_name, .is_required = true, .offset = UNIT(name),
	  .example = "a name such as \"dmar0\"" },
	{ .name = "kind", .read = setting_read_word, .is_required = true, .offset = UNIT(kind),
	  .words = iommu_kinds, .example = "\"vt-d\" or \"amd-vi\"" },
	{ .name = "registers", .read = setting_read_number, .is_required = true,
	  .offset = UNIT(registers), .example = "an address such as 0xfed90000" },
	{ .name = "levels", .read = setting_read_number32, .is_required = true,
	  .offset = UNIT(levels), .example = "3 or 4" },
	{ .name = "segment", .read = setting_read_number32, .offset = UNIT(segment),
	  .example = "a PCI segment such as 0" },
	{ .name = "last_bus", .read = setting_read_number32, .offset = UNIT(last_bus),
	  .example = "the last bus of the segment, such as 255" },
	FLAG(all, "all"),
	FLAG(remaps, "remaps"),
	FLAG(linux_remaps, "linux_remaps"),
	FLAG(scalable, "scalable"),
	FLAG(pages_2m, "pages_2m"),
	FLAG(pages_1g, "pages_1g"),
	FLAG(tunnel, "tunnel"),
	FLAG(pass_pw, "pass_pw"),
	FLAG(res_pass_pw, "res_pass_pw"),
	FLAG(isoc, "isoc"),
	{ .name = "scopes", .read = setting_read_list,
	  .offset = offsetof(struct iommu_source, scopes), .list = &scope_list,
	  .example = "a list of groups, one a device" },
	{ .name = NULL },
};

static const struct setting unit_element = {
	.read = setting_read_group, .group = unit_settings,
	.example = "a group such as { name = \"dmar0\"; kind = \"vt-d\"; registers = 0xfed90000; "
		   "levels = 4; all = true; }",
};

const struct setting_list iommu_list = {
	.element = &unit_element, .element_size = sizeof(struct iommu_source),
	.most = BH_MAX_IOMMUS,
	.count = (ptrdiff_t)offsetof(struct iommus_source, count) -
		 (ptrdiff_t)offsetof(struct iommus_source, units),
};

static const struct setting window_settings[] = {
	{ .name = "phys", .read = setting_read_number, .is_required = true,
	  .offset = offsetof(struct bh_iommu_window, start), .example = ADDRESS_EXAMPLE },
	{ .name = "size", .read = setting_read_size, .is_required = true,
	  .offset = offsetof(struct bh_iommu_window, size), .example = SIZE_EXAMPLE },
	{ .name = "device", .read = read_device, .is_required = true,
	  .offset = offsetof(struct bh_iommu_window, address), .example = DEVICE_EXAMPLE },
	{ .name = "last", .read = read_device, .offset = offsetof(struct bh_iommu_window, last),
	  .example = DEVICE_EXAMPLE },
	{ .name = NULL },
};

static const struct setting window_element = {
	.read = setting_read_group, .group = window_settings,
	.example = "a group such as { phys = 0x7b000000; size = \"8M\"; device = "
		   "\"0000:00:02.0\"; }",
};

const struct setting_list window_list = {
	.element = &window_element, .element_size = sizeof(struct bh_iommu_window),
	.most = BH_MAX_IOMMU_WINDOWS,
	.count = (ptrdiff_t)offsetof(struct iommus_source, window_count) -
		 (ptrdiff_t)offsetof(struct iommus_source, windows),
};

static struct bh_iommus head_of(const struct iommus_source *iommus)
{
	struct bh_iommus head = {
		.iommu_count = iommus->count, .window_count = iommus->window_count,
	};
	uint32_t i;

	for (i = 0; i < iommus->count; i++)
		head.scope_count += iommus->units[i].unit.scope_count;
	return head;
}

size_t iommus_size(const struct iommus_source *iommus)
{
	struct bh_iommus head = head_of(iommus);

	if (head.iommu_count == 0 && head.window_count == 0)
		return 0;
	return sizeof(head) + head.iommu_count * sizeof(struct bh_iommu) +
	       head.scope_count * sizeof(struct bh_iommu_scope) +
	       head.window_count * sizeof(struct bh_iommu_window);
}

static void *append(void *at, const void *part, size_t size)
{
	memcpy(at, part, size);
	return (char *)at + size;
}

void *iommus_append(void *at, const struct iommus_source *iommus)
{
	struct bh_iommus head = head_of(iommus);
	uint32_t i;

	if (iommus_size(iommus) == 0)
		return at;
	at = append(at, &head, sizeof(head));
	for (i = 0; i < iommus->count; i++)
		at = append(at, &iommus->units[i].unit, sizeof(iommus->units[i].unit));
	for (i = 0; i < iommus->count; i++)
		at = append(at, iommus->units[i].scopes, iommus->units[i].unit.scope_count *
			    sizeof(iommus->units[i].scopes[0]));
	return append(at, iommus->windows, head.window_count * sizeof(iommus->windows[0]));
}
