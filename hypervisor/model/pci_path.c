/* SPDX-License-Identifier: GPL-2.0-only */
/* Looks for functions bus by bus, and follows bridges upwards. See pci_path.h. */
#include "model/pci_path.h"

#include "model/pci_alias.h"

#define NOTHING    UINT32_MAX
#define HEADER_WORD (PCI_HEADER & ~3u)
#define MANY       0x80u /* of the header type: it has several functions (PCI 3.0, 6.2.1) */
#define MOST_BRIDGES 256u

/* PCI Express base 3.0, 7.8.2 and 7.8.16 */
#define EXPRESS_VERSION    0x000f0000u
#define EXPRESS_VERSION_2  0x00020000u
#define EXPRESS_CONTROL_2  0x28u /* from version 2 on */
#define EXPRESS_ARI        0x20u

static uint32_t header_of(const struct pci_machine *machine, uint32_t function)
{
	return machine->read(machine->context, function, HEADER_WORD) >> 16 & 0xff;
}

bool pci_is_bridge(const struct pci_machine *machine, uint32_t function)
{
	return (header_of(machine, function) & PCI_HEADER_TYPE) == PCI_HEADER_BRIDGE;
}

static bool answers(const struct pci_machine *machine, uint32_t function)
{
	return machine->read(machine->context, function, PCI_ID) != NOTHING;
}

/* Function 0 is always there, and says whether others are: with ARI that of the bus. */
bool pci_is_there(const struct pci_machine *machine, uint32_t function, bool has_ari)
{
	uint32_t first = function & ~(PCI_SLOT_FUNCTIONS - 1);

	if (has_ari)
		return answers(machine, function);
	return answers(machine, first) &&
	       (function == first ||
		(header_of(machine, first) & MANY && answers(machine, function)));
}

/* The first function at or after that place of a bus. */
static bool find_from(const struct pci_machine *machine, uint32_t bus, uint32_t place,
		      uint32_t *function)
{
	for (; place < PCI_BUS_FUNCTIONS; place++) {
		uint32_t first = bus << 8 | (place & ~(PCI_SLOT_FUNCTIONS - 1));

		if (place % PCI_SLOT_FUNCTIONS != 0 &&
		    (!answers(machine, first) || !(header_of(machine, first) & MANY))) {
			place |= PCI_SLOT_FUNCTIONS - 1;
			continue;
		}
		*function = bus << 8 | place;
		if (answers(machine, *function))
			return true;
	}
	return false;
}

static uint32_t secondary(const struct pci_machine *machine, uint32_t bridge)
{
	return machine->read(machine->context, bridge, PCI_BUSES) >> 8 & 0xff;
}

static uint32_t subordinate(const struct pci_machine *machine, uint32_t bridge)
{
	return machine->read(machine->context, bridge, PCI_BUSES) >> 16 & 0xff;
}

bool pci_next_bridge(const struct pci_machine *machine, uint32_t bus, uint32_t *bridge)
{
	uint32_t place = *bridge == PCI_FIRST ? 0 : (*bridge & 0xff) + 1;

	for (; find_from(machine, bus, place, bridge); place = (*bridge & 0xff) + 1)
		if (pci_is_bridge(machine, *bridge))
			return true;
	return false;
}

static bool find_on_bus(const struct pci_machine *machine, uint32_t bus, uint32_t wanted,
			uint32_t *bridge)
{
	*bridge = PCI_FIRST;
	while (pci_next_bridge(machine, bus, bridge))
		if (secondary(machine, *bridge) == wanted)
			return true;
	return false;
}

/* Bus numbers grow on the way down. */
bool pci_bridge_above(const struct pci_machine *machine, uint32_t function, uint32_t *bridge)
{
	uint32_t bus = BH_PCI_BUS(function);
	uint32_t at = bus;

	while (at-- > 0)
		if (find_on_bus(machine, at, bus, bridge))
			return true;
	return false;
}

bool pci_is_alone(const struct pci_machine *machine, uint32_t function)
{
	uint32_t bus = BH_PCI_BUS(function);
	uint32_t other;

	if (!find_from(machine, bus, 0, &other))
		return true;
	return other == function &&
	       !find_from(machine, bus, (function & 0xff) + 1, &other);
}

