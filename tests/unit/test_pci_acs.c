/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Cards behind a switch: which ports are told to redirect, to what, and what is refused where they
 * do not.
 *
 *   bus 0: 02.0 a card; 1c.0 root port to buses 1 to 4, 1c.1 root port to bus 5
 *   bus 1: 00.0 the switch's port upwards, to buses 2 to 4
 *   bus 2: 01.0 and 02.0 its ports downwards, to buses 3 and 4
 *   buses 3, 4 and 5: a card each
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "model/pci_acs.h"
#include "pci_space.h"

#define AT(bus, device, function) BH_PCI_ADDRESS(0, bus, device, function)
#define EXPRESS 0x40
#define SERIAL  0x100
#define ACS     0x140
#define CONTROL 0x146

enum { INTEGRATED, ROOT_PORT, OTHER_PORT, UPSTREAM, FIRST, SECOND, CARD, NEIGHBOUR, ALONE, COUNT };

static const struct {
	uint32_t at;
	uint32_t type;  /* of PCI Express's devices and ports */
	uint32_t buses; /* 0: no bridge */
	uint32_t acs;   /* what it can do; 0: it has none */
} functions[COUNT] = {
	[INTEGRATED] = { AT(0, 2, 0), 9, 0, 0 },
	[ROOT_PORT] = { AT(0, 0x1c, 0), 4, 0x040100, 0x1f },
	[OTHER_PORT] = { AT(0, 0x1c, 1), 4, 0x050500, 0 },
	[UPSTREAM] = { AT(1, 0, 0), 5, 0x040201, 0 },
	[FIRST] = { AT(2, 1, 0), 6, 0x030302, 0x5f },
	[SECOND] = { AT(2, 2, 0), 6, 0x040402, 0x5f },
	[CARD] = { AT(3, 0, 0), 0, 0, 0 },
	[NEIGHBOUR] = { AT(4, 0, 0), 0, 0, 0 },
	[ALONE] = { AT(5, 0, 0), 0, 0, 0 },
};

static struct pci_space spaces[COUNT];
static struct bh_device devices[2];
static struct bh_board board;
static struct config_view view;
static struct bh_refusal refusal;

static uint32_t read(void *context, uint32_t at, uint32_t offset)
{
	size_t i;

	(void)context;
	for (i = 0; i < COUNT; i++)
		if (functions[i].at == at)
			return offset < spaces[i].reader.size ?
			       space_get(&spaces[i], offset, 4) : UINT32_MAX;
	return UINT32_MAX;
}

static const struct pci_machine machine = { .read = read };

static void fill(size_t i)
{
	space_open(&spaces[i]);
	space_set(&spaces[i], 0x00, 4, 0x12348086);
	space_set(&spaces[i], 0x04, 4, 0x00100000);
	space_set(&spaces[i], 0x0e, 1, (functions[i].buses ? 1 : 0) | (i == ROOT_PORT ? 0x80 : 0));
	space_set(&spaces[i], 0x18, 4, functions[i].buses);
	space_set(&spaces[i], 0x34, 1, EXPRESS);
	space_set(&spaces[i], EXPRESS, 4, functions[i].type << 20 | 0x20010);
	space_set(&spaces[i], SERIAL, 4, (functions[i].acs ? ACS << 20 : 0) | 0x10003);
	if (!functions[i].acs)
		return;
	space_set(&spaces[i], ACS, 4, 0x1000d);
	space_set(&spaces[i], ACS + 4, 4, functions[i].acs);
}

static int set_up(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < COUNT; i++)
		fill(i);
	devices[0] = (struct bh_device){ .name = "card", .address = functions[CARD].at };
	devices[1] = (struct bh_device){ .name = "other", .address = functions[NEIGHBOUR].at };
	board = (struct bh_board){ .device_count = 2 };
	view = (struct config_view){ .board = &board, .devices = devices };
	refusal.text[0] = '\0';
	return 0;
}

/* As the hypervisor does it. */
static void tell_ports(uint32_t device)
{
	uint32_t port = PCI_FIRST;
	struct pci_acs acs;
	size_t i;

	while (pci_acs_next(&machine, device, &port)) {
		pci_acs_look(&acs, &machine, port);
		for (i = 0; i < COUNT && acs.control; i++)
			if (functions[i].at == port)
				space_set(&spaces[i], acs.control, acs.width, acs.due);
	}
}

static bool check(void)
{
	return pci_acs_check(&view, &devices[0], &machine, &refusal);
}

