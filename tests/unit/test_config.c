/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * model/config.c's checks of meaning: a good blob, then the same with one thing wrong at a time,
 * each refused for the right reason. What has a wrong form is test_config_form.c's.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "config_blob.h"

static struct blob blob;

static bool opens(struct bh_refusal *refusal)
{
	struct config_view view;

	memset(refusal, 0x55, sizeof(*refusal));
	return config_open(&view, &blob, sizeof(blob), refusal);
}

/* Opens as it stands; must be refused in words that contain these. */
static void refused(const char *what, const char *words)
{
	struct bh_refusal refusal;

	if (opens(&refusal))
		fail_msg("%s: not refused", what);
	if (!memchr(refusal.text, '\0', sizeof(refusal.text)))
		fail_msg("%s: the refusal has no end", what);
	if (!strstr(refusal.text, words))
		fail_msg("%s: refused with \"%s\", not with \"%s\"", what, refusal.text, words);
}

static void good_blob_opens(void **state)
{
	struct bh_refusal refusal;
	struct config_view view;

	(void)state;
	blob_fill(&blob);
	assert_true(config_open(&view, &blob, sizeof(blob), &refusal));
	assert_ptr_equal(view.header, &blob.header);
	assert_ptr_equal(view.board, &blob.board);
	assert_ptr_equal(view.pools, blob.pools);
	assert_ptr_equal(view.regions, blob.regions);
	assert_ptr_equal(view.ports, blob.ports);
	assert_ptr_equal(view.msrs, blob.msrs);
	assert_null(blob_broken_rule(&view));
	assert_int_equal(config_checksum(&blob.header), blob.header.crc32);
}

static void run_mutations(const struct mutation *mutations, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++) {
		blob_fill(&blob);
		blob_mutate(&blob, &mutations[i]);
		blob_seal(&blob.header);
		refused(mutations[i].what, mutations[i].words);
	}
}

static void single_values_refused(void **state)
{
	static const struct mutation mutations[] = {
		SET(header.version, 0, "version 0"),
		SET(header.version, 1, "version 1, this side knows version 5"),
		SET(header.version, 6, "version 6"),
		SET(header.reserved, 1, "reserved"),
		SET(board.physical_bits, 0, "physical addresses of 0 bits"),
		SET(board.physical_bits, 31, "physical addresses of 31 bits"),
		SET(board.physical_bits, 53, "physical addresses of 53 bits"),
		SET(board.physical_bits, 32, "root.memory[3] \"high\": reaches to 0x13fffffff"),
		SET(board.hpet, 0xfed00400, "board.hpet.at: 0xfed00400 is no multiple of 4K"),
		SET(board.hpet, 0x10000000000, "board.hpet.at: 0x10000000000 has more than 40"),
		SET(board.hpet, 0xfffffffffffff000, "board.hpet.at: 0xfffffffffffff000 has more"),
		SET(board.flags, 64, "flags 0x40"),
		SET(board.flags, 0x30, "board.itlb_multihit: is true and false"),
		SET(board.flags, 0x80000001, "flags 0x80000000"),
		SET(board.console.reserved, 1, "reserved"),
		SET(board.name[0], 0, "zero"),
		SET(board.name[1], ' ', "character 2"),
		SET(board.name[0], '/', "character 1"),
		SET(board.name[3], 0x80, "character 4"),
		SET(board.name[31], 'x', "zero"),
		SET(board.root.name[0], '"', "root.name: a name"),
		SET(board.root.cpus[0], 0, "board.cpus: no CPU at all"),
		SET(board.root.on_fault, 2, "policy 2"),
		SET(board.root.on_fault, ~0u, "policy 4294967295"),
		SET(board.pool_count, 17, "17 ranges of cell memory"),
		SET(board.pool_count, ~0u, "4294967295 ranges of cell memory"),
		SET(board.pool_count, 1, "parts have"),
		SET(board.pool_count, 3, "parts have"),
		SET(board.root.region_count, 257, "257 memory regions"),
		SET(board.root.region_count, ~0u, "memory regions"),
		SET(board.root.region_count, 3, "parts have"),
		SET(board.root.region_count, 0, "parts have"),
		SET(board.root.port_count, 257, "257 port ranges"),
		SET(board.root.port_count, 0x80000000, "port ranges"),
		SET(board.root.port_count, 4, "parts have"),
		SET(board.root.msr_count, 65, "65 MSR ranges"),
		SET(board.root.msr_count, 1, "parts have"),
		SET(board.test.stage, 15, "stage 15"),
		SET(board.test.cpu, 1, "no stage"),
	};

	(void)state;
	run_mutations(mutations, BH_ARRAY_SIZE(mutations));
}

