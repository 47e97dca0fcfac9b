/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The HPET's page, of which a cell's map has what is to be read: only what writes comes here.
 */
#include "core/cell.h"
#include "core/hpet.h"
#include "x86/device_memory.h"
#include "x86/guest/fault.h"
#include "x86/guest/served.h"

/* For an instruction that reads and writes. */
static bool read_hpet(struct cpu *cpu, const struct served *served, uint64_t *value)
{
	*value = device_memory_read(cpu, served_phys(served), served->size);
	return true;
}

static bool write_hpet(struct cpu *cpu, const struct served *served, uint64_t value)
{
	const struct hpet_judgement judgement =
		hpet_write(cpu, HPA(served->region->phys),
			   (uint32_t)(served->place - served->region->at), served->size, value);
	bool is_pin = judgement.verdict == HPET_PIN;
	const struct attempt attempt = {
		.kind = is_pin ? BH_FAULT_PIN : BH_FAULT_MEMORY, .access = BH_ACCESS_WRITE,
		.size = served->size, .place = is_pin ? judgement.gsi : served->place,
		.value = value, .has_value = true,
	};

	return judgement.verdict == HPET_PASS || fault_raise(cpu, &attempt);
}

const struct served_kind served_hpet = { .read = read_hpet, .write = write_hpet };
