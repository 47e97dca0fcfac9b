# SPDX-License-Identifier: GPL-2.0-only
#
# Installing what was built: under DESTDIR, for a package, or into the running system.

PREFIX ?= /usr/local
SBINDIR ?= $(PREFIX)/sbin
MANDIR ?= $(PREFIX)/share/man
COMPLETIONDIR ?= $(PREFIX)/share/bash-completion/completions
FIRMWAREDIR ?= /lib/firmware
SYSCONFDIR ?= /etc
DEMODIR ?= $(PREFIX)/lib/bulkhead/demos

# $(call install-file,MODE,FILE,PLACE), one line of a recipe.
define install-file
	$(call say,INSTALL,$(DESTDIR)$(3))
	$(Q)install -D -m $(1) $(2) $(DESTDIR)$(3)

endef

demo-place = $(DEMODIR)/$(notdir $(1))
board-place = $(SYSCONFDIR)/bulkhead/boards/$(patsubst configs/boards/%,%,$(1))

install: all $(if $(filter command line environment,$(origin KDIR)),install-modules)
	$(call install-file,755,$(tool),$(SBINDIR)/bulkhead)
	$(call install-file,644,$(hv-image),$(FIRMWAREDIR)/bulkhead.bin)
	$(call install-file,644,Documentation/bulkhead.8,$(MANDIR)/man8/bulkhead.8)
	$(call install-file,644,Documentation/bulkhead-cell.8,$(MANDIR)/man8/bulkhead-cell.8)
	$(call install-file,644,tools/completion/bulkhead.bash,$(COMPLETIONDIR)/bulkhead)
	$(foreach demo,$(inmate-demos),$(call install-file,644,$(demo),$(call demo-place,$(demo))))
	$(foreach board,$(boards-y),$(call install-file,644,$(board),$(call board-place,$(board))))

install-modules: modules
	$(call kbuild,$(driver-dir),driver) KERNELRELEASE=$(driver-release) \
		CONFIG_MODULE_SIG_ALL= INSTALL_MOD_PATH=$(abspath $(DESTDIR)) modules_install

.PHONY: install install-modules
