# SPDX-License-Identifier: GPL-2.0-only
#
# The backend for Intel processors.

x86-$(CONFIG_VMX) +=
