/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * An attacker: tries what its argument names, one thing after the other, and goes on after each try
 * for as long as it is let; "last" and a name for what it can try once only. Heartbeats count
 * tries; the message is the number of the attack, or of the fuzzer's round; the exit code is how
 * many answers were not as they should be. With "hold" it does not end.
 */
#include "attack.h"

#include "machine.h"
#include "runtime.h"

#define COMPLAINTS 8u
#define INT3       0xcc

static uint64_t tries, wrong;

void attack_tried(void)
{
	tries++;
	if (comm)
		comm->heartbeats = tries;
}

/*
 * For attacks in which one try may end the cell: says whether the next one is to be made. Those up
 * to "first=N" were made before; the message tells root how far it came.
 */
bool attack_next(void)
{
	static uint64_t number;

	attack_publish(++number);
	return number > argument_number("first", 0);
}

void attack_publish(uint64_t round)
{
	if (comm)
		comm->message = (uint32_t)round;
}

void attack_expect(bool good, const char *what, uint64_t number)
{
	if (good)
		return;
	wrong++;
	if (wrong <= COMPLAINTS)
		say("wrong: %s 0x%x\n", what, number);
}

static void fuzz(void)
{
	attack_fuzz(argument_number("seed", 1), argument_number("first", 0),
		    argument_number("rounds", 1000));
}

static const struct {
	const char *name;
	void (*run)(void); /* comes back */
} attacks[] = {
	{ "memory", attack_memory },
	{ "far", attack_memory_far },
	{ "ports", attack_ports },
	{ "strings", attack_strings },
	{ "msrs", attack_msrs },
	{ "instructions", attack_instructions },
	{ "control", attack_control },
	{ "events", attack_events },
	{ "tables", attack_tables },
	{ "borders", attack_borders },
	{ "interrupts", attack_interrupts },
	{ "interrupts-in-x2apic", attack_interrupts_x2apic }, /* for good */
	{ "fuzz", fuzz },
	{ "dma", attack_dma },
	{ "msi", attack_msi },
	{ "listen", attack_listen },
	{ "ioapic", attack_ioapic },
	{ "hpet", attack_hpet }, /* leaves its timers at work */
	{ "pci", attack_pci }, /* leaves no device as it was */
	{ "silence", attack_silence },
	{ "noise", attack_noise },
};

/* A jump to nowhere often ends near 0: something must stop it there. */
static void low_memory_guard(void)
{
	uint8_t *low = NULL;
	size_t i;

	__asm__ volatile("" : "+r"(low));
	for (i = 0; i < RUNTIME_LOW_END; i++)
		if (i < RUNTIME_ARGUMENT || i >= 2 * RUNTIME_ARGUMENT)
			low[i] = INT3;
	/* And in memory that is not for code, though none should run there. */
	for (i = 0; i < OWN_NO_EXECUTE_SIZE; i++)
		((volatile uint8_t *)(uint64_t)OWN_NO_EXECUTE)[i] = INT3;
}

int main(void)
{
	size_t i;

	low_memory_guard();
	window_open();
	trap_open();
	for (i = 0; argument_has("last") && i < last_words_count; i++) {
		if (argument_has(last_words[i].name)) {
			last_words[i].run();
			say("%s came back\n", last_words[i].name);
		}
	}
	for (i = 0; i < sizeof(attacks) / sizeof(attacks[0]); i++) {
		if (!argument_has(attacks[i].name))
			continue;
		say("%s\n", attacks[i].name);
		attacks[i].run();
		trap_restore();
		say("%s: %u tries, %u wrong\n", attacks[i].name, tries, wrong);
	}
	while (argument_has("hold"))
		beat();
	return (int)wrong;
}
