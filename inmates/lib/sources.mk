# SPDX-License-Identifier: BSD-2-Clause
#
# The library for programs in cells.

inmate-lib-y += inmates/lib/apic.o \
	inmates/lib/cell.o \
	inmates/lib/clock.o \
	inmates/lib/console.o \
	inmates/lib/e1000.o \
	inmates/lib/hpet.o \
	inmates/lib/interrupt.o \
	inmates/lib/interrupt_entry.o \
	inmates/lib/ioapic.o \
	inmates/lib/pci.o \
	inmates/lib/pci_msi.o \
	inmates/lib/rtc.o \
	inmates/lib/serial.o \
	inmates/lib/smp.o \
	inmates/lib/start.o \
	inmates/lib/startup.o \
	inmates/lib/syscalls.o \
	inmates/lib/timer.o \
	inmates/lib/try.o \
	inmates/lib/words.o
