/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Memory of devices that is filtered: configuration space in memory, pages of MSI-X tables, and
 * IOAPICs.
 */
#include "core/cell.h"
#include "core/hypervisor.h"
#include "core/ioapic.h"
#include "core/msix.h"
#include "model/bits.h"
#include "model/pci_parts.h"
#include "x86/device_memory.h"
#include "x86/guest/fault.h"
#include "x86/guest/served.h"

static bool deny(struct cpu *cpu, enum bh_fault_kind kind, uint64_t place, uint32_t size,
		 uint64_t value)
{
	const struct attempt attempt = {
		.kind = kind, .access = BH_ACCESS_WRITE, .size = size, .place = place,
		.value = value, .has_value = true,
	};

	return fault_raise(cpu, &attempt);
}

static bool read_config(struct cpu *cpu, const struct served *served, uint64_t *value)
{
	*value = pci_read(cpu->cell, &served->reg, served->size);
	return true;
}

static bool write_config(struct cpu *cpu, const struct served *served, uint64_t value)
{
	const struct pci_register *reg = &served->reg;

	return pci_write(cpu->cell, reg, served->size, (uint32_t)value) ||
	       deny(cpu, BH_FAULT_PCI, BH_PCI_PLACE(reg->function, reg->offset), served->size,
		    value);
}

static const struct served_kind config = { .read = read_config, .write = write_config };

static bool read_ioapic(struct cpu *cpu, const struct served *served, uint64_t *value)
{
	const struct ioapic_result result =
		ioapic_read(cpu->cell, served->ioapic, served->place & BH_PAGE_MASK, served->size);
	const struct attempt attempt = {
		.kind = BH_FAULT_PIN, .access = BH_ACCESS_READ, .size = served->size,
		.place = result.gsi,
	};

	*value = result.step == IOAPIC_DENIED ? ~0ULL : result.value;
	return result.step != IOAPIC_DENIED || fault_raise(cpu, &attempt);
}

static bool write_ioapic(struct cpu *cpu, const struct served *served, uint64_t value)
{
	const struct ioapic_result result =
		ioapic_write(cpu->cell, served->ioapic, served->place & BH_PAGE_MASK, served->size,
			     (uint32_t)value);

	return result.step != IOAPIC_DENIED ||
	       deny(cpu, BH_FAULT_PIN, result.gsi, served->size, value);
}

static const struct served_kind ioapic = { .read = read_ioapic, .write = write_ioapic };

const struct served_kind *served_pci_find(const struct cell *cell, struct served *served)
{
	if (cell->has_pci &&
	    pci_register_by_memory(&served->reg, &hypervisor.config.board->mmconfig, served->place,
				   served->size))
		return &config;
	return ioapic_find(cell, served->place, &served->ioapic) ? &ioapic : NULL;
}

static hpa_t table_of(const struct served *served, const struct msix_place *place)
{
	return HPA(served_phys(served).v - place->offset);
}

static bool read_msix(struct cpu *cpu, const struct served *served, uint64_t *value)
{
	struct msix_place place;
	struct pci_slot *slot;

	if (!device_msix_place(&hypervisor.config, served_phys(served).v, served->size, &place)) {
		*value = device_memory_read(cpu, served_phys(served), served->size);
		return true;
	}
	slot = pci_slot_find(place.device->address);
	*value = bytes_mask(served->size);
	spin_lock(&slot->lock);
	if (pci_is_own(cpu->cell, slot))
		*value = msix_read(cpu, slot, table_of(served, &place), place.offset,
				   served->size);
	spin_unlock(&slot->lock);
	return true;
}

/*
 * Whole words alone; the device's lock keeps two CPUs from making half an entry each. What came too
 * late, when the device was another's, is dropped.
 */
static bool write_table(struct cpu *cpu, const struct served *served,
			const struct msix_place *place, uint64_t value)
{
	hpa_t table = table_of(served, place);
	struct pci_slot *slot = pci_slot_find(place->device->address);
	bool good = served->size >= 4 && place->offset % served->size == 0;
	uint32_t done;

	spin_lock(&slot->lock);
	for (done = 0; good && done < served->size && pci_is_own(cpu->cell, slot); done += 4)
		good = msix_write(cpu, slot, table, place->offset + done,
				  (uint32_t)(value >> 8 * done));
	spin_unlock(&slot->lock);
	return good;
}

static bool write_msix(struct cpu *cpu, const struct served *served, uint64_t value)
{
	struct msix_place place;

	if (!device_msix_place(&hypervisor.config, served_phys(served).v, served->size, &place)) {
		device_memory_write(cpu, served_phys(served), served->size, value);
		return true;
	}
	return write_table(cpu, served, &place, value) ||
	       deny(cpu, BH_FAULT_PCI,
		    BH_PCI_PLACE(place.device->address,
				 BH_PCI_IN_MSIX | (place.offset & (BH_PCI_IN_MSIX - 1))),
		    served->size, value);
}

static const struct served_kind msix = { .read = read_msix, .write = write_msix };

const struct served_kind *const served_msix = &msix;