/* Capabilities of one function of the machine. */
struct space {
	const struct pci_machine *machine;
	uint32_t function;
};

static uint32_t read_space(void *context, uint32_t offset)
{
	const struct space *space = context;

	return space->machine->read(space->machine->context, space->function, offset);
}

/* Where a capability begins; 0 if there is none. */
static uint32_t capability_at(const struct pci_machine *machine, uint32_t function, uint32_t id)
{
	struct space space = { .machine = machine, .function = function };
	const struct pci_reader reader = { read_space, &space, PCI_CONFIG_SIZE };
	const struct pci_capability *found;
	struct pci_capabilities all;

	pci_capabilities_read(&all, &reader);
	found = pci_capability_find(&all, false, id);
	return found ? found->offset : 0;
}

/* The word that it begins with. */
static uint32_t capability_word(const struct pci_machine *machine, uint32_t function, uint32_t id)
{
	uint32_t offset = capability_at(machine, function, id);

	return offset ? machine->read(machine->context, function, offset) : 0;
}

/* Does a port pass on what is for other devices than 0 on its link, as functions of that one? */
static bool forwards_ari(const struct pci_machine *machine, uint32_t port)
{
	uint32_t offset = capability_at(machine, port, PCI_CAP_PCIE);
	uint32_t word = capability_word(machine, port, PCI_CAP_PCIE);

	return (word & EXPRESS_VERSION) >= EXPRESS_VERSION_2 &&
	       offset + EXPRESS_CONTROL_2 < PCI_CONFIG_SIZE &&
	       machine->read(machine->context, port, offset + EXPRESS_CONTROL_2) & EXPRESS_ARI;
}

/*
 * What is behind the bridge the bridge does itself, or somebody of its secondary bus. Bridges that
 * stand right below a port of PCI Express do as the latter, also those that have not its
 * capability: on a link there is nobody but who speaks as PCI Express wants it.
 */
static void pass(struct pci_requester *requester, const struct pci_machine *machine,
		 uint32_t below, uint32_t bridge)
{
	uint32_t express = capability_word(machine, bridge, PCI_CAP_PCIE);
	uint32_t type = PCI_EXPRESS_TYPE(express);

	if (express && type >= PCI_EXPRESS_ROOT_PORT && type <= PCI_EXPRESS_DOWNSTREAM) {
		if (requester->is_shared && requester->bridge == below)
			requester->source = requester->first_bus << 8;
		return;
	}
	requester->is_shared = true;
	requester->bridge = bridge;
	requester->first_bus = secondary(machine, bridge);
	requester->last_bus = subordinate(machine, bridge);
	requester->source = bridge;
	if (express && type == PCI_EXPRESS_TO_PCI)
		requester->source = requester->first_bus << 8;
}

void pci_requester(struct pci_requester *requester, const struct pci_machine *machine,
		   uint32_t function)
{
	uint32_t at = function;
	uint32_t bridge, i;

	*requester = (struct pci_requester){ .source = pci_spoken_as(machine, function) };
	for (i = 0; i < MOST_BRIDGES && pci_bridge_above(machine, at, &bridge); i++) {
		requester->is_below = true;
		if (i == 0)
			requester->has_ari = forwards_ari(machine, bridge);
		pass(requester, machine, at, bridge);
		at = bridge;
	}
	requester->is_unsure = requester->is_shared &&
			       capability_word(machine, function, PCI_CAP_PCIX) != 0;
}

bool pci_next_behind(const struct pci_machine *machine, const struct pci_requester *requester,
		     uint32_t *function)
{
	uint32_t from = *function == PCI_FIRST ? requester->first_bus << 8 : *function + 1;

	for (; from >> 8 <= requester->last_bus; from = *function + 1) {
		if (!find_from(machine, from >> 8, from & 0xff, function))
			*function = from | 0xff;
		else if (!pci_is_bridge(machine, *function))
			return true;
	}
	return false;
}
