/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What one run leaves to the next: a program switches on the messages of all its functions and ends
 * ("noise"); the next one has to find them off, every MSI-X entry masked, and no function bus
 * master ("silence").
 */
#include "attack.h"

#include "machine.h"

#define CAPABILITY_MSI  0x05u
#define CAPABILITY_MSIX 0x11u
#define CONTROL         0x02u
#define MSI_ENABLE      0x0001u
#define MSI_WIDE        0x0080u
#define MSIX_ENABLE     0x8000u
#define MSIX_ENTRIES    0x07ffu
#define MSIX_TABLE      0x04u
#define MSIX_BAR        0x7u
#define ENTRY_WORDS     4u
#define ENTRY_CONTROL   3u
#define MASKED          1u
#define MESSAGES        0xfee00000u
#define TEST_VECTOR     0x41u

/* A function's capability, and whether it is switched on. */
struct part {
	uint32_t function, at, enable;
};

static bool find_part(uint32_t function, uint32_t id, struct part *part)
{
	*part = (struct part){
		.function = function, .at = config_capability(function, id),
		.enable = id == CAPABILITY_MSI ? MSI_ENABLE : MSIX_ENABLE,
	};
	return part->at != 0;
}

static uint32_t control_of(const struct part *part)
{
	return config_read(BY_PORTS, part->function, part->at + CONTROL, 2);
}

static volatile uint32_t *entry_of(const struct part *part, uint32_t number)
{
	uint32_t table = config_read(BY_PORTS, part->function, part->at + MSIX_TABLE, 4);
	uint64_t bar = config_bar(part->function, table & MSIX_BAR);

	return (volatile uint32_t *)(bar + (table & ~MSIX_BAR)) + number * ENTRY_WORDS;
}

static void switch_on(const struct part *part)
{
	config_write(BY_PORTS, part->function, part->at + CONTROL, 2,
		     control_of(part) | part->enable);
	attack_tried();
	attack_expect(control_of(part) & part->enable, "messages stay off in",
		      part->function);
}

static void set_message(const struct part *part)
{
	uint32_t own = *window_apic(0x20) >> 24;
	bool wide = control_of(part) & MSI_WIDE;

	config_write(BY_PORTS, part->function, part->at + 4, 4, MESSAGES | own << 12);
	config_write(BY_PORTS, part->function, part->at + (wide ? 12 : 8), 2, TEST_VECTOR);
}

static void set_entry(const struct part *part)
{
	volatile uint32_t *entry = entry_of(part, 0);

	entry[0] = MESSAGES | *window_apic(0x20) >> 24 << 12;
	entry[1] = 0;
	entry[2] = TEST_VECTOR;
	entry[ENTRY_CONTROL] = 0;
	attack_expect(!(entry[ENTRY_CONTROL] & MASKED), "an entry stays masked in",
		      part->function);
}

/* Its memory is there, and it may write messages. */
static void open_function(uint32_t function)
{
	config_write(BY_PORTS, function, CONFIG_COMMAND, 2, CONFIG_MEMORY | CONFIG_MASTER);
}

static void each_own(void (*what)(uint32_t function))
{
	uint32_t function, found = 0;

	for (function = 0; function < CONFIG_FUNCTIONS; function++)
		if (config_read(BY_PORTS, function, 0, 4) != CONFIG_NONE) {
			what(function);
			found++;
		}
	attack_expect(found != 0, "functions", found);
}

static void make_noise(uint32_t function)
{
	struct part part;

	open_function(function);
	if (find_part(function, CAPABILITY_MSIX, &part)) {
		set_entry(&part);
		switch_on(&part);
	} else if (find_part(function, CAPABILITY_MSI, &part)) {
		set_message(&part);
		switch_on(&part);
	}
}

void attack_noise(void)
{
	each_own(make_noise);
}

static void expect_off(const struct part *part)
{
	attack_tried();
	attack_expect(!(control_of(part) & part->enable), "messages are on in", part->function);
}

static void expect_masked(const struct part *part)
{
	uint32_t count = (control_of(part) & MSIX_ENTRIES) + 1;
	uint32_t i;

	for (i = 0; i < count; i++)
		attack_expect(entry_of(part, i)[ENTRY_CONTROL] & MASKED, "an open entry in",
			      part->function);
}

static void expect_silence(uint32_t function)
{
	uint32_t command = config_read(BY_PORTS, function, CONFIG_COMMAND, 2);
	struct part part;

	attack_expect(!(command & CONFIG_MASTER), "a bus master", function);
	if (find_part(function, CAPABILITY_MSI, &part))
		expect_off(&part);
	if (!find_part(function, CAPABILITY_MSIX, &part))
		return;
	expect_off(&part);
	config_write(BY_PORTS, function, CONFIG_COMMAND, 2, command | CONFIG_MEMORY);
	expect_masked(&part);
}

void attack_silence(void)
{
	each_own(expect_silence);
}
