/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Memory that is not ours, by a device that is: QEMU's "edu" (docs/specs/edu in its tree) copies
 * from and to any address that it is told. Every step of the machine's memory is written and read,
 * and addresses that the words name; then interrupts are forged by writing to where messages go.
 * What became of others' memory, they have to say; here it is looked whether of our own exactly
 * what we wrote has changed. The words: limit=MIB, step=MIB, at=ADDRESS,..., ids=N, and
 * messages=0 where nothing keeps forged ones from arriving.
 */
#include "attack.h"

#include "machine.h"
#include "runtime.h"

#define MIB            0x100000ULL
#define LIMIT_MIB      1024u
#define STEP_MIB       2u
#define IDS            4u    /* of CPUs; besides, everybody */
#define BROADCAST      0xffu
#define INT3_WORD      0xccccccccccccccccULL
#define MULTIPLY       0x9e3779b97f4a7c15ULL
#define TAG            0x64656b6361747461ULL /* that there was a hand here */
#define UNTOUCHED      0x2e2e2e2e2e2e2e2eULL
#define WORD           8u
#define TEST_VECTOR    0x41u
#define MESSAGES       0xfee00000ULL
#define MODE_INIT      5u
#define MODE_SIPI      6u    /* reserved in a message */
#define MODES          8u
#define BUFFER         0x40000u
#define BUFFER_WORDS   256u  /* half of what it has: not every QEMU lets go up to the last byte */
#define EDU_FROM       0x80u
#define EDU_TO         0x88u
#define EDU_SIZE       0x90u
#define EDU_COMMAND    0x98u
#define RUN            1u
#define TO_MEMORY      2u
#define DRAIN          1000000u

extern const uint8_t image_start[], image_constant_end[], image_end[];

static uint64_t edu;
static volatile uint64_t page[BUFFER_WORDS] __attribute__((aligned(4096)));

static void transfer(uint64_t from, uint64_t to, uint64_t size, uint64_t direction)
{
	*(volatile uint64_t *)(edu + EDU_FROM) = from;
	*(volatile uint64_t *)(edu + EDU_TO) = to;
	*(volatile uint64_t *)(edu + EDU_SIZE) = size;
	*(volatile uint64_t *)(edu + EDU_COMMAND) = RUN | direction;
	while (*(volatile uint64_t *)(edu + EDU_COMMAND) & RUN)
		__asm__ volatile("pause");
}

static void buffer_fill(uint64_t value)
{
	uint64_t i;

	for (i = 0; i < BUFFER_WORDS; i++)
		page[i] = value;
	transfer((uint64_t)page, BUFFER, sizeof(page), 0);
}

/* The addresses: those in steps from the last one down, then those that were named. */
static bool target(uint64_t index, uint64_t *address)
{
	uint64_t step = argument_number("step", STEP_MIB) * MIB;
	uint64_t steps = argument_number("limit", LIMIT_MIB) * MIB / step;

	if (index < steps) {
		*address = (steps - 1 - index) * step;
		return true;
	}
	return argument_list("at", index - steps, address);
}

static bool is_target(uint64_t address)
{
	uint64_t i, one;

	for (i = 0; target(i, &one); i++)
		if (one == address)
			return true;
	return false;
}

/* Own memory that nothing of the program is in: below it what the guard has put there. */
static uint64_t expected(uint64_t address)
{
	return address < RUNTIME_LOW_END ? INT3_WORD : address * MULTIPLY;
}

/* From the one that follows; the argument's pages and the program lie between. */
static uint64_t own_next(uint64_t address)
{
	address += WORD;
	if (address >= RUNTIME_ARGUMENT && address < 2 * RUNTIME_ARGUMENT)
		return 2 * RUNTIME_ARGUMENT;
	if (address >= RUNTIME_LOW_END && address < (uint64_t)image_end)
		return ((uint64_t)image_end + WORD - 1) & -(uint64_t)WORD;
	return address;
}

static volatile uint64_t *own_word(uint64_t address)
{
	volatile uint64_t *word = (volatile uint64_t *)address;

	/* The first word is at 0, which the compiler would not believe. */
	__asm__ volatile("" : "+r"(word));
	return word;
}

static void own_fill(void)
{
	uint64_t address;

	for (address = 0; address < OWN_RAM_END; address = own_next(address))
		*own_word(address) = expected(address);
}

static void kept_fill(void)
{
	uint64_t address;

	for (address = OWN_KEPT; comm && address < OWN_KEPT + OWN_KEPT_SIZE; address += WORD)
		*own_word(address) = expected(address);
}

