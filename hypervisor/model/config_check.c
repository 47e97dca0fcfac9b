/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a well-formed configuration may still get wrong, apart from addresses (config_memory.c) and
 * I/O (config_io.c): names, CPUs, and values that no enum has. Every finding is told, so that a
 * person can mend all at once.
 */
#include "model/config_checks.h"
#include "model/text.h"

static void tell(struct config_checker *checker, const struct config_finding *finding)
{
	checker->findings++;
	checker->report(checker->context, finding);
}

void config_find_wordless(struct config_checker *checker, struct config_place place)
{
	tell(checker, &(struct config_finding){ .place = place, .what = "makes no sense" });
}

void config_find_words(struct config_checker *checker, struct config_place place,
		       const char *format, ...)
{
	struct config_finding finding = { .place = place };
	va_list arguments;

	va_start(arguments, format);
	text_vformat(finding.what, sizeof(finding.what), format, arguments);
	va_end(arguments);
	tell(checker, &finding);
}

void config_clash_words(struct config_checker *checker, struct config_place place,
			struct config_place other, const char *what, const char *format, ...)
{
	struct config_finding finding = { .place = place, .other = other };
	va_list arguments;

	text_format(finding.what, sizeof(finding.what), "%s", what);
	va_start(arguments, format);
	text_vformat(finding.detail, sizeof(finding.detail), format, arguments);
	va_end(arguments);
	tell(checker, &finding);
}

/* What is wrong may be the cell's name itself; then it stands there as it is. */
static size_t cell_place_name(const struct config_place *place, char *buffer, size_t size)
{
	const char *cell = place->cell->cell->name;

	switch (place->part) {
	case CONFIG_REGION:
		return text_format(buffer, size, "cell %s: cell.memory[%u] \"%s\"", cell,
				   place->index, place->cell->regions[place->index].name);
	case CONFIG_PORTS:
		return text_format(buffer, size, "cell %s: cell.ports[%u]", cell, place->index);
	case CONFIG_MSRS:
		return text_format(buffer, size, "cell %s: cell.msrs[%u]", cell, place->index);
	case CONFIG_CONSOLE:
		return text_format(buffer, size, "cell %s: cell.console", cell);
	case CONFIG_DEVICE:
		return text_format(buffer, size, "cell %s: cell.pci[%u]", cell, place->index);
	case CONFIG_IRQ:
		return text_format(buffer, size, "cell %s: cell.irqs[%u]", cell, place->index);
	default:
		return text_format(buffer, size, "cell %s: cell%s%s", cell,
				   place->setting ? "." : "",
				   place->setting ? place->setting : "");
	}
}

static const char *const part_names[] = {
	[CONFIG_BOARD] = "board",
	[CONFIG_HYPERVISOR] = "board.hypervisor",
	[CONFIG_CONSOLE] = "board.console",
	[CONFIG_TEST] = "board.test",
	[CONFIG_POOL] = "board.cell_memory",
	[CONFIG_APIC] = "the local APIC's range",
	[CONFIG_ROOT] = "root",
	[CONFIG_REGION] = "root.memory",
	[CONFIG_PORTS] = "root.ports",
	[CONFIG_MSRS] = "root.msrs",
	[CONFIG_BOARD_PCI] = "board.pci",
	[CONFIG_MMCONFIG] = "board.pci.mmconfig",
	[CONFIG_IOAPIC] = "board.ioapics",
	[CONFIG_DEVICE] = "board.pci.devices",
	[CONFIG_IOMMU] = "board.iommus",
	[CONFIG_WINDOW] = "board.iommu_windows",
	[CONFIG_HPET_PAGE] = "board.hpet",
};

const char *config_part_name(enum config_part part)
{
	return part_names[part];
}

size_t config_place_name(const struct config_view *view, const struct config_place *place,
			 char *buffer, size_t size)
{
	const char *name;

	if (place->cell)
		return cell_place_name(place, buffer, size);
	name = config_part_name(place->part);
	switch (place->part) {
	case CONFIG_REGION:
		/* Which the tool made of a device: nobody has written it. */
		if (view->regions[place->index].flags & BH_REGION_BAR)
			return text_format(buffer, size, "board.pci.devices: \"%s\"",
					   view->regions[place->index].name);
		return text_format(buffer, size, "%s[%u] \"%s\"", name, place->index,
				   view->regions[place->index].name);
	case CONFIG_IOAPIC:
		return text_format(buffer, size, "%s[%u] \"%s\"", name, place->index,
				   view->ioapics[place->index].name);
	case CONFIG_DEVICE:
		return text_format(buffer, size, "%s[%u] \"%s\"", name, place->index,
				   view->devices[place->index].name);
	case CONFIG_POOL:
	case CONFIG_PORTS:
	case CONFIG_MSRS:
	case CONFIG_IOMMU:
	case CONFIG_WINDOW:
		return text_format(buffer, size, "%s[%u]", name, place->index);
	default:
		return text_format(buffer, size, "%s%s%s", name, place->setting ? "." : "",
				   place->setting ? place->setting : "");
	}
}

static bool is_name_character(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_' || c == '-' || c == '.' || c == '+';
}

unsigned int config_name_stranger(const char *name)
{
	unsigned int i;

	for (i = 0; name[i] != '\0'; i++)
		if (!is_name_character(name[i]))
			return i + 1;
	return 0;
}

void config_check_name(struct config_checker *checker, struct config_place place,
		       const char *name)
{
	unsigned int stranger = config_name_stranger(name);

	if (name[0] == '\0')
		config_find(checker, place, "the name is empty");
	if (stranger)
		config_find(checker, place, CONFIG_NAME_RULE, stranger);
}