static void bad_memory_refused(void **state)
{
	static const struct mutation mutations[] = {
		SET(board.hypervisor.start, 0x38001000,
		    "board.hypervisor.phys: phys 0x38001000 is no multiple of 2M"),
		SET(board.hypervisor.start, 0x38000001, "use 0x38000000 or 0x38200000"),
		SET(board.hypervisor.size, 0, "board.hypervisor.size: size is 0"),
		SET(board.hypervisor.size, 0x800800, "size 0x800800 is no multiple of 4K"),
		SET(board.hypervisor.size, 0x801000,
		    "board.cell_memory[0]: overlaps board.hypervisor at 0x38800000"),
		SET(board.hypervisor.size, 0x40001000, "more than the 1G"),
		SET(board.hypervisor.size, 0xfffffffff0000000, "past the last 64-bit address"),
		SET(board.hypervisor.start, 0x10000000000, "0xffffffffff is the last address"),
		SET(board.hypervisor.start, 0x37e00000,
		    "root.memory[2] \"main\": overlaps board.hypervisor at 0x37e00000"),
		SET(board.hypervisor.start, 0xfee00000,
		    "board.hypervisor: overlaps the local APIC's range at 0xfee00000"),
		SET(pools[0].size, 0, "board.cell_memory[0]: size is 0"),
		SET(pools[0].start, 0x38800fff, "board.cell_memory[0]: phys 0x38800fff"),
		SET(pools[0].size, 0x801, "board.cell_memory[0]: size 0x801"),
		SET(pools[0].start, 0x387ff000,
		    "board.cell_memory[0]: overlaps board.hypervisor at 0x387ff000"),
		SET(pools[0].start, 0xfffffffffffff000, "past the last"),
		SET(pools[1].start, 0x38fff000,
		    "board.cell_memory[1]: overlaps board.cell_memory[0] at 0x38fff000"),
		SET(pools[1].start, 0x100000,
		    "root.memory[2] \"main\": overlaps board.cell_memory[1] at 0x100000"),
		SET(pools[1].start, 0xfe000000,
		    "board.cell_memory[1]: overlaps the local APIC's range"),
		SET(pools[1].start, 0xffff001000,
		    "with 40 physical bits 0xffffffffff is the last address"),
	};

	(void)state;
	run_mutations(mutations, BH_ARRAY_SIZE(mutations));
}

static void last_bytes_are_taken(void **state)
{
	struct bh_refusal refusal;

	(void)state;
	blob_fill(&blob);
	blob.pools[1].start = 0xffff000000; /* up to the last of 40 bits */
	blob.ports[2] = (struct bh_ports){ .first = 0xffff, .last = 0xffff };
	blob.msrs[1] = (struct bh_msrs){ .first = 0xc0001fff, .last = 0xc0001fff };
	blob_seal(&blob.header);
	assert_true(opens(&refusal));
	/* One more each. */
	blob.msrs[1].last++;
	blob_seal(&blob.header);
	refused("MSR", "root.msrs[1]: MSR 0xc0002000");
	blob.msrs[1] = (struct bh_msrs){ .first = 0x1fff, .last = 0x2000 };
	blob_seal(&blob.header);
	refused("MSR", "root.msrs[1]: MSR 0x2000");
	blob.pools[1].size += BH_PAGE_SIZE;
	blob_seal(&blob.header);
	refused("pool", "board.cell_memory[1]: reaches to 0x10000000fff");
}

