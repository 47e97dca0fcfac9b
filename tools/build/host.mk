# SPDX-License-Identifier: GPL-2.0-only
#
# What runs on the machine that builds: the command-line tool, the unit tests and the fuzz targets.
# Each links the model compiled with its own flags.

HOSTCC ?= gcc
HOSTAR ?= ar
FUZZCC ?= clang-14

all: hypervisor tools

host-flags := -std=gnu11 -D_GNU_SOURCE -fno-common $(includes) -I. -include $(config-header) \
	$(reproducible) -g
host-cflags := $(host-flags) -O2 $(warnings)
test-cflags := $(host-flags) -O1 $(filter-out -Wconversion -Wmissing-prototypes,$(warnings)) \
	-fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
fuzz-cflags := $(test-cflags) -fsanitize=fuzzer-no-link

tool-packages := libconfig smartcols json-c ncurses
tool-libs = $(shell pkg-config --libs $(tool-packages))

host-record := $(call record,host,$(HOSTCC) $(host-cflags))
test-record := $(call record,test,$(HOSTCC) $(test-cflags))
fuzz-record := $(call record,fuzz,$(FUZZCC) $(fuzz-cflags))

$(BUILD)/host/%.o: %.c $(host-record)
	$(call say,HOSTCC,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(HOSTCC) $(host-cflags) -MMD -MP -c -o $@ $<
	$(config-deps)

$(BUILD)/unit/%.o: %.c $(test-record)
	$(call say,UNITCC,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(HOSTCC) $(test-cflags) -MMD -MP -c -o $@ $<
	$(config-deps)

$(BUILD)/fuzz/%.o: %.c $(fuzz-record)
	$(call say,FUZZCC,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(FUZZCC) $(fuzz-cflags) -MMD -MP -c -o $@ $<
	$(config-deps)

# The model as a library, once for each set of flags; q appends: two files may share a base name.
model-library = $(BUILD)/$(1)/model.a
define model-rule
$(BUILD)/$(1)/model.a: $(addprefix $(BUILD)/$(1)/,$(model-y)) $(call record,$(1)-model,$(model-y))
	$$(call say,AR,$$@)
	$$(Q)rm -f $$@
	$$(Q)$(HOSTAR) qcsD $$@ $$(filter %.o,$$^)
endef
$(foreach class,host unit fuzz,$(eval $(call model-rule,$(class))))

# The tool.
tool := $(BUILD)/tools/bulkhead
tool-objects := $(addprefix $(BUILD)/host/,$(tools-y))

tools: $(if $(tools-y),$(tool))

$(tool): $(tool-objects) $(BUILD)/host/model.a $(call record,tool,$(tools-y))
	$(call say,HOSTLD,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(HOSTCC) -o $@ $(tool-objects) $(BUILD)/host/model.a $(tool-libs)

# The program that finishes the hypervisor's image: see hypervisor.mk.
image-seal-objects := $(addprefix $(BUILD)/host/,tools/build/image-seal.o hypervisor/model/crc32.o)

$(image-seal): $(image-seal-objects)
	$(call say,HOSTLD,$@)
	$(Q)$(HOSTCC) -o $@ $^

# Unit tests: tests/unit/test_X.c is one program; unit-objs-test_X are objects it needs besides the
# model, unit-libs-test_X libraries besides cmocka.
unit-programs := $(addprefix $(BUILD)/tests/unit/,$(unit-y))
unit-objects = $(addprefix $(BUILD)/unit/,tests/unit/$(1).o $(unit-objs-$(1)))

define unit-rule
$(BUILD)/tests/unit/$(1): $(call unit-objects,$(1)) $(BUILD)/unit/model.a \
		$(call record,unit-$(1),$(unit-objs-$(1)) $(unit-libs-$(1)))
	$$(call say,UNITLD,$$@)
	$$(Q)mkdir -p $$(@D)
	$$(Q)$(HOSTCC) -fsanitize=address,undefined -o $$@ $$(filter %.o %.a,$$^) \
		$(unit-libs-$(1)) -lcmocka
endef
$(foreach test,$(unit-y),$(eval $(call unit-rule,$(test))))

unit-programs: $(unit-programs)
list-unit-programs:
	@printf '%s\n' $(unit-programs)

# Fuzz targets: tests/fuzz/fuzz_X.c, with fuzz-objs-fuzz_X likewise.
fuzz-programs := $(addprefix $(BUILD)/tests/fuzz/,$(fuzz-y))
fuzz-objects = $(addprefix $(BUILD)/fuzz/,tests/fuzz/$(1).o $(fuzz-objs-$(1)))

define fuzz-rule
$(BUILD)/tests/fuzz/$(1): $(call fuzz-objects,$(1)) $(BUILD)/fuzz/model.a \
		$(call record,fuzz-$(1),$(fuzz-objs-$(1)))
	$$(call say,FUZZLD,$$@)
	$$(Q)mkdir -p $$(@D)
	$$(Q)$(FUZZCC) -fsanitize=fuzzer,address,undefined -o $$@ $$(filter %.o %.a,$$^)
endef
$(foreach target,$(fuzz-y),$(eval $(call fuzz-rule,$(target))))

fuzz-programs: $(fuzz-programs)
list-fuzz-programs:
	@printf '%s\n' $(fuzz-programs)

host-objects := $(tool-objects) $(image-seal-objects) \
	$(foreach class,host unit fuzz,$(addprefix $(BUILD)/$(class)/,$(model-y))) \
	$(foreach test,$(unit-y),$(call unit-objects,$(test))) \
	$(foreach target,$(fuzz-y),$(call fuzz-objects,$(target)))
-include $(sort $(host-objects:.o=.d))

# How each source is compiled, for editors and linters.
commands := $(BUILD)/compile_commands.json
compile-command = {"directory": "$(CURDIR)", "file": "$(2)", "command": "$(1) -c $(2)"}
c-sources = $(wildcard $(1:.o=.c))
hv-sources := $(call c-sources,$(model-y) $(core-y) $(x86-y)) $(offsets-y)
backend-sources = $(call c-sources,$($(1)-objects) $(guest-objects))
host-sources := $(tools-y:.o=.c) tools/build/image-seal.c
test-sources := $(call c-sources,$(unit-y:%=tests/unit/%.o) $(fuzz-y:%=tests/fuzz/%.o))
compile-commands-of = $(foreach source,$(2),$(call compile-command,$(1),$(source)),)
all-commands = $(call compile-commands-of,$(CC) $(hv-cflags),$(hv-sources)) \
	$(foreach one,$(backends-y),$(call compile-commands-of,$(CC) $(hv-cflags) \
		-Ihypervisor/x86/$(one),$(call backend-sources,$(one)))) \
	$(call compile-commands-of,$(HOSTCC) $(host-cflags),$(host-sources)) \
	$(call compile-commands-of,$(HOSTCC) $(test-cflags),$(test-sources)) \
	$(call compile-commands-of,$(CC) $(inmate-tree-cflags),$(inmate-sources))

$(commands): $(call record,commands,$(all-commands)) $(config-header)
	$(file >$@,[$(subst $(comma) <end>,,$(strip $(all-commands)) <end>)])
	@:

compile-commands: $(commands)

.PHONY: compile-commands tools unit-programs list-unit-programs fuzz-programs list-fuzz-programs
