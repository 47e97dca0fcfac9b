# SPDX-License-Identifier: GPL-2.0-only
#
# The driver, by the build system of the kernel it is for. That one leaves objects beside the
# sources, so the sources that driver/Kbuild lists are linked into a folder for each kernel release.

KDIR ?= /lib/modules/$(shell uname -r)/build

# Debian's kernel.release names the upstream version, not what the kernel calls itself.
driver-release = $(shell sed -n 's/.*UTS_RELEASE "\(.*\)"/\1/p' $(release-header))
release-header = $(KDIR)/include/generated/utsrelease.h
driver-dir = $(BUILD)/driver/$(driver-release)

# Where an object of driver/Kbuild comes from: model/ from the hypervisor, the rest from driver/.
driver-source = $(or $(firstword $(wildcard $(driver-candidates))),$(error driver/Kbuild: \
	no source for $(1)))
driver-candidates = $(patsubst model/%.o,hypervisor/model/%.c,$(filter model/%,$(1))) \
	$(patsubst %.o,driver/%.c,$(1)) $(patsubst %.o,driver/%.S,$(1))

kbuild = +$(Q)$(MAKE) --no-print-directory -C $(KDIR) M=$(abspath $(driver-dir)) \
	BULKHEAD=$(CURDIR) CONFIG_TEST_DEVICES=$(CONFIG_TEST_DEVICES) \
	KCFLAGS="-Werror -I$(CURDIR)/driver $(driver-maps)" KAFLAGS="$(driver-maps)" \
	$(if $(Q),,V=1)
driver-maps = $(foreach path,$(CURDIR)/ $(abspath $(driver-dir))/,-ffile-prefix-map=$(path)=)

modules: driver-links
	$(kbuild) modules

driver-link = ln -sf $(CURDIR)/$(2) $(driver-dir)/$(basename $(1))$(suffix $(2))

driver-links: $(release-header)
	$(Q)mkdir -p $(driver-dir)/model
	$(Q)ln -sf $(CURDIR)/driver/Kbuild $(driver-dir)/Kbuild
	$(Q)$(foreach object,$(bulkhead-y),$(call \
		driver-link,$(object),$(call driver-source,$(object))) &&) true

$(release-header):
	@echo 'modules: "$(KDIR)" has no kernel headers: make modules KDIR=FOLDER' >&2
	@false

ifneq ($(filter modules install,$(MAKECMDGOALS)),)
-include driver/Kbuild
endif

.PHONY: modules driver-links
