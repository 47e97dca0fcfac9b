# SPDX-License-Identifier: GPL-2.0-only
#
# For makefiles of people who write programs for cells in a folder of their own; inmates/README.md
# tells how. It gives the goals "all" and "clean". To be set before it is included:
#
#   inmates-y        programs; each becomes PROGRAM.elf
#   PROGRAM-objs     its objects, PROGRAM.o if not set
#   PROGRAM-ram      bytes of RAM at 0 that it may count on, 2M if not set
#   inmate-ccflags   more options for the compiler
#   BULKHEAD_BUILD   where Bulkhead builds, "build" if not set

inmate-top := $(abspath $(dir $(lastword $(MAKEFILE_LIST)))..)
BULKHEAD_BUILD ?= build
inmate-build := $(if $(filter /%,$(BULKHEAD_BUILD)),,$(inmate-top)/)$(BULKHEAD_BUILD)/inmates

ifeq ($(origin CC),default)
CC := $(CROSS_COMPILE)gcc
endif

include $(inmate-top)/inmates/flags.mk

.DEFAULT_GOAL := all
.DELETE_ON_ERROR:

inmate-library := $(inmate-build)/libinmate.a
inmate-objects-of = $(or $($(1)-objs),$(1).o)
inmate-objects := $(sort $(foreach program,$(inmates-y),$(call inmate-objects-of,$(program))))

all: $(inmates-y:%=%.elf)

# What Bulkhead's own makefile builds is its to judge; it does nothing if all is there.
$(inmate-library): inmate-force
	+@$(MAKE) --no-print-directory -s -C $(inmate-top) BUILD=$(BULKHEAD_BUILD) inmates-lib

$(inmate-objects): | $(inmate-library)

%.o: %.c
	$(CC) $(inmate-cflags) $(inmate-ccflags) -MMD -MP -c -o $@ $<

%.o: %.S
	$(CC) $(inmate-flags) $(inmate-includes) $(inmate-ccflags) -MMD -MP -c -o $@ $<

define inmate-rule
$(1).elf: $(call inmate-objects-of,$(1)) $(inmate-library) $(inmate-top)/inmates/lib/inmate.lds
	$$(call inmate-link,$(1),$(call inmate-objects-of,$(1)),$$@)
endef
$(foreach program,$(inmates-y),$(eval $(call inmate-rule,$(program))))

clean:
	rm -f $(inmates-y:%=%.elf) $(inmate-objects) $(inmate-objects:.o=.d)

-include $(inmate-objects:.o=.d)

inmate-force:
.PHONY: all clean inmate-force
