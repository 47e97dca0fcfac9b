// SPDX-License-Identifier: GPL-2.0-only
/* Registers, commands and entries of Linux's. See vtd_linux.h. */
#include "model/vtd_linux.h"

#include "model/vtd_registers.h"

static uint32_t high(uint64_t value)
{
	return (uint32_t)(value >> 32);
}

/* What is not here reads as 0: no faults are recorded, and no protected memory is there. */
static uint32_t read_word(const struct vtd_linux *seen, uint32_t offset)
{
	switch (offset) {
	case VTD_VER:
		return seen->version;
	case VTD_CAP:
		return (uint32_t)seen->capabilities;
	case VTD_CAP + 4:
		return high(seen->capabilities);
	case VTD_ECAP:
		return (uint32_t)seen->extended;
	case VTD_ECAP + 4:
		return high(seen->extended);
	case VTD_GSTS:
		return seen->status;
	case VTD_FSTS:
		return seen->faults;
	case VTD_FECTL:
		return seen->control;
	case VTD_FEDATA:
		return seen->data;
	case VTD_FEADDR:
		return seen->address;
	case VTD_FEUADDR:
		return seen->upper;
	case VTD_IQH:
		return seen->head;
	case VTD_IQT:
		return seen->tail;
	case VTD_IQA:
		return (uint32_t)seen->queue;
	case VTD_IQA + 4:
		return high(seen->queue);
	case VTD_IRTA:
		return (uint32_t)seen->table;
	case VTD_IRTA + 4:
		return high(seen->table);
	default:
		return 0;
	}
}

uint64_t vtd_linux_read(const struct vtd_linux *seen, uint32_t offset, uint32_t size)
{
	uint64_t value = read_word(seen, offset);

	if (size == 8)
		value |= (uint64_t)read_word(seen, offset + 4) << 32;
	return value;
}

uint32_t vtd_linux_queue_size(const struct vtd_linux *seen)
{
	return (uint32_t)(IQA_PAGES(seen->queue) * BH_PAGE_SIZE);
}

uint32_t vtd_linux_command_size(const struct vtd_linux *seen)
{
	return (seen->queue & IQA_WIDE ? 2 : 1) * (uint32_t)sizeof(struct vtd_entry);
}

/* A tail that is no place of the queue would never be reached. */
static enum vtd_linux_write write_tail(struct vtd_linux *seen, uint32_t value)
{
	uint32_t tail = value & QUEUE_PLACE;

	if (tail >= vtd_linux_queue_size(seen) || tail % vtd_linux_command_size(seen) != 0) {
		seen->faults |= FSTS_COMMAND;
		return VTD_LINUX_KEPT;
	}
	seen->tail = tail;
	return VTD_LINUX_QUEUE;
}

static enum vtd_linux_write write_word(struct vtd_linux *seen, uint32_t offset, uint32_t value)
{
	switch (offset) {
	case VTD_IQT:
		return write_tail(seen, value);
	case VTD_FSTS:
		/* It goes on where it stopped (11.4.9.1). */
		seen->faults &= ~value;
		return VTD_LINUX_QUEUE;
	case VTD_FECTL:
		seen->control = value & FECTL_MASKED;
		return VTD_LINUX_KEPT;
	case VTD_FEDATA:
		seen->data = value;
		return VTD_LINUX_KEPT;
	case VTD_FEADDR:
		seen->address = value;
		return VTD_LINUX_KEPT;
	case VTD_FEUADDR:
		seen->upper = value;
		return VTD_LINUX_KEPT;
	case VTD_IQT + 4:
		return VTD_LINUX_KEPT;
	default:
		return VTD_LINUX_IGNORED;
	}
}

enum vtd_linux_write vtd_linux_write(struct vtd_linux *seen, uint32_t offset, uint32_t size,
				     uint64_t value)
{
	enum vtd_linux_write low = write_word(seen, offset, (uint32_t)value);
	enum vtd_linux_write upper;

	if (size != 8)
		return low;
	upper = write_word(seen, offset + 4, high(value));
	return upper > low ? upper : low;
}

bool vtd_linux_next(const struct vtd_linux *seen, uint64_t *at)
{
	*at = (seen->queue & ~BH_PAGE_MASK) + seen->head;
	return !(seen->faults & FSTS_COMMAND) && seen->head != seen->tail;
}

void vtd_linux_advance(struct vtd_linux *seen)
{
	seen->head = (seen->head + vtd_linux_command_size(seen)) % vtd_linux_queue_size(seen);
}

void vtd_linux_fail(struct vtd_linux *seen)
{
	seen->faults |= FSTS_COMMAND;
}

/* 6.5.2: the type is in 3:0, and in 11:9 of commands that only scalable mode has. */
#define TYPE(low)       (((low) & 0xf) | ((low) >> 9 & 7) << 4)
#define CONTEXTS        1
#define PAGES           2
#define DEVICE_PAGES    3
#define ENTRIES         4
#define WAIT            5
#define ENTRIES_BY_INDEX (1ULL << 4)
#define WAIT_INTERRUPTS (1ULL << 4)
#define WAIT_WRITES     (1ULL << 5)
#define WAIT_PLACE      (~3ULL)

