# SPDX-License-Identifier: GPL-2.0-only
#
# Programs that run in cells for the tests and for the benchmark: attackers, and those who watch.
# They stand on a small runtime of their own and are ELF files of 32 bits, which a multiboot loader
# can start on a bare machine as well. PROGRAM-objs are a program's objects besides the runtime.

inmate-tests-y := attack neighbour polite ticks beats owner latency mark

inmate-runtime := start.o runtime.o
attack-objs := attack_entry.o attack_trap.o attack_window.o attack_code.o attack_memory.o \
	attack_port.o attack_msr.o attack_instruction.o attack_control.o attack_event.o \
	attack_interrupt.o attack_table.o attack_border.o attack_fuzz.o attack_last.o \
	config_space.o attack_dma.o attack_msi.o attack_rest.o \
	attack_ioapic.o attack_pci.o attack_pci_own.o attack_hpet.o
mark-objs := config_space.o

inmate-tests := $(addprefix $(BUILD)/inmates/tests/,$(addsuffix .elf,$(inmate-tests-y)))
inmate-tests-flags := -std=gnu11 -O2 -g -ffreestanding -mno-red-zone -mgeneral-regs-only -fno-pic \
	-no-pie -fcf-protection=none -fno-stack-protector -fno-asynchronous-unwind-tables \
	-fno-common -Wa,--fatal-warnings $(warnings) -Iinclude $(reproducible)
inmate-tests-ldflags := -m elf_x86_64 -nostdlib -static -no-pie --build-id=none -z noexecstack \
	-z max-page-size=4096 --no-warn-rwx-segments -T inmates/tests/tests.lds

inmate-tests-record := $(call record,inmate-tests,$(CC) $(inmate-tests-flags))
inmate-tests-link-record := $(call record,inmate-tests-link,$(LD) $(inmate-tests-ldflags))

$(BUILD)/inmates/tests/%.o: inmates/tests/%.c $(inmate-tests-record)
	$(call say,INMATECC,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(inmate-tests-flags) -MMD -MP -c -o $@ $<

$(BUILD)/inmates/tests/%.o: inmates/tests/%.S $(inmate-tests-record)
	$(call say,INMATEAS,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(inmate-tests-flags) -MMD -MP -c -o $@ $<

define inmate-test-rule
$(BUILD)/inmates/tests/$(1).elf: $(addprefix $(BUILD)/inmates/tests/,$(inmate-runtime) $(1).o \
		$($(1)-objs)) inmates/tests/tests.lds $(inmate-tests-link-record)
	$$(call say,INMATELD,$$@)
	$$(Q)$(LD) $(inmate-tests-ldflags) -o $$@.64 $$(filter %.o,$$^)
	$$(Q)$(OBJCOPY) -O elf32-i386 $$@.64 $$@
endef
$(foreach program,$(inmate-tests-y),$(eval $(call inmate-test-rule,$(program))))

inmate-tests: $(inmate-tests)

-include $(foreach program,$(inmate-tests-y),$(addprefix $(BUILD)/inmates/tests/,$(program).d \
	$(patsubst %.o,%.d,$(inmate-runtime) $($(program)-objs))))

.PHONY: inmate-tests
