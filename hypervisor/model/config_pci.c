/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Checks of what a board says of PCI and of IOAPICs: MMCONFIG, pins, and the devices that cells may
 * have. That their memory does not overlap anything is config_memory.c's, since it stands among
 * root's regions; that it does stand there is looked at here.
 */
#include "model/config_checks.h"
#include "model/ioapic_policy.h"
#include "model/pci.h"
#include "model/pci_parts.h"

#define BUS_SIZE      (1ULL << 20)
#define LAST_BUS      255u
#define LAST_PORT     0xffffu
#define NAME_LONGEST  20u /* with ".bar0.table" it fits the name of a region */
#define LEAST_MEMORY  16u /* PCI 3.0, 6.2.5.1 */
#define LEAST_PORTS   4u
#define MOST_PORTS    256u
#define MOST_MESSAGES 2048u /* PCI 3.0, 6.8.2.3 */
#define FOUR_GIB      (1ULL << 32)

static struct config_place device_at(uint32_t index, const char *setting)
{
	return config_at(CONFIG_DEVICE, index, setting);
}

static void check_width(struct config_checker *checker, struct config_place place,
			struct bh_range range)
{
	uint32_t bits = checker->view->board->physical_bits;

	if (range_wraps(range) || (bits >= 32 && bits <= 52 && !range_fits_width(range, bits)))
		config_find(checker, place, "0x%llx and size 0x%llx run past the last address",
			    (hex)range.start, (hex)range.size);
}

static void check_mmconfig(struct config_checker *checker)
{
	const struct bh_mmconfig *mmconfig = &checker->view->board->mmconfig;
	struct config_place place = config_at(CONFIG_MMCONFIG, 0, "buses");

	if (mmconfig->at == 0) {
		if (mmconfig->first_bus != 0 || mmconfig->last_bus != 0)
			config_find(checker, place, "there is none, but it has buses");
		return;
	}
	if (!(checker->view->board->flags & BH_BOARD_PCI))
		config_find(checker, config_at(CONFIG_MMCONFIG, 0, NULL),
			    "the board has no PCI that it would belong to");
	if (mmconfig->at % BUS_SIZE != 0)
		config_find(checker, config_at(CONFIG_MMCONFIG, 0, "at"),
			    "0x%llx is no multiple of 1M, which each bus has", (hex)mmconfig->at);
	if (mmconfig->last_bus > LAST_BUS || mmconfig->first_bus > mmconfig->last_bus)
		config_find(checker, place, "buses are 0 to 255, the lower one first");
	else
		check_width(checker, config_at(CONFIG_MMCONFIG, 0, "at"),
			    pci_mmconfig_range(mmconfig));
}

static struct bh_range pins_of(const struct bh_ioapic *ioapic)
{
	return RANGE(ioapic->first, ioapic->pins);
}

static void check_ioapic(struct config_checker *checker, uint32_t index)
{
	const struct bh_ioapic *ioapics = checker->view->ioapics;
	const struct bh_ioapic *ioapic = &ioapics[index];
	uint32_t i;

	config_check_name(checker, config_at(CONFIG_IOAPIC, index, "name"), ioapic->name);
	if (ioapic->at & BH_PAGE_MASK)
		config_find(checker, config_at(CONFIG_IOAPIC, index, "at"),
			    "0x%llx is no multiple of 4K", (hex)ioapic->at);
	else
		check_width(checker, config_at(CONFIG_IOAPIC, index, "at"),
			    RANGE(ioapic->at, BH_PAGE_SIZE));
	if (ioapic->pins == 0 || ioapic->pins > IOAPIC_PINS)
		config_find(checker, config_at(CONFIG_IOAPIC, index, "pins"),
			    "%u pins: an IOAPIC has 1 to %u", ioapic->pins, IOAPIC_PINS);
	for (i = 0; i < index; i++) {
		if (config_names_equal(ioapics[i].name, ioapic->name))
			config_clash(checker, config_at(CONFIG_IOAPIC, index, "name"),
				     config_at(CONFIG_IOAPIC, i, "name"), "has the name of",
				     "as well: give each its own");
		if (ranges_overlap(pins_of(&ioapics[i]), pins_of(ioapic)))
			config_clash(checker, config_at(CONFIG_IOAPIC, index, "first"),
				     config_at(CONFIG_IOAPIC, i, "first"),
				     "has interrupts that belong to", "as well");
	}
}