bool config_names_equal(const char *a, const char *b)
{
	while (*a != '\0' && *a == *b) {
		a++;
		b++;
	}
	return *a == *b;
}

static void check_region_names(struct config_checker *checker)
{
	const struct bh_region *regions = checker->view->regions;
	uint32_t i, j;

	for (i = 0; i < checker->view->board->root.region_count; i++) {
		config_check_name(checker, config_at(CONFIG_REGION, i, "name"), regions[i].name);
		for (j = 0; j < i; j++) {
			/* Parts of devices have these's names, which are looked at themselves. */
			if (regions[i].name[0] == '\0' ||
			    (regions[i].flags & regions[j].flags & BH_REGION_BAR) ||
			    !config_names_equal(regions[i].name, regions[j].name))
				continue;
			config_clash(checker, config_at(CONFIG_REGION, i, "name"),
				     config_at(CONFIG_REGION, j, "name"), "has the name of",
				     "as well: give each region its own");
			break;
		}
	}
}

static bool has_cpu(const struct bh_cell *cell, uint32_t cpu)
{
	return cpu < BH_MAX_CPUS && cell->cpus[cpu / 64] >> cpu % 64 & 1;
}

static void check_cpus(struct config_checker *checker)
{
	const struct bh_board *board = checker->view->board;
	uint64_t any = 0;
	size_t i;

	for (i = 0; i < BH_CPU_WORDS; i++)
		any |= board->root.cpus[i];
	if (any == 0)
		config_find(checker, config_at(CONFIG_BOARD, 0, "cpus"),
			    "no CPU at all; list those that Linux has, such as \"0-3\"");
}

static void check_test(struct config_checker *checker)
{
	const struct bh_board *board = checker->view->board;
	const struct bh_test *test = &board->test;

	if (test->stage > BH_TEST_OVERTAKEN)
		config_find(checker, config_at(CONFIG_TEST, 0, "stage"), "stage %u is unknown",
			    test->stage);
	else if (test->stage == BH_TEST_NONE && test->cpu != 0)
		config_find(checker, config_at(CONFIG_TEST, 0, NULL),
			    "there is a CPU (%u) but no stage", test->cpu);
	else if (test->stage != BH_TEST_NONE && !has_cpu(&board->root, test->cpu))
		config_clash(checker, config_at(CONFIG_TEST, 0, "cpu"),
			     config_at(CONFIG_BOARD, 0, "cpus"), "names a CPU that is none of",
			     "(%u)", test->cpu);
}

#define TABLE_BITS 48 /* what second-level tables of four levels translate */

static void check_width(struct config_checker *checker)
{
	uint32_t bits = checker->view->board->physical_bits;
	struct config_place place = config_at(CONFIG_BOARD, 0, "physical_bits");

	if (bits < 32 || bits > 52)
		config_find(checker, place,
			    "physical addresses of %u bits do not exist: 32 to 52; /proc/cpuinfo "
			    "tells them",
			    bits);
	else if (bits > TABLE_BITS)
		config_find(checker, place,
			    "%u bits are more than the 48 that second-level tables of four levels "
			    "cover: say 48, and leave out what lies beyond",
			    bits);
}

static void check_hpet(struct config_checker *checker)
{
	const struct bh_board *board = checker->view->board;
	struct config_place place = config_at(CONFIG_HPET_PAGE, 0, "at");
	struct bh_range page = RANGE(board->hpet, BH_PAGE_SIZE);

	if (board->hpet & BH_PAGE_MASK)
		config_find(checker, place, "0x%llx is no multiple of 4K",
			    (hex)board->hpet);
	else if (range_wraps(page) || !range_fits_width(page, board->physical_bits))
		config_find(checker, place, "0x%llx has more than %u physical bits",
			    (hex)board->hpet, board->physical_bits);
}

static void check_board(struct config_checker *checker)
{
	const uint32_t known_flags = BH_BOARD_PAGES_1G | BH_BOARD_APIC_STAYS |
				     BH_BOARD_SVM | BH_BOARD_PCI | BH_BOARD_MULTIHIT |
				     BH_BOARD_NO_MULTIHIT;
	const uint32_t multihit = BH_BOARD_MULTIHIT | BH_BOARD_NO_MULTIHIT;
	const struct bh_board *board = checker->view->board;

	config_check_name(checker, config_at(CONFIG_BOARD, 0, "name"), board->name);
	check_width(checker);
	if (board->flags & ~known_flags)
		config_find(checker, config_at(CONFIG_BOARD, 0, "flags"), "flags 0x%x are unknown",
			    board->flags & ~known_flags);
	if ((board->flags & multihit) == multihit)
		config_find(checker, config_at(CONFIG_BOARD, 0, "itlb_multihit"),
			    "is true and false");
	check_hpet(checker);
	config_check_name(checker, config_at(CONFIG_ROOT, 0, "name"), board->root.name);
	if (board->root.on_fault > BH_ON_FAULT_STOP)
		config_find(checker, config_at(CONFIG_ROOT, 0, "on_fault"), "policy %u is unknown",
			    board->root.on_fault);
}

unsigned int config_check(const struct config_view *view, config_report report, void *context)
{
	struct config_checker checker = { .view = view, .report = report, .context = context };

	check_board(&checker);
	check_cpus(&checker);
	check_test(&checker);
	config_check_memory(&checker);
	check_region_names(&checker);
	config_check_io(&checker);
	config_check_pci(&checker);
	config_check_iommus(&checker);
	return checker.findings;
}
