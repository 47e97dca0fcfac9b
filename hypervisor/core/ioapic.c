/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * IOAPICs as cells find them, and what becomes of pins where an IOMMU remaps their interrupts.
 * One lock for each IOAPIC is held from the look at an entry until the write is carried out, since
 * the real select register is one for all cells.
 */
#include "core/ioapic.h"

#include "core/hypervisor.h"
#include "core/iommu.h"
#include "core/log.h"
#include "core/spinlock.h"
#include "model/ioapic_policy.h"
#include "model/refuse.h"
#include "x86/ioapic_access.h"

static struct spinlock locks[BH_MAX_IOAPICS];

static uint32_t count(void)
{
	return hypervisor.config.board->ioapic_count;
}

static hpa_t page_of(uint32_t number)
{
	return HPA(hypervisor.config.ioapics[number].at);
}

static enum ioapic_who who_is(const struct cell *cell)
{
	return cell == &root_cell ? IOAPIC_OF_ROOT : IOAPIC_OF_CELL;
}

/*
 * Of pins whose interrupts an IOMMU remaps, what their cell wrote: hardware has what names their
 * entry there.
 */
static uint64_t kept[BH_MAX_IOAPICS][IOAPIC_PINS];

/* Linux sees to its own. */
static bool is_kept(const struct cell *cell)
{
	return cell != &root_cell && iommu_linux_entries() != 0;
}

/* What only hardware knows is hardware's all the same. */
static uint64_t seen(uint32_t number, uint32_t pin)
{
	uint32_t low = ioapic_access_read(page_of(number), IOAPIC_ENTRIES + 2 * pin);

	return kept[number][pin] | (low & IOAPIC_READ_ONLY);
}

struct entries {
	const struct cell *cell;
	uint32_t number;
};

static uint64_t read_entry(void *context, uint32_t pin)
{
	const struct entries *entries = context;

	if (is_kept(entries->cell))
		return seen(entries->number, pin);
	return ioapic_access_entry(page_of(entries->number), pin);
}

static void write_half(uint32_t number, uint32_t index, uint32_t value)
{
	uint32_t pin = ioapic_pin_of(index);
	uint64_t half = value & ~(index % 2 ? 0 : IOAPIC_READ_ONLY);
	uint32_t shift = index % 2 ? 32 : 0;

	kept[number][pin] = (kept[number][pin] & ~((uint64_t)UINT32_MAX << shift)) | half << shift;
}

/*
 * Masked until both the IOMMU's entry and the pin's are as they have to be for each other, with
 * nothing else changed: no interrupt is lost that a real IOAPIC would not lose, nor comes twice.
 */
static void route(uint32_t number, uint32_t pin, uint64_t before)
{
	uint32_t index = IOAPIC_ENTRIES + 2 * pin;
	uint32_t low = ioapic_access_read(page_of(number), index);
	bool stays = !(low & IOAPIC_MASKED) && ioapic_only_moves(before, kept[number][pin]);
	struct iommu_line line = { .is_low = kept[number][pin] & IOAPIC_LOW };
	uint64_t value;

	if (!ioapic_target(&line.target, kept[number][pin])) {
		ioapic_access_write(page_of(number), index, ioapic_at_rest(kept[number][pin]));
		return;
	}
	if (!stays)
		ioapic_access_write(page_of(number), index, low | IOAPIC_MASKED);
	if (!iommu_pin_route(number, pin, &line, &value)) {
		ioapic_access_write(page_of(number), index, low | IOAPIC_MASKED);
		log_print("%s: the IOMMU does not answer: pin %u is masked\n",
			  hypervisor.config.ioapics[number].name, pin);
		return;
	}
	if (stays)
		return;
	ioapic_access_write(page_of(number), index + 1, (uint32_t)(value >> 32));
	ioapic_access_write(page_of(number), index, (uint32_t)value);
}

static void open_views(struct cell *cell)
{
	uint32_t i;

	for (i = 0; i < count(); i++)
		ioapic_view_open(&cell->ioapics[i], &hypervisor.config.ioapics[i]);
}

static bool check(uint32_t number, struct bh_refusal *refusal)
{
	const struct bh_ioapic *ioapic = &hypervisor.config.ioapics[number];
	uint32_t version = ioapic_access_read(page_of(number), IOAPIC_VERSION);
	uint32_t pins = (version >> 16 & 0xff) + 1;
	uint32_t pin;

	if (version == UINT32_MAX)
		return refuse(refusal, "%s: nothing answers at 0x%llx", ioapic->name,
			      (unsigned long long)ioapic->at);
	if (pins != ioapic->pins)
		return refuse(refusal, "%s has %u pins, the board file says %u", ioapic->name, pins,
			      ioapic->pins);
	for (pin = 0; pin < pins; pin++) {
		uint64_t entry = ioapic_access_entry(page_of(number), pin);

		if (!(entry & IOAPIC_MASKED) && (entry & IOAPIC_REMAPPED) &&
		    !iommu_linux_entries())
			return refuse(refusal, "Linux remaps interrupts by an IOMMU, and whom they "
				      "reach cannot be told: start it with intremap=off, or, if it "
				      "is a VT-d, list it in iommus with linux_remaps = true");
	}
	return iommu_pins_open(number, ioapic_access_read(page_of(number), IOAPIC_ID) >> 24,
			       refusal);
}

