# SPDX-License-Identifier: GPL-2.0-only
#
# The command `bulkhead`: one file a verb; cell/ has those of `bulkhead cell`, config/ the language.

tools-y += tools/backend_words.o \
	tools/cpu_json.o \
	tools/device.o \
	tools/exit_reasons.o \
	tools/fault_advice.o \
	tools/fault_device.o \
	tools/fault_show.o \
	tools/hardware_report.o \
	tools/instruction.o \
	tools/log_reader.o \
	tools/machine.o \
	tools/machine_file.o \
	tools/machine_live.o \
	tools/main.o \
	tools/output.o \
	tools/qualification.o \
	tools/snapshot.o \
	tools/verb.o \
	tools/verb_cell.o \
	tools/verb_console.o \
	tools/verb_disable.o \
	tools/verb_enable.o \
	tools/verb_hardware.o \
	tools/verb_status.o

# `bulkhead config` and the language of board files.
tools-y += tools/verb_config.o \
	tools/config/board.o \
	tools/config/cell.o \
	tools/config/compile.o \
	tools/config/complaints.o \
	tools/config/confinement.o \
	tools/config/create.o \
	tools/config/create_iommus.o \
	tools/config/create_memory.o \
	tools/config/create_pci.o \
	tools/config/iommus.o \
	tools/config/judge.o \
	tools/config/expand.o \
	tools/config/expand_cell.o \
	tools/config/live_devices.o \
	tools/config/load.o \
	tools/config/map.o \
	tools/config/map_cell.o \
	tools/config/map_host.o \
	tools/config/map_json.o \
	tools/config/map_text.o \
	tools/config/multihit.o \
	tools/config/nearest.o \
	tools/config/numbers.o \
	tools/config/owned.o \
	tools/config/parts.o \
	tools/config/pci.o \
	tools/config/resources.o \
	tools/config/set.o \
	tools/config/settings.o \
	tools/config/show.o \
	tools/config/show_cell.o \
	tools/config/show_pci.o \
	tools/config/siblings.o \
	tools/config/source.o \
	tools/config/sysfs_pci.o \
	tools/config/tables.o \
	tools/config/values.o

# `bulkhead cell`.
tools-y += tools/cell/cell_config.o \
	tools/cell/cell_table.o \
	tools/cell/console.o \
	tools/cell/core_file.o \
	tools/cell/create.o \
	tools/cell/destroy.o \
	tools/cell/detail_json.o \
	tools/cell/devices.o \
	tools/cell/detail_text.o \
	tools/cell/dump.o \
	tools/cell/elf_image.o \
	tools/cell/ending.o \
	tools/cell/exit_rates.o \
	tools/cell/faults.o \
	tools/cell/leaves.o \
	tools/cell/list.o \
	tools/cell/load.o \
	tools/cell/load_plan.o \
	tools/cell/log_lines.o \
	tools/cell/progress.o \
	tools/cell/region_text.o \
	tools/cell/registers.o \
	tools/cell/show.o \
	tools/cell/shutdown.o \
	tools/cell/start.o \
	tools/cell/stats.o \
	tools/cell/stats_screen.o \
	tools/cell/target.o
