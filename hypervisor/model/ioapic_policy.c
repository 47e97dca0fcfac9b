/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What becomes of an access to an IOAPIC. See ioapic_policy.h.
 */
#include "model/ioapic_policy.h"

/* 82093AA, 3.2.4. */
#define ENTRY_VECTOR      0xffu
#define ENTRY_MODE        0x700u
#define ENTRY_LOGICAL     0x800u
#define ENTRY_DESTINATION 56
#define ENTRY_INDEX       49
#define ENTRY_INDEX_15    11
#define ENTRY_LOWEST      0x100u
#define ENTRY_NMI         0x400u
#define ENTRY_EXTINT      0x700u
#define FIRST_VECTOR      16u /* SDM vol. 3A, 10.5.2: 0 to 15 are illegal */

#define INDEX_BITS 0xffu

void ioapic_view_open(struct ioapic_view *view, const struct bh_ioapic *ioapic)
{
	*view = (struct ioapic_view){ .first = ioapic->first, .pins = ioapic->pins };
}

void ioapic_view_add(struct ioapic_view *view, uint32_t gsi)
{
	uint32_t pin = gsi - view->first;

	if (pin < view->pins && pin < IOAPIC_PINS)
		view->own[pin / 64] |= 1ULL << pin % 64;
}

void ioapic_view_remove(struct ioapic_view *view, uint32_t gsi)
{
	uint32_t pin = gsi - view->first;

	if (pin < view->pins && pin < IOAPIC_PINS)
		view->own[pin / 64] &= ~(1ULL << pin % 64);
}

/* An NMI has no vector, and the PIC brings its own. */
static bool has_vector(uint32_t mode)
{
	return mode != ENTRY_NMI && mode != ENTRY_EXTINT;
}

static bool mode_is_allowed(enum ioapic_who who, uint32_t mode)
{
	return mode <= ENTRY_LOWEST || (who == IOAPIC_OF_ROOT && !has_vector(mode));
}

/* Bits 14:0 of the index are in 63:49, bit 15 is in 11; the rest is as it always was. */
uint64_t ioapic_remapped_entry(uint16_t index, uint8_t vector, bool is_level, bool is_low)
{
	return IOAPIC_REMAPPED | (uint64_t)(index & 0x7fffu) << ENTRY_INDEX |
	       (uint64_t)(index >> 15) << ENTRY_INDEX_15 | (is_level ? IOAPIC_LEVEL : 0) |
	       (is_low ? IOAPIC_LOW : 0) | vector;
}

uint32_t ioapic_remapped_index(uint64_t entry)
{
	return (uint32_t)(entry >> ENTRY_INDEX) | (uint32_t)(entry >> ENTRY_INDEX_15 & 1) << 15;
}

enum msi_verdict ioapic_judge_entry(enum ioapic_who who, uint64_t entry,
				    const struct icr_filter *filter)
{
	uint32_t low = (uint32_t)entry;
	uint32_t mode = low & ENTRY_MODE;
	uint32_t command = mode == ENTRY_LOWEST ? mode : 0;

	if (low & IOAPIC_MASKED)
		return MSI_OK;
	if (entry & IOAPIC_REMAPPED)
		return ioapic_remapped_index(entry) < filter->entries ? MSI_OK : MSI_REMAPPABLE;
	if (!mode_is_allowed(who, mode))
		return MSI_MODE;
	if (has_vector(mode) && (low & ENTRY_VECTOR) < FIRST_VECTOR)
		return MSI_VECTOR;
	if (low & ENTRY_LOGICAL)
		command |= ICR_LOGICAL;
	if (!icr_stays_inside(filter, false, command, (uint32_t)(entry >> ENTRY_DESTINATION)))
		return MSI_DESTINATION;
	return MSI_OK;
}

/* Of a cell's, none but those to one CPU by its APIC id are let through (cells.c). */
bool ioapic_target(struct interrupt_target *target, uint64_t entry)
{
	*target = (struct interrupt_target){
		.apic_id = (uint32_t)(entry >> ENTRY_DESTINATION),
		.vector = (uint8_t)(entry & ENTRY_VECTOR),
		.is_level = entry & IOAPIC_LEVEL,
	};
	return !(entry & (IOAPIC_MASKED | ENTRY_LOGICAL));
}

bool ioapic_only_moves(uint64_t before, uint64_t after)
{
	return (uint32_t)before == (uint32_t)after;
}

uint32_t ioapic_at_rest(uint64_t entry)
{
	return ((uint32_t)entry & (ENTRY_VECTOR | IOAPIC_LEVEL | IOAPIC_LOW)) | IOAPIC_MASKED;
}

static bool is_entry(const struct ioapic_view *view, uint32_t index)
{
	return index >= IOAPIC_ENTRIES && (index - IOAPIC_ENTRIES) / 2 < view->pins;
}

