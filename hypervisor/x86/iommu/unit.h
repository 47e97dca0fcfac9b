/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Between the common part (iommu.c) and the drivers of the two kinds of units. A driver knows one
 * unit at a time and no cells: domains by number and tables, and what is not root's by asking for
 * it (iommu_reaches_cell() and what stands beside it).
 */
#ifndef X86_IOMMU_UNIT_H
#define X86_IOMMU_UNIT_H

#include <bulkhead/iommu.h>
#include <bulkhead/refusal.h>

#include "core/iommu.h"
#include "core/spinlock.h"
#include "model/apic_policy.h"
#include "model/iommu_fault.h"
#include "model/iommu_strays.h"
#include "model/vtd_linux.h"

/* Whose tables a device's requests go by: `publish` had them. Number 0 is nobody's. */
struct iommu_domain {
	hpa_t tables;
	hpa_t directory; /* scalable mode: that leads to them */
	uint16_t number;
};

/* Numbers: that one is root's, and each place for a cell has one behind it. */
#define ROOT_DOMAIN   1
#define IOMMU_DOMAINS (ROOT_DOMAIN + BH_MAX_CELLS)

/* An entry of a device's: `index` is below IOMMU_ROUTES. */
struct iommu_route {
	struct iommu_place place;
	uint32_t index;
	uint16_t source;
};

/* So many registers a driver keeps at the most. */
#define UNIT_KEPT 6

struct iommu_unit {
	const struct bh_iommu *config;
	const struct bh_iommu_scope *scopes; /* config->scope_count of them */
	const struct iommu_driver *driver;
	volatile uint8_t *registers;
	struct iommu_budget budget;
	const struct iommu_assignable *assignable;
	const struct iommu_strays *strays;
	/* its own pages, in the order of struct iommu_budget */
	hpa_t devices, contexts, directory, commands, events, answers, interrupts;
	struct iommu_domain root; /* where devices are that nobody else has */
	/* in the order in which they are taken */
	struct spinlock seen_lock;   /* of `seen` */
	struct spinlock tables_lock; /* of its tables: whoever opens their pages */
	struct spinlock queue_lock;  /* of the queue, and of what it has recorded */
	uint32_t tail;            /* of the queue, in bytes */
	uint32_t head;            /* of the events, in bytes */
	uint32_t awaited;         /* the number that was last waited for in `answers` */
	uint32_t told_troubles;   /* lines in the log about its own trouble, */
	uint32_t told_linux;      /* and about what Linux does with it */
	bool has_function;        /* `function` is what the unit itself is: BH_PCI_ADDRESS_OF() */
	uint32_t function;
	uint32_t listener;        /* APIC id of the CPU that is told of faults */
	bool is_running;
	bool sends;               /* AMD-Vi: its message to the listener is set up */
	bool has_queue;           /* what it reads is `commands` */
	bool is_coherent;         /* VT-d: it looks into caches for its own pages, */
	bool snoops_maps;         /* for the maps that devices go by */
	uint32_t command;         /* VT-d: what stays set of GCMD */
	uint64_t kept[UNIT_KEPT]; /* registers as Linux had them */
	struct vtd_linux seen;    /* of a unit that Linux remaps by: what Linux finds */
};

/* Is the id nobody's? It stays so for as long as the unit runs. */
static inline bool unit_denies(const struct iommu_unit *unit, uint32_t id)
{
	return unit->config->segment == 0 && iommu_is_stray(unit->strays, id);
}

#define LINES_IN_LOG 16u

/* Is one more line of those written? The first ones tell enough: there could be any number. */
static inline bool unit_tells(uint32_t *lines)
{
	return __atomic_fetch_add(lines, 1, __ATOMIC_RELAXED) < LINES_IN_LOG;
}

static inline bool unit_is_scalable(const struct iommu_unit *unit)
{
	return unit->config->flags & BH_IOMMU_SCALABLE;
}

static inline bool unit_is_linuxs(const struct iommu_unit *unit)
{
	return unit->config->flags & BH_IOMMU_LINUX_REMAPS;
}

struct iommu_driver {
	enum bh_iommu_kind kind;

	/* Is it there, does Linux use it as the board says, and can it do that? Changes nothing. */
	bool (*check)(struct iommu_unit *unit, struct bh_refusal *refusal);

