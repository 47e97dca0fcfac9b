# SPDX-License-Identifier: GPL-2.0-only
#
# Pure logic: compiled into the hypervisor, and for the host into the tool, the tests and the
# fuzzers.

model-y += hypervisor/model/audit.o \
	hypervisor/model/audit_tables.o \
	hypervisor/model/backend_kind.o \
	hypervisor/model/cell_budget.o \
	hypervisor/model/cell_map.o \
	hypervisor/model/counters.o \
	hypervisor/model/trapped.o \
	hypervisor/model/vpid.o \
	hypervisor/model/crc32.o hypervisor/model/decode_length.o \
	hypervisor/model/decode.o \
	hypervisor/model/decode_tables.o \
	hypervisor/model/decode_text.o \
	hypervisor/model/emulate.o \
	hypervisor/model/features.o \
	hypervisor/model/format_ept.o \
	hypervisor/model/format_npt.o \
	hypervisor/model/format_x86.o \
	hypervisor/model/pagetable.o \
	hypervisor/model/pagetable_predict.o \
	hypervisor/model/range.o \
	hypervisor/model/refuse.o \
	hypervisor/model/text.o \
	hypervisor/model/walk.o \
	hypervisor/model/apic_policy.o \
	hypervisor/model/cpuid_policy.o \
	hypervisor/model/fault_text.o \
	hypervisor/model/hpet_policy.o \
	hypervisor/model/hvmap.o \
	hypervisor/model/ioapic_policy.o \
	hypervisor/model/layout.o \
	hypervisor/model/log_ring.o \
	hypervisor/model/machine_check.o \
	hypervisor/model/msi_layout.o \
	hypervisor/model/msi_policy.o \
	hypervisor/model/msr_policy.o \
	hypervisor/model/msr_scrub.o \
	hypervisor/model/pci.o \
	hypervisor/model/pci_alias.o \
	hypervisor/model/pci_capabilities.o \
	hypervisor/model/pci_function.o \
	hypervisor/model/pci_hotplug.o \
	hypervisor/model/pci_parts.o \
	hypervisor/model/pci_path.o \
	hypervisor/model/pci_policy.o \
	hypervisor/model/pci_policy_table.o \
	hypervisor/model/pci_reset.o \
	hypervisor/model/performance.o \
	hypervisor/model/port_policy.o \
	hypervisor/model/svm_features.o \
	hypervisor/model/svm_features_without.o \
	hypervisor/model/vmx_features.o \
	hypervisor/model/vmx_features_without.o \
	hypervisor/model/config.o \
	hypervisor/model/config_cell.o \
	hypervisor/model/config_cell_io.o \
	hypervisor/model/config_cell_memory.o \
	hypervisor/model/config_cell_pci.o \
	hypervisor/model/config_check.o \
	hypervisor/model/config_io.o \
	hypervisor/model/config_memory.o \
	hypervisor/model/config_pci.o

model-y += hypervisor/model/acpi_dmar.o \
	hypervisor/model/acpi_ivrs.o \
	hypervisor/model/acpi_parts.o \
	hypervisor/model/amdvi_entries.o \
	hypervisor/model/audit_dma.o \
	hypervisor/model/config_iommus.o \
	hypervisor/model/format_amdvi.o \
	hypervisor/model/format_vtd.o \
	hypervisor/model/iommu_budget.o \
	hypervisor/model/iommu_places.o \
	hypervisor/model/iommu_reason.o \
	hypervisor/model/iommu_strays.o \
	hypervisor/model/iommus.o \
	hypervisor/model/kept_memory.o \
	hypervisor/model/msi_routes.o \
	hypervisor/model/msix_table.o \
	hypervisor/model/pci_acs.o \
	hypervisor/model/pci_source.o \
	hypervisor/model/vtd_command.o \
	hypervisor/model/vtd_entries.o \
	hypervisor/model/vtd_linux.o
