# SPDX-License-Identifier: GPL-2.0-only
#
# Pure logic: compiled into the hypervisor, and for the host into the tool, the tests and the fuzzers.

model-y +=
