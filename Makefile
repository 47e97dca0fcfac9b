# SPDX-License-Identifier: GPL-2.0-only
#
# Builds Bulkhead and runs its tests; `make help` lists the goals. The rules are in
# tools/build/*.mk, the sources of each folder in its sources.mk. Everything that is built lands
# under $(BUILD).

BUILD ?= build
DEFCONFIG ?= default_defconfig

.DEFAULT_GOAL := all
.DELETE_ON_ERROR:
.SUFFIXES:
MAKEFLAGS += --no-builtin-rules --no-builtin-variables

# These goals need neither a configuration nor a compiler: they must work on a machine that has only
# git and make.
bare-goals := help setup clean distclean demo check check-unit check-static check-system bench soak
config-goals := menuconfig nconfig defconfig olddefconfig savedefconfig %_defconfig

include tools/build/common.mk

# A goal that makes or removes a configuration must be over before the next one reads it.
ifneq ($(and $(filter clean distclean $(config-goals),$(MAKECMDGOALS)),$(word 2,$(MAKECMDGOALS))),)

$(MAKECMDGOALS): one-by-one
	@:
one-by-one:
	$(Q)set -e; for goal in $(MAKECMDGOALS); do $(MAKE) --no-print-directory $$goal; done
.PHONY: one-by-one $(MAKECMDGOALS)

else

include tools/build/config.mk
include tools/build/tests.mk

ifneq ($(filter-out $(bare-goals) $(config-goals),$(or $(MAKECMDGOALS),all)),)
include $(config-makefile)

include hypervisor/model/sources.mk
include hypervisor/core/sources.mk
include hypervisor/x86/sources.mk
include hypervisor/x86/guest/sources.mk
include hypervisor/x86/iommu/sources.mk
include hypervisor/x86/svm/sources.mk
include hypervisor/x86/vmx/sources.mk
include tools/sources.mk
include configs/sources.mk
include tests/unit/sources.mk
include tests/fuzz/sources.mk

include tools/build/hypervisor.mk
include tools/build/inmates.mk
include tools/build/host.mk
include tools/build/driver.mk
include tests/bench/sources.mk
include inmates/tests/sources.mk
include tools/build/install.mk
endif

clean:
	$(call say,CLEAN,$(BUILD))
	$(Q)[ ! -d $(BUILD) ] || \
		find $(BUILD) -mindepth 1 -maxdepth 1 ! -name .config -exec rm -r {} +

distclean:
	$(call say,CLEAN,$(BUILD))
	$(Q)rm -rf $(BUILD)

help:
	@sed -n 's/^#: //p' Makefile tools/build/*.mk

.PHONY: all clean distclean help FORCE

endif

#: Building (objects under BUILD=build, V=1 shows commands):
#:   all                      hypervisor image and command-line tool
#:   modules KDIR=DIR         the driver, for the kernel whose headers are in DIR
#:   install DESTDIR=DIR      what was built; with KDIR=DIR the driver too
#:   clean, distclean         remove what was built; the configuration too
