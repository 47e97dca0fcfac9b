/* SPDX-License-Identifier: GPL-2.0-only */
/* Finds the ports above a device, and what their access control is to be. See pci_acs.h. */
#include "model/pci_acs.h"

#include "model/config_checks.h"
#include "model/pci_parts.h"
#include "model/refuse.h"

#define INTEL 0x8086u

/* PCI Express base 3.0, 7.16.2 and 7.16.3: the capability's bits and the control's are the same. */
#define CAP_ACS     0x000du
#define ACS_BITS    4u
#define ACS_CONTROL 6u
#define ACS_WIDE    8u /* the control of ports with registers of 32 bits */
#define SOURCES     0x01u /* who is below the port sends as itself */
#define REQUESTS    0x04u /* redirected */
#define COMPLETIONS 0x08u /* redirected */
#define FORWARDS    0x10u /* sends up what a switch below has redirected */
#define EGRESS      0x20u /* redirects to ports of a vector alone, and sends to others directly */
#define TRANSLATED  0x40u /* lets what says that it was translated pass: nobody translates here */
/* PCI Express base 5.0, 7.7.8.2 and 7.7.8.3: of a port that says it has these. */
#define ENHANCED    0x0080u /* in the capability */
#define TARGETS     0x0f00u /* what is for memory of the switch's own ports; 0 lets it pass */
#define TARGETS_UP  0x0a00u /* redirected, be the port a downstream or the upstream one */
#define UNCLAIMED   0x1000u /* redirected: what is for none of them, nor what is below */
#define WANTED      (SOURCES | REQUESTS | COMPLETIONS | FORWARDS)
#define NEEDED      (REQUESTS | COMPLETIONS | FORWARDS)
#define UNWANTED    (EGRESS | TRANSLATED)

/*
 * Root ports of Intel's 100 and 200 series have both registers with 32 bits (datasheet of the 100
 * series, volume 2, 12.1.46 and 12.1.47; erratum 23 of its specification update, 22 of the 200's).
 */
static const struct {
	uint16_t first, last;
} wide_ports[] = {
	{ 0x9d10, 0x9d1b }, /* in one package with the processor */
	{ 0xa110, 0xa11f },
	{ 0xa167, 0xa16a },
	{ 0xa290, 0xa29f },
	{ 0xa2e7, 0xa2ee },
};

struct place {
	const struct pci_machine *machine;
	uint32_t function;
};

static uint32_t read_word(void *context, uint32_t offset)
{
	const struct place *place = context;

	return place->machine->read(place->machine->context, place->function, offset);
}

static void read_capabilities(struct pci_capabilities *all, struct place *place)
{
	const struct pci_reader reader = { read_word, place, PCI_EXTENDED_SIZE };

	pci_capabilities_read(all, &reader);
}

/* 0 is no port's. */
static uint32_t type_of(const struct pci_machine *machine, uint32_t function)
{
	struct place place = { machine, function };
	const struct pci_capability *express;
	struct pci_capabilities all;

	read_capabilities(&all, &place);
	express = pci_capability_find(&all, false, PCI_CAP_PCIE);
	return express ? PCI_EXPRESS_TYPE(read_word(&place, express->offset)) : 0;
}

static bool next_port(const struct pci_machine *machine, uint32_t bus, uint32_t *port)
{
	while (pci_next_bridge(machine, bus, port)) {
		uint32_t type = type_of(machine, *port);

		if (type == PCI_EXPRESS_ROOT_PORT || type == PCI_EXPRESS_DOWNSTREAM)
			return true;
	}
	return false;
}

bool pci_acs_next(const struct pci_machine *machine, uint32_t device, uint32_t *port)
{
	uint32_t at = device;
	uint32_t bridge;

	if (*port != PCI_FIRST) {
		at = *port;
		if (next_port(machine, BH_PCI_BUS(at), port))
			return true;
	}
	while (pci_bridge_above(machine, at, &bridge)) {
		*port = PCI_FIRST;
		if (next_port(machine, BH_PCI_BUS(bridge), port))
			return true;
		at = bridge;
	}
	return false;
}

