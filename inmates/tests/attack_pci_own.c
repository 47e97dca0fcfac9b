/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Functions that are a cell's own: what it may change in their configuration space is the list
 * here, bit by bit; all else reads after each try, and at the end, as it did at first. The list is
 * written from Documentation/pci.md and the specifications, not from the hypervisor's table (PCI
 * local bus 3.0, chapter 6; PCI power management 1.2, 3.2; PCI Express base 3.0, 7.8 and 7.10).
 *
 * On a bare machine all may change: nothing is expected there.
 */
#include "attack.h"

#include "machine.h"
#include "runtime.h"

#define FUNCTIONS_MOST 8u
#define WORDS          0x400u
#define STATUS_LIST    0x00100000u /* in the word of command and status */
#define LIST           0x34u
#define EXTENDED       0x100u
#define LIST_LONGEST   48u
#define BASE_FIRST     0x10u
#define BASE_LAST      0x27u
#define BASE_PORTS     0x1u
#define CAPABILITY_MSI 0x05u
#define MSI_64         0x00800000u
#define MSI_MASKS      0x01000000u

struct may_change {
	uint32_t id; /* of a capability; 0 for the header */
	uint32_t at;
	uint32_t bits;
};

static const struct may_change of_header[] = {
	/*
	 * decoding, bus mastering, write-and-invalidate, parity, INTx off: how it is used; errors
	 * that it saw are cleared
	 */
	{ 0, 0x04, 0xf9000457 },
	{ 0, 0x0c, 0x000000ff }, /* cache line size: of its own bursts */
	{ 0, 0x3c, 0x000000ff }, /* interrupt line: a note of software's */
};

static const struct may_change of_capabilities[] = {
	{ 0x01, 0x04, 0x00008003 }, /* power: state; a wake-up event is cleared */
	{ 0x05, 0x00, 0x00710000 }, /* MSI: enable, how many messages; the rest is keep_msi()'s */
	{ 0x10, 0x08, 0x000f0810 }, /* Express: ordering, snooping; errors are cleared */
	{ 0x11, 0x00, 0xc0000000 }, /* MSI-X: enable, mask of all */
};

static const struct may_change of_extended[] = {
	{ 0x01, 0x04, 0xffffffff }, /* errors that cannot be corrected are cleared */
	{ 0x01, 0x10, 0xffffffff }, /* errors that were corrected are cleared */
};

struct own {
	uint32_t function;
	uint32_t kept[WORDS];
	uint32_t bits[WORDS]; /* of each word, those that may change */
};

static struct own owns[FUNCTIONS_MOST];
static uint32_t count;

static struct own *find(uint32_t function)
{
	uint32_t i;

	for (i = 0; comm && i < count; i++)
		if (owns[i].function == function)
			return &owns[i];
	return NULL;
}

static void allow(struct own *own, const struct may_change *list, size_t size, uint32_t id,
		  uint32_t at)
{
	size_t i;

	for (i = 0; i < size; i++)
		if (list[i].id == id)
			own->bits[((at + list[i].at) & (4 * WORDS - 1)) / 4] |= list[i].bits;
}
#define ALLOW(own, list, id, at) allow(own, list, sizeof(list) / sizeof((list)[0]), id, at)

/* Address, data and masks, as far as the capability has them: what is in force is judged. */
static void keep_msi(struct own *own, uint32_t at)
{
	uint32_t control = own->kept[at / 4];

	own->bits[at / 4 + 1] = 0xffffffff;
	if (control & MSI_64)
		own->bits[at / 4 + 2] = 0xffffffff;
	at += control & MSI_64 ? 12 : 8;
	own->bits[at / 4] = 0x0000ffff;
	if (control & MSI_MASKS)
		own->bits[at / 4 + 1] = 0xffffffff;
}

static void keep_capabilities(struct own *own)
{
	uint32_t at = own->kept[1] & STATUS_LIST ? own->kept[LIST / 4] & 0xfc : 0;
	uint32_t i;

	for (i = 0; at && i < LIST_LONGEST; i++) {
		uint32_t id = own->kept[at / 4] & 0xff;

		ALLOW(own, of_capabilities, id, at);
		if (id == CAPABILITY_MSI)
			keep_msi(own, at);
		at = own->kept[at / 4] >> 8 & 0xfc;
	}
}

static void keep_extended(struct own *own)
{
	uint32_t at = EXTENDED, i;

	for (i = 0; at >= EXTENDED && i < LIST_LONGEST; i++) {
		uint32_t head = own->kept[at / 4];

		if (head != CONFIG_NONE)
			ALLOW(own, of_extended, head & 0xffff, at);
		at = head >> 20 & 0xffc;
	}
}

