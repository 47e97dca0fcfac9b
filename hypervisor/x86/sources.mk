# SPDX-License-Identifier: GPL-2.0-only
#
# The processor. offsets-y are the C files whose constants assembly reads as "x86/offsets.h".

offsets-y += hypervisor/x86/offsets.c
x86-y += hypervisor/x86/apic.o \
	hypervisor/x86/bridge.o \
	hypervisor/x86/bridge_entry.o \
	hypervisor/x86/device_memory.o \
	hypervisor/x86/exception_entry.o \
	hypervisor/x86/exceptions.o \
	hypervisor/x86/full_speed.o \
	hypervisor/x86/icr.o \
	hypervisor/x86/image.o \
	hypervisor/x86/owner.o \
	hypervisor/x86/panic.o \
	hypervisor/x86/processor.o \
	hypervisor/x86/tables.o \
	hypervisor/x86/window.o
x86-$(CONFIG_PCI_FILTER) += hypervisor/x86/ioapic_access.o hypervisor/x86/pci_access.o
