# SPDX-License-Identifier: GPL-2.0-only
#
# libFuzzer targets: fuzz_X is fuzz_X.c linked with the model; fuzz-objs-fuzz_X are objects
# besides it.

fuzz-y += fuzz_cell_config fuzz_config fuzz_decode fuzz_pci fuzz_walk

fuzz-objs-fuzz_config := tests/unit/config_blob.o tests/unit/pci_blob.o \
	tests/unit/pci_rules.o
fuzz-objs-fuzz_cell_config := tests/unit/cell_blob.o tests/unit/cell_rules.o \
	tests/unit/config_blob.o tests/unit/pci_blob.o \
	tests/unit/pci_rules.o

fuzz-y += fuzz_elf
fuzz-objs-fuzz_elf := tools/cell/elf_image.o

fuzz-y += fuzz_acpi_iommus
