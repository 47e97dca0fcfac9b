# SPDX-License-Identifier: GPL-2.0-only
#
# The backend for Intel processors.

x86-$(CONFIG_VMX) += hypervisor/x86/vmx/apic_shadow.o \
	hypervisor/x86/vmx/backend.o \
	hypervisor/x86/vmx/entry.o \
	hypervisor/x86/vmx/exit_apic.o \
	hypervisor/x86/vmx/exit_control.o \
	hypervisor/x86/vmx/exit_event.o \
	hypervisor/x86/vmx/exit_exception.o \
	hypervisor/x86/vmx/exit_instruction.o \
	hypervisor/x86/vmx/exit_memory.o \
	hypervisor/x86/vmx/exit_msr.o \
	hypervisor/x86/vmx/exit_port.o \
	hypervisor/x86/vmx/exits.o \
	hypervisor/x86/vmx/fault.o \
	hypervisor/x86/vmx/fetch.o \
	hypervisor/x86/vmx/guest_memory.o \
	hypervisor/x86/vmx/leave.o \
	hypervisor/x86/vmx/move.o \
	hypervisor/x86/vmx/operation.o \
	hypervisor/x86/vmx/reset.o \
	hypervisor/x86/vmx/ept.o \
	hypervisor/x86/vmx/setup.o \
	hypervisor/x86/vmx/skip.o \
	hypervisor/x86/vmx/stop.o
