/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The language of PCI and IOAPICs: the settings of board.pci and board.ioapics, and what is in
 * cell.pci and cell.irqs.
 */
#ifndef TOOLS_CONFIG_PCI_H
#define TOOLS_CONFIG_PCI_H

#include <bulkhead/config.h>
#include <libconfig.h>

#include "complaints.h"
#include "settings.h"

struct bar_source {
	struct bh_bar bar;
	uint32_t index;
};

struct device_source {
	struct bh_device device;
	struct bar_source bars[BH_BARS]; /* as they stand in the file */
	uint32_t bar_count;
};

extern const struct setting mmconfig_settings[]; /* of struct bh_mmconfig */
extern const struct setting ioapic_element;      /* of struct bh_ioapic */
extern const struct setting device_element;      /* of struct device_source */

/* What the rows cannot say: which settings of a device go together, and values of those left out.
 */
void device_finish(struct device_source *device, config_setting_t *setting,
		   struct complaints *complaints);

/* "0000:00:03.0" or "00:03.0". */
bool pci_address_parse(const char *text, uint32_t *address);

#define PCI_ADDRESS_TEXT 16
void pci_address_format(uint32_t address, char text[PCI_ADDRESS_TEXT]);

/* "{ index = 0; at = 0xfebc0000; size = "128K"; }", as a device's `bars` have it. */
#define PCI_BAR_TEXT 80
void pci_bar_format(const struct bh_bar *bar, uint32_t index, char text[PCI_BAR_TEXT]);

#endif
