// SPDX-License-Identifier: GPL-2.0-only
/* How entries of AMD-Vi's tables look. See amdvi_entries.h. */
#include "model/amdvi_entries.h"

#include <bulkhead/iommu.h>

#include "model/amdvi_registers.h"

/* 2.2.2.1: words of 64 bits; the numbers are those of the whole entry. */
#define DTE_VALID             (1ULL << 0)
#define DTE_TRANSLATION_VALID (1ULL << 1)
#define DTE_MODE(levels)      ((uint64_t)(levels) << 9) /* 11:9 */
#define DTE_READ              (1ULL << 61)
#define DTE_WRITE             (1ULL << 62)
#define DTE_SYSTEM(n)         ((uint64_t)(n) << (104 - 64)) /* SysMgt 105:104 */
#define DTE_INTERRUPTS_VALID  (1ULL << (128 - 128))
#define DTE_TABLE_ORDER(n)    ((uint64_t)(n) << (129 - 128)) /* 132:129 */
#define DTE_SIGNALS(n)        ((uint64_t)(n) << (184 - 128)) /* INIT, EInt, NMIPass 186:184 */
#define DTE_CONTROL_REMAP     (2ULL << (188 - 128)) /* IntCtl 189:188 */
#define DTE_LINTS(n)          ((uint64_t)(n) << (190 - 128)) /* Lint0, Lint1Pass 191:190 */

struct amdvi_device_entry amdvi_device_entry(hpa_t tables, unsigned int levels, uint16_t domain)
{
	return (struct amdvi_device_entry){
		.words = {
			tables.v | DTE_VALID | DTE_TRANSLATION_VALID | DTE_MODE(levels) |
				DTE_READ | DTE_WRITE,
			domain,
		},
	};
}

/* INIT, NMI, ExtInt and the LINT pins have bits of their own (186:184, 191:190): all stay 0. */
void amdvi_device_set_interrupts(struct amdvi_device_entry *entry, hpa_t table,
				 unsigned int order)
{
	entry->words[2] = DTE_INTERRUPTS_VALID | DTE_CONTROL_REMAP | DTE_TABLE_ORDER(order) |
			  table.v;
}

/* With SysMgt 1 IW has to be set (erratum 63): of root's devices it is. */
void amdvi_device_pass(struct amdvi_device_entry *entry, uint16_t pass)
{
	entry->words[1] |= DTE_SYSTEM(pass >> 4 & 3);
	entry->words[2] |= DTE_SIGNALS(pass & 7) | DTE_LINTS(pass >> 6 & 3);
}

/* IntCtl 0: target abort. */
void amdvi_device_silence(struct amdvi_device_entry *entry)
{
	entry->words[2] = DTE_INTERRUPTS_VALID;
}

/*
 * Valid, with a translation that allows nothing, as neither IR nor IW is set: not the same as an
 * entry of zeros (2.2.2.1). With levels, because QEMU (10.1 and later) lets all pass by an entry
 * that has none, whatever it allows.
 */
struct amdvi_device_entry amdvi_device_entry_none(hpa_t tables, unsigned int levels)
{
	return (struct amdvi_device_entry){
		.words = { tables.v | DTE_VALID | DTE_TRANSLATION_VALID | DTE_MODE(levels), 0,
			   DTE_INTERRUPTS_VALID },
	};
}

/* 2.2.5: RemapEn 0, IntType 4:2 (0: fixed), RqEoi 5, DM 6 (0: physical), Destination 15:8. */
#define REMAP_ENABLE (1U << 0)

uint32_t amdvi_interrupt_entry(const struct interrupt_target *target)
{
	return REMAP_ENABLE | (target->apic_id & 0xff) << 8 | (uint32_t)target->vector << 16;
}

/*
 * 3.4.1. All else is off until we switch it on: it changes how tables are read (GAEn and XTEn the
 * interrupt tables, DevTblSegEn the device table, GTEn its entries) or has the unit write to where
 * somebody else has said (PPRLogEn, GALogEn).
 */
