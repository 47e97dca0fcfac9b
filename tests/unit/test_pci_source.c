/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A device that its IOMMU sees as another, as a bridge to conventional PCI speaks for it or as it
 * does so by itself: what the board file has to say of that, and what `config create` says.
 *
 *   bus 0: 1e.0 bridge from PCI Express to PCI, to bus 5; 02.0 a card
 *          03.0 and 03.1 graphics, and their sound, which speaks as 03.0
 *          04.0 a disk controller that speaks as 04.1, which is there or not
 *   bus 5: 01.0 and 02.0 cards
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "model/acpi_iommus.h"
#include "model/pci_source.h"

#define AT(bus, device, function) BH_PCI_ADDRESS(0, bus, device, function)
#define CARD   AT(5, 1, 0)
#define OTHER  AT(5, 2, 0)
#define ALONE  AT(0, 2, 0)
#define BRIDGE AT(0, 0x1e, 0)
#define GRAPHICS AT(0, 3, 0)
#define SOUND    AT(0, 3, 1)
#define DISKS    AT(0, 4, 0)
#define IDE      AT(0, 4, 1)

static bool is_pcix, has_ide;

static uint32_t id_of(uint32_t at)
{
	switch (at) {
	case BRIDGE:
	case CARD:
	case OTHER:
	case ALONE:
	case GRAPHICS:
		return 0x12348086;
	case SOUND:
		return 0x3d406766;
	case DISKS:
		return 0x92301b4b;
	case IDE:
		return has_ide ? 0x12348086 : UINT32_MAX;
	default:
		return UINT32_MAX;
	}
}

static uint32_t read(void *context, uint32_t at, uint32_t offset)
{
	bool is_bridge = at == BRIDGE;

	(void)context;
	if (id_of(at) == UINT32_MAX)
		return UINT32_MAX;
	switch (offset) {
	case 0x00:
		return id_of(at);
	case 0x04:
		return is_bridge || is_pcix ? 0x00100000 : 0;
	case 0x0c:
		return (is_bridge ? 0x10000 : 0) |
		       (at == GRAPHICS || (at == DISKS && has_ide) ? 0x800000 : 0);
	case 0x18:
		return is_bridge ? 0x050500 : 0;
	case 0x34:
		return 0x40;
	case 0x40:
		return is_bridge ? 0x720010 : 0x07;
	default:
		return 0;
	}
}

static const struct pci_machine machine = { .read = read };

/* As in a blob: the part on IOMMUs is the last one. */
static struct {
	struct bh_config_header header;
	struct bh_board board;
	struct bh_device devices[6];
	struct {
		struct bh_iommus head;
		struct bh_iommu units[1];
		struct bh_iommu_scope scopes[3];
	} part;
} blob;
static struct config_view view;
static struct bh_refusal refusal;

static int set_up(void **state)
{
	(void)state;
	memset(&blob, 0, sizeof(blob));
	blob.header.size = sizeof(blob);
	blob.board.iommu_size = sizeof(blob.part);
	blob.board.device_count = 6;
	blob.devices[0] = (struct bh_device){ .name = "card", .address = CARD };
	blob.devices[1] = (struct bh_device){ .name = "other", .address = OTHER };
	blob.devices[2] = (struct bh_device){ .name = "alone", .address = ALONE };
	blob.devices[3] = (struct bh_device){ .name = "graphics", .address = GRAPHICS };
	blob.devices[4] = (struct bh_device){ .name = "sound", .address = SOUND };
	blob.devices[5] = (struct bh_device){ .name = "disks", .address = DISKS };
	blob.part.head = (struct bh_iommus){ .iommu_count = 1, .scope_count = 3 };
	blob.part.units[0] = (struct bh_iommu){
		.name = "dmar0", .kind = BH_IOMMU_VTD, .flags = BH_IOMMU_ALL, .scope_count = 3,
	};
	blob.part.scopes[0] = (struct bh_iommu_scope){ BH_IOMMU_ALIAS, CARD, AT(5, 0, 0), 0 };
	blob.part.scopes[1] = (struct bh_iommu_scope){ BH_IOMMU_ALIAS, OTHER, AT(5, 0, 0), 0 };
	blob.part.scopes[2] = (struct bh_iommu_scope){ BH_IOMMU_ALIAS, SOUND, GRAPHICS, 0 };
	view = (struct config_view){
		.header = &blob.header, .board = &blob.board, .devices = blob.devices,
	};
	is_pcix = false;
	has_ide = false;
	refusal.text[0] = '\0';
	return 0;
}

