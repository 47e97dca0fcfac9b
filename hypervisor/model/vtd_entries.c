// SPDX-License-Identifier: GPL-2.0-only
/* How entries of VT-d's tables look. See vtd_entries.h. */
#include "model/vtd_entries.h"

#include "model/msi_message.h"
#include "model/vtd_registers.h"

#define PRESENT (1ULL << 0)

/* AGAW: 1 stands for three levels, 2 for four. */
static uint64_t width(unsigned int levels)
{
	return levels - 2;
}

/* 9.1: P 0, CTP 63:12. */
struct vtd_entry vtd_root_entry(hpa_t context_table)
{
	return (struct vtd_entry){ .low = context_table.v | PRESENT };
}

/*
 * 9.3: P 0, TT 3:2 (0: untranslated requests, by second level), SLPTPTR 63:12; AW 66:64, DID 87:72.
 */
struct vtd_entry vtd_context_entry(hpa_t tables, unsigned int levels, uint16_t domain)
{
	return (struct vtd_entry){
		.low = tables.v | PRESENT,
		.high = width(levels) | (uint64_t)domain << 8,
	};
}

/* 9.2: LP 0, LCTP 63:12; UP 64, UCTP 127:76. */
struct vtd_entry vtd_scalable_root_entry(hpa_t lower, hpa_t upper)
{
	return (struct vtd_entry){ .low = lower.v | PRESENT, .high = upper.v | PRESENT };
}

/* 9.4: P 0, PDTS 11:9 (0: 128 entries, the least), PASIDDIRPTR 63:12; RID_PASID 83:64 (0). */
struct vtd_scalable_context vtd_scalable_context_entry(hpa_t directory)
{
	return (struct vtd_scalable_context){ .words = { directory.v | PRESENT } };
}

/* 9.5: P 0, SMPTBLPTR 63:12. */
uint64_t vtd_directory_entry(hpa_t pasid_table)
{
	return pasid_table.v | PRESENT;
}

#define PGTT_SECOND_LEVEL (2ULL << 6)

/*
 * 9.6: P 0, AW 4:2, PGTT 8:6, SLPTPTR 63:12; DID 79:64. PWSNP 87 stays 0 even where ECAP.SMPWC
 * allows it: all units of a board go by one entry, and to one without SMPWC the bit is reserved.
 */
struct vtd_pasid_entry vtd_pasid_entry(hpa_t tables, unsigned int levels, uint16_t domain)
{
	return (struct vtd_pasid_entry){
		.words = {
			tables.v | PRESENT | PGTT_SECOND_LEVEL | width(levels) << 2, domain,
		},
	};
}

/* By a PASID entry with PWSNP only, and ours has not: what SMPWC says does not matter then. */
bool vtd_snoops_maps(uint64_t extended, bool is_scalable)
{
	return !is_scalable && (extended & ECAP_COHERENT);
}

#define TRIGGER_LEVEL   (1ULL << 4)
#define VECTOR_SHIFT    16
#define XAPIC_ID_SHIFT  40
#define X2APIC_ID_SHIFT 32
/* Of the upper half: the whole source id has to match. */
#define VERIFY_SOURCE   (1ULL << 18)

/*
 * 9.10: P 0, FPD 1, DM 2 (0: physical), RH 3, TM 4, DLM 7:5 (0: fixed), V 23:16, DST 63:32;
 * SID 79:64, SQ 81:80, SVT 83:82.
 */
struct vtd_entry vtd_interrupt_entry(const struct interrupt_target *target, uint16_t source)
{
	unsigned int shift = target->is_x2apic ? X2APIC_ID_SHIFT : XAPIC_ID_SHIFT;

	return (struct vtd_entry){
		.low = PRESENT | (target->is_level ? TRIGGER_LEVEL : 0) |
		       (uint64_t)target->vector << VECTOR_SHIFT |
		       (uint64_t)target->apic_id << shift,
		.high = VERIFY_SOURCE | source,
	};
}

unsigned int vtd_entry_stores(struct vtd_store stores[VTD_STORES], struct vtd_entry before,
			      struct vtd_entry after)
{
	unsigned int count = 0;

