/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The HPET as a cell may use it that was lent its page (IA-PC HPET specification 1.0a, 2.3): all
 * of it may be read, and is mapped for that. What is written is looked at, since a timer could
 * write into memory instead of raising a pin (2.3.9), past every map and every IOMMU.
 */
#ifndef MODEL_HPET_POLICY_H
#define MODEL_HPET_POLICY_H

#include "model/config.h"

/* Registers of 64 bits; those of a timer are 20h apart. */
#define HPET_CAPABILITIES  0x000u
#define HPET_CONFIGURATION 0x010u
#define HPET_STATUS        0x020u
#define HPET_COUNTER       0x0f0u
#define HPET_TIMER(n)      (0x100u + 0x20u * (n)) /* its configuration */
#define HPET_TIMERS        32u

#define HPET_LEGACY        (1u << 1)  /* of the configuration: timers 0 and 1 are IRQ 0 and 8 */
#define HPET_TIMER_ENABLED (1u << 2)  /* of a timer's: it interrupts */
#define HPET_TIMER_FSB     (1u << 14) /* by writing into memory */

/* Where PCs have it; chipsets let firmware choose one of four pages. */
#define HPET_CUSTOMARY      0xfed00000ULL
#define HPET_CUSTOMARY_SIZE (4 * BH_PAGE_SIZE)

enum hpet_verdict {
	HPET_PASS,   /* to be written as it is */
	HPET_DENIED, /* nothing that a cell may write there */
	HPET_PIN,    /* an interrupt by a pin that is not the cell's, or not the timer's */
};

struct hpet_judgement {
	enum hpet_verdict verdict;
	uint32_t gsi; /* of HPET_PIN */
};

/* A timer's route names one of the first 32 pins of the machine: a bit for each that is the cell's.
 */
uint32_t hpet_pins(const struct cell_view *cell);

/*
 * Where a timer says by which pins it can interrupt (2.3.8), of the register at that offset; 0 if
 * that is no timer's configuration. Told a pin that it does not have, a timer takes another one.
 */
uint32_t hpet_routes_at(uint32_t offset);

/*
 * A write at an offset of the page. `pins` are the cell's; of them those that a timer has, where it
 * is about one's configuration. The answer depends on nothing that was written before: what
 * switches a timer's interrupt on names its pin as well.
 */
struct hpet_judgement hpet_judge_write(uint32_t pins, uint32_t offset, uint32_t size,
				       uint64_t value);

/* How many timers there are, by the low half of the capabilities. */
uint32_t hpet_timers(uint32_t capabilities);

/* A timer's configuration with which it neither interrupts nor writes, nor names a pin. */
uint32_t hpet_at_rest(uint32_t configuration);

#endif
