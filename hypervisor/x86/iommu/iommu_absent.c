/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * IOMMUs, left out: none is driven, and no device can be kept from memory.
 */
#include "core/iommu.h"

#include "core/hypervisor.h"
#include "model/refuse.h"

bool iommu_start(struct bh_refusal *refusal)
{
	if (hypervisor.config.board->iommu_size == 0)
		return true;
	return refuse(refusal, "the board has IOMMUs, but this hypervisor was built without "
		      "drivers for any");
}

bool iommu_stop(void)
{
	return true;
}

bool iommu_build(struct cell *cell, const struct pt_memory *memory, struct bh_refusal *refusal)
{
	(void)cell;
	(void)memory;
	(void)refusal;
	return true;
}

bool iommu_audit(const struct cell *cell, struct bh_refusal *refusal)
{
	(void)cell;
	(void)refusal;
	return true;
}

bool iommu_is_unit(uint32_t address)
{
	(void)address;
	return false;
}

bool iommu_has(uint32_t address)
{
	(void)address;
	return false;
}

bool iommu_block(uint32_t address, struct bh_refusal *refusal)
{
	(void)address;
	return refuse(refusal, "this hypervisor was built without drivers for IOMMUs");
}

bool iommu_give(uint32_t address, struct cell *cell, struct bh_refusal *refusal)
{
	(void)cell;
	return iommu_block(address, refusal);
}

bool iommu_route(uint32_t address, uint32_t index, const struct interrupt_target *target,
		 struct msi_message *message, struct bh_refusal *refusal)
{
	(void)index;
	(void)target;
	(void)message;
	return iommu_block(address, refusal);
}

uint32_t iommu_linux_entries(void)
{
	return 0;
}

bool iommu_judge_root(struct bh_refusal *refusal)
{
	(void)refusal;
	return true;
}

bool iommu_register_find(uint64_t at, uint32_t size, uint32_t *number)
{
	(void)at;
	(void)size;
	(void)number;
	return false;
}

uint64_t iommu_register_read(uint32_t number, uint64_t at, uint32_t size)
{
	(void)number;
	(void)at;
	(void)size;
	return 0;
}

void iommu_register_write(uint32_t number, uint64_t at, uint32_t size, uint64_t value)
{
	(void)number;
	(void)at;
	(void)size;
	(void)value;
}

bool iommu_pins_open(uint32_t ioapic, uint32_t id, struct bh_refusal *refusal)
{
	(void)ioapic;
	(void)id;
	(void)refusal;
	return true;
}

bool iommu_pin_route(uint32_t ioapic, uint32_t pin, const struct iommu_line *line,
		     uint64_t *value)
{
	(void)ioapic;
	(void)pin;
	(void)line;
	(void)value;
	return false;
}

void iommu_poll(void)
{
}

bool iommu_interrupted(void)
{
	return false;
}

hpa_t iommu_test_table(uint64_t number)
{
	(void)number;
	return HPA(0);
}

bool iommu_debug_entry(uint64_t source, struct bh_device_entry *entry)
{
	(void)source;
	(void)entry;
	return false;
}
