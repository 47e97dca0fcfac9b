/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Messages that a device is told to send instead of interrupts (SDM vol. 3A, 10.11), with addresses
 * and data that are not ours to use: foreign CPUs, all delivery modes, all vectors, addresses that
 * are memory. By MSI with QEMU's "edu", by MSI-X with an e1000e (82574L data sheet, 10.2.4); other
 * functions that are ours have theirs set and not raised. Those to ourselves arrive.
 *
 * With the word "handles" they name entries of VT-d's table instead (VT-d specification, 5.1.2.2),
 * of which ours are to arrive. "listen" sends itself one message, and tells what comes after it.
 */
#include "attack.h"

#include "machine.h"
#include "runtime.h"

#define CAPABILITY_MSI   0x05u
#define CAPABILITY_MSIX  0x11u
#define CONTROL          0x02u
#define MSI_ENABLE       0x0001u
#define MSI_WIDE         0x0080u
#define MSIX_ENABLE      0x8000u
#define MSIX_TABLE       0x04u
#define MSIX_BAR         0x7u
#define E1000E_ID        0x10d38086u
#define E1000E_ICR       0xc0u
#define E1000E_ICS       0xc8u
#define E1000E_IMS       0xd0u
#define E1000E_IMC       0xd8u
#define E1000E_IVAR      0xe4u
#define E1000E_QUEUE_0   (1u << 20)
#define E1000E_ENTRY_0   0x8u
#define THROTTLE         500000u /* ticks; QEMU's card holds the next one back so long */
#define EDU_RAISE        0x60u
#define EDU_ACKNOWLEDGE  0x64u
#define MESSAGES         0xfee00000u
#define LOGICAL          (1u << 2)
#define REDIRECT         (1u << 3)
#define LEVEL            (3u << 14) /* by level, asserted */
#define MODES            8u
#define MODE_NMI         4u
#define MODE_INIT        5u
#define MODE_SIPI        6u
#define IDS              256u
#define IDS_MSIX         8u
#define BROADCAST        0xffu
#define TEST_VECTOR      0x41u
#define VECTORS_FIRST    32u
#define VECTORS_LAST     254u
#define SOON             50000000u /* ticks, for what may come */
#define LONGEST          50000000000u /* for what has to: a busy host has its engines wait */
#define REMAPPABLE       (1u << 4)
#define COUNTS           (1u << 3) /* data are added to the handle */
#define HANDLES          0x10000u
#define HANDLES_EACH     2048u
#define HANDLES_STEP     509u
#define HANDLES_MODES    32u
#define ROUNDS           50u

/* How one message is set and sent; the device's registers. */
struct sender {
	const char *name;
	uint64_t registers;
	uint32_t function, capability;
	void (*send)(const struct sender *sender, uint64_t address, uint32_t data);
	void (*silence)(const struct sender *sender);
	uint32_t ids;
};

static void msi_set(uint32_t function, uint32_t at, uint64_t address, uint32_t data)
{
	uint32_t control = config_read(BY_PORTS, function, at + CONTROL, 2);
	bool wide = control & MSI_WIDE;

	config_write(BY_PORTS, function, at + CONTROL, 2, control & ~MSI_ENABLE);
	config_write(BY_PORTS, function, at + 4, 4, (uint32_t)address);
	if (wide)
		config_write(BY_PORTS, function, at + 8, 4, (uint32_t)(address >> 32));
	config_write(BY_PORTS, function, at + (wide ? 12 : 8), 2, data);
	config_write(BY_PORTS, function, at + CONTROL, 2, control | MSI_ENABLE);
}

static void edu_send(const struct sender *sender, uint64_t address, uint32_t data)
{
	msi_set(sender->function, sender->capability, address, data);
	*(volatile uint32_t *)(sender->registers + EDU_RAISE) = 1;
	*(volatile uint32_t *)(sender->registers + EDU_ACKNOWLEDGE) = 1;
}

static void edu_silence(const struct sender *sender)
{
	config_write(BY_PORTS, sender->function, sender->capability + CONTROL, 2, 0);
}

static volatile uint32_t *msix_table(uint32_t function, uint32_t at)
{
	uint32_t table = config_read(BY_PORTS, function, at + MSIX_TABLE, 4);

	return (volatile uint32_t *)(config_bar(function, table & MSIX_BAR) + (table & ~MSIX_BAR));
}

static void msix_set(uint32_t function, uint32_t at, uint64_t address, uint32_t data)
{
	volatile uint32_t *entry = msix_table(function, at);

	entry[3] = 1;
	entry[0] = (uint32_t)address;
	entry[1] = (uint32_t)(address >> 32);
	entry[2] = data;
	entry[3] = 0;
}