static bool check(uint32_t device)
{
	return pci_source_check(&view, &blob.devices[device], &machine, &refusal);
}

static void right_aliases_are_taken(void **state)
{
	(void)state;
	assert_true(check(0) && check(1) && check(2));
	/* Nobody keeps it from anything: that is another matter. */
	blob.board.iommu_size = 0;
	assert_true(check(0));
}

static void aliases_that_are_missing_are_found(void **state)
{
	(void)state;
	blob.part.scopes[0].source = AT(7, 0, 0);
	assert_false(check(0));
	assert_non_null(strstr(refusal.text, "device card: is behind bridge 00:1e.0"));
	assert_non_null(strstr(refusal.text, "dmar0 sees it as 05:00.0"));
	assert_non_null(strstr(refusal.text, "source = \"05:01.0\"; id = \"05:00.0\"; }"));
	blob.part.scopes[0] = (struct bh_iommu_scope){ BH_IOMMU_ALIAS, ALONE, AT(5, 0, 0), 0 };
	assert_false(check(2));
	assert_non_null(strstr(refusal.text, "device alone: no bridge speaks for it"));
}

static void others_behind_the_bridge_are_found(void **state)
{
	(void)state;
	blob.board.device_count = 1;
	assert_false(check(0));
	assert_non_null(strstr(refusal.text, "cannot tell it from 05:02.0"));
}

static void what_is_seen_as_two_is_refused(void **state)
{
	(void)state;
	is_pcix = true;
	assert_false(check(0));
	assert_non_null(strstr(refusal.text, "PCI-X"));
	assert_true(check(2));
}

/* AMD's table has aliases of firmware's. */
static void other_aliases_of_amd_are_believed(void **state)
{
	(void)state;
	blob.part.units[0].kind = BH_IOMMU_AMDVI;
	blob.part.scopes[0].id = BRIDGE;
	assert_true(check(0));
	blob.part.scopes[0].source = AT(7, 0, 0);
	assert_false(check(0));
}

static void only(uint32_t device)
{
	blob.devices[0] = blob.devices[device];
	blob.board.device_count = 1;
}

/* What is known of it by its name the board has to say, whatever AMD's firmware says. */
static void who_speaks_as_another_by_itself_is_known(void **state)
{
	(void)state;
	assert_true(check(3) && check(4));
	assert_false(check(5));
	assert_non_null(strstr(refusal.text, "device disks: does its DMA as another function"));
	assert_non_null(strstr(refusal.text, "dmar0 sees it as 00:04.1"));
	assert_non_null(strstr(refusal.text, "source = \"00:04.0\"; id = \"00:04.1\"; }"));
	blob.part.units[0].kind = BH_IOMMU_AMDVI;
	assert_false(check(5));
	blob.part.scopes[2] = (struct bh_iommu_scope){ BH_IOMMU_ALIAS, DISKS, AT(0, 4, 2), 0 };
	assert_false(check(5));
	blob.part.scopes[2].id = IDE;
	assert_true(check(5));
	blob.part.units[0].kind = BH_IOMMU_VTD;
	assert_true(check(5));
	assert_false(check(4));
	/* As whom it sends messages is not known. */
	blob.part.units[0].flags |= BH_IOMMU_REMAPS;
	assert_false(check(5));
	assert_non_null(strstr(refusal.text, "device disks: does its DMA as 00:04.1, but as whom "
			       "it sends interrupts"));
	assert_true(check(3));
}

/* Of others the board may know more, but it stays on its bus. */
static void an_alias_on_the_same_bus_is_believed(void **state)
{
	(void)state;
	blob.part.scopes[2] = (struct bh_iommu_scope){ BH_IOMMU_ALIAS, ALONE, AT(0, 2, 5), 0 };
	assert_true(check(2));
	blob.part.scopes[2].id = AT(1, 2, 5);
	assert_false(check(2));
	blob.part.units[0].kind = BH_IOMMU_AMDVI;
	assert_true(check(2));
}

/* Each of the two would have the other's memory. */
static void who_is_seen_as_a_function_of_roots_is_refused(void **state)
{
	static const uint32_t kinds[] = { BH_IOMMU_VTD, BH_IOMMU_AMDVI };
	size_t i;

	(void)state;
	for (i = 0; i < BH_ARRAY_SIZE(kinds); i++) {
		blob.part.units[0].kind = kinds[i];
		blob.board.device_count = 6;
		blob.devices[0].address = CARD;
		assert_true(check(4));
		only(4);
		assert_false(check(0));
		assert_non_null(strstr(refusal.text, "device sound: its IOMMU cannot tell it from "
				       "00:03.0, which is seen as the same function"));
		/* The other way round. */
		only(3);
		assert_false(check(0));
		assert_non_null(strstr(refusal.text, "cannot tell it from 00:03.1"));
	}
}