/* Identity and version are everybody's to read; an entry of somebody else's looks unused. */
static struct ioapic_result read_window(const struct ioapic_view *view)
{
	struct ioapic_result result = { .step = IOAPIC_CARRY_OUT, .index = view->select };

	if (is_entry(view, view->select)) {
		if (!ioapic_view_has(view, ioapic_pin_of(view->select))) {
			result.step = IOAPIC_ANSWER;
			result.value = view->select % 2 ? 0 : IOAPIC_MASKED;
		}
	} else if (view->select > IOAPIC_ARBITRATION) {
		result.step = IOAPIC_ANSWER;
	}
	return result;
}

struct ioapic_result ioapic_policy_read(const struct ioapic_view *view, uint32_t offset,
					uint32_t width)
{
	if (width != 4)
		return (struct ioapic_result){ .step = IOAPIC_DENIED, .value = UINT32_MAX,
					       .gsi = view->first };
	switch (offset) {
	case IOAPIC_SELECT:
		return (struct ioapic_result){ .value = view->select };
	case IOAPIC_WINDOW:
		return read_window(view);
	default:
		return (struct ioapic_result){ .value = 0 };
	}
}

/* The entry as it would be; what hardware keeps by itself is not written. */
static uint64_t merge(uint64_t entry, uint32_t index, uint32_t value)
{
	if (index % 2)
		return (entry & UINT32_MAX) | (uint64_t)value << 32;
	value = (value & ~IOAPIC_READ_ONLY) | ((uint32_t)entry & IOAPIC_READ_ONLY);
	return (entry & ~(uint64_t)UINT32_MAX) | value;
}

static struct ioapic_result denied(const struct ioapic_view *view, uint32_t pin,
				   enum msi_verdict verdict)
{
	return (struct ioapic_result){
		.step = IOAPIC_DENIED, .gsi = view->first + pin, .verdict = verdict,
	};
}

static struct ioapic_result write_entry(const struct ioapic_view *view, enum ioapic_who who,
					uint32_t value, const struct icr_filter *filter,
					const struct ioapic_reader *reader)
{
	uint32_t pin = ioapic_pin_of(view->select);
	enum msi_verdict verdict;
	uint64_t entry;

	if (!ioapic_view_has(view, pin)) {
		/* Who sets up an IOAPIC masks all pins first: those of others look so already. */
		if (view->select % 2 || (value & IOAPIC_MASKED))
			return (struct ioapic_result){ .step = IOAPIC_ANSWER };
		return denied(view, pin, MSI_OK);
	}
	/* What masks an entry needs no look at its other half, which takes most of the time. */
	if (view->select % 2 || !(value & IOAPIC_MASKED)) {
		entry = merge(reader->entry(reader->context, pin), view->select, value);
		verdict = ioapic_judge_entry(who, entry, filter);
		if (verdict != MSI_OK)
			return denied(view, pin, verdict);
	}
	return (struct ioapic_result){
		.step = IOAPIC_CARRY_OUT, .index = view->select, .value = value,
	};
}

/* It ends what all pins with that vector wait for, others' too: so does EOI of a local APIC. */
static bool has_vector_pin(const struct ioapic_view *view, uint32_t vector,
			   const struct ioapic_reader *reader)
{
	uint32_t pin;

	for (pin = 0; pin < view->pins && pin < IOAPIC_PINS; pin++)
		if (ioapic_view_has(view, pin) &&
		    (reader->entry(reader->context, pin) & ENTRY_VECTOR) == vector)
			return true;
	return false;
}

static struct ioapic_result write_eoi(const struct ioapic_view *view, uint32_t value,
				      const struct ioapic_reader *reader)
{
	uint32_t vector = value & ENTRY_VECTOR;
	struct ioapic_result result = { .step = IOAPIC_ANSWER, .value = vector };

	if (has_vector_pin(view, vector, reader))
		result.step = IOAPIC_SIGNAL_EOI;
	return result;
}

struct ioapic_result ioapic_policy_write(struct ioapic_view *view, enum ioapic_who who,
					 uint32_t offset, uint32_t width, uint32_t value,
					 const struct icr_filter *filter,
					 const struct ioapic_reader *reader)
{
	if (width != 4)
		return denied(view, 0, MSI_OK);
	switch (offset) {
	case IOAPIC_SELECT:
		view->select = value & INDEX_BITS;
		return (struct ioapic_result){ .step = IOAPIC_ANSWER };
	case IOAPIC_WINDOW:
		if (is_entry(view, view->select))
			return write_entry(view, who, value, filter, reader);
		/* Its number is known to all; other registers it has none. */
		return (struct ioapic_result){ .step = IOAPIC_ANSWER };
	case IOAPIC_EOI:
		return write_eoi(view, value, reader);
	default:
		return (struct ioapic_result){ .step = IOAPIC_ANSWER };
	}
}