static void e1000e_send(const struct sender *sender, uint64_t address, uint32_t data)
{
	uint64_t end = tsc_read() + THROTTLE;
	uint64_t nic = sender->registers;

	msix_set(sender->function, sender->capability, address, data);
	*(volatile uint32_t *)(nic + E1000E_IMC) = ~0u;
	(void)*(volatile uint32_t *)(nic + E1000E_ICR);
	*(volatile uint32_t *)(nic + E1000E_IVAR) = E1000E_ENTRY_0;
	*(volatile uint32_t *)(nic + E1000E_IMS) = E1000E_QUEUE_0;
	*(volatile uint32_t *)(nic + E1000E_ICS) = E1000E_QUEUE_0;
	while (tsc_read() < end)
		__asm__ volatile("pause");
}

/* QEMU's card may send one twice, and holds the second back, whatever its registers say by then. */
static void e1000e_silence(const struct sender *sender)
{
	msix_table(sender->function, sender->capability)[3] = 1;
}

static void forge(const struct sender *sender, uint64_t address, uint32_t data)
{
	sender->send(sender, address, data);
	attack_tried();
}

/* INIT to itself would end it, and is its own affair; as who a logical name is, nobody knows. */
static bool is_suicide(uint32_t id, uint32_t mode, uint32_t flags)
{
	if (mode != MODE_INIT && mode != MODE_SIPI)
		return false;
	return flags || id == BROADCAST || id == *window_apic(0x20) >> 24;
}

static void try_destinations(const struct sender *sender)
{
	static const uint32_t flags[] = { 0, LOGICAL, REDIRECT, LOGICAL | REDIRECT };
	uint32_t id, mode, i;

	for (mode = 0; mode < MODES; mode++) {
		for (id = 0; id < sender->ids; id++) {
			for (i = 0; i < 4; i++) {
				if (is_suicide(id, mode, flags[i]))
					continue;
				forge(sender, MESSAGES | id << 12 | flags[i],
				      TEST_VECTOR | mode << 8);
			}
		}
		if (!is_suicide(BROADCAST, mode, 0))
			forge(sender, MESSAGES | BROADCAST << 12, TEST_VECTOR | mode << 8);
	}
}

static void try_vectors(const struct sender *sender, uint32_t own)
{
	uint32_t vector, foreign = own ? 0 : 1;

	for (vector = 0; vector <= VECTORS_LAST + 1; vector++)
		forge(sender, MESSAGES | foreign << 12, vector);
	forge(sender, MESSAGES | foreign << 12, TEST_VECTOR | LEVEL);
	/* To itself, those that are no exceptions'. */
	for (vector = VECTORS_FIRST; vector <= VECTORS_LAST; vector++)
		forge(sender, MESSAGES | own << 12, vector);
}

/* A message to memory, or to another device, is a write like any other. */
static void try_addresses(const struct sender *sender)
{
	static const uint64_t addresses[] = {
		0x0, 0x38000000, 0x3b000000, 0xb0000000, 0xfec00000, 0xfed00000, 0xfef00000,
		0x1fee00000, 0xfffffffcfee00000,
	};
	uint32_t i;

	for (i = 0; i < sizeof(addresses) / sizeof(addresses[0]); i++)
		forge(sender, addresses[i], TEST_VECTOR);
}

/* An engine may hold back what it sends: until something came, or for that long. */
static void wait_for(volatile uint64_t *count, uint64_t before, uint64_t ticks)
{
	uint64_t end = tsc_read() + ticks;

	while (*count == before && tsc_read() < end)
		__asm__ volatile("pause");
}

static void try_self(const struct sender *sender, uint32_t own)
{
	uint64_t before, nmis;

	wait_for(&trap_interrupts, trap_interrupts, SOON);
	before = trap_interrupts;
	forge(sender, MESSAGES | own << 12, TEST_VECTOR);
	wait_for(&trap_interrupts, before, LONGEST);
	attack_expect(trap_interrupts > before, "own messages arrived",
		      trap_interrupts - before);
	/* One that names no entry is not what is tried then. */
	if (argument_has("handles"))
		return;
	nmis = trap_nmis;
	forge(sender, MESSAGES | own << 12, TEST_VECTOR | MODE_NMI << 8);
	/* Between a device and a cell NMIs are kept out: then there is none to wait for. */
	if (comm)
		return;
	wait_for(&trap_nmis, nmis, LONGEST);
	attack_expect(trap_nmis > nmis, "own NMIs arrived", trap_nmis - nmis);
}

/* Handle 14:0 in 19:5 of the address, 15 in 2. */
static uint32_t message_of(uint32_t handle)
{
	return MESSAGES | REMAPPABLE | (handle & 0x7fff) << 5 | handle >> 15 << 2;
}

static uint32_t next_handle(uint32_t handle)
{
	return handle + (handle < HANDLES_EACH ? 1 : HANDLES_STEP);
}

/*
 * All that a table may have room for: whoever else has entries, ours are among them. On a busy host
 * an engine may hold one back until the next handle is set: then all are tried again.
 */
