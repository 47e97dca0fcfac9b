# SPDX-License-Identifier: GPL-2.0-only
#
# Setting up, showing and testing. These goals only start something else: they must work before
# anything is installed, so no configuration and no compiler is looked for here.

#: On a fresh machine:
#:   demo                     set up, build, show Bulkhead at work in an emulated machine
#:   check                    set up, build, run every test; ends with "N passed, N failed"
#:   check BRIEF=1            the same with tests of cells and of Linux on two machines, not on four
#:   setup                    install the packages that the others need (as root)
#: Testing:
#:   check-unit               unit tests
#:   check-static             linters, build and licence checks
#:   check-system T=PATTERN   tests in emulated machines; T as for pytest -k
#:   soak SECONDS=N           each fuzz target for ten million executions; then a thousand lives of
#:                            cells again and again, for so long (default: 600)
#:   bench                    measure; a table and BUILD/bench.json

# The suites call make themselves, each for what it needs: nothing of this make may leak into them.
suites = $(Q)env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL tests/run --build $(BUILD) $(if $(V),--verbose)

setup:
	$(Q)tools/build/setup

demo: setup
	$(Q)$(MAKE) --no-print-directory all modules KDIR=$$(tests/lab/fetch --print kdir cloud)
	$(Q)BULKHEAD_BUILD=$(BUILD) tests/demo

check: setup
	$(suites) $(if $(BRIEF),--brief) unit fuzz static system

check-unit: setup
	$(suites) unit

check-static: setup
	$(suites) static

check-system: setup
	$(suites) $(if $(T),--pattern '$(T)') system

soak: setup
	$(suites) $(if $(SECONDS),--seconds $(SECONDS)) soak

bench: setup
	$(Q)env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL tests/bench/run --build $(BUILD)

.PHONY: setup demo check check-unit check-static check-system soak bench
