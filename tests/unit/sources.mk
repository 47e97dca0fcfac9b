# SPDX-License-Identifier: GPL-2.0-only
#
# Unit tests: test_X is test_X.c linked with the model; unit-objs-test_X are objects besides it.

unit-y += test_config test_config_form test_crc32 test_decode test_emulate test_fault_show \
	test_hvmap test_pagetable test_pagetable_random test_policy test_range test_text \
	test_vmx_features test_walk test_walk_rights

# What the assembler makes of the instructions that the script asks for.
decode-cases := $(BUILD)/unit/tests/unit/decode_cases
unit-objs-test_decode := tests/unit/decode_cases.o

$(decode-cases).s: tests/unit/decode_cases.py
	$(call say,GEN,$@)
	$(Q)mkdir -p $(@D)
	$(Q)python3 $< >$@

$(decode-cases).o: $(decode-cases).s
	$(call say,UNITAS,$@)
	$(Q)as --64 --fatal-warnings -o $@ $<

unit-objs-test_walk := tests/unit/guest_tables.o
unit-objs-test_walk_rights := tests/unit/guest_tables.o

unit-objs-test_config := tests/unit/config_blob.o
unit-objs-test_config_form := tests/unit/config_blob.o

unit-objs-test_fault_show := tools/fault_show.o tools/exit_reasons.o tools/output.o
unit-libs-test_fault_show := -lsmartcols -ljson-c
