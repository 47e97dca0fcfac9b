# SPDX-License-Identifier: GPL-2.0-only
#
# Installing what was built: under DESTDIR, for a package, or into the running system.

PREFIX ?= /usr/local
SBINDIR ?= $(PREFIX)/sbin
MANDIR ?= $(PREFIX)/share/man
FIRMWAREDIR ?= /lib/firmware
SYSCONFDIR ?= /etc

install-file = $(Q)install -D -m $(1) $(2) $(DESTDIR)$(3)

install: all $(if $(filter command line environment,$(origin KDIR)),install-modules)
	$(call say,INSTALL,$(DESTDIR)$(SBINDIR)/bulkhead)
	$(call install-file,755,$(tool),$(SBINDIR)/bulkhead)
	$(call say,INSTALL,$(DESTDIR)$(FIRMWAREDIR)/bulkhead.bin)
	$(call install-file,644,$(hv-image),$(FIRMWAREDIR)/bulkhead.bin)
	$(call install-file,644,Documentation/bulkhead.8,$(MANDIR)/man8/bulkhead.8)
	$(foreach board,$(boards-y),$(call install-file,644,$(board),$(call board-place,$(board)))$(newline))

board-place = $(SYSCONFDIR)/bulkhead/boards/$(patsubst configs/boards/%,%,$(1))
define newline


endef

install-modules: modules
	$(kbuild) KERNELRELEASE=$(driver-release) CONFIG_MODULE_SIG_ALL= \
		INSTALL_MOD_PATH=$(abspath $(DESTDIR)) modules_install

.PHONY: install install-modules
