# SPDX-License-Identifier: GPL-2.0-only
#
# What a cell is and how it lives, whatever the processor's vendor.

core-y +=
