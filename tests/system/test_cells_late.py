# SPDX-License-Identifier: GPL-2.0-only
"""CPUs that answer too late, and calls that take too long: Linux goes on, and gets all back."""

import guest
from manners import CPU, FILES, IMAGE, MACHINE, RT0, WISH, create, online, says, state


def with_failure(machine, stage, cpu):
    """Enable once more, for something to go wrong."""
    guest.disable(machine)
    guest.enable(machine, guest.board(machine, (
        "console =", f'test = {{ stage = "{stage}"; cpu = {cpu}; }}; console =')))


@MACHINE
def test_a_cpu_that_answers_too_late_stays_linuxs(enabled):
    """What it was asked is withdrawn: it would enter a cell that is gone by then."""
    with_failure(enabled, "deaf", 3)
    used = guest.status(enabled)["pages"]["used"]
    for _ in range(2):
        says(enabled, f"cell create {RT0}", "CPU 3 does not answer")
        assert online(enabled) == "0-3" and state(enabled) is None
        enabled.check("sleep 3; taskset 8 true")
    assert guest.status(enabled)["pages"]["used"] == used


@MACHINE
def test_a_cpu_that_does_not_come_back_leaves_a_cell_to_be_destroyed(enabled):
    """Its creation failed: it is good for nothing else, as its memory may be another's still."""
    with_failure(enabled, "strand", 3)
    used = guest.status(enabled)["pages"]["used"]
    says(enabled, f"cell create {RT0}", "test: its creation ends here; and cell rt0 stays until it "
                                        "can be destroyed: CPU 3 does not answer")
    assert state(enabled)["state"] == "failed" and online(enabled) == "0-2"
    assert enabled.run(f"echo 1 > {CPU.format(3)}").status != 0
    assert enabled.check(f"cat {FILES}/*/state") == "failed\n"
    for command in ("start rt0", f"load rt0 {IMAGE}", "dump rt0 /core"):
        result = enabled.run(f"bulkhead cell {command}")
        assert result.status == 1
        assert "cell rt0 was not created to the end: destroy it" in result.output
    enabled.check("sleep 5; bulkhead cell destroy rt0", timeout=60)
    assert online(enabled) == "0-3" and state(enabled) is None
    assert enabled.check("taskset 8 echo alive").strip() == "alive"
    # The CPU answers now.
    says(enabled, f"cell create {RT0}", "test: its creation ends here")
    assert online(enabled) == "0-3" and state(enabled) is None
    assert guest.status(enabled)["pages"]["used"] == used


@MACHINE
def test_a_start_that_takes_for_ever_can_be_killed(enabled):
    """Nobody could manage anything as long as it lasts, nor Linux reboot."""
    with_failure(enabled, "restless", 1)
    create(enabled)
    enabled.check(f"bulkhead cell load rt0 {IMAGE} -s d -a {WISH}")
    # At once: what Linux says of it would fall into the next command, of which Bochs may lose some.
    enabled.check("taskset 2 bulkhead cell start rt0 & pid=$!; sleep 1; kill -9 $pid; "
                  "while kill -0 $pid 2> /dev/null; do sleep 0.1; done; sleep 0.2", timeout=20)
    assert state(enabled)["state"] == "created"
    enabled.check("taskset 1 bulkhead cell start rt0")
    assert state(enabled)["state"] == "running"
