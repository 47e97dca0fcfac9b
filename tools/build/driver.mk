# SPDX-License-Identifier: GPL-2.0-only
#
# Kernel modules, by the build system of the kernel they are for: the driver, and the one that the
# system tests try walls with. That build system leaves objects beside the sources, so the sources
# that a Kbuild lists are linked into a folder for each kernel release.

KDIR ?= /lib/modules/$(shell uname -r)/build

# Debian's kernel.release names the upstream version, not what the kernel calls itself.
driver-release = $(shell sed -n 's/.*UTS_RELEASE "\(.*\)"/\1/p' $(release-header))
release-header = $(KDIR)/include/generated/utsrelease.h

driver-dir = $(BUILD)/driver/$(driver-release)
probe-dir = $(BUILD)/probe/$(driver-release)

# $(call kbuild,FOLDER,SOURCES): the start of a command that builds in FOLDER.
kbuild = +$(Q)$(MAKE) --no-print-directory -C $(KDIR) M=$(abspath $(1)) \
	BULKHEAD=$(CURDIR) CONFIG_TEST_DEVICES=$(CONFIG_TEST_DEVICES) \
	KCFLAGS="-Werror -I$(CURDIR)/$(2) $(call module-maps,$(1))" \
	KAFLAGS="$(call module-maps,$(1))" $(if $(Q),,V=1)
module-maps = $(foreach path,$(CURDIR)/ $(abspath $(1))/,-ffile-prefix-map=$(path)=)

# $(call module-source,OBJECT,SOURCES): what an object of a Kbuild is made from. Those in model/ are
# the hypervisor's.
module-source = $(or $(firstword $(wildcard $(module-candidates))),$(error $(2)/Kbuild: \
	no source for $(1)))
module-candidates = $(patsubst model/%.o,hypervisor/model/%.c,$(filter model/%,$(1))) \
	$(patsubst %.o,$(2)/%.c,$(1)) $(patsubst %.o,$(2)/%.S,$(1))

# $(call module-links,OBJECTS,SOURCES,FOLDER): lines of a recipe that fill FOLDER.
module-link = ln -sf $(CURDIR)/$(2) $(3)/$(basename $(1))$(suffix $(2))
define module-links
	$(Q)mkdir -p $(3)/model
	$(Q)ln -sf $(CURDIR)/$(2)/Kbuild $(3)/Kbuild
	$(Q)$(foreach object,$(1),$(call \
		module-link,$(object),$(call module-source,$(object),$(2)),$(3)) &&) true
endef

modules: $(release-header)
	$(call module-links,$(bulkhead-y),driver,$(driver-dir))
	$(call kbuild,$(driver-dir),driver) modules

probe: $(release-header)
	$(call module-links,$(bh_probe-y),tests/system/modules,$(probe-dir))
	$(call kbuild,$(probe-dir),tests/system/modules) modules

$(release-header):
	@echo 'modules: "$(KDIR)" has no kernel headers: make modules KDIR=FOLDER' >&2
	@false

ifneq ($(filter modules install probe,$(MAKECMDGOALS)),)
include driver/Kbuild
include tests/system/modules/Kbuild
endif

.PHONY: modules probe