	/*
	 * That map is complete, and devices may go by it from now on: it is written back for a unit
	 * that does not look into caches. Of every map, root's and cells', before it is in a domain
	 * (iommu.c); nobody changes it afterwards (core/iommu.h). Null in a driver whose units look
	 * into caches. What lies in a unit's own pages its driver writes back when it writes it.
	 */
	void (*publish)(struct iommu_unit *unit, const struct pagetable *map);

	/* Puts all but what is denied into the domain unit->root and switches translation on. */
	bool (*start)(struct iommu_unit *unit, struct bh_refusal *refusal);

	/* Off, and as Linux had it; also after a start that failed. False if it does not obey. */
	bool (*stop)(struct iommu_unit *unit);

	/* Puts a device into a domain, of null into none; what the unit remembers of it is gone. */
	bool (*set_device)(struct iommu_unit *unit, uint16_t source,
			   const struct iommu_domain *domain, struct bh_refusal *refusal);

	/*
	 * The device's interrupts are those of its place in the interrupt table, and of no other
	 * table; all its entries are empty.
	 */
	bool (*open_routes)(struct iommu_unit *unit, uint16_t source,
			    const struct iommu_place *place);

	/* All its entries are empty, and the unit remembers none of them. */
	bool (*close_routes)(struct iommu_unit *unit, uint16_t source,
			     const struct iommu_place *place);

	/*
	 * One of them becomes an interrupt, of null none; what is so already stays untouched. The
	 * message is what the device has to send for it.
	 */
	bool (*set_route)(struct iommu_unit *unit, const struct iommu_route *route,
			  const struct interrupt_target *target, struct msi_message *message);

	/*
	 * From here to find_lost() only of units that Linux remaps its interrupts by; null in a
	 * driver that takes none such.
	 *
	 * One of its entries, which the source alone may use, becomes that interrupt, of null none.
	 */
	bool (*set_entry)(struct iommu_unit *unit, uint32_t index, uint16_t source,
			  const struct interrupt_target *target);

	/* What an IOAPIC holds whose pin is to interrupt by that entry. */
	uint64_t (*pin_value)(uint16_t index, uint8_t vector, bool is_level, bool is_low);

	/* Linux's accesses to registers, of 4 or 8 bytes. */
	uint64_t (*read_register)(struct iommu_unit *unit, uint32_t offset, uint32_t size);
	void (*write_register)(struct iommu_unit *unit, uint32_t offset, uint32_t size,
			       uint64_t value);

	/* Linux's entries are judged again, by who has which device now. */
	bool (*judge_again)(struct iommu_unit *unit);

	/* The first of them that reaches a CPU which is not root's; IOMMU_LINUX_ENTRIES: none. */
	uint32_t (*find_lost)(struct iommu_unit *unit);

	/* Whether the listener is sent an NMI when there is a new record, where the unit can. */
	void (*listen)(struct iommu_unit *unit, bool on);

	/*
	 * The next record, which the unit then forgets; false if there is none. One at a time,
	 * whatever it is: how many there are is the devices' doing.
	 */
	bool (*next_fault)(struct iommu_unit *unit, struct iommu_fault *fault);
};

extern const struct iommu_driver vtd_driver, amdvi_driver;

/*
 * What a driver may ask of units that Linux remaps its interrupts by. A place in root's RAM, good
 * to the end of its page; the caller closes the window. Null if that is none.
 */
void *iommu_root_open(uint64_t at);

/* Does it reach a CPU that is not root's? Hidden: its address is taken without a GOT. */
bool iommu_reaches_cell(const struct icr *icr, bool x2apic)
	__attribute__((visibility("hidden")));

/*
 * As whom the unit sees the next device that root has not; false if there is no further one.
 * `position` is 0 at first, and counts on.
 */
bool iommu_lost_next(const struct iommu_unit *unit, uint32_t *position, uint16_t *source);

static inline uint32_t unit_read32(const struct iommu_unit *unit, uint32_t offset)
{
	return *(const volatile uint32_t *)(unit->registers + offset);
}

static inline uint64_t unit_read64(const struct iommu_unit *unit, uint32_t offset)
{
	return *(const volatile uint64_t *)(unit->registers + offset);
}

static inline void unit_write32(struct iommu_unit *unit, uint32_t offset, uint32_t value)
{
	*(volatile uint32_t *)(unit->registers + offset) = value;
}

static inline void unit_write64(struct iommu_unit *unit, uint32_t offset, uint64_t value)
{
	*(volatile uint64_t *)(unit->registers + offset) = value;
}

#endif
