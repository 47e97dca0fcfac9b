# SPDX-License-Identifier: GPL-2.0-only
#
# What every backend compiles for itself, by its own vcpu.h; what serves exits is compiled for
# speed.

guest-objects := $(addprefix hypervisor/x86/guest/,apic_shadow.o arrive.o events.o exit_apic.o \
	exit_end.o exit_instruction.o exit_machine_check.o exit_memory.o exit_msr.o exit_port.o \
	fault.o fetch.o leave.o memory.o move.o reset.o served.o served_hpet.o served_iommu.o \
	served_subpage.o stop.o)
guest-objects += $(addprefix hypervisor/x86/guest/,$(if \
	$(CONFIG_PCI_FILTER),pci_ports.o served_pci.o,served_pci_absent.o))
guest-hot := $(addprefix hypervisor/x86/guest/,exit_apic.o exit_instruction.o exit_msr.o \
	exit_port.o fetch.o)
