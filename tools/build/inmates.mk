# SPDX-License-Identifier: GPL-2.0-only
#
# Programs for cells: newlib, the library over it, and the demos. Programs out of the tree are built
# by inmates/inmates.mk with what lands here.

all: inmates

AR := $(CROSS_COMPILE)ar

inmate-top := .
inmate-build := $(BUILD)/inmates
include inmates/flags.mk
include inmates/lib/sources.mk
include inmates/demos/sources.mk

inmate-tree-cflags = $(inmate-cflags) -fno-common $(warnings) $(reproducible)
inmate-record := $(call record,inmates,$(CC) $(inmate-tree-cflags))
inmate-link-record := $(call record,inmates-link,$(call inmate-link,,,))
newlib := $(inmate-build)/newlib.stamp

# The script builds nothing if the cache has what it would build.
$(newlib): tools/build/newlib
	$(call say,NEWLIB,$(inmate-build)/newlib)
	$(Q)CC=$(CC) tools/build/newlib $(inmate-build)/newlib
	$(Q)touch $@

$(BUILD)/inmates/%.o: inmates/%.c $(inmate-record) $(newlib)
	$(call say,INMATECC,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(inmate-tree-cflags) -MMD -MP -c -o $@ $<

$(BUILD)/inmates/%.o: inmates/%.S $(inmate-record) $(newlib)
	$(call say,INMATEAS,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(inmate-flags) $(reproducible) -MMD -MP -c -o $@ $<

inmate-library := $(inmate-build)/libinmate.a
inmate-lib-objects := $(addprefix $(BUILD)/,$(inmate-lib-y))

$(inmate-library): $(inmate-lib-objects) $(call record,inmate-lib,$(inmate-lib-y))
	$(call say,AR,$@)
	$(Q)rm -f $@
	$(Q)$(AR) qcsD $@ $(inmate-lib-objects)

inmate-demos := $(inmate-demos-y:%=$(inmate-build)/demos/%.elf)

$(inmate-demos): %.elf: %.o $(inmate-library) inmates/lib/inmate.lds $(inmate-link-record)
	$(call say,INMATELD,$@)
	$(Q)$(call inmate-link,$(*F),$<,$@)

# Linters read newlib's headers.
inmate-sources := $(wildcard $(inmate-lib-y:.o=.c)) $(inmate-demos-y:%=inmates/demos/%.c)
compile-commands: $(newlib)

inmates-lib: $(inmate-library)
inmates: $(inmate-demos)

-include $(inmate-lib-objects:.o=.d) $(inmate-demos:.elf=.d)

.PHONY: inmates inmates-lib
