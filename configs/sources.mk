# SPDX-License-Identifier: GPL-2.0-only
#
# Board files and their cell files that are installed, each in the folder of its board.

boards-y += configs/boards/bochs/board.conf \
	configs/boards/bochs/attacker.conf \
	configs/boards/bochs/device.conf \
	configs/boards/bochs/devices.conf \
	configs/boards/bochs/hpet.conf \
	configs/boards/bochs/linked.conf \
	configs/boards/bochs/neighbour.conf \
	configs/boards/bochs/nic.conf \
	configs/boards/bochs/rt0.conf \
	configs/boards/bochs/serial.conf \
	configs/boards/bochs/smp.conf \
	configs/boards/bochs/uart.conf

boards-y += configs/boards/qemu-q35/board.conf \
	configs/boards/qemu-q35/amdvi.conf \
	configs/boards/qemu-q35/amdvi-devices.conf \
	configs/boards/qemu-q35/attacker.conf \
	configs/boards/qemu-q35/device.conf \
	configs/boards/qemu-q35/devices.conf \
	configs/boards/qemu-q35/edu.conf \
	configs/boards/qemu-q35/hpet.conf \
	configs/boards/qemu-q35/linked.conf \
	configs/boards/qemu-q35/neighbour.conf \
	configs/boards/qemu-q35/nic.conf \
	configs/boards/qemu-q35/rt0.conf \
	configs/boards/qemu-q35/serial.conf \
	configs/boards/qemu-q35/smp.conf \
	configs/boards/qemu-q35/uart.conf \
	configs/boards/qemu-q35/vtd.conf \
	configs/boards/qemu-q35/vtd-devices.conf
