# SPDX-License-Identifier: GPL-2.0-only
#
# IOMMUs: the drivers that were chosen, or what stands in for them where none was.

x86-$(CONFIG_IOMMU_VTD) += $(addprefix hypervisor/x86/iommu/,vtd.o vtd_faults.o vtd_queue.o \
	vtd_linux.o vtd_publish.o vtd_remapping.o vtd_tables.o vtd_take.o)
x86-$(CONFIG_IOMMU_AMDVI) += $(addprefix hypervisor/x86/iommu/,amdvi.o amdvi_events.o \
	amdvi_message$(if $(CONFIG_PCI_FILTER),,_absent).o amdvi_queue.o)
x86-y += $(addprefix hypervisor/x86/iommu/,$(if $(CONFIG_IOMMU_VTD)$(CONFIG_IOMMU_AMDVI),iommu.o \
	iommu_devices.o iommu_faults.o iommu_linux.o iommu_pins.o \
	$(if $(CONFIG_TEST_DEVICES),iommu_test.o) \
	$(if $(CONFIG_DEBUG),iommu_debug.o),iommu_absent.o))
