# SPDX-License-Identifier: GPL-2.0-only
#
# What a cell is and how it lives, whatever the processor's vendor.

core-y += hypervisor/core/console.o \
	hypervisor/core/evict.o \
	hypervisor/core/fault_log.o \
	hypervisor/core/hypercall.o \
	hypervisor/core/log.o \
	hypervisor/core/pool.o \
	hypervisor/core/root.o \
	hypervisor/core/start.o \
	hypervisor/core/string.o
core-$(CONFIG_CONSOLE_8250_PORT) += hypervisor/core/console_8250_port.o
core-$(CONFIG_CONSOLE_8250_MMIO) += hypervisor/core/console_8250_mmio.o
core-y += hypervisor/core/test_devices$(if $(CONFIG_TEST_DEVICES),,_absent).o