static void kept_check(void)
{
	uint64_t address;

	for (address = OWN_KEPT; comm && address < OWN_KEPT + OWN_KEPT_SIZE; address += WORD)
		attack_expect(*own_word(address) == expected(address),
			      "what is not for DMA was changed at", address);
}

static uint64_t constants_sum(void)
{
	const uint8_t *at;
	uint64_t sum = 0;

	for (at = image_start; at < image_constant_end; at++)
		sum = (sum ^ *at) * 0x100000001b3ULL;
	return sum;
}

static void own_check(void)
{
	uint64_t address, written = 0, changed = 0;

	for (address = 0; address < OWN_RAM_END; address = own_next(address)) {
		uint64_t value = *own_word(address);

		if (value == TAG && is_target(address)) {
			written++;
		} else if (value != expected(address)) {
			changed++;
			attack_expect(false, "own memory was changed at", address);
		}
	}
	say("dma: own memory: %u places written as told, %u others changed\n", written, changed);
	attack_expect(written > 0, "own memory was not reached", written);
}

static void try_writes(void)
{
	uint64_t i, address;

	buffer_fill(TAG);
	for (i = 0; target(i, &address); i++) {
		transfer(BUFFER, address, WORD, TO_MEMORY);
		attack_tried();
	}
	say("dma: %u places written\n", i);
}

/* Is it something that was there, and not what an engine is left with that reads nothing? */
static bool is_loot(uint64_t value)
{
	return value != UNTOUCHED && value != 0 && value != ~0ULL;
}

/* Regions of ours that an engine of ours may read: not those that are kept from it, or shared. */
static bool is_own(uint64_t address)
{
	return address < OWN_RAM_END || address == OWN_NO_EXECUTE;
}

/* Each read has a word of the device's buffer; the whole is looked at when it is full. */
static void try_reads(void)
{
	uint64_t first, i, address, loot = 0;

	for (first = 0; target(first, &address); first += BUFFER_WORDS) {
		buffer_fill(UNTOUCHED);
		for (i = 0; i < BUFFER_WORDS && target(first + i, &address); i++) {
			transfer(address, BUFFER + i * WORD, WORD, 0);
			attack_tried();
		}
		transfer(BUFFER, (uint64_t)page, sizeof(page), TO_MEMORY);
		while (i--) {
			target(first + i, &address);
			if (!is_loot(page[i]))
				continue;
			loot++;
			if (comm)
				attack_expect(is_own(address), "read from", address);
		}
	}
	say("dma: %u places gave something away\n", loot);
}

static void forge(uint64_t id, uint64_t mode)
{
	/* Its own INIT would end it, and is its own affair. */
	if (mode == MODE_INIT || mode == MODE_SIPI)
		if (id == *window_apic(0x20) >> 24 || id == BROADCAST)
			return;
	page[0] = TEST_VECTOR | mode << 8;
	transfer((uint64_t)page, BUFFER, WORD, 0);
	transfer(BUFFER, MESSAGES | id << 12, 4, TO_MEMORY);
	attack_tried();
}

static void try_messages(void)
{
	uint64_t modes = argument_number("messages", 1) ? MODES : 0;
	uint64_t before = trap_interrupts, nmis = trap_nmis, id, mode;
	volatile unsigned int i;

	*window_apic(0xf0) = 0x1ff;
	interrupts_on();
	for (mode = 0; mode < modes; mode++) {
		for (id = 0; id < argument_number("ids", IDS); id++)
			forge(id, mode);
		forge(BROADCAST, mode);
	}
	for (i = 0; i < DRAIN; i++)
		continue;
	interrupts_off();
	say("dma: forged messages brought us %u interrupts, %u NMIs\n", trap_interrupts - before,
	    trap_nmis - nmis);
	/* Where nothing stands between, they arrive: else all of this would say nothing. */
	if (!comm)
		attack_expect(trap_interrupts > before && trap_nmis > nmis, "no message arrived",
			      0);
}

void attack_dma(void)
{
	uint64_t sum = constants_sum();
	uint32_t function;

	if (!config_find(EDU_ID, &function)) {
		attack_expect(false, "no device to attack with", 0);
		return;
	}
	config_write(BY_PORTS, function, CONFIG_COMMAND, 2, CONFIG_MEMORY | CONFIG_MASTER);
	edu = config_bar(function, 0);
	own_fill();
	kept_fill();
	try_writes();
	try_reads();
	own_check();
	kept_check();
	attack_expect(constants_sum() == sum, "the program was changed", sum);
	try_messages();
}