static void check_names(struct config_checker *checker, uint32_t index)
{
	const struct bh_device *devices = checker->view->devices;
	const char *name = devices[index].name;
	uint32_t length = 0;
	uint32_t i;

	config_check_name(checker, device_at(index, "name"), name);
	while (name[length] != '\0')
		length++;
	if (length > NAME_LONGEST)
		config_find(checker, device_at(index, "name"),
			    "the name of a device has at most %u characters", NAME_LONGEST);
	if (devices[index].group[0] != '\0')
		config_check_name(checker, device_at(index, "group"), devices[index].group);
	for (i = 0; i < index; i++)
		if (config_names_equal(devices[i].name, name))
			config_clash(checker, device_at(index, "name"), device_at(i, "name"),
				     "has the name of", "as well: give each device its own");
}

static void check_address(struct config_checker *checker, uint32_t index)
{
	const struct bh_device *devices = checker->view->devices;
	const struct bh_mmconfig *mmconfig = &checker->view->board->mmconfig;
	uint32_t address = devices[index].address;
	uint32_t bus = BH_PCI_BUS(address);
	uint32_t i;

	if (BH_PCI_DOMAIN(address) != 0)
		config_find(checker, device_at(index, "address"),
			    "devices of domain 0 alone can be given to cells");
	if (mmconfig->at != 0 && mmconfig->first_bus <= mmconfig->last_bus &&
	    (bus < mmconfig->first_bus || bus > mmconfig->last_bus))
		config_clash(checker, device_at(index, "address"),
			     config_at(CONFIG_MMCONFIG, 0, "buses"), "has a bus that is not in",
			     "(0x%x)", bus);
	if (devices[index].vendor_id == 0xffff || devices[index].vendor_id == 0)
		config_find(checker, device_at(index, "id"),
			    "no maker has the number 0x%04x; lspci -n tells it",
			    devices[index].vendor_id);
	for (i = 0; i < index; i++)
		if (devices[i].address == address)
			config_clash(checker, device_at(index, "address"),
				     device_at(i, "address"), "has the address of", "as well");
}

static void check_flags(struct config_checker *checker, uint32_t index)
{
	uint32_t flags = checker->view->devices[index].flags & ~BH_DEVICE_WITHOUT_RESET;

	if (flags)
		config_find(checker, device_at(index, "without_reset"), "flags 0x%x are unknown",
			    flags);
}

static void check_pin(struct config_checker *checker, uint32_t index)
{
	const struct config_view *view = checker->view;
	uint32_t pin = view->devices[index].pin;
	uint32_t i;

	if (pin == BH_NO_PIN)
		return;
	for (i = 0; i < view->board->ioapic_count; i++)
		if (range_has(pins_of(&view->ioapics[i]), pin))
			return;
	config_find(checker, device_at(index, "pin"),
		    "%u is an interrupt of none of board.ioapics", pin);
}

static bool is_power_of_two(uint64_t number)
{
	return number != 0 && (number & (number - 1)) == 0;
}

static void check_memory_bar(struct config_checker *checker, uint32_t index, uint32_t number)
{
	const struct bh_device *device = &checker->view->devices[index];
	const struct bh_bar *bar = &device->bars[number];
	struct config_place place = device_at(index, "bars");

	if (!is_power_of_two(bar->size) || bar->size < LEAST_MEMORY)
		config_find(checker, place, "BAR %u: size 0x%llx is no power of two from 16 on",
			    number, (hex)bar->size);
	else if (bar->at == 0 || bar->at % bar->size != 0)
		config_find(checker, place, "BAR %u: 0x%llx is no multiple of its size 0x%llx",
			    number, (hex)bar->at, (hex)bar->size);
	check_width(checker, place, RANGE(bar->at, bar->size));
	if (bar->at + bar->size > FOUR_GIB &&
	    (number + 1 == BH_BARS || device->bars[number + 1].kind != BH_BAR_NONE))
		config_find(checker, place,
			    "BAR %u above 4 GiB takes the register of BAR %u, too", number,
			    number + 1);
}

