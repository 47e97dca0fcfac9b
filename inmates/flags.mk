# SPDX-License-Identifier: GPL-2.0-only
#
# How programs for cells are compiled and linked, in the tree (tools/build/inmates.mk) and out of it
# (inmates/inmates.mk). $(inmate-top) is the tree, $(inmate-build) where the library was built.

inmate-ram ?= 2M

# No red zone: interrupts use the stack that they find. Not of any system: Linux's names are off.
inmate-flags := -ffreestanding -fno-pic -mno-red-zone -fcf-protection=none -fno-stack-protector \
	-fno-asynchronous-unwind-tables -ffunction-sections -fdata-sections -g -nostdinc \
	-Wa,--fatal-warnings \
	-U__linux__ -U__linux -Ulinux -U__gnu_linux__ -U__unix__ -U__unix -Uunix
inmate-includes = -I$(inmate-top)/inmates/lib/include -I$(inmate-top)/include \
	-isystem $(inmate-build)/newlib/include -isystem $(inmate-cc-include)
inmate-cc-include := $(shell $(CC) -print-file-name=include)
inmate-cflags = -std=gnu11 -O2 -Wall -Wextra $(inmate-flags) $(inmate-includes)

# $(call inmate-link,PROGRAM,OBJECTS,FILE): newlib and the library need each other. What is not
# called is left out. $(PROGRAM-ram) is the memory at 0 that it may count on, else $(inmate-ram).
inmate-ldflags = -nostdlib -static -no-pie -Wl,--gc-sections -Wl,--build-id=none \
	-Wl,-z,noexecstack -Wl,-z,max-page-size=4096 -Wl,--no-warn-rwx-segments \
	-T $(inmate-top)/inmates/lib/inmate.lds
inmate-libs = $(inmate-build)/libinmate.a $(inmate-build)/newlib/lib/libm.a \
	$(inmate-build)/newlib/lib/libc.a -lgcc
inmate-ram-bytes = $(shell numfmt --from=iec $(or $($(1)-ram),$(inmate-ram)))
inmate-link = $(CC) $(inmate-ldflags) -Wl,--defsym=inmate_ram_size=$(call inmate-ram-bytes,$(1)) \
	-o $(3) $(2) -Wl,--start-group $(inmate-libs) -Wl,--end-group