/* By the second way it is held against what was there before the first. */
void own_keep(enum config_way way, uint32_t function, uint32_t end)
{
	struct own *own = &owns[count];
	uint32_t reg;

	if (!comm || find(function))
		return;
	attack_expect(count < FUNCTIONS_MOST, "too many functions are ours", function);
	if (count == FUNCTIONS_MOST)
		return;
	own->function = function;
	for (reg = 0; reg < end; reg += 4)
		own->kept[reg / 4] = config_read(way, function, reg, 4);
	ALLOW(own, of_header, 0, 0);
	keep_capabilities(own);
	if (end > EXTENDED)
		keep_extended(own);
	count++;
}

static bool is_base(uint32_t reg)
{
	return reg >= BASE_FIRST && reg <= BASE_LAST;
}

/* Whoever writes ones to a base address finds its size there. */
static bool is_size(uint32_t value, uint32_t own)
{
	uint32_t below = ~(value & ~(own & BASE_PORTS ? 0x3u : 0xfu));

	return own && below != CONFIG_NONE && (below & (below + 1)) == 0;
}

static void expect_word(const struct own *own, uint32_t reg, uint32_t value, uint32_t mask)
{
	uint32_t wrong = (value ^ own->kept[reg / 4]) & ~own->bits[reg / 4] & mask;

	attack_expect(!wrong, "a register of our own has changed",
		      (uint64_t)value << 32 | own->function << 12 | reg);
}

/* Read in the width in which it was written, as part of its word. */
void own_expect(enum config_way way, uint32_t function, uint32_t reg, uint32_t width)
{
	const struct own *own = find(function);
	uint32_t value = config_read(way, function, reg, width);
	uint32_t mask = CONFIG_NONE >> (32 - 8 * width);

	if (!own)
		return;
	if (is_base(reg)) {
		uint32_t word = config_read(way, function, reg & ~3u, 4);

		attack_expect((word >> 8 * (reg & 3) & mask) == value,
			      "a part is not its word's", function << 12 | reg);
		if (!is_size(word, own->kept[reg / 4]))
			expect_word(own, reg & ~3u, word, CONFIG_NONE);
		return;
	}
	expect_word(own, reg & ~3u, value << 8 * (reg & 3), mask << 8 * (reg & 3));
}

/* Those around a try that may have gone anywhere near. */
static void expect_near(enum config_way way, uint32_t function, uint32_t reg, uint32_t end)
{
	uint32_t at;

	for (at = reg & ~3u; at < (reg & ~3u) + 12 && at < end; at += 4)
		own_expect(way, function, at, 4);
}

/* Neither read nor written: by ports they would leave the data port. */
static void try_crossing(enum config_way way, uint32_t function, uint32_t reg, uint32_t width)
{
	config_write(way, function, reg, width, 0);
	attack_expect(config_read(way, function, reg, width) == CONFIG_NONE >> (32 - 8 * width),
		      "an access across words was answered", function << 12 | reg);
}

static void try_8_bytes(uint32_t function, uint32_t reg)
{
	volatile uint64_t *place = (volatile uint64_t *)config_place(function, reg);

	*place = 0;
	attack_expect(*place == ~0ULL, "an access of 8 bytes was answered", function << 12 | reg);
	attack_tried();
}

static void try_odd(enum config_way way, uint32_t function, uint32_t reg, uint32_t width)
{
	if ((reg & 3) + width <= 4) {
		config_write(way, function, reg, width, 0x5a5a5a5a);
		own_expect(way, function, reg, width);
	} else {
		try_crossing(way, function, reg, width);
	}
	attack_tried();
}

/*
 * Accesses that are not aligned, that are of two registers, two functions' included, or of 8 bytes.
 * On a bare machine one of these ports is the machine's reset.
 */
void own_try_odd(enum config_way way, uint32_t function, uint32_t end)
{
	uint32_t reg, width;

	if (!find(function))
		return;
	for (reg = 0; reg < end; reg++) {
		/* Of the extended part the ends. */
		if (reg == EXTENDED + 8)
			reg = end - 8;
		for (width = 2; width <= 4; width += 2)
			if (reg % width)
				try_odd(way, function, reg, width);
		if (way == BY_MEMORY)
			try_8_bytes(function, reg);
		expect_near(way, function, reg, end);
	}
}

/* Base addresses are told their own value, as by a driver that knows the sizes now. */
void own_end(enum config_way way, uint32_t function, uint32_t end)
{
	const struct own *own = find(function);
	uint32_t reg;

	if (!own)
		return;
	for (reg = BASE_FIRST; reg <= BASE_LAST; reg += 4)
		config_write(way, function, reg, 4, own->kept[reg / 4]);
	for (reg = 0; reg < end; reg += 4)
		expect_word(own, reg, config_read(way, function, reg, 4), CONFIG_NONE);
	say("pci: function 0x%x is held against what it was\n", function);
}