	if (before.high != after.high) {
		if (before.low & PRESENT) {
			before.low = 0;
			stores[count++] = (struct vtd_store){ .is_high = false, .value = 0 };
		}
		stores[count++] = (struct vtd_store){ .is_high = true, .value = after.high };
	}
	if (before.low != after.low)
		stores[count++] = (struct vtd_store){ .is_high = false, .value = after.low };
	return count;
}

#define MESSAGE_COUNTS (1U << 3)

/* 5.1.2.2: handle 14:0 in 19:5 and handle 15 in 2; SHV 3: data 15:0 is added to it. */
uint32_t vtd_message_address(uint16_t index)
{
	return MSI_ADDRESS | MSI_ADDRESS_REMAPPABLE | MESSAGE_COUNTS | (index & 0x7fffU) << 5 |
	       (index >> 15 & 1U) << 2;
}

/* 6.5.2: type 3:0, granularity 5:4 (1: global). */
#define COMMAND(type)    ((uint64_t)(type))
#define COMMAND_CONTEXTS COMMAND(1)
#define COMMAND_PAGES    COMMAND(2)
#define COMMAND_ENTRIES  COMMAND(4) /* of interrupts; G 4 is 0: all */
#define COMMAND_WAIT     COMMAND(5)
#define COMMAND_PASIDS   COMMAND(7)
#define GLOBAL           (1ULL << 4)
#define OF_INDEX         (1ULL << 4)
#define ALL_PASIDS       (3ULL << 4)
#define DRAIN            (3ULL << 6) /* writes 6 and reads 7 that are under way */
#define WAIT_STATUS      (1ULL << 5)

struct vtd_entry vtd_invalidate_contexts(void)
{
	return (struct vtd_entry){ .low = COMMAND_CONTEXTS | GLOBAL };
}

struct vtd_entry vtd_invalidate_pasids(void)
{
	return (struct vtd_entry){ .low = COMMAND_PASIDS | ALL_PASIDS };
}

struct vtd_entry vtd_invalidate_pages(void)
{
	return (struct vtd_entry){ .low = COMMAND_PAGES | GLOBAL | DRAIN };
}

struct vtd_entry vtd_invalidate_interrupts(void)
{
	return (struct vtd_entry){ .low = COMMAND_ENTRIES };
}

/* G 4 (1: by index), IM 31:27 (2^IM entries), IIDX 47:32. */
struct vtd_entry vtd_invalidate_entries(uint32_t first, unsigned int order)
{
	return (struct vtd_entry){
		.low = COMMAND_ENTRIES | OF_INDEX | (uint64_t)order << 27 | (uint64_t)first << 32,
	};
}

struct vtd_entry vtd_wait(hpa_t at, uint32_t value)
{
	return (struct vtd_entry){
		.low = COMMAND_WAIT | WAIT_STATUS | (uint64_t)value << 32, .high = at.v,
	};
}

#define FAULT_READ       (1ULL << 62) /* T1; T2 at bit 28 of it tells pages and atomics apart */
#define REASON_SHIFT     32
#define REASON_INTERRUPT 0x20 /* chapter 7, fault reasons 20h to 26h */
#define REASON_INTERRUPT_LAST 0x26

/* 9.9: F 127, T1 126, FR 103:96, SID 79:64, FI 63:12 (of an interrupt its index in 63:48). */
bool vtd_fault_read(struct vtd_entry record, struct iommu_fault *fault)
{
	uint8_t reason = (uint8_t)(record.high >> REASON_SHIFT);

	if (!(record.high & VTD_FAULT_VALID))
		return false;
	*fault = (struct iommu_fault){
		.address = record.low & ~BH_PAGE_MASK,
		.source = (uint16_t)record.high,
		.reason = reason,
		.is_write = !(record.high & FAULT_READ),
		.is_interrupt = reason >= REASON_INTERRUPT && reason <= REASON_INTERRUPT_LAST,
	};
	if (fault->is_interrupt)
		fault->address = 0;
	return true;
}