static void try_handles_as(const struct sender *sender, bool counts)
{
	uint64_t before = trap_interrupts;
	uint32_t handle, round;

	for (round = 0; round < ROUNDS && trap_interrupts == before; round++) {
		for (handle = 0; handle < HANDLES; handle = next_handle(handle))
			if (counts)
				forge(sender, message_of(0) | COUNTS, handle);
			else
				forge(sender, message_of(handle), 0);
		wait_for(&trap_interrupts, before, SOON);
	}
	attack_expect(trap_interrupts > before, "own entries brought", trap_interrupts - before);
}

static void try_handles(const struct sender *sender)
{
	uint32_t handle, mode;

	try_handles_as(sender, false);
	try_handles_as(sender, true);
	/* What goes for other messages must not go for these. */
	for (handle = 0; handle < HANDLES_MODES; handle++)
		for (mode = 0; mode < MODES; mode++)
			forge(sender, message_of(handle), LEVEL | mode << 8 | TEST_VECTOR);
}

static void try_sender(const struct sender *sender)
{
	uint64_t before = trap_interrupts, nmis = trap_nmis;
	uint32_t own = *window_apic(0x20) >> 24;

	interrupts_on();
	try_self(sender, own);
	if (argument_has("handles")) {
		try_handles(sender);
	} else {
		try_destinations(sender);
		try_vectors(sender, own);
	}
	try_addresses(sender);
	/* All that may have been set in between does not keep out what is ours. */
	try_self(sender, own);
	interrupts_off();
	say("msi: by %s: brought us %u interrupts, %u NMIs\n", sender->name,
	    trap_interrupts - before, trap_nmis - nmis);
}

static void try_edu(uint32_t function, void (*what)(const struct sender *sender))
{
	struct sender edu = {
		.name = "edu", .function = function, .send = edu_send,
		.silence = edu_silence, .ids = IDS,
	};

	config_write(BY_PORTS, function, CONFIG_COMMAND, 2, CONFIG_MEMORY | CONFIG_MASTER);
	edu.capability = config_capability(function, CAPABILITY_MSI);
	edu.registers = config_bar(function, 0);
	what(&edu);
	edu.silence(&edu);
}

static void try_e1000e(uint32_t function, void (*what)(const struct sender *sender))
{
	struct sender nic = {
		.name = "e1000e", .function = function, .send = e1000e_send,
		.silence = e1000e_silence, .ids = IDS_MSIX,
	};

	config_write(BY_PORTS, function, CONFIG_COMMAND, 2, CONFIG_MEMORY | CONFIG_MASTER);
	nic.capability = config_capability(function, CAPABILITY_MSIX);
	nic.registers = config_bar(function, 0);
	config_write(BY_PORTS, function, nic.capability + CONTROL, 2, MSIX_ENABLE);
	what(&nic);
	nic.silence(&nic);
}

/* Set and never raised: the function stays as it was otherwise. */
static void try_silent(uint32_t function)
{
	uint32_t at = config_capability(function, CAPABILITY_MSI), mode;

	for (mode = 0; at && mode < MODES; mode++) {
		msi_set(function, at, MESSAGES, TEST_VECTOR | mode << 8);
		msi_set(function, at, MESSAGES | BROADCAST << 12, TEST_VECTOR | mode << 8);
		attack_tried();
	}
	if (at)
		config_write(BY_PORTS, function, at + CONTROL, 2, 0);
}

/* Our device, the only one that may send us anything, is silent then: what comes was forged. */
static void listen(const struct sender *sender)
{
	uint64_t before = trap_interrupts + trap_nmis;

	interrupts_on();
	forge(sender, MESSAGES | *window_apic(0x20) >> 24 << 12, TEST_VECTOR);
	wait_for(&trap_interrupts, before, LONGEST);
	attack_expect(trap_interrupts > before, "own messages arrived", trap_interrupts - before);
	sender->silence(sender);
	wait_for(&trap_interrupts, trap_interrupts, SOON);
	before = trap_interrupts + trap_nmis;
	for (;;) {
		attack_publish(trap_interrupts + trap_nmis - before);
		beat();
	}
}

static void each_function(void (*what)(const struct sender *sender))
{
	uint32_t function, id;

	*window_apic(0xf0) = 0x1ff;
	for (function = 0; function < CONFIG_FUNCTIONS; function++) {
		id = config_read(BY_PORTS, function, 0, 4);
		if (id == CONFIG_NONE)
			continue;
		say("msi: function 0x%x\n", function);
		if (id == EDU_ID)
			try_edu(function, what);
		else if (id == E1000E_ID)
			try_e1000e(function, what);
		else
			try_silent(function);
	}
}

void attack_msi(void)
{
	each_function(try_sender);
}

void attack_listen(void)
{
	each_function(listen);
}
