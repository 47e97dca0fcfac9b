# SPDX-License-Identifier: GPL-2.0-only
#
# What a cell is and how it lives, whatever the processor's vendor.

core-y += hypervisor/core/cell_audit.o \
	hypervisor/core/cell_build.o \
	hypervisor/core/cell_console.o \
	hypervisor/core/cell_cpus.o \
	hypervisor/core/cell_create.o \
	hypervisor/core/cell_end.o \
	hypervisor/core/cell_memory.o \
	hypervisor/core/cell_run.o \
	hypervisor/core/cell_scrub.o \
	hypervisor/core/cell_stop.o \
	hypervisor/core/cells.o \
	hypervisor/core/comm.o \
	hypervisor/core/console.o \
	hypervisor/core/cpu_messages.o \
	hypervisor/core/deadline.o \
	hypervisor/core/evict.o \
	hypervisor/core/fault_log.o \
	hypervisor/core/hpet.o \
	hypervisor/core/hypercall.o \
	hypervisor/core/log.o \
	hypervisor/core/manage.o \
	hypervisor/core/pool.o \
	hypervisor/core/read.o \
	hypervisor/core/root.o \
	hypervisor/core/root_events.o \
	hypervisor/core/root_regions.o \
	hypervisor/core/seal.o \
	hypervisor/core/start.o \
	hypervisor/core/string.o
core-y += hypervisor/core/pci_devices$(if $(CONFIG_PCI_FILTER),,_absent).o
core-$(CONFIG_PCI_FILTER) += hypervisor/core/ioapic.o \
	hypervisor/core/msix.o \
	hypervisor/core/pci_acs.o \
	hypervisor/core/pci_functions.o \
	hypervisor/core/pci_judge.o \
	hypervisor/core/pci_messages.o \
	hypervisor/core/pci_reset.o \
	hypervisor/core/pci_rest.o
core-$(CONFIG_CONSOLE_8250_PORT) += hypervisor/core/console_8250_port.o
core-$(CONFIG_CONSOLE_8250_MMIO) += hypervisor/core/console_8250_mmio.o
core-$(CONFIG_PCI_FILTER) += \
	hypervisor/core/test_messages$(if $(CONFIG_TEST_DEVICES),,_absent).o
core-y += hypervisor/core/test_devices$(if $(CONFIG_TEST_DEVICES),,_absent).o
core-y += hypervisor/core/debug_reads$(if $(CONFIG_DEBUG),,_absent).o
core-y += hypervisor/core/invalidation$(if $(CONFIG_DEBUG),,_absent).o