static void check_ports_bar(struct config_checker *checker, uint32_t index, uint32_t number)
{
	const struct bh_bar *bar = &checker->view->devices[index].bars[number];
	struct config_place place = device_at(index, "bars");

	if (!is_power_of_two(bar->size) || bar->size < LEAST_PORTS || bar->size > MOST_PORTS)
		config_find(checker, place, "BAR %u: %llu ports are no power of two from 4 to 256",
			    number, (hex)bar->size);
	else if (bar->at == 0 || bar->at > LAST_PORT || bar->at % bar->size != 0)
		config_find(checker, place, "BAR %u: port 0x%llx is no multiple of its size %llu",
			    number, (hex)bar->at, (hex)bar->size);
}

static void check_bar(struct config_checker *checker, uint32_t index, uint32_t number)
{
	const struct bh_bar *bar = &checker->view->devices[index].bars[number];

	switch (bar->kind) {
	case BH_BAR_NONE:
		if (bar->at != 0 || bar->size != 0)
			config_find(checker, device_at(index, "bars"),
				    "BAR %u: there is none, but it has a place", number);
		break;
	case BH_BAR_MEMORY:
		check_memory_bar(checker, index, number);
		break;
	case BH_BAR_PORTS:
		check_ports_bar(checker, index, number);
		break;
	default:
		config_find(checker, device_at(index, "bars"), "BAR %u: kind %u is unknown", number,
			    bar->kind);
	}
}

static void check_msix(struct config_checker *checker, uint32_t index)
{
	const struct bh_device *device = &checker->view->devices[index];
	struct config_place place = device_at(index, "msix");
	const struct bh_bar *bar;

	if (device->msix_entries == 0) {
		if (device->msix_bar != 0 || device->msix_offset != 0)
			config_find(checker, place, "there is none, but it has a place");
		return;
	}
	if (device->msix_entries > MOST_MESSAGES)
		config_find(checker, place, "%u entries: a table has at most %u",
			    device->msix_entries, MOST_MESSAGES);
	if (device->msix_bar >= BH_BARS ||
	    device->bars[device->msix_bar].kind != BH_BAR_MEMORY) {
		config_find(checker, place, "BAR %u is no memory of the device", device->msix_bar);
		return;
	}
	bar = &device->bars[device->msix_bar];
	if (device->msix_offset % 8 != 0 || bar->size < device->msix_offset ||
	    bar->size - device->msix_offset < device->msix_entries * 16ULL)
		config_find(checker, place,
			    "offset 0x%x and %u entries of 16 bytes do not fit BAR %u",
			    device->msix_offset, device->msix_entries, device->msix_bar);
}

static bool is_one_group(const struct bh_device *a, const struct bh_device *b)
{
	return a->group[0] != '\0' && config_names_equal(a->group, b->group);
}

/* Who has one of the two would see the other: pages are the least that a map can tell apart. */
static bool share_page(const struct bh_device *a, const struct bh_device *b)
{
	struct bh_region ours[DEVICE_REGIONS], theirs[DEVICE_REGIONS];
	uint32_t our_count = device_regions(a, ours);
	uint32_t their_count = device_regions(b, theirs);
	uint32_t i, j;

	for (i = 0; i < our_count; i++)
		for (j = 0; j < their_count; j++) {
			uint64_t first = ours[i].phys >> BH_PAGE_SHIFT;
			uint64_t last = (ours[i].phys + ours[i].size - 1) >> BH_PAGE_SHIFT;
			uint64_t other = theirs[j].phys >> BH_PAGE_SHIFT;
			uint64_t end = (theirs[j].phys + theirs[j].size - 1) >> BH_PAGE_SHIFT;

			if (first <= end && other <= last)
				return true;
		}
	return false;
}