static void bad_regions_refused(void **state)
{
	static const struct mutation mutations[] = {
		SET(regions[0].size, 0, "root.memory[0] \"low\": size is 0"),
		SET(regions[0].size, 0xa0001, "root.memory[0] \"low\": size 0xa0001"),
		SET(regions[0].size, 0xa1000,
		    "root.memory[1] \"vga\": overlaps root.memory[0] \"low\" at 0xa0000"),
		SET(regions[0].size, 0x1000000000000000, "reaches to 0xfffffffffffffff"),
		SET(regions[1].phys, 0xa0800, "no multiple of 4K"),
		SET(regions[1].phys, 0xa1000, "at 0xa0000 is not phys 0xa1000"),
		SET(regions[1].at, 0xc0000, "at 0xc0000 is not phys 0xa0000"),
		SET(regions[1].at, 0, "is not phys"),
		SET(regions[2].size, 0x37f01000,
		    "root.memory[2] \"main\": overlaps board.hypervisor at 0x38000000"),
		SET(regions[2].size, ~0xfffULL, "past the last"),
		SET(regions[3].access, 0, "access without \"r\""),
		SET(regions[3].access, BH_ACCESS_WRITE, "access without \"r\""),
		SET(regions[3].access, BH_ACCESS_EXECUTE, "access without \"r\""),
		SET(regions[3].access, 6, "access without \"r\""),
		SET(regions[3].access, 8, "access 0x8"),
		SET(regions[3].access, 0x107, "access 0x107"),
		SET(regions[3].kind, 2, "kind 2"),
		SET(regions[3].kind, 0x10000, "kind 65536"),
		SET(regions[1].name[0], 0, "unused bytes of the name of memory region 1"),
		SET(regions[1].name[31], 1, "unused bytes of the name of memory region 1"),
		SET(regions[1].name[3], '\n', "character 4"),
	};

	(void)state;
	run_mutations(mutations, BH_ARRAY_SIZE(mutations));
}

static void bad_io_refused(void **state)
{
	static const struct mutation mutations[] = {
		SET(board.console.type, 3, "board.console.type: type 3"),
		SET(board.console.type, 0, "board.console: there is none, but it has settings"),
		SET(board.console.stride, 0, "1 apart, not 0"),
		SET(board.console.stride, 4, "1 apart, not 4"),
		SET(board.console.divisor, 65536, "divisor 65536"),
		SET(board.console.address, 0xfff9, "port 0xfff9"),
		SET(board.console.address, 0x10000, "port 0x10000"),
		SET(board.console.address, ~0ULL, "port 0xffffffffffffffff"),
		SET(board.console.address, 0x3f8,
		    "root.ports[2]: overlaps board.console.port at 0x3f8"),
		SET(board.console.address, 0x1a,
		    "root.ports[0]: overlaps board.console.port at 0x20"),
		SET(board.console.address, 0x3ff,
		    "root.ports[2]: overlaps board.console.port at 0x3ff"),
		SET(ports[0].last, 0x1f, "root.ports[0]: runs backwards: use \"0x1f-0x20\""),
		SET(ports[0].last, 0x40, "root.ports[1]: overlaps root.ports[0] at 0x40"),
		SET(ports[0].last, 0xffff, "overlaps"),
		SET(ports[1].first, 0x21, "root.ports[1]: overlaps root.ports[0] at 0x21"),
		SET(ports[1].last, 0x2f8, "root.ports[1]: overlaps board.console.port at 0x2f8"),
		SET(ports[2].first, 0x2ff, "root.ports[2]: overlaps board.console.port at 0x2ff"),
		SET(ports[2].flags, 2, "flags 0x2 are unknown"),
		SET(msrs[0].first, 0xca0, "root.msrs[0]: runs backwards"),
		SET(msrs[0].first, 0x1b, "MSR 0x1b"),
		SET(msrs[1].last, 0xc90, "root.msrs[1]: MSR 0x1f2"),
		SET(msrs[1].first, 0xc9f, "runs backwards"),
		SET(msrs[0].last, 0x2000, "MSR 0x17d0"),
		SET(msrs[0].last, ~0u, "MSR 0x17d0"),
		SET(msrs[0].first, 0x100, "root.msrs[0]: MSR 0x1f2"),
		SET(msrs[1].last, 0x40000000, "root.msrs[1]: MSR"),
	};

	(void)state;
	run_mutations(mutations, BH_ARRAY_SIZE(mutations));
}

