# SPDX-License-Identifier: GPL-2.0-only
#
# Demos of what a cell's program can do: one file each.

inmate-demos-y += edu faults heartbeat hello hpet lifecycle nic pci smp timer uart