bool ioapic_open(struct bh_refusal *refusal)
{
	uint32_t i, pin;

	open_views(&root_cell);
	for (i = 0; i < count(); i++) {
		if (!check(i, refusal))
			return false;
		for (pin = 0; pin < root_cell.ioapics[i].pins; pin++)
			ioapic_view_add(&root_cell.ioapics[i], root_cell.ioapics[i].first + pin);
	}
	return true;
}

bool ioapic_find(const struct cell *cell, uint64_t at, uint32_t *number)
{
	if (cell != &root_cell && cell->config->irq_count == 0)
		return false;
	for (*number = 0; *number < count(); (*number)++)
		if (at - page_of(*number).v < BH_PAGE_SIZE)
			return true;
	return false;
}

static void carry_out_read(const struct cell *cell, uint32_t number, struct ioapic_result *result)
{
	uint32_t index = result->index;

	if (result->step != IOAPIC_CARRY_OUT)
		return;
	if (index >= IOAPIC_ENTRIES && is_kept(cell))
		result->value = (uint32_t)(seen(number, ioapic_pin_of(index)) >>
					   (index % 2 ? 32 : 0));
	else
		result->value = ioapic_access_read(page_of(number), index);
}

/* Of writes, only those to entries are carried out. */
static void carry_out_write(const struct cell *cell, uint32_t number,
			    const struct ioapic_result *result)
{
	if (result->step == IOAPIC_SIGNAL_EOI) {
		ioapic_access_eoi(page_of(number), result->value);
	} else if (result->step == IOAPIC_CARRY_OUT && is_kept(cell)) {
		uint64_t before = kept[number][ioapic_pin_of(result->index)];

		write_half(number, result->index, result->value);
		route(number, ioapic_pin_of(result->index), before);
	} else if (result->step == IOAPIC_CARRY_OUT) {
		ioapic_access_write(page_of(number), result->index, result->value);
	}
}

struct ioapic_result ioapic_read(struct cell *cell, uint32_t number, uint32_t offset,
				 uint32_t width)
{
	struct ioapic_result result;

	spin_lock(&locks[number]);
	result = ioapic_policy_read(&cell->ioapics[number], offset, width);
	carry_out_read(cell, number, &result);
	spin_unlock(&locks[number]);
	return result;
}

struct ioapic_result ioapic_write(struct cell *cell, uint32_t number, uint32_t offset,
				  uint32_t width, uint32_t value)
{
	struct entries entries = { .cell = cell, .number = number };
	const struct ioapic_reader reader = { .entry = read_entry, .context = &entries };
	struct ioapic_result result;

	spin_lock(&locks[number]);
	if (!cell_runs(cell)) {
		spin_unlock(&locks[number]);
		return (struct ioapic_result){ .step = IOAPIC_ANSWER };
	}
	result = ioapic_policy_write(&cell->ioapics[number], who_is(cell), offset, width, value,
				     &cell->icr, &reader);
	carry_out_write(cell, number, &result);
	spin_unlock(&locks[number]);
	return result;
}

/* Anything else in the entry means nothing while it is masked. */
static void mask(uint32_t number, uint32_t gsi)
{
	uint32_t pin = gsi - hypervisor.config.ioapics[number].first;

	if (pin >= hypervisor.config.ioapics[number].pins)
		return;
	ioapic_access_write(page_of(number), IOAPIC_ENTRIES + 2 * pin, IOAPIC_MASKED);
	kept[number][pin] = IOAPIC_MASKED;
	if (iommu_linux_entries() != 0 && !iommu_pin_route(number, pin, NULL, NULL))
		log_print("%s: the IOMMU does not answer: its entry of pin %u is left\n",
			  hypervisor.config.ioapics[number].name, pin);
}

static void move_pin(uint32_t number, uint32_t gsi, struct cell *from, struct cell *to)
{
	spin_lock(&locks[number]);
	ioapic_view_remove(&from->ioapics[number], gsi);
	mask(number, gsi);
	ioapic_view_add(&to->ioapics[number], gsi);
	spin_unlock(&locks[number]);
}

static void move(const struct cell *cell, struct cell *from, struct cell *to)
{
	uint32_t i, j;

	for (i = 0; i < cell->config->irq_count; i++)
		for (j = 0; j < count(); j++)
			move_pin(j, cell->view.irqs[i].gsi, from, to);
}

void ioapic_take(struct cell *cell)
{
	open_views(cell);
	move(cell, &root_cell, cell);
}

void ioapic_return(struct cell *cell)
{
	move(cell, cell, &root_cell);
}

void ioapic_silence(struct cell *cell)
{
	move(cell, cell, cell);
}

static bool judge_pin(uint32_t number, uint32_t pin, struct bh_refusal *refusal)
{
	uint64_t entry = ioapic_access_entry(page_of(number), pin);
	enum msi_verdict verdict = ioapic_judge_entry(IOAPIC_OF_ROOT, entry, &root_cell.icr);

	/* Firmware may have left modes and vectors that nobody uses; whom they reach counts. */
	if (verdict != MSI_DESTINATION)
		return true;
	return refuse(refusal, "interrupt %u of root goes to a CPU that the cell is to have: is "
		      "Linux's affinity of it fixed?",
		      hypervisor.config.ioapics[number].first + pin);
}

bool ioapic_judge_root(struct bh_refusal *refusal)
{
	uint32_t i, pin;
	bool good = true;

	for (i = 0; i < count() && good; i++) {
		spin_lock(&locks[i]);
		for (pin = 0; pin < root_cell.ioapics[i].pins && good; pin++)
			if (ioapic_view_has(&root_cell.ioapics[i], pin))
				good = judge_pin(i, pin, refusal);
		spin_unlock(&locks[i]);
	}
	return good;
}