static void memory_console_refused(void **state)
{
	static const struct mutation mutations[] = {
		SET(board.console.stride, 2, "registers 2 bytes apart"),
		SET(board.console.stride, 0, "registers 0 bytes apart"),
		SET(board.console.address, 0xfe030002, "no multiple of the stride 4"),
		SET(board.console.address, 0xfe030fe4, "reach into a second page"),
		SET(board.console.address, 0x10000000000, "more than 40 physical bits"),
		SET(board.console.address, 0xfee00000,
		    "board.console.address: overlaps the local APIC's range"),
		SET(board.console.address, 0x38000000,
		    "board.console.address: overlaps board.hypervisor"),
		SET(board.console.address, 0x38800000,
		    "board.cell_memory[0]: overlaps board.console.address"),
		SET(board.console.address, 0xa0010,
		    "root.memory[1] \"vga\": overlaps board.console.address at 0xa0000"),
	};
	struct bh_refusal refusal;
	size_t i;

	(void)state;
	for (i = 0; i <= BH_ARRAY_SIZE(mutations); i++) {
		blob_fill(&blob);
		blob.board.console = (struct bh_console){ .type = BH_CONSOLE_8250_MMIO, .stride = 4,
							  .address = 0xfe030fe0, .divisor = 1 };
		if (i < BH_ARRAY_SIZE(mutations))
			blob_mutate(&blob, &mutations[i]);
		blob_seal(&blob.header);
		if (i < BH_ARRAY_SIZE(mutations))
			refused(mutations[i].what, mutations[i].words);
		else
			assert_true(opens(&refusal));
	}
}

/* One port or MSR in common is enough, on either side. */
static void single_common_number_refused(void **state)
{
	static const struct bh_msrs msrs[] = { { 0xc9f, 0xca8 }, { 0xc80, 0xc90 } };
	static const struct bh_ports ports[] = { { 0x21, 0x22, 0 }, { 0x1f, 0x20, 0 } };
	size_t i;

	(void)state;
	for (i = 0; i < 2; i++) {
		blob_fill(&blob);
		blob.msrs[1] = msrs[i];
		blob_seal(&blob.header);
		refused("MSRs", i ? "root.msrs[1]: overlaps root.msrs[0] at 0xc90" :
				    "root.msrs[1]: overlaps root.msrs[0] at 0xc9f");
		blob_fill(&blob);
		blob.ports[1] = ports[i];
		blob_seal(&blob.header);
		refused("ports", i ? "root.ports[1]: overlaps root.ports[0] at 0x20" :
				     "root.ports[1]: overlaps root.ports[0] at 0x21");
	}
}

static void test_cpu_must_be_the_boards(void **state)
{
	struct bh_refusal refusal;
	uint32_t cpu;

	(void)state;
	for (cpu = 0; cpu < 300; cpu++) {
		blob_fill(&blob);
		blob.board.test = (struct bh_test){ .stage = BH_TEST_VMXON, .cpu = cpu };
		blob_seal(&blob.header);
		if (cpu < 4)
			assert_true(opens(&refusal));
		else
			refused("CPU of the test",
				"board.test.cpu: names a CPU that is none of board.cpus (");
	}
}