/* 6.5.2.7: 2^IM entries, of which the lowest has all these bits of its index clear. */
static struct vtd_linux_command decode_entries(uint64_t low)
{
	uint64_t size = 1ULL << (low >> 27 & 0x1f);
	uint64_t first = (low >> 32 & 0xffff) & ~(size - 1);
	struct vtd_linux_command command = {
		.order = VTD_LINUX_CHANGES, .count = IOMMU_LINUX_ENTRIES,
	};

	if (!(low & ENTRIES_BY_INDEX))
		return command;
	if (first + size > IOMMU_LINUX_ENTRIES)
		command.beyond = first > IOMMU_LINUX_ENTRIES ? (uint32_t)first :
							       IOMMU_LINUX_ENTRIES;
	if (first >= IOMMU_LINUX_ENTRIES)
		first = IOMMU_LINUX_ENTRIES;
	if (size > IOMMU_LINUX_ENTRIES - first)
		size = IOMMU_LINUX_ENTRIES - first;
	command.first = (uint32_t)first;
	command.count = (uint32_t)size;
	return command;
}

static struct vtd_linux_command decode_wait(struct vtd_entry command)
{
	/* No interrupt tells Linux of it: it looks at what is written. */
	if (command.low & WAIT_INTERRUPTS)
		return (struct vtd_linux_command){ .order = VTD_LINUX_UNKNOWN };
	if (!(command.low & WAIT_WRITES))
		return (struct vtd_linux_command){ .order = VTD_LINUX_NOTHING };
	return (struct vtd_linux_command){
		.order = VTD_LINUX_ANSWER, .at = command.high & WAIT_PLACE,
		.value = high(command.low),
	};
}

struct vtd_linux_command vtd_linux_decode(struct vtd_entry command)
{
	switch (TYPE(command.low)) {
	case CONTEXTS:
	case PAGES:
	case DEVICE_PAGES:
		return (struct vtd_linux_command){ .order = VTD_LINUX_NOTHING };
	case ENTRIES:
		return decode_entries(command.low);
	case WAIT:
		return decode_wait(command);
	default:
		return (struct vtd_linux_command){ .order = VTD_LINUX_UNKNOWN };
	}
}

/* 9.10, as vtd_interrupt_entry() has it; IM 15 is of posted interrupts (9.11). */
#define LOGICAL(low)   ((low) >> 2 & 1)
#define MODE(low)      ((uint32_t)((low) >> 5 & 7))
#define POSTED         (1ULL << 15)
#define VECTOR(low)    ((uint32_t)((low) >> 16 & 0xff))
#define XAPIC_ID(low)  ((uint32_t)((low) >> 40 & 0xff))
#define SOURCE(high)   ((uint16_t)(high))
#define QUALIFIER(high) ((high) >> 16 & 3)
#define VERIFY(high)   ((high) >> 18 & 3)
#define VERIFY_SOURCE  1
#define VERIFY_BUS     2
#define FIRST_VECTOR   16

bool vtd_entry_admits(struct vtd_entry entry, uint16_t source)
{
	/* SQ: of the function's number all bits count, or all but the last, two, or three. */
	static const uint16_t ignored[] = { 0, 4, 6, 7 };
	uint16_t id = SOURCE(entry.high);
	uint16_t bus = source >> 8;

	switch (VERIFY(entry.high)) {
	case VERIFY_SOURCE:
		return ((id ^ source) & ~ignored[QUALIFIER(entry.high)]) == 0;
	case VERIFY_BUS:
		return bus >= id >> 8 && bus <= (id & 0xff);
	default:
		return true;
	}
}

static struct icr target_of(uint64_t low, bool is_wide)
{
	return (struct icr){
		.destination = is_wide ? high(low) : XAPIC_ID(low),
		.vector = (uint8_t)VECTOR(low), .mode = (uint8_t)MODE(low),
		.shorthand = ICR_TO_DESTINATION, .logical = LOGICAL(low),
	};
}

enum vtd_flaw vtd_linux_judge(struct vtd_entry entry, const struct vtd_walls *walls)
{
	struct icr icr = target_of(entry.low, walls->is_wide);

	if (!vtd_entry_is_present(entry))
		return VTD_ENTRY_GOOD;
	if (entry.low & POSTED)
		return VTD_ENTRY_POSTED;
	if (icr.mode > ICR_LOWEST)
		return VTD_ENTRY_MODE;
	if (icr.vector < FIRST_VECTOR)
		return VTD_ENTRY_VECTOR;
	if (VERIFY(entry.high) != VERIFY_SOURCE && VERIFY(entry.high) != VERIFY_BUS)
		return VTD_ENTRY_OPEN;
	if (walls->admits(walls->context, entry))
		return VTD_ENTRY_DEVICE;
	return walls->reaches(&icr, walls->is_wide) ? VTD_ENTRY_CPU : VTD_ENTRY_GOOD;
}

const char *vtd_flaw_text(enum vtd_flaw flaw)
{
	static const char *const texts[VTD_FLAWS] = {
		[VTD_ENTRY_GOOD] = "it may be",
		[VTD_ENTRY_POSTED] = "it is of a posted interrupt",
		[VTD_ENTRY_MODE] = "its delivery mode is neither fixed nor lowest priority",
		[VTD_ENTRY_VECTOR] = "its vector is below 16",
		[VTD_ENTRY_OPEN] = "any device could use it",
		[VTD_ENTRY_DEVICE] = "a device that is not root's could use it",
		[VTD_ENTRY_CPU] = "it reaches a CPU that is not root's",
	};

	return texts[flaw];
}