static void check_pages(struct config_checker *checker, uint32_t index)
{
	const struct bh_device *devices = checker->view->devices;
	uint32_t i;

	for (i = 0; i < index; i++)
		if (!is_one_group(&devices[i], &devices[index]) &&
		    share_page(&devices[i], &devices[index]))
			config_clash(checker, device_at(index, "bars"), device_at(i, "bars"),
				     "shares a page of memory with",
				     "; give both one group, or have firmware move one");
}

static bool regions_equal(const struct bh_region *a, const struct bh_region *b)
{
	return a->phys == b->phys && a->at == b->at && a->size == b->size &&
	       a->access == b->access && a->kind == b->kind && a->flags == b->flags &&
	       config_names_equal(a->name, b->name);
}

bool config_has_region(const struct bh_region *regions, uint32_t count,
		       const struct bh_region *wanted)
{
	uint32_t i;

	for (i = 0; i < count; i++)
		if (regions_equal(&regions[i], wanted))
			return true;
	return false;
}

bool config_has_ports(const struct bh_ports *ports, uint32_t count, const struct bh_ports *wanted)
{
	uint32_t i;

	for (i = 0; i < count; i++)
		if (ports[i].first == wanted->first && ports[i].last == wanted->last &&
		    ports[i].flags == wanted->flags)
			return true;
	return false;
}

/* Root lends what devices have: all of that, and nothing that is no device's. */
static uint32_t check_lent(struct config_checker *checker, uint32_t index, uint32_t *port_count)
{
	const struct config_view *view = checker->view;
	const struct bh_cell *root = &view->board->root;
	struct bh_region regions[DEVICE_REGIONS];
	struct bh_ports ports[BH_BARS];
	uint32_t count = device_regions(&view->devices[index], regions);
	uint32_t i;

	for (i = 0; i < count; i++) {
		regions[i].flags |= BH_REGION_LENT;
		if (!config_has_region(view->regions, root->region_count, &regions[i]))
			config_find(checker, device_at(index, "bars"),
				    "root has no region \"%s\" to lend", regions[i].name);
	}
	*port_count = device_ports(&view->devices[index], ports);
	for (i = 0; i < *port_count; i++)
		if (!config_has_ports(view->ports, root->port_count, &ports[i]))
			config_find(checker, device_at(index, "bars"),
				    "root has no ports 0x%x-0x%x to lend", ports[i].first,
				    ports[i].last);
	return count;
}

static void check_parts(struct config_checker *checker)
{
	const struct config_view *view = checker->view;
	uint32_t regions = 0, ports = 0;
	uint32_t i, count;

	for (i = 0; i < view->board->device_count; i++) {
		regions -= check_lent(checker, i, &count);
		ports -= count;
	}
	for (i = 0; i < view->board->root.region_count; i++)
		regions += (view->regions[i].flags & (BH_REGION_BAR | BH_REGION_MSIX)) != 0;
	for (i = 0; i < view->board->root.port_count; i++)
		ports += view->ports[i].flags != 0;
	if (regions != 0 || ports != 0)
		config_find(checker, config_at(CONFIG_ROOT, 0, NULL),
			    "has regions or ports of devices that the board has not");
}

void config_check_pci(struct config_checker *checker)
{
	const struct config_view *view = checker->view;
	uint32_t i, j;

	check_mmconfig(checker);
	for (i = 0; i < view->board->ioapic_count; i++)
		check_ioapic(checker, i);
	if (view->board->device_count != 0 && !(view->board->flags & BH_BOARD_PCI))
		config_find(checker, config_at(CONFIG_BOARD_PCI, 0, NULL),
			    "there is none for devices");
	for (i = 0; i < view->board->device_count; i++) {
		check_names(checker, i);
		check_address(checker, i);
		check_flags(checker, i);
		check_pin(checker, i);
		for (j = 0; j < BH_BARS; j++)
			check_bar(checker, i, j);
		check_msix(checker, i);
		check_pages(checker, i);
	}
	check_parts(checker);
}
