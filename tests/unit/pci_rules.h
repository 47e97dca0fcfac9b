/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The rules of devices, IOAPICs and interrupts in their plainest form, for the unit tests and the
 * fuzz targets; shares nothing with the model's checks but the shape of the blob.
 */
#ifndef TESTS_PCI_RULES_H
#define TESTS_PCI_RULES_H

#include "model/config.h"

/* The name of a rule that a board breaks; null if it keeps all. */
const char *pci_broken_rule(const struct config_view *view);
/* Only those that other rules need to be kept before they can be looked at. */
const char *pci_broken_places(const struct config_view *view);

const char *pci_cell_broken_rule(const struct config_view *board, const struct cell_view *cell,
				 const struct cell_view *const *others, uint32_t count);

#endif