static void names_twice_refused(void **state)
{
	(void)state;
	blob_fill(&blob);
	memcpy(blob.regions[3].name, blob.regions[1].name, BH_NAME_SIZE);
	blob_seal(&blob.header);
	refused("name", "root.memory[3] \"vga\": has the name of root.memory[1] \"vga\"");
}

static void no_ram_refused(void **state)
{
	size_t i;

	(void)state;
	blob_fill(&blob);
	for (i = 0; i < BH_ARRAY_SIZE(blob.regions); i++)
		blob.regions[i].kind = BH_REGION_DEVICE;
	blob_seal(&blob.header);
	refused("no RAM", "root.memory: has no region of kind \"ram\"");
}

/* Each pair of regions, laid over each other in turn. */
static void every_pair_of_regions_refused(void **state)
{
	uint32_t i, j;

	(void)state;
	for (i = 0; i < BH_ARRAY_SIZE(blob.regions); i++) {
		for (j = 0; j < i; j++) {
			char words[80];

			blob_fill(&blob);
			blob.regions[i].phys = blob.regions[i].at =
				blob.regions[j].phys + blob.regions[j].size - BH_PAGE_SIZE;
			blob.regions[i].size = BH_PAGE_SIZE;
			blob_seal(&blob.header);
			snprintf(words, sizeof(words),
				 "root.memory[%u] \"%s\": overlaps root.memory[%u]", i,
				 blob.regions[i].name, j);
			refused("pair", words);
		}
	}
}

struct seen {
	unsigned int count;
	struct config_finding findings[16];
};

static void remember(void *context, const struct config_finding *finding)
{
	struct seen *seen = context;

	if (seen->count < BH_ARRAY_SIZE(seen->findings))
		seen->findings[seen->count] = *finding;
	seen->count++;
}

static void every_finding_is_told(void **state)
{
	struct config_view view = { &blob.header, &blob.board, blob.pools,  NULL, NULL,
				    blob.regions, blob.ports,  blob.msrs };
	struct seen seen = { 0 };
	char name[64];

	(void)state;
	blob_fill(&blob);
	assert_int_equal(config_check(&view, remember, &seen), 0);
	blob.board.physical_bits = 30;
	blob.regions[1].phys = blob.regions[1].at = 0x9f000;
	blob.ports[1].last = 0x3f;
	assert_int_equal(config_check(&view, remember, &seen), 3);
	assert_int_equal(seen.count, 3);
	assert_int_equal(seen.findings[0].place.part, CONFIG_BOARD);
	assert_string_equal(seen.findings[0].place.setting, "physical_bits");
	assert_int_equal(seen.findings[1].place.part, CONFIG_REGION);
	assert_int_equal(seen.findings[1].place.index, 1);
	assert_int_equal(seen.findings[1].other.part, CONFIG_REGION);
	assert_int_equal(seen.findings[1].other.index, 0);
	assert_string_equal(seen.findings[1].detail, "at 0x9f000");
	assert_int_equal(seen.findings[2].place.part, CONFIG_PORTS);
	config_place_name(&view, &seen.findings[1].place, name, sizeof(name));
	assert_string_equal(name, "root.memory[1] \"vga\"");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(good_blob_opens),
		cmocka_unit_test(single_values_refused),
		cmocka_unit_test(bad_memory_refused),
		cmocka_unit_test(last_bytes_are_taken),
		cmocka_unit_test(bad_regions_refused),
		cmocka_unit_test(bad_io_refused),
		cmocka_unit_test(memory_console_refused),
		cmocka_unit_test(single_common_number_refused),
		cmocka_unit_test(test_cpu_must_be_the_boards),
		cmocka_unit_test(names_twice_refused),
		cmocka_unit_test(no_ram_refused),
		cmocka_unit_test(every_pair_of_regions_refused),
		cmocka_unit_test(every_finding_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
