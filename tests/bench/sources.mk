# SPDX-License-Identifier: GPL-2.0-only
#
# What the benchmark runs inside its machines, besides the tool and the tests' kernel module; and
# what it asks the build.

bench-programs := $(addprefix $(BUILD)/tests/bench/,switch_ticks cell_ticks)

$(BUILD)/tests/bench/%: $(BUILD)/host/tests/bench/%.o
	$(call say,HOSTLD,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(HOSTCC) -o $@ $<

bench-programs: $(bench-programs)
list-vmx-objects:
	@printf '%s\n' $(filter-out $(BUILD)/hypervisor/x86/svm/%,$(hv-sources-objects))

.PHONY: bench-programs list-vmx-objects
