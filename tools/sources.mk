# SPDX-License-Identifier: GPL-2.0-only
#
# The command `bulkhead`: one file a verb, and config/, the language.

tools-y += tools/device.o \
	tools/exit_reasons.o \
	tools/fault_show.o \
	tools/hardware_report.o \
	tools/machine.o \
	tools/machine_file.o \
	tools/machine_live.o \
	tools/main.o \
	tools/output.o \
	tools/snapshot.o \
	tools/verb.o \
	tools/verb_console.o \
	tools/verb_disable.o \
	tools/verb_enable.o \
	tools/verb_hardware.o \
	tools/verb_status.o

# `bulkhead config` and the language of board files.
tools-y += tools/verb_config.o \
	tools/config/board.o \
	tools/config/complaints.o \
	tools/config/load.o \
	tools/config/map.o \
	tools/config/map_host.o \
	tools/config/nearest.o \
	tools/config/numbers.o \
	tools/config/settings.o \
	tools/config/show.o \
	tools/config/source.o \
	tools/config/tables.o \
	tools/config/values.o
