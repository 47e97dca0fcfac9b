/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The IOAPIC as a cell may use it (82093AA, chapter 3; ICH9, 13.5): an index register of its own,
 * the redirection entries of its pins, and nothing of others. All accesses are trapped; carrying
 * them out is the caller's. An entry that is masked may hold anything, since it sends nothing: it
 * is looked at as a whole when it comes into force, and at each change while it is.
 */
#ifndef MODEL_IOAPIC_POLICY_H
#define MODEL_IOAPIC_POLICY_H

#include <bulkhead/config.h>

#include "model/apic_policy.h"
#include "model/interrupt_target.h"
#include "model/msi_policy.h"

/* Registers of the page; all are 32 bits wide. */
#define IOAPIC_SELECT 0x00u
#define IOAPIC_WINDOW 0x10u
#define IOAPIC_EOI    0x40u

/* What the select register chooses. */
#define IOAPIC_ID          0x00u
#define IOAPIC_VERSION     0x01u
#define IOAPIC_ARBITRATION 0x02u
#define IOAPIC_ENTRIES     0x10u /* two registers each, the low half first */

#define IOAPIC_MASKED    0x10000u
#define IOAPIC_LEVEL     0x8000u
#define IOAPIC_LOW       0x2000u /* the pin is active at low level */
#define IOAPIC_READ_ONLY 0x5000u /* delivery status, remote IRR */
#define IOAPIC_REMAPPED  (1ULL << 48) /* the format that names an entry of a table */
#define IOAPIC_PINS      120u    /* as many as an index of 8 bits can name, from 10h on */

/* One IOAPIC as one cell has it. */
struct ioapic_view {
	uint64_t own[4]; /* pins */
	uint32_t select; /* what the cell wrote into the select register last */
	uint32_t first;  /* global system interrupt of pin 0 */
	uint32_t pins;
};

/* Without a pin. Then the cell's pins are added, those of other IOAPICs without effect. */
void ioapic_view_open(struct ioapic_view *view, const struct bh_ioapic *ioapic);
void ioapic_view_add(struct ioapic_view *view, uint32_t gsi);
void ioapic_view_remove(struct ioapic_view *view, uint32_t gsi);

static inline bool ioapic_view_has(const struct ioapic_view *view, uint32_t pin)
{
	return pin < view->pins && (view->own[pin / 64] >> pin % 64 & 1);
}

/* Whose entries: root has what its firmware and its PIC need. */
enum ioapic_who { IOAPIC_OF_ROOT, IOAPIC_OF_CELL };

/* What is to be done for an access; `index` is what goes into the real select register. */
enum ioapic_step {
	IOAPIC_ANSWER,    /* reads: `value` is the answer. Writes: nothing more. */
	IOAPIC_CARRY_OUT, /* read, or write `value`, at `index` */
	IOAPIC_SIGNAL_EOI, /* write `value` into the EOI register */
	IOAPIC_DENIED,    /* a fault; reads: `value` is the answer all the same */
};

struct ioapic_result {
	enum ioapic_step step;
	uint32_t index;
	uint32_t value;
	uint32_t gsi;              /* of what was denied: place of the fault */
	enum msi_verdict verdict;  /* why, if it was about an entry */
};

/* The entries as they are: asked for a pin's, where an access depends on what is there. */
struct ioapic_reader {
	uint64_t (*entry)(void *context, uint32_t pin);
	void *context;
};

/* `offset` is in the page; the width has to be 32 bits, others are denied. */
struct ioapic_result ioapic_policy_read(const struct ioapic_view *view, uint32_t offset,
					uint32_t width);
struct ioapic_result ioapic_policy_write(struct ioapic_view *view, enum ioapic_who who,
					 uint32_t offset, uint32_t width, uint32_t value,
					 const struct icr_filter *filter,
					 const struct ioapic_reader *reader);

/* Whose pin's an index of one of the entries is. */
static inline uint32_t ioapic_pin_of(uint32_t index)
{
	return (index - IOAPIC_ENTRIES) / 2;
}

/*
 * An entry in the remappable format, which names an entry of an IOMMU's table in place of a CPU
 * (VT-d specification, 5.1.5.1); and which one it names.
 */
uint64_t ioapic_remapped_entry(uint16_t index, uint8_t vector, bool is_level, bool is_low);
uint32_t ioapic_remapped_index(uint64_t entry);

/* What an entry of a cell's asks for that may be in force; false if it reaches no CPU. */
bool ioapic_target(struct interrupt_target *target, uint64_t entry);

/*
 * Of such an entry before and after a write, which is in force: did nothing change but whom it
 * reaches? A pin that an IOMMU remaps is left as it is then.
 */
bool ioapic_only_moves(uint64_t before, uint64_t after);

/*
 * What a remapped pin holds, in its low half, while the entry that its cell wrote is masked. An
 * interrupt in service still ends by its vector, and a change to edge ends it, too.
 */
uint32_t ioapic_at_rest(uint64_t entry);

/* May that be in force? For entries that were there before their pin changed hands. */
enum msi_verdict ioapic_judge_entry(enum ioapic_who who, uint64_t entry,
				    const struct icr_filter *filter);

#endif
