/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The ways in the order in which they are to be had. See pci_reset.h.
 */
#include "model/pci_reset.h"

#include "model/refuse.h"

/* PCI Express base 3.0, 7.8.3 and 7.8.4. */
#define EXPRESS_BYTES        0xcu
#define EXPRESS_CAPABLE      0x4u
#define EXPRESS_CAN_RESET    (1u << 28)
#define EXPRESS_CONTROL      0x8u
#define EXPRESS_RESET        (1u << 15)
#define EXPRESS_PENDING      (1u << 21) /* of the status, which is the upper half (7.8.5) */
/* PCI advanced features, 3: in the words at 0 and 4 */
#define FEATURES_BYTES       0x6u
#define FEATURES_CAN_RESET   (1u << 25)
#define FEATURES_CONTROL     0x4u
#define FEATURES_RESET       1u
#define FEATURES_PENDING     (1u << 8) /* of the status, which is the byte behind */
/* A root port's words for "ask again later" (PCI Express base 3.0, 2.3.2): no maker's number */
#define MAKER                0xffffu
#define MAKER_RETRIES        0x0001u
/* PCI power management 1.2, 3.2.4 */
#define POWER_BYTES          0x6u
#define POWER_CONTROL        0x4u
#define POWER_STATE          0x3u
#define POWER_KEEPS          0x8u /* No_Soft_Reset */

static uint32_t read_word(const struct pci_reader *reader, uint32_t offset)
{
	return reader->read(reader->context, offset);
}

uint32_t pci_power_control(const struct pci_capabilities *capabilities)
{
	const struct pci_capability *power =
		pci_capability_whole(capabilities, PCI_CAP_POWER, POWER_BYTES);

	return power ? power->offset + POWER_CONTROL : 0;
}

static bool plan_express(const struct pci_capability *express, const struct pci_reader *reader,
			 struct pci_reset_plan *plan)
{
	if (!express ||
	    !(read_word(reader, express->offset + EXPRESS_CAPABLE) & EXPRESS_CAN_RESET))
		return false;
	plan->way = PCI_RESET_BY_EXPRESS;
	plan->offset = express->offset + EXPRESS_CONTROL;
	plan->value = (read_word(reader, plan->offset) & 0xffff) | EXPRESS_RESET;
	return true;
}

static bool plan_features(const struct pci_capability *features, const struct pci_reader *reader,
			  struct pci_reset_plan *plan)
{
	if (!features || !(read_word(reader, features->offset) & FEATURES_CAN_RESET))
		return false;
	plan->way = PCI_RESET_BY_FEATURES;
	plan->offset = features->offset + FEATURES_CONTROL;
	plan->value = FEATURES_RESET;
	return true;
}

static bool plan_power(uint32_t offset, const struct pci_reader *reader,
		       struct pci_reset_plan *plan)
{
	uint32_t control;

	if (offset == 0)
		return false;
	control = read_word(reader, offset) & 0xffff;
	if (control & POWER_KEEPS)
		return false;
	plan->way = PCI_RESET_BY_POWER;
	plan->offset = offset;
	plan->value = control & ~(POWER_STATE | PCI_POWER_WAKES);
	return true;
}

struct pci_reset_plan pci_reset_plan(const struct pci_capabilities *capabilities,
				     const struct pci_reader *reader)
{
	const struct pci_capability *express =
		pci_capability_whole(capabilities, PCI_CAP_PCIE, EXPRESS_BYTES);
	const struct pci_capability *features =
		pci_capability_whole(capabilities, PCI_CAP_AF, FEATURES_BYTES);
	struct pci_reset_plan plan = { .way = PCI_RESET_BY_NOTHING };

	if (!plan_express(express, reader, &plan) && !plan_features(features, reader, &plan))
		plan_power(pci_power_control(capabilities), reader, &plan);
	return plan;
}

enum pci_reset_way pci_reset_way(const struct pci_reset_plan *plan, bool is_alone)
{
	bool has_own = plan->way == PCI_RESET_BY_EXPRESS || plan->way == PCI_RESET_BY_FEATURES;

	return is_alone && !has_own ? PCI_RESET_BY_BUS : plan->way;
}

bool pci_reset_is_early(const struct pci_capabilities *capabilities,
			const struct pci_reader *reader)
{
	const struct pci_capability *express =
		pci_capability_whole(capabilities, PCI_CAP_PCIE, EXPRESS_BYTES);
	const struct pci_capability *features =
		pci_capability_whole(capabilities, PCI_CAP_AF, FEATURES_BYTES);

	if (express)
		return read_word(reader, express->offset + EXPRESS_CONTROL) & EXPRESS_PENDING;
	return features &&
	       (read_word(reader, features->offset + FEATURES_CONTROL) & FEATURES_PENDING);
}

bool pci_reset_is_over(uint32_t id)
{
	return id != UINT32_MAX && (id & MAKER) != MAKER_RETRIES;
}

const char *pci_reset_text(enum pci_reset_way way)
{
	static const char *const texts[PCI_RESET_WAYS] = {
		[PCI_RESET_BY_NOTHING] = "none",
		[PCI_RESET_BY_EXPRESS] = "a reset of its function",
		[PCI_RESET_BY_FEATURES] = "a reset of its function",
		[PCI_RESET_BY_BUS] = "a reset of its bus",
		[PCI_RESET_BY_POWER] = "D3hot and back",
	};

	return texts[way];
}

bool pci_reset_check(const struct bh_device *device, enum pci_reset_way way,
		     struct bh_refusal *refusal)
{
	if (way != PCI_RESET_BY_NOTHING || (device->flags & BH_DEVICE_WITHOUT_RESET))
		return true;
	return refuse(refusal, "device %s: nothing resets it, neither itself nor its bus nor "
		      "D3hot: what a cell sets up in it, DMA too, is still there when Linux gets "
		      "it back. Say without_reset = true in the board file if that is accepted",
		      device->name);
}
