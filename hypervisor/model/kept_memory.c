/* SPDX-License-Identifier: GPL-2.0-only */
/* The list of what no cell has in its map. See kept_memory.h. */
#include "model/kept_memory.h"

#include "model/iommus.h"
#include "model/pci.h"
#include "model/range.h"

#define FIXED 4

static struct kept_memory kept(struct bh_range range, enum config_part part, uint32_t index,
			       const char *setting)
{
	return (struct kept_memory){
		.range = range,
		.place = { .part = part, .index = index, .setting = setting },
	};
}

static struct bh_range console_page(const struct bh_console *console)
{
	if (console->type != BH_CONSOLE_8250_MMIO)
		return RANGE(0, 0);
	return RANGE(console->address & ~BH_PAGE_MASK, BH_PAGE_SIZE);
}

uint32_t kept_memory_count(const struct config_view *view)
{
	struct iommus iommus;

	iommus_view(view, &iommus);
	return FIXED + view->board->ioapic_count + iommus.count;
}

struct kept_memory kept_memory_at(const struct config_view *view, uint32_t n)
{
	const struct bh_board *board = view->board;
	struct iommus iommus;

	switch (n) {
	case 0:
		return kept(RANGE(BH_APIC_BASE, BH_APIC_RANGE), CONFIG_APIC, 0, NULL);
	case 1:
		return kept(board->hypervisor, CONFIG_HYPERVISOR, 0, NULL);
	case 2:
		return kept(console_page(&board->console), CONFIG_CONSOLE, 0, "address");
	case 3:
		return kept(pci_mmconfig_range(&board->mmconfig), CONFIG_MMCONFIG, 0, NULL);
	}
	n -= FIXED;
	if (n < board->ioapic_count)
		return kept(RANGE(view->ioapics[n].at, BH_PAGE_SIZE), CONFIG_IOAPIC, n, NULL);
	n -= board->ioapic_count;
	iommus_view(view, &iommus);
	return kept(iommu_registers(&iommus.units[n]), CONFIG_IOMMU, n, "registers");
}