static void ports_are_found(void **state)
{
	static const uint32_t above[] = { FIRST, SECOND, ROOT_PORT, OTHER_PORT };
	uint32_t port = PCI_FIRST;
	size_t i;

	(void)state;
	for (i = 0; i < BH_ARRAY_SIZE(above); i++) {
		assert_true(pci_acs_next(&machine, functions[CARD].at, &port));
		assert_int_equal(port, functions[above[i]].at);
	}
	assert_false(pci_acs_next(&machine, functions[CARD].at, &port));
	port = PCI_FIRST;
	assert_true(pci_acs_next(&machine, functions[ALONE].at, &port));
	assert_int_equal(port, functions[ROOT_PORT].at);
	port = PCI_FIRST;
	assert_false(pci_acs_next(&machine, functions[INTEGRATED].at, &port));
}

static void ports_are_to_redirect_all(void **state)
{
	struct pci_acs acs;

	(void)state;
	pci_acs_look(&acs, &machine, functions[FIRST].at);
	assert_int_equal(acs.control, CONTROL);
	assert_int_equal(acs.had, 0);
	assert_int_equal(acs.due, 0x1d);
	/* Other bits stay, but for those that let requests pass. */
	space_set(&spaces[FIRST], CONTROL, 2, 0x62);
	pci_acs_look(&acs, &machine, functions[FIRST].at);
	assert_int_equal(acs.had, 0x62);
	assert_int_equal(acs.due, 0x1f);
	/* As far as it goes. */
	space_set(&spaces[FIRST], ACS + 4, 4, 0x09);
	pci_acs_look(&acs, &machine, functions[FIRST].at);
	assert_int_equal(acs.due, 0x09);
	pci_acs_look(&acs, &machine, functions[OTHER_PORT].at);
	assert_int_equal(acs.control, 0);
	/* And what is for the ports' own memory, of those that tell of it: it is not blocked. */
	space_set(&spaces[FIRST], ACS + 4, 4, 0x057f00ff);
	pci_acs_look(&acs, &machine, functions[FIRST].at);
	assert_int_equal(acs.due, 0x1a1f);
	space_set(&spaces[FIRST], ACS + 4, 4, 0x0580009f);
	pci_acs_look(&acs, &machine, functions[FIRST].at);
	assert_int_equal(acs.due, 0x1a9d);
	assert_true(pci_acs_is_kept(&acs, 0x9d)); /* it has none */
	space_set(&spaces[FIRST], ACS + 4, 4, 0x0500001f);
	pci_acs_look(&acs, &machine, functions[FIRST].at);
	assert_int_equal(acs.due, 0x51d);
	/* By ports nobody gets there. */
	spaces[FIRST].reader.size = PCI_CONFIG_SIZE;
	pci_acs_look(&acs, &machine, functions[FIRST].at);
	assert_int_equal(acs.control, 0);
}

/* As the datasheets of some of Intel's chipsets have them. */
static void registers_of_32_bits(void **state)
{
	static const struct {
		uint32_t id;
		bool is_wide;
	} ports[] = {
		{ 0x9d0f8086, false }, { 0x9d108086, true }, { 0x9d1b8086, true },
		{ 0x9d1c8086, false }, { 0xa10f8086, false }, { 0xa1108086, true },
		{ 0xa11f8086, true }, { 0xa1208086, false }, { 0xa1668086, false },
		{ 0xa1678086, true }, { 0xa16a8086, true }, { 0xa16b8086, false },
		{ 0xa28f8086, false }, { 0xa2908086, true }, { 0xa29f8086, true },
		{ 0xa2a08086, false }, { 0xa2e68086, false }, { 0xa2e78086, true },
		{ 0xa2ee8086, true }, { 0xa2ef8086, false }, { 0xa1101022, false },
	};
	struct pci_acs acs;
	size_t i;

	(void)state;
	space_set(&spaces[ROOT_PORT], ACS + 8, 4, 0x80000042);
	for (i = 0; i < BH_ARRAY_SIZE(ports); i++) {
		space_set(&spaces[ROOT_PORT], 0, 4, ports[i].id);
		pci_acs_look(&acs, &machine, functions[ROOT_PORT].at);
		assert_int_equal(acs.control, ports[i].is_wide ? ACS + 8 : CONTROL);
		assert_int_equal(acs.width, ports[i].is_wide ? 4 : 2);
		assert_int_equal(acs.had, ports[i].is_wide ? 0x80000042 : 0);
		assert_int_equal(acs.due, ports[i].is_wide ? 0x8000001f : 0x1d);
	}
	space_set(&spaces[ROOT_PORT], 0, 4, 0xa1108086);
	tell_ports(functions[CARD].at);
	assert_int_equal(space_get(&spaces[ROOT_PORT], ACS + 4, 4), 0x1f);
	assert_int_equal(space_get(&spaces[ROOT_PORT], ACS + 8, 4), 0x8000001f);
	/* Where it should be is another capability. */
	space_set(&spaces[ROOT_PORT], ACS, 4, (ACS + 8) << 20 | 0x1000d);
	space_set(&spaces[ROOT_PORT], ACS + 8, 4, 0x1001e);
	pci_acs_look(&acs, &machine, functions[ROOT_PORT].at);
	assert_int_equal(acs.control, 0);
}

