# SPDX-License-Identifier: GPL-2.0-only
#
# The backend for AMD processors.

svm-objects := $(addprefix hypervisor/x86/svm/,asid.o backend.o entry.o exit_counter.o \
	exit_event.o exit_exception.o exits.o instruction_length.o operation.o park.o \
	registers.o setup.o)
backends-$(CONFIG_SVM) += svm
offsets-$(CONFIG_SVM) += hypervisor/x86/svm/offsets.c
