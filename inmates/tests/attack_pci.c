/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * PCI configuration space: every register of every function of the first buses=N buses (1), in
 * every width, by ports (not with by_ports=0) and, with mmconfig=ADDRESS, by memory, extended
 * registers included; these of others in words alone. With "words" no more of others than the words
 * of the first 256 bytes is tried. What is readable is summed up before and behind. Of what is a
 * cell's own nothing may change but what attack_pci_own.c lists; whether anything of others did,
 * root has to say.
 */
#include "attack.h"

#include "runtime.h"

#define REGISTERS        0x100u
#define REGISTERS_MEMORY 0x1000u
#define FNV_START        0xcbf29ce484222325ULL
#define FNV_MULTIPLY     0x100000001b3ULL
#define BUSES            256u

static const uint32_t patterns[] = { 0xffffffff, 0x00000000, 0xa5a5a5a5 };
#define PATTERNS (sizeof(patterns) / sizeof(patterns[0]))

static uint32_t functions(void)
{
	uint64_t buses = argument_number("buses", 1);

	return (uint32_t)(buses < BUSES ? buses : BUSES) * CONFIG_FUNCTIONS;
}

static uint64_t digest_of(enum config_way way, uint32_t function, uint32_t end)
{
	uint64_t sum = FNV_START;
	uint32_t reg;

	for (reg = 0; reg < end; reg += 4)
		sum = (sum ^ config_read(way, function, reg, 4)) * FNV_MULTIPLY;
	return sum;
}

/* Those that answer are named: only a cell's own may. */
static void list(enum config_way way, uint32_t end, const char *when)
{
	uint64_t sum = FNV_START, present = 0;
	uint32_t function;

	for (function = 0; function < functions(); function++) {
		uint32_t id = config_read(way, function, 0, 4);
		uint64_t one;

		/* Zero is what is left where a bridge no longer leads anywhere. */
		if (id == CONFIG_NONE || id == 0)
			continue;
		one = digest_of(way, function, end);
		present++;
		sum = (sum ^ one) * FNV_MULTIPLY;
		say("pci: function 0x%x is 0x%x, digest 0x%x\n", function, id, one);
	}
	say("pci: by %s, %s: %u functions, digest 0x%x\n", way == BY_PORTS ? "ports" : "memory",
	    when, present, sum);
}

/* What answers: each pattern in each width, and a look at what came of it. */
static void try_own(enum config_way way, uint32_t function, uint32_t reg, uint32_t width)
{
	uint32_t i;

	for (i = 0; i < PATTERNS; i++) {
		config_write(way, function, reg, width, patterns[i]);
		own_expect(way, function, reg, width);
		attack_tried();
	}
}

/*
 * Of what does not answer there is much: each width has a pattern of its own. A cell is shown none
 * of the others' registers.
 */
static void try_foreign(enum config_way way, uint32_t function, uint32_t reg, uint32_t width)
{
	config_write(way, function, reg, width, patterns[width / 2]);
	if (comm)
		attack_expect(config_read(way, function, reg, width) ==
			      CONFIG_NONE >> (32 - 8 * width),
			      "register of another function", function << 12 | reg);
	attack_tried();
}

static void try_own_function(enum config_way way, uint32_t function, uint32_t end)
{
	uint32_t reg, width;

	own_keep(way, function, end);
	for (width = 4; width; width /= 2)
		for (reg = 0; reg < end; reg += width)
			try_own(way, function, reg, width);
	own_try_odd(way, function, end);
	own_end(way, function, end);
}

static void try_foreign_function(enum config_way way, uint32_t function, uint32_t end)
{
	bool words = argument_has("words");
	uint32_t reg, width;

	for (width = 4; width > (words ? 2 : 0); width /= 2)
		for (reg = 0; reg < REGISTERS; reg += width)
			try_foreign(way, function, reg, width);
	for (reg = REGISTERS; !words && reg < end; reg += 4)
		try_foreign(way, function, reg, 4);
}

static void try_function(enum config_way way, uint32_t function, uint32_t end)
{
	if (config_read(way, function, 0, 4) != CONFIG_NONE)
		try_own_function(way, function, end);
	else
		try_foreign_function(way, function, end);
}

static void try_way(enum config_way way, uint32_t end)
{
	uint32_t function;

	list(way, end, "before");
	for (function = 0; function < functions(); function++)
		try_function(way, function, end);
	list(way, end, "behind");
}

void attack_pci(void)
{
	/* By memory first: on a machine without walls the host bridge takes it away. */
	if (config_has_memory())
		try_way(BY_MEMORY, REGISTERS_MEMORY);
	if (argument_number("by_ports", 1))
		try_way(BY_PORTS, REGISTERS);
}
