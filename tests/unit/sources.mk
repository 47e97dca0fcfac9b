# SPDX-License-Identifier: GPL-2.0-only
#
# Unit tests: test_X is test_X.c linked with the model; unit-objs-test_X are objects besides it.

unit-y += test_config test_config_form test_config_root test_crc32 test_decode \
	test_decode_length test_emulate \
	test_fault_device test_fault_show test_hvmap test_log_ring test_pagetable \
	test_pagetable_random test_policy test_range \
	test_svm_features test_text test_vmx_features test_walk test_walk_rights

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

unit-objs-test_config := tests/unit/config_blob.o tests/unit/pci_rules.o
unit-objs-test_config_form := tests/unit/config_blob.o tests/unit/pci_rules.o
unit-objs-test_config_root := tests/unit/config_blob.o tests/unit/pci_rules.o

fault-objs := tools/fault_show.o tools/fault_advice.o tools/fault_device.o tools/instruction.o \
	tools/backend_words.o tools/exit_reasons.o tools/output.o tools/qualification.o
unit-objs-test_fault_show := $(fault-objs)
unit-libs-test_fault_show := -lsmartcols -ljson-c
unit-objs-test_fault_device := $(fault-objs)
unit-libs-test_fault_device := -lsmartcols -ljson-c

# Parts of the command.
unit-y += test_cell_tool test_core_file test_elf_image test_load_plan test_numbers

unit-objs-test_elf_image := tools/cell/elf_image.o
unit-objs-test_load_plan := tools/cell/load_plan.o tools/cell/elf_image.o tools/output.o
unit-libs-test_load_plan := -lsmartcols -ljson-c
unit-objs-test_core_file := tools/cell/core_file.o tools/output.o
unit-libs-test_core_file := -lsmartcols -ljson-c
unit-objs-test_cell_tool := tools/cell/target.o tools/cell/cell_table.o tools/cell/log_lines.o \
	tools/cell/exit_rates.o \
	tools/cell/ending.o tools/config/numbers.o tools/device.o tools/exit_reasons.o \
	tools/log_reader.o tools/output.o tools/snapshot.o tools/verb.o
unit-libs-test_cell_tool := -lsmartcols -ljson-c
unit-objs-test_numbers := tools/config/numbers.o

# Of cells in the model.
unit-y += test_apic_policy test_audit test_audit_random test_cell_budget test_cell_map \
	test_config_cell test_config_cell_form test_config_cell_memory test_machine_check \
	test_msr_policy test_performance test_vpid

unit-y += test_config_pci test_hpet_policy test_ioapic_policy test_msi_layout test_msi_policy \
	test_msi_routes test_msix_table test_pci test_pci_acs test_pci_hotplug test_pci_path \
	test_pci_policy test_pci_policy_table test_pci_reset test_pci_source

unit-objs-test_msi_layout := tests/unit/pci_space.o
unit-objs-test_pci := tests/unit/pci_space.o
unit-objs-test_pci_acs := tests/unit/pci_space.o
unit-objs-test_pci_hotplug := tests/unit/pci_space.o
unit-objs-test_pci_policy := tests/unit/pci_space.o
unit-objs-test_pci_reset := tests/unit/pci_space.o
unit-objs-test_config_pci := tests/unit/pci_blob.o tests/unit/cell_rules.o \
	tests/unit/config_blob.o tests/unit/pci_rules.o

cell-blob-objs := tests/unit/cell_blob.o tests/unit/cell_rules.o tests/unit/config_blob.o \
	tests/unit/pci_rules.o
unit-objs-test_config_cell := tests/unit/cell_changes.o $(cell-blob-objs)
unit-objs-test_config_cell_form := $(cell-blob-objs)
unit-objs-test_config_cell_memory := tests/unit/cell_changes.o $(cell-blob-objs)

unit-objs-test_audit_random := tests/unit/random_cells.o
unit-objs-test_cell_budget := tests/unit/random_cells.o

# Of the core.
unit-y += test_deadline
unit-objs-test_deadline := hypervisor/core/deadline.o

# Of IOMMUs.
unit-y += test_acpi_iommus test_iommu_cells test_iommu_entries test_iommu_places test_iommu_strays
unit-y += test_iommus test_iommu_reason
unit-y += test_audit_dma test_vtd_linux
