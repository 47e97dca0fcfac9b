/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Takes up a function: its header as it is to remain, the sizes of its base addresses, its
 * capabilities; and holds it against what the board file says.
 */
#include "model/pci_policy.h"

#include "model/pci_parts.h"
#include "model/refuse.h"
#include "model/text.h"

static uint32_t read_word(const struct pci_reader *reader, uint32_t offset)
{
	return reader->read(reader->context, offset);
}

static uint8_t header_type(const struct pci_reader *reader)
{
	return read_word(reader, PCI_CLASS + 4) >> 16 & PCI_HEADER_TYPE;
}

static bool is_64(uint32_t bar)
{
	return !(bar & PCI_BAR_PORTS) && (bar & PCI_BAR_WIDTH) == PCI_BAR_64;
}

/* The bits of a base address that say what it is. */
static uint32_t type_bits(uint32_t bar)
{
	return bar & PCI_BAR_PORTS ? 0x3 : 0xf;
}

static void set_size(struct pci_function *function, uint32_t index, uint32_t size)
{
	function->sizes[index] = size;
	function->has_size |= (uint8_t)(1u << index);
}

/* As hardware would read after ones were written (PCI 3.0, 6.2.5.1): what is not there reads 0. */
static void set_sizes(struct pci_function *function, const struct bh_device *device)
{
	uint32_t i;

	for (i = 0; i < BH_BARS; i++) {
		uint32_t own = function->own[PCI_BAR0 / 4 + i];
		uint64_t mask = ~(device->bars[i].size - 1);

		if (device->bars[i].kind == BH_BAR_NONE) {
			set_size(function, i, 0);
			continue;
		}
		set_size(function, i, (uint32_t)mask | (own & type_bits(own)));
		if (is_64(own) && i + 1 < BH_BARS)
			set_size(function, ++i, (uint32_t)(mask >> 32));
	}
}

void pci_function_open(struct pci_function *function, uint32_t address,
		       const struct bh_device *device, const struct pci_reader *reader)
{
	uint32_t i;

	*function = (struct pci_function){ .address = address, .header = header_type(reader) };
	for (i = 0; i < PCI_HEADER_WORDS; i++)
		function->own[i] = read_word(reader, 4 * i);
	if (device)
		set_sizes(function, device);
	pci_capabilities_read(&function->capabilities, reader);
}

static bool check_identity(const struct bh_device *device, const struct pci_reader *reader,
			   struct bh_refusal *refusal)
{
	uint32_t id = read_word(reader, PCI_ID);

	if (id == UINT32_MAX)
		return refuse(refusal, "device %s: nothing answers at its address", device->name);
	if (id != ((uint32_t)device->device_id << 16 | device->vendor_id))
		return refuse(refusal, "device %s: is %04x:%04x, the board file says %04x:%04x",
			      device->name, id & 0xffff, id >> 16, device->vendor_id,
			      device->device_id);
	if (header_type(reader) != PCI_HEADER_ENDPOINT)
		return refuse(refusal, "device %s: is a bridge, and bridges stay with root",
			      device->name);
	return true;
}

/* Place and kind that a base address has in hardware. */
static struct bh_bar read_bar(const struct pci_reader *reader, uint32_t index)
{
	uint32_t low = read_word(reader, PCI_BAR0 + 4 * index);
	struct bh_bar bar = { .kind = BH_BAR_MEMORY, .at = low & ~type_bits(low) };

	if (low & PCI_BAR_PORTS)
		bar.kind = BH_BAR_PORTS;
	if (is_64(low) && index + 1 < BH_BARS)
		bar.at |= (uint64_t)read_word(reader, PCI_BAR0 + 4 * index + 4) << 32;
	if (bar.at == 0)
		bar.kind = BH_BAR_NONE;
	return bar;
}

static bool check_bar(const struct bh_device *device, uint32_t index, struct bh_bar bar,
		      struct bh_refusal *refusal)
{
	const struct bh_bar *due = &device->bars[index];

	if (bar.kind == due->kind && bar.at == due->at)
		return true;
	if (due->kind == BH_BAR_NONE)
		return refuse(refusal, "device %s: has BAR %u at 0x%llx, which the board file "
			      "leaves out", device->name, index, (hex)bar.at);
	return refuse(refusal, "device %s: has BAR %u at 0x%llx, the board file says 0x%llx",
		      device->name, index, (hex)bar.at, (hex)due->at);
}

static bool check_bars(const struct bh_device *device, const struct pci_reader *reader,
		       struct bh_refusal *refusal)
{
	uint32_t i;

	for (i = 0; i < BH_BARS; i++) {
		uint32_t low = read_word(reader, PCI_BAR0 + 4 * i);

		if (!check_bar(device, i, read_bar(reader, i), refusal))
			return false;
		/* The next one is the upper half of this. */
		if (is_64(low) && ++i < BH_BARS && device->bars[i].kind != BH_BAR_NONE)
			return refuse(refusal, "device %s: BAR %u is the upper half of BAR %u: "
				      "leave it out", device->name, i, i - 1);
	}
	return true;
}

static bool check_msix(const struct bh_device *device, const struct pci_reader *reader,
		       struct bh_refusal *refusal)
{
	struct pci_capabilities capabilities;
	const struct pci_capability *msix;
	uint32_t entries, table;

	if (!pci_capabilities_read(&capabilities, reader))
		return refuse(refusal, "device %s: its list of capabilities has no end",
			      device->name);
	msix = pci_capability_find(&capabilities, false, PCI_CAP_MSIX);
	if (!msix)
		return device->msix_entries == 0 ||
		       refuse(refusal, "device %s: has no MSI-X, the board file says it has",
			      device->name);
	entries = (read_word(reader, msix->offset) >> 16 & PCI_MSIX_ENTRIES) + 1;
	table = read_word(reader, msix->offset + PCI_MSIX_TABLE);
	if (entries == device->msix_entries && (table & PCI_MSIX_BIR) == device->msix_bar &&
	    (table & ~PCI_MSIX_BIR) == device->msix_offset)
		return true;
	return refuse(refusal, "device %s: its MSI-X table has %u entries at 0x%x of BAR %u: the "
		      "board file should say msix = { bar = %u; offset = 0x%x; entries = %u; }",
		      device->name, entries, table & ~PCI_MSIX_BIR, table & PCI_MSIX_BIR,
		      table & PCI_MSIX_BIR, table & ~PCI_MSIX_BIR, entries);
}

bool pci_device_check(const struct bh_device *device, const struct pci_reader *reader,
		      struct bh_refusal *refusal)
{
	return check_identity(device, reader, refusal) && check_bars(device, reader, refusal) &&
	       check_msix(device, reader, refusal);
}
