# SPDX-License-Identifier: GPL-2.0-only
#
# The backend for Intel processors.

vmx-objects := $(addprefix hypervisor/x86/vmx/,backend.o entry.o ept.o exit_apic_page.o \
	exit_control.o exit_event.o exit_exception.o exits.o operation.o park.o setup.o)
backends-$(CONFIG_VMX) += vmx
