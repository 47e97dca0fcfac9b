# SPDX-License-Identifier: GPL-2.0-only
#
# The command `bulkhead`: one file a verb, and config/, the language.

tools-y +=