static uint32_t due(uint32_t can, uint32_t had)
{
	uint32_t value = (had & ~UNWANTED) | (can & WANTED);

	return can & ENHANCED ? (value & ~TARGETS) | TARGETS_UP | UNCLAIMED : value;
}

static bool is_wide(const struct pci_machine *machine, uint32_t port)
{
	uint32_t id = machine->read(machine->context, port, PCI_ID);
	uint32_t i;

	if ((id & 0xffff) != INTEL)
		return false;
	for (i = 0; i < BH_ARRAY_SIZE(wide_ports); i++)
		if (id >> 16 >= wide_ports[i].first && id >> 16 <= wide_ports[i].last)
			return true;
	return false;
}

void pci_acs_look(struct pci_acs *acs, const struct pci_machine *machine, uint32_t port)
{
	uint32_t control = is_wide(machine, port) ? ACS_WIDE : ACS_CONTROL;
	uint32_t width = control == ACS_WIDE ? 4 : 2;
	struct place place = { machine, port };
	const struct pci_capability *found;
	struct pci_capabilities all;
	uint32_t word;

	*acs = (struct pci_acs){ 0 };
	read_capabilities(&all, &place);
	found = pci_capability_find(&all, true, CAP_ACS);
	if (!found || found->size < control + width)
		return;
	word = read_word(&place, found->offset + ACS_BITS);
	acs->control = found->offset + control;
	acs->width = width;
	acs->had = width == 4 ? read_word(&place, acs->control) : word >> 16;
	acs->due = due(word, acs->had);
}

/* A port without memory of its own need not have what is about that. */
bool pci_acs_is_kept(const struct pci_acs *acs, uint32_t value)
{
	return (value & WANTED) == (acs->due & WANTED) && !(value & UNWANTED);
}

static bool redirects(const struct pci_machine *machine, uint32_t port)
{
	struct pci_acs acs;

	pci_acs_look(&acs, machine, port);
	return acs.control != 0 && (acs.had & NEEDED) == NEEDED && !(acs.had & UNWANTED);
}

static bool is_one_group(const struct bh_device *device, const struct bh_device *other)
{
	return other && (other->address == device->address ||
			 (device->group[0] != '\0' &&
			  config_names_equal(device->group, other->group)));
}

/* Nobody beside the device is anybody else's. */
static bool is_among_its_own(const struct config_view *view, const struct bh_device *device,
			     const struct pci_machine *machine, uint32_t upstream)
{
	uint32_t buses = machine->read(machine->context, upstream, PCI_BUSES);
	const struct pci_requester all = {
		.first_bus = buses >> 8 & 0xff, .last_bus = buses >> 16 & 0xff,
	};
	uint32_t other = PCI_FIRST;

	while (pci_next_behind(machine, &all, &other))
		if (!is_one_group(device, board_device(view, other)))
			return false;
	return true;
}

bool pci_acs_check(const struct config_view *view, const struct bh_device *device,
		   const struct pci_machine *machine, struct bh_refusal *refusal)
{
	uint32_t port = PCI_FIRST;
	uint32_t upstream;

	while (pci_acs_next(machine, device->address, &port)) {
		if (type_of(machine, port) != PCI_EXPRESS_DOWNSTREAM || redirects(machine, port) ||
		    !pci_bridge_above(machine, port, &upstream) ||
		    is_among_its_own(view, device, machine, upstream))
			continue;
		return refuse(refusal, "device %s: port " PCI_AT " of the switch above it "
			      "redirects nothing (no ACS, or outside mmconfig), so DMA to a "
			      "neighbour passes by its IOMMU: give all behind " PCI_AT " one "
			      "group, or leave it out", device->name, PCI_AT_OF(port),
			      PCI_AT_OF(upstream));
	}
	return true;
}