uint64_t amdvi_control(uint64_t before, uint32_t flags)
{
	return (before & (CONTROL_PATIENCE | CONTROL_COHERENT)) |
	       (flags & BH_IOMMU_TUNNEL ? CONTROL_TUNNEL : 0) |
	       (flags & BH_IOMMU_PASS_PW ? CONTROL_PASS : 0) |
	       (flags & BH_IOMMU_RES_PASS_PW ? CONTROL_ANSWER_PASS : 0) |
	       (flags & BH_IOMMU_ISOC ? CONTROL_ISOCHRONOUS : 0);
}

/* 2.4: the operation is bits 63:60. */
#define COMMAND(operation)     ((uint64_t)(operation) << 60)
#define COMMAND_WAIT           COMMAND(1)
#define COMMAND_DEVICE         COMMAND(2)
#define COMMAND_PAGES          COMMAND(3)
#define COMMAND_INTERRUPTS     COMMAND(5)
#define COMMAND_ALL            COMMAND(8)
#define WAIT_STORE             (1ULL << 0)
/* Of the upper half: the size is in the address, which then has only ones from bit 12 on. */
#define PAGES_SIZE             (1ULL << 0)
#define PAGES_DIRECTORIES      (1ULL << 1)
#define PAGES_ALL              0x7ffffffffffff000ULL

struct amdvi_command amdvi_completion_wait(hpa_t at, uint64_t value)
{
	return (struct amdvi_command){ .low = COMMAND_WAIT | at.v | WAIT_STORE, .high = value };
}

struct amdvi_command amdvi_invalidate_device(uint16_t source)
{
	return (struct amdvi_command){ .low = COMMAND_DEVICE | source };
}

/* DomainID 47:32. */
struct amdvi_command amdvi_invalidate_pages(uint16_t domain)
{
	return (struct amdvi_command){
		.low = COMMAND_PAGES | (uint64_t)domain << 32,
		.high = PAGES_ALL | PAGES_DIRECTORIES | PAGES_SIZE,
	};
}

struct amdvi_command amdvi_invalidate_interrupts(uint16_t source)
{
	return (struct amdvi_command){ .low = COMMAND_INTERRUPTS | source };
}

struct amdvi_command amdvi_invalidate_all(void)
{
	return (struct amdvi_command){ .low = COMMAND_ALL };
}

/* 2.5: EventCode 63:60, DeviceID 15:0, the address in the upper half. */
#define EVENT_ILLEGAL_ENTRY   1
#define EVENT_PAGE_FAULT      2
#define EVENT_PAGE_INTERRUPT  (1ULL << 51) /* I */
#define EVENT_PAGE_WRITE      (1ULL << 53) /* RW */
#define EVENT_INVALID_REQUEST 8
#define EVENT_INVALID_PAGES   9 /* INVALID_PPR_REQUEST: a device asks for pages */

/*
 * I counts only where interrupts are written to, as the device has it or as HyperTransport does
 * (2.1.2): QEMU (10.1 and later) sets it in every record.
 */
#define MESSAGES_SHIFT        20
#define MESSAGES              0xfeeU
#define TRANSPORT_SHIFT       24
#define TRANSPORT             0xfdf8U

static bool is_of_interrupt(struct amdvi_event event)
{
	return (event.low & EVENT_PAGE_INTERRUPT) &&
	       (event.high >> MESSAGES_SHIFT == MESSAGES ||
		event.high >> TRANSPORT_SHIFT == TRANSPORT);
}

static bool is_of_request(uint8_t code)
{
	switch (code) {
	case EVENT_ILLEGAL_ENTRY:
	case EVENT_PAGE_FAULT:
	case EVENT_INVALID_REQUEST:
	case EVENT_INVALID_PAGES:
		return true;
	default:
		return false;
	}
}

bool amdvi_event_read(struct amdvi_event event, struct iommu_fault *fault)
{
	uint8_t code = (uint8_t)(event.low >> 60);

	if (event.low == 0)
		return false;
	if (!is_of_request(code)) {
		*fault = (struct iommu_fault){
			.is_units = true, .record = { event.low, event.high },
		};
		return true;
	}
	*fault = (struct iommu_fault){
		.record = { event.low, event.high },
		.address = event.high,
		.source = (uint16_t)event.low,
		.reason = code,
		.is_write = event.low & EVENT_PAGE_WRITE,
		.is_interrupt = code == EVENT_PAGE_FAULT && is_of_interrupt(event),
	};
	return true;
}
