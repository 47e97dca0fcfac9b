# SPDX-License-Identifier: GPL-2.0-only
#
# What the other makefiles share: how a step is shown, and how a change of flags is noticed.

ifeq ($(V),1)
Q :=
say =
else
Q := @
say = @printf '  %-8s %s\n' '$(1)' '$(2)'
endif

warnings := -Wall -Wextra -Wshadow -Wconversion -Wundef -Wstrict-prototypes -Wmissing-prototypes \
	-Wold-style-definition -Wpointer-arith -Wvla -Werror

# No path and no time of this build may reach an object: two builds of one commit are identical.
reproducible := -ffile-prefix-map=$(CURDIR)=. -Wdate-time

comma := ,

includes := -Iinclude -Ihypervisor

# $(call record,NAME,TEXT) keeps TEXT in a file that is rewritten only when TEXT changes, and gives
# that file's name. What was built with TEXT depends on it. GNU Make 4.3 at times leaves the last
# newline of a file that it reads: hence the strip.
record = $(call record-line,$(BUILD)/.record/$(1),$(strip $(1): $(2)))$(BUILD)/.record/$(1)
record-line = $(if $(call same,$(2),$(strip $(file <$(1)))),,$(call record-write,$(1),$(2)))
record-write = $(shell mkdir -p $(dir $(1)))$(file >$(1),$(2))
same = $(and $(findstring x$(1)x,x$(2)x),$(findstring x$(2)x,x$(1)x))
