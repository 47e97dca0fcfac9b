# SPDX-License-Identifier: GPL-2.0-only
#
# The configuration: Kconfig through the kconfig-frontends tools. $(BUILD)/.config is what was
# chosen; a makefile and a C header are derived from it, and every C file is compiled with the
# header.

config-makefile := $(BUILD)/include/config/auto.conf
config-header := $(BUILD)/include/generated/autoconf.h

#: Configuring (kept in BUILD/.config):
#:   menuconfig               choose in a terminal
#:   defconfig                configs/default_defconfig; others by name, such as test_defconfig
#:   olddefconfig             give options that are new their defaults
#:   savedefconfig            write the options that differ from the defaults to BUILD/defconfig

kconfig = $(Q)command -v kconfig-conf >/dev/null || \
	{ echo "kconfig-conf is missing; run \"make setup\" once as root" >&2; exit 1; }; \
	mkdir -p $(BUILD)/include/config $(BUILD)/include/generated && cd $(BUILD) && \
	srctree=$(CURDIR) KCONFIG_CONFIG=.config

menuconfig:
	$(kconfig) kconfig-mconf Kconfig

defconfig: default_defconfig

%_defconfig: FORCE
	$(call say,CONFIG,configs/$@)
	$(kconfig) kconfig-conf --defconfig=$(CURDIR)/configs/$@ Kconfig >/dev/null

olddefconfig: | $(BUILD)/.config
	$(kconfig) kconfig-conf --olddefconfig Kconfig >/dev/null

savedefconfig: | $(BUILD)/.config
	$(kconfig) kconfig-conf --savedefconfig=defconfig Kconfig
	$(call say,CONFIG,$(BUILD)/defconfig)

$(BUILD)/.config:
	$(call say,CONFIG,configs/$(DEFCONFIG))
	$(kconfig) kconfig-conf --defconfig=$(CURDIR)/configs/$(DEFCONFIG) Kconfig >/dev/null

$(config-makefile): $(BUILD)/.config Kconfig
	$(kconfig) kconfig-conf --olddefconfig Kconfig >/dev/null
	$(kconfig) kconfig-conf --silentoldconfig Kconfig </dev/null >/dev/null
	$(Q)touch $@

$(config-header): $(config-makefile) ;

# The files that stand for single options; one whose option is gone rebuilds what named it.
$(BUILD)/include/config/%.h: ;
config-deps = $(Q)tools/build/config-deps $(basename $@).d $(BUILD)

.PHONY: menuconfig defconfig olddefconfig savedefconfig
