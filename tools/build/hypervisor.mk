# SPDX-License-Identifier: GPL-2.0-only
#
# The hypervisor: model-y, core-y and x86-y compiled freestanding and linked into one image, with
# the backends in backends-y. A backend X is X-objects and its own copies of guest-objects, which
# find its "vcpu.h"; they become one object that shows nothing but X_backend.

# Make reads this once before a configuration is there: then nothing can be said.
ifdef CONFIG_MAX_CPUS
ifeq ($(filter y,$(CONFIG_VMX) $(CONFIG_SVM)),)
$(error no processor backend is chosen; choose one with "make menuconfig")
endif
endif

CROSS_COMPILE ?= $(CONFIG_CROSS_COMPILE:"%"=%)
CC := $(CROSS_COMPILE)gcc
LD := $(CROSS_COMPILE)ld
NM := $(CROSS_COMPILE)nm
OBJCOPY := $(CROSS_COMPILE)objcopy
READELF := $(CROSS_COMPILE)readelf

# The image is linked at a fixed address beyond the reach of 32 bits, so code addresses everything
# relative to RIP: -fpie with hidden symbols, which leaves neither a GOT nor relocations.
hv-flags := -ffreestanding -mno-red-zone -mgeneral-regs-only -fpie -fvisibility=hidden \
	-fcf-protection=none -fno-stack-protector -fno-asynchronous-unwind-tables \
	-Wa,--fatal-warnings -g $(includes) -I$(BUILD)/hypervisor -include $(config-header) \
	$(reproducible)
hv-cflags := -std=gnu11 -fno-strict-aliasing -fno-common -ffunction-sections -fdata-sections \
	$(warnings) $(hv-flags)
hv-ldflags := -m elf_x86_64 -nostdlib -static --gc-sections --no-undefined --fatal-warnings \
	--build-id=none -z noexecstack -z max-page-size=4096 -T hypervisor/hypervisor.lds

# Small by default; what serves exits, and what reads all tables whenever a cell is created, is
# compiled for speed, but not padded.
backend-guests = $(patsubst hypervisor/x86/%,$(BUILD)/hypervisor/x86/$(1)/%,$(2))
hv-hot := $(foreach one,$(backends-y),$(call backend-guests,$(one),$(guest-hot))) \
	$(BUILD)/hypervisor/model/audit_tables.o
hv-fast := -O2 $(addprefix -fno-align-,functions jumps loops labels)
hv-speed = $(if $(filter $@,$(hv-hot)),$(hv-fast),-Os)

backend-objects = $(addprefix $(BUILD)/,$($(1)-objects)) \
	$(call backend-guests,$(1),$(guest-objects))
hv-objects := $(addprefix $(BUILD)/,$(model-y) $(core-y) $(x86-y) \
	$(backends-y:%=hypervisor/x86/%.o))
hv-sources-objects := $(filter-out $(backends-y:%=$(BUILD)/hypervisor/x86/%.o),$(hv-objects)) \
	$(foreach one,$(backends-y),$(call backend-objects,$(one)))
hv-elf := $(BUILD)/hypervisor/bulkhead.elf
hv-image := $(BUILD)/hypervisor/bulkhead.bin

hv-record := $(call record,hypervisor,$(CC) $(hv-cflags) $(hv-fast) $(hv-hot))
hv-link-record := $(call record,hypervisor-link,$(LD) $(hv-ldflags) $(hv-objects))

hypervisor: $(if $(wildcard hypervisor/hypervisor.lds),$(hv-image),$(hv-objects))

# Constants that assembly needs from C: offsets.c is compiled to assembly in which each constant
# stands in a line of its own, marked "->"; those lines become a header.
offsets-header := $(offsets-y:%.c=$(BUILD)/%.h)

$(offsets-header): $(BUILD)/%.h: %.c $(hv-record)
	$(call say,OFFSETS,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(hv-cflags) -O2 -MMD -MP -MT $@ -MF $(@:.h=.d) -S -o $(@:.h=.s) $<
	$(Q)sed -n 's/^[^"]*"*-> \([A-Za-z0-9_]*\) [$$#]*\(-\{0,1\}[0-9]*\).*/#define \1 \2/p' \
		$(@:.h=.s) >$@
	$(config-deps)

$(BUILD)/hypervisor/%.o: hypervisor/%.c $(hv-record) | $(offsets-header)
	$(call say,CC,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(hv-cflags) $(hv-own) $(hv-speed) -MMD -MP -c -o $@ $<
	$(config-deps)

define backend-rules
$(BUILD)/hypervisor/x86/$(1)/%.o: hv-own := -Ihypervisor/x86/$(1)

$(BUILD)/hypervisor/x86/$(1)/guest/%.o: hypervisor/x86/guest/%.c $(hv-record) | $(offsets-header)
	$$(call say,CC,$$@)
	$$(Q)mkdir -p $$(@D)
	$$(Q)$(CC) $$(hv-cflags) $$(hv-own) $$(hv-speed) -MMD -MP -c -o $$@ $$<
	$$(config-deps)

$(BUILD)/hypervisor/x86/$(1).o: $(call backend-objects,$(1)) \
		$(call record,hypervisor-$(1),$(LD) $(call backend-objects,$(1)))
	$$(call say,LD,$$@)
	$$(Q)$(LD) -m elf_x86_64 -z noexecstack -r -o $$@.new $(call backend-objects,$(1))
	$$(Q)$(OBJCOPY) --keep-global-symbol=$(1)_backend $$@.new $$@
	$$(Q)rm $$@.new
endef
$(foreach one,$(backends-y),$(eval $(call backend-rules,$(one))))

$(BUILD)/hypervisor/%.o: hypervisor/%.S $(hv-record) | $(offsets-header)
	$(call say,AS,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(hv-flags) -MMD -MP -c -o $@ $<
	$(config-deps)

# The linker resolves everything: a relocation that is left would be one that nobody applies.
$(hv-elf): $(hv-objects) hypervisor/hypervisor.lds $(hv-link-record)
	$(call say,LD,$@)
	$(Q)$(LD) $(hv-ldflags) -o $@ $(hv-objects)
	$(Q)if $(READELF) -rW $@ | grep -q R_X86_64 || $(READELF) -SW $@ | grep -q ' \.got '; then \
		echo "$@: relocations or a GOT are left" >&2; rm -f $@; exit 1; fi

# The image as the driver loads it; its check sum is written by a program of the build.
image-seal := $(BUILD)/host/tools/build/image-seal

$(hv-image): $(hv-elf) $(image-seal)
	$(call say,IMAGE,$@)
	$(Q)$(OBJCOPY) -O binary $< $@.new
	$(Q)$(image-seal) $@.new
	$(Q)chmod -x $@.new
	$(Q)mv $@.new $@

-include $(hv-sources-objects:.o=.d) $(offsets-header:.h=.d)

.PHONY: hypervisor