static void what_is_not_kept_is_known(void **state)
{
	static const uint32_t others[] = { 0x00, 0x1c, 0x19, 0x15, 0x0d, 0x3d, 0x5d, 0xffff };
	struct pci_acs acs;
	size_t i;

	(void)state;
	pci_acs_look(&acs, &machine, functions[FIRST].at);
	assert_true(pci_acs_is_kept(&acs, 0x1d));
	assert_true(pci_acs_is_kept(&acs, 0x1f));
	for (i = 0; i < BH_ARRAY_SIZE(others); i++)
		assert_false(pci_acs_is_kept(&acs, others[i]));
	/* Nobody misses what it cannot. */
	space_set(&spaces[FIRST], ACS + 4, 4, 0x09);
	pci_acs_look(&acs, &machine, functions[FIRST].at);
	assert_true(pci_acs_is_kept(&acs, 0x09));
	assert_false(pci_acs_is_kept(&acs, 0x01));
}

static void what_redirects_is_taken(void **state)
{
	(void)state;
	tell_ports(functions[CARD].at);
	assert_int_equal(space_get(&spaces[FIRST], CONTROL, 2), 0x1d);
	assert_int_equal(space_get(&spaces[SECOND], CONTROL, 2), 0x1d);
	assert_int_equal(space_get(&spaces[ROOT_PORT], CONTROL, 2), 0x1d);
	assert_true(check());
	/* A neighbour behind a root port is no neighbour in a switch. */
	board.device_count = 0;
	devices[0].address = functions[ALONE].at;
	space_set(&spaces[FIRST], CONTROL, 2, 0);
	assert_true(check());
	devices[0].address = functions[INTEGRATED].at;
	assert_true(check());
}

static void what_does_not_is_refused(void **state)
{
	static const size_t ports[] = { FIRST, SECOND };
	static const uint32_t lacking[] = { 0x00, 0x19, 0x15, 0x0d, 0x5d, 0x3d };
	size_t i, j;

	(void)state;
	for (i = 0; i < BH_ARRAY_SIZE(ports); i++)
		for (j = 0; j < BH_ARRAY_SIZE(lacking); j++) {
			set_up(NULL);
			tell_ports(functions[CARD].at);
			space_set(&spaces[ports[i]], CONTROL, 2, lacking[j]);
			assert_false(check());
		}
	assert_non_null(strstr(refusal.text, "device card: port 02:02.0 of the switch above it"));
	assert_non_null(strstr(refusal.text, "give all behind 01:00.0 one group"));
	assert_true(strlen(refusal.text) < BH_REFUSAL_TEXT - BH_NAME_SIZE);
	/* None at all, or out of reach. */
	set_up(NULL);
	tell_ports(functions[CARD].at);
	spaces[SECOND].reader.size = PCI_CONFIG_SIZE;
	assert_false(check());
}

/* Who has one has all: what they send each other is nobody else's. */
static void one_group_is_taken(void **state)
{
	(void)state;
	strcpy(devices[0].group, "both");
	assert_false(check());
	strcpy(devices[1].group, "both");
	assert_true(check());
	strcpy(devices[1].group, "other");
	assert_false(check());
	strcpy(devices[1].group, "both");
	board.device_count = 1; /* the neighbour is root's for ever */
	assert_false(check());
	/* And there is none at all. */
	devices[0].group[0] = '\0';
	space_set(&spaces[NEIGHBOUR], 0, 4, UINT32_MAX);
	assert_true(check());
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(ports_are_found, set_up),
		cmocka_unit_test_setup(ports_are_to_redirect_all, set_up),
		cmocka_unit_test_setup(registers_of_32_bits, set_up),
		cmocka_unit_test_setup(what_is_not_kept_is_known, set_up),
		cmocka_unit_test_setup(what_redirects_is_taken, set_up),
		cmocka_unit_test_setup(what_does_not_is_refused, set_up),
		cmocka_unit_test_setup(one_group_is_taken, set_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