static void what_is_not_there_or_a_bridge_is_nobody(void **state)
{
	(void)state;
	blob.part.scopes[2] = (struct bh_iommu_scope){ BH_IOMMU_ALIAS, DISKS, IDE, 0 };
	assert_true(check(5));
	has_ide = true;
	assert_false(check(5));
	assert_non_null(strstr(refusal.text, "cannot tell it from 00:04.1"));
	blob.part.scopes[2] = (struct bh_iommu_scope){ BH_IOMMU_ALIAS, ALONE, BRIDGE, 0 };
	assert_true(check(2));
	/* Whatever that one speaks as. */
	blob.part.scopes[2].id = SOUND;
	only(2);
	assert_false(check(0));
	assert_non_null(strstr(refusal.text, "cannot tell it from 00:03.1"));
}

static void aliases_go_to_their_unit(void **state)
{
	static struct acpi_iommus iommus;

	(void)state;
	memset(&iommus, 0, sizeof(iommus));
	iommus.head = (struct bh_iommus){ .iommu_count = 2, .scope_count = 2 };
	iommus.units[0] = (struct bh_iommu){ .kind = BH_IOMMU_VTD, .scope_count = 1 };
	iommus.units[1] = (struct bh_iommu){ .kind = BH_IOMMU_VTD, .flags = BH_IOMMU_ALL,
					     .scope_count = 1 };
	iommus.scopes[0] = (struct bh_iommu_scope){ BH_IOMMU_BRIDGE, BRIDGE, 0x0505, 0 };
	iommus.scopes[1] = (struct bh_iommu_scope){ BH_IOMMU_IOAPIC, 0x00f8, 2, 0 };
	assert_true(acpi_add_alias(&iommus, CARD, AT(5, 0, 0), true, &refusal));
	assert_int_equal(iommus.head.scope_count, 3);
	assert_int_equal(iommus.units[0].scope_count, 2);
	assert_int_equal(iommus.scopes[1].kind, BH_IOMMU_ALIAS);
	assert_int_equal(iommus.scopes[1].source, CARD);
	assert_int_equal(iommus.scopes[1].id, AT(5, 0, 0));
	assert_int_equal(iommus.scopes[2].kind, BH_IOMMU_IOAPIC);
	assert_true(acpi_add_alias(&iommus, ALONE, 0, true, &refusal));
	assert_int_equal(iommus.scopes[3].source, ALONE);
	iommus.units[0].kind = BH_IOMMU_AMDVI;
	assert_true(acpi_add_alias(&iommus, OTHER, AT(5, 0, 0), true, &refusal));
	assert_int_equal(iommus.head.scope_count, 4);
	/* Of a card it tells nothing; what is said already is not said again. */
	iommus.units[1].kind = BH_IOMMU_AMDVI;
	assert_true(acpi_add_alias(&iommus, SOUND, GRAPHICS, false, &refusal));
	assert_true(acpi_add_alias(&iommus, SOUND, GRAPHICS, false, &refusal));
	assert_int_equal(iommus.head.scope_count, 5);
	iommus.units[0].kind = BH_IOMMU_VTD;
	iommus.head.scope_count = BH_MAX_IOMMU_SCOPES;
	assert_false(acpi_add_alias(&iommus, OTHER, AT(5, 0, 0), true, &refusal));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(right_aliases_are_taken, set_up),
		cmocka_unit_test_setup(aliases_that_are_missing_are_found, set_up),
		cmocka_unit_test_setup(others_behind_the_bridge_are_found, set_up),
		cmocka_unit_test_setup(what_is_seen_as_two_is_refused, set_up),
		cmocka_unit_test_setup(other_aliases_of_amd_are_believed, set_up),
		cmocka_unit_test_setup(who_speaks_as_another_by_itself_is_known, set_up),
		cmocka_unit_test_setup(an_alias_on_the_same_bus_is_believed, set_up),
		cmocka_unit_test_setup(who_is_seen_as_a_function_of_roots_is_refused, set_up),
		cmocka_unit_test_setup(what_is_not_there_or_a_bridge_is_nobody, set_up),
		cmocka_unit_test_setup(aliases_go_to_their_unit, set_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
