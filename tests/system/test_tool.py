# SPDX-License-Identifier: GPL-2.0-only
"""The command on a machine without driver and hypervisor: usage, words and exit statuses.

What it does with a hypervisor is in the other files; board files are in test_config.py.
"""

import json
import os
import pty
import re
import subprocess

import pytest
from built import TOP, build_dir

DONE, REFUSED, USAGE, NOT_ENABLED = range(4)
VERBS = ("hardware", "config", "enable", "disable", "cell", "status", "console", "help")
CELL_VERBS = ("create", "load", "start", "shutdown", "destroy", "list", "show", "stats", "faults",
              "console", "dump")
CONFIG_VERBS = ("create", "check", "show", "map", "compile")
COMPLETION = TOP / "tools/completion/bulkhead.bash"

# A processor that has everything, from the manual: SDM vol. 3, appendix A.
GOOD = """\
cpuid 0x0 0 = 0x16 0 0 0
cpuid 0x1 0 = 0 0 0x01200020 0x00010200
cpuid 0x7 0 = 0 0x00000400 0x00000020 0x20000000
cpuid 0xd 1 = 0x8 0 0 0
cpuid 0x80000000 0 = 0x80000008 0 0 0
cpuid 0x80000001 0 = 0 0 0 0x28100000
cpuid 0x80000007 0 = 0 0 0 0x00000100
cpuid 0x80000008 0 = 0x00003027 0 0 0
msr 0x3a = 0x5
msr 0x480 = 0x0098100000000004
msr 0x485 = 0x1e0
msr 0x486 = 0x80000021
msr 0x487 = 0xffffffff
msr 0x488 = 0x2000
msr 0x489 = 0x3767ff
msr 0x48b = 0x041090ea00000000
msr 0x48c = 0x00000f0106334141
msr 0x48d = 0x0000007f00000016
msr 0x48e = 0xfff9fffe04006172
msr 0x48f = 0x007fffff00036dfb
msr 0x490 = 0x0000ffff000011fb
msr 0x10a = 0x40
"""
LINUX = "kernel = 6.1.0-18-amd64\npaging = 4\nevents = idt\nkvm = absent\niommu = vt-d\n"


def run(*arguments, **rest):
    """The tool with these arguments."""
    return subprocess.run([build_dir() / "tools/bulkhead", *arguments], text=True, check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, **rest)


def check(*lines, arguments=()):
    """`hardware check` of a machine of these lines."""
    return run("hardware", "check", "--from", "-", *arguments, input="".join(lines))


def findings(*lines):
    """The JSON of such a check, and its features by name."""
    done = check(*lines, arguments=["--json"])
    result = json.loads(done.stdout)
    assert result["fit"] == (done.returncode == DONE)
    return result, {row["name"]: row for row in result["features"]}


def replaced(old, new):
    """The good machine with one line changed."""
    assert old in GOOD
    return GOOD.replace(old, new)


# An AMD processor of few features: of SVM's it has nested paging alone.
AMD = """\
cpu 0
cpuid 0x0 0 = 0x0000000d 0x68747541 0x444d4163 0x69746e65
cpuid 0x1 0 = 0x00800f12 0x00040800 0x00200000 0x00000200
cpuid 0x80000000 0 = 0x8000001f 0x68747541 0x444d4163 0x69746e65
cpuid 0x80000001 0 = 0x00800f12 0x00000000 0x00000004 0x04100000
cpuid 0x80000008 0 = 0x00003028 0x00000000 0x00000000 0x00000000
cpuid 0x8000000a 0 = 0x00000001 0x00000010 0x00000000 0x00000001
msr 0xc0010114 = 0x8
"""


def test_hardware_of_amd():
    """Another table, told by the vendor; only needed features make it unfit."""
    result, features = findings(LINUX, AMD)
    assert result["fit"] and result["backend"] == "svm" and "VMX" not in features
    assert features["nested paging"]["where"] == "CPUID.8000000AH:EDX bit 0"
    assert features["NRIP save"]["need"] == "useful" and features["NRIP save"]["present"] == "no"
    assert features["SVM not in use"]["where"] == "kvm_amd is not loaded"
    # What is told to be useful is what the hypervisor uses.
    assert not {"virtual GIF", "virtual NMI", "decode assists"} & set(features)
    spec_ctrl = "virtual SPEC_CTRL"
    assert features[spec_ctrl]["present"] == "no"
    assert "IA32_SPEC_CTRL" in features[spec_ctrl]["without"]
    more = AMD.replace("0x00000001\nmsr", "0x00100001\nmsr")
    assert findings(LINUX, more)[1][spec_ctrl]["present"] == "yes"
    for old, new, name in (("0x00000001\nmsr", "0x00000000\nmsr", "nested paging"),
                           ("= 0x8\n", "= 0x18\n", "SVM not locked off"),
                           ("0x00000010", "0x00000001", "an ASID for each CPU")):
        result, features = findings(LINUX, AMD.replace(old, new))
        assert not result["fit"] and features[name]["present"] == "no", name
    done = check(LINUX, AMD)
    assert done.returncode == DONE and "all that is needed is there" in done.stdout


@pytest.mark.parametrize("words, present, place", (
    ("vt-d", "yes", "table DMAR: VT-d"), ("amd-vi", "yes", "table IVRS: AMD-Vi"),
    ("absent", "no", "no table"), (None, "unknown", "table DMAR or IVRS")))
def test_hardware_of_iommus(words, present, place):
    """Useful, whatever the processor; a file may not say."""
    said = f"iommu = {words}\n" if words else ""
    result, features = findings(LINUX.replace("iommu = vt-d\n", said), AMD)
    row = features["IOMMU"]
    assert result["fit"] and (row["need"], row["present"]) == ("useful", present)
    assert place in row["where"] and "unprotected_dma" in row["without"]


def test_help_lists_the_verbs():
    for done in (run("--help"), run("help")):
        assert done.returncode == DONE and not done.stderr
        for verb in VERBS:
            assert f"\n  {verb} " in done.stdout
        assert max(map(len, done.stdout.splitlines())) < 80


@pytest.mark.parametrize("verb", VERBS[:-1])
def test_every_verb_has_help(verb):
    by_option, by_verb = run(verb, "--help"), run("help", verb)
    assert by_option.returncode == by_verb.returncode == DONE
    assert by_option.stdout == by_verb.stdout
    assert by_option.stdout.startswith(f"Usage: bulkhead {verb}")


@pytest.mark.parametrize("verb", CELL_VERBS)
def test_every_verb_for_cells_has_help(verb):
    done = run("cell", verb, "--help")
    assert done.returncode == DONE and not done.stderr
    assert done.stdout.startswith(f"Usage: bulkhead cell {verb}")
    overview = run("help", "cell")
    assert overview.returncode == DONE and f"\n  {verb} " in overview.stdout
    assert max(map(len, overview.stdout.splitlines())) < 80


def test_version():
    for arguments in (["--version"], ["status", "--version"]):
        done = run(*arguments)
        assert done.returncode == DONE
        assert done.stdout.startswith("bulkhead ")


@pytest.mark.parametrize("arguments, words", [
    ([], "which verb?"),
    (["fly"], "there is no verb `fly'"),
    (["help", "fly"], "there is no verb `fly'"),
    (["--fly"], "unrecognized option '--fly'"),
    (["enable"], "which board file?"),
    (["enable", "a", "b"], "what is `b'?"),
    (["disable", "now"], "Too many arguments"),
    (["status", "--fly"], "unrecognized option '--fly'"),
    (["status", "--board"], "option '--board' requires an argument"),
    (["console", "board.conf"], "a board file is for --last only"),
    (["console", "-f", "--last"], "there is nothing to follow"),
    (["hardware"], "`bulkhead hardware check' is the whole of it"),
    (["hardware", "melt"], "what is `melt'?"),
    (["disable", "--wait"], "unrecognized option '--wait'"),
    (["config", "create", "board.conf"], "takes no file: -o FILE says where the result goes"),
    (["config", "create", "-n", ""], "--name: the name is empty"),
    (["config", "create", "-n", 'Box7"A"'], '--name: a name has letters, digits and any of "_-.+", '
     "but character 5 is another"),
    (["config", "create", "-n", "b" * 32], f'--name: "{"b" * 32}" has 32 characters, at most 31 '
     "fit"),
    (["cell"], "bulkhead cell: create, load, start, shutdown, destroy, list, show, stats, faults, "
               "console or dump?"),
    (["cell", "melt"], "there is no \"melt\": create, load"),
    (["cell", "create"], "which cell file?"),
    (["cell", "create", "a", "b"], "one cell file, please: what is `b'?"),
    (["cell", "start"], "which cell? `bulkhead cell list' shows them"),
    (["cell", "start", "a", "b"], "one cell, please: what is `b'?"),
    (["cell", "load"], "which cell?"),
    (["cell", "load", "a"], "which image?"),
    (["cell", "load", "a", "-a", "0", "b"], "--address 0: what goes there?"),
    (["cell", "load", "a", "b", "-a", "0", "-a", "1"], "`b' has an address already"),
    (["cell", "load", "a", "b", "-a", "here"], "--address here: that is no address"),
    (["cell", "load", "a", "-s", "b", "c"], "--string \"b\": where does it go?"),
    (["cell", "shutdown", "a", "-t", "0"], "`0' is no time in seconds"),
    (["cell", "shutdown", "a", "-t", "soon"], "`soon' is no time in seconds"),
    (["cell", "destroy", "a", "-f", "-t", "1"], "--force does not wait"),
    (["cell", "list", "a"], "Too many arguments"),
    (["cell", "show"], "which cell?"),
    (["cell", "stats", "a", "-n", "0"], "`0' is no number of intervals"),
    (["cell", "dump", "a"], "which file is it to be written to?"),
    (["cell", "dump", "a", "b", "c"], "one file, please: what is `c'?"),
])
def test_wrong_usage(arguments, words):
    done = run(*arguments)
    assert done.returncode == USAGE
    assert words in done.stderr and not done.stdout
    assert "bulkhead" in done.stderr


@pytest.mark.skipif(os.path.exists("/dev/bulkhead"), reason="this machine has the driver")
@pytest.mark.parametrize("verb", [["disable"], ["status"], ["status", "--json"], ["console"],
                                  ["console", "--follow"], ["console", "--last"],
                                  ["disable", "--force"], ["cell", "list"],
                                  ["cell", "list", "--json"], ["cell", "start", "rt0"],
                                  ["cell", "shutdown", "rt0", "--force"], ["cell", "destroy", "1"],
                                  ["cell", "show", "rt0"], ["cell", "stats"],
                                  ["cell", "faults", "rt0", "--follow"], ["cell", "console", "rt0"],
                                  ["cell", "dump", "rt0", "core"]])
def test_without_the_driver(verb):
    done = run(*verb, timeout=20)
    name = " ".join(verb[:2] if verb[0] == "cell" else verb[:1])
    assert done.returncode == NOT_ENABLED
    assert done.stderr == (f"bulkhead: {name}: not enabled: the driver is not loaded; "
                           "load the driver: modprobe bulkhead\n")
    assert not done.stdout


def test_a_missing_board_file_is_named():
    for arguments in (["enable"], ["status", "--board"], ["console", "--last"]):
        done = run(*arguments, "/nowhere/board.conf")
        assert done.returncode == REFUSED
        assert "/nowhere/board.conf" in done.stderr
        assert "No such file or directory" in done.stderr


def test_images_are_read_before_the_cell_is_looked_for(tmp_path):
    """So that a refusal for a file is the same with and without a hypervisor."""
    def refused(name, words, *options, content=None):
        if content is not None:
            (tmp_path / name).write_bytes(content)
        done = run("cell", "load", "rt0", tmp_path / name, *options)
        assert done.returncode == REFUSED and not done.stdout
        assert done.stderr == f"bulkhead: cell load: {tmp_path / name}{words}\n"

    refused("missing.bin", ": No such file or directory")
    refused("empty.bin", " is empty", content=b"")
    refused("short.elf", ": it is no ELF file, or cut off", content=b"\x7fELF")
    refused("bad.elf", ": it is an ELF file of a kind that x86 does not know",
            content=b"\x7fELF" + bytes(60))
    refused("bad.elf", ": an ELF file says itself where it goes: leave --address out", "-a", "1M")
    refused("", ": this is no regular file")


def complete(*words, cells="[]"):
    """What bash offers for the last of the words."""
    script = (f"bulkhead() {{ printf '%s\\n' '{cells}'; }}; . '{COMPLETION}'; "
              f"COMP_WORDS=({' '.join(repr(word) for word in words)}); "
              f"COMP_CWORD={len(words) - 1}; _bulkhead; printf '%s\\n' \"${{COMPREPLY[@]}}\"")
    done = subprocess.run(["bash", "-c", script], stdout=subprocess.PIPE, text=True, check=True)
    return done.stdout.split()


def test_bash_completes_verbs():
    assert set(complete("bulkhead", "")) == {*VERBS, "--help", "--version"}
    assert complete("bulkhead", "di") == ["disable"]
    assert set(complete("bulkhead", "cell", "")) == set(CELL_VERBS)
    assert set(complete("bulkhead", "config", "")) == set(CONFIG_VERBS)


def test_bash_completes_options_that_exist():
    for words in ([verb] for verb in VERBS if verb not in ("help", "cell", "config")):
        help_text = run(*words, "--help").stdout
        for option in complete("bulkhead", *words, "-"):
            assert option in help_text, (words, option)
    inner = [("cell", verb) for verb in CELL_VERBS] + [("config", verb) for verb in CONFIG_VERBS]
    for words in inner:
        help_text = run(*words, "--help").stdout
        options = complete("bulkhead", *words, "-")
        assert set(options) >= set(re.findall(r"--[a-z]+", help_text)) - {"--usage", "--version"}
        assert all(option in help_text for option in options)


def test_bash_completes_cells_and_files(tmp_path):
    (tmp_path / "image.elf").touch()
    cells = json.dumps([{"id": 0, "name": "root"}, {"id": 1, "name": "rt0"}], indent=2)
    assert complete("bulkhead", "cell", "start", "", cells=cells) == ["root", "rt0"]
    assert complete("bulkhead", "cell", "load", "rt", cells=cells) == ["rt0"]
    assert complete("bulkhead", "cell", "shutdown", "--force", "rt", cells=cells) == ["rt0"]
    image = f"{tmp_path}/image.elf"
    assert complete("bulkhead", "cell", "load", "rt0", f"{tmp_path}/im", cells=cells) == [image]
    assert complete("bulkhead", "cell", "create", f"{tmp_path}/im") == [image]
    assert complete("bulkhead", "enable", f"{tmp_path}/im") == [image]
    assert complete("bulkhead", "cell", "list", "") == []


def test_a_full_disk_is_told():
    with open("/dev/full", "w", encoding="ascii") as full:
        done = subprocess.run([build_dir() / "tools/bulkhead", "help"], stdout=full,
                              stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == REFUSED
    assert "No space left on device" in done.stderr


def test_a_good_machine_is_fit():
    done = check(LINUX, "cpu 0\n", GOOD, "cpu 1\n", GOOD)
    assert done.returncode == DONE and not done.stderr
    assert done.stdout.endswith("\n2 CPUs: all that is needed is there\n")
    assert "unknown" not in done.stdout
    result, rows = findings(LINUX, GOOD)
    assert result["missing"] == result["unknown"] == 0 and result["cpus"] == 1
    assert {row["present"] for row in rows.values()} == {"yes"}
    assert {row["need"] for row in rows.values()} == {"needed", "useful"}
    assert all(row["without"] and row["where"] for row in rows.values())


@pytest.mark.parametrize("old, new, name, where", [
    ("0x041090ea00000000", "0x0410906a00000000", "unrestricted guest",
     "IA32_VMX_PROCBASED_CTLS2 bit 39"),
    ("msr 0x3a = 0x5", "msr 0x3a = 0x1", "VMX not locked off", "IA32_FEATURE_CONTROL bit 2"),
    ("0x00003027", "0x00003020", "36 bits of physical address", "CPUID.80000008H:EAX bits 7:0"),
    ("0x00000f0106334141", "0x00000f0106334101", "EPT page-walk length 4",
     "IA32_VMX_EPT_VPID_CAP bit 6"),
])
def test_a_missing_feature_is_named(old, new, name, where):
    done = check(LINUX, replaced(old, new))
    assert done.returncode == REFUSED
    assert "1 needed feature is missing" in done.stdout
    row = next(line for line in done.stdout.splitlines() if line.startswith(name))
    assert where in row and " no " in row
    _, rows = findings(LINUX, replaced(old, new))
    assert rows[name]["present"] == "no" and rows[name]["cpus_without"] == [0]


def test_a_useful_feature_may_be_missing():
    done = check(LINUX, replaced("0x00000f0106334141", "0x00000f0106314141"))
    assert done.returncode == DONE
    assert "maps take more pages" in done.stdout


@pytest.mark.parametrize("old, new", (("msr 0x10a = 0x40", "msr 0x10a = 0x3f"),
                                      ("0x00000020 0x20000000", "0x00000020 0")),
                         ids=("clear", "absent"))
def test_a_processor_need_not_tell_of_multihit(old, new):
    """The board file does then."""
    result, rows = findings(LINUX, replaced(old, new))
    row = rows["PSCHANGE_MC_NO"]
    assert result["fit"] and (row["need"], row["present"]) == ("useful", "no")
    assert row["where"] == "IA32_ARCH_CAPABILITIES bit 6" and "itlb_multihit" in row["without"]


def test_an_instruction_that_is_not_shown_needs_no_control():
    without = replaced("0x041090ea00000000", "0x041080ea00000000")
    assert check(LINUX, without).returncode == REFUSED
    hidden = without.replace("0x00000400 0x00000020", "0 0x00000020")
    _, rows = findings(LINUX, hidden)
    assert rows["enable INVPCID"]["need"] == "not here"
    assert check(LINUX, hidden).returncode == DONE


def test_a_cpu_that_differs_is_named():
    bad = replaced("0x00000f0106334141", "0x00000f0106324141")
    done = check(LINUX, "cpu 0\n", GOOD, "cpu 1\n", bad, "cpu 4\n", bad)
    assert done.returncode == REFUSED
    assert "no on CPU 1, 4" in done.stdout


def test_what_was_not_read_is_unknown():
    lines = "".join(line for line in GOOD.splitlines(True) if not line.startswith("msr"))
    done = check(LINUX, lines)
    assert done.returncode == REFUSED
    assert "needed features could not be read" in done.stdout
    result, rows = findings(LINUX, lines)
    assert result["missing"] == 0 and result["unknown"] > 20
    assert rows["VMX"]["present"] == "yes" and rows["enable EPT"]["present"] == "unknown"


@pytest.mark.parametrize("old, new, name, words", [
    ("6.1.0-18-amd64", "5.10.0-28-amd64", "Linux 6.1 or later", "the driver cannot be built"),
    ("paging = 4", "paging = 5", "4-level paging", "boot Linux with no5lvl"),
    ("events = idt", "events = fred", "events by IDT", "boot Linux with fred=off"),
    ("kvm = absent", "kvm = in-use", "VMX not in use", "unload kvm_intel"),
])
def test_linux_counts_too(old, new, name, words):
    assert check(LINUX.replace("absent", "idle"), GOOD).returncode == DONE
    _, rows = findings(LINUX.replace(old, new), GOOD)
    assert rows[name]["present"] == "no" and words in rows[name]["without"]
    assert [row["name"] for row in rows.values() if row["present"] != "yes"] == [name]


def test_a_malformed_machine_is_refused_with_all_its_lines():
    done = check("cpu one\n", "cpuid 0x1 = 0 0 0 0\n", "# fine\n", "\n", "msr 0x480 = 4 # fine\n",
                 "msr 0x480 = -4\n", "cpuid 0x1 0 = 0 0 0\n", "cpuid 0x1 0 = 0 0 0 0x100000000\n",
                 "paging = 3\n", "paging = 4x\n", "events = often\n", "kvm = maybe\n",
                 "kernel =\n", f"kernel = {'6' * 100}\n", "weather = fine\n", "cpus 3\n")
    assert done.returncode == REFUSED and not done.stdout
    complaints = [line.split(": ") for line in done.stderr.splitlines()]
    assert [line[2] for line in complaints] == [f"-:{n}" for n in (1, 2, *range(6, 17))]
    assert all(line[3] == "not understood; should be" for line in complaints)


def test_a_machine_without_a_cpu_is_refused():
    for lines in ("", LINUX):
        done = check(lines)
        assert done.returncode == REFUSED
        assert "there is no CPU in this file" in done.stderr
    done = run("hardware", "check", "--from", "/nowhere/machine")
    assert done.returncode == REFUSED and "No such file" in done.stderr


def test_a_dump_says_the_same_as_the_machine():
    dump = run("hardware", "check", "--dump")
    here = run("hardware", "check", "--json")
    assert dump.returncode == DONE and dump.stdout.count("\ncpu ") == len(os.sched_getaffinity(0))
    assert json.loads(check(dump.stdout, arguments=["--json"]).stdout) == json.loads(here.stdout)


def terminal_output(columns, *arguments, **rest):
    """What the tool prints on a terminal so wide."""
    leader, follower = pty.openpty()
    os.set_blocking(leader, False)
    subprocess.run(["stty", "cols", str(columns)], stdin=follower, check=True)
    subprocess.run([build_dir() / "tools/bulkhead", *arguments], stdout=follower, check=False,
                   stderr=subprocess.DEVNULL, **rest)
    text = b""
    try:
        while piece := os.read(leader, 65536):
            text += piece
    except BlockingIOError:
        pass
    os.close(leader)
    os.close(follower)
    return text.decode().replace("\r\n", "\n")


def test_a_narrow_terminal_gets_the_meanings_below(tmp_path):
    machine = tmp_path / "machine"
    machine.write_text(LINUX + replaced("0x00000f0106334141", "0x00000f0106324141"))
    arguments = ("hardware", "check", "--from", machine)
    narrow = terminal_output(80, *arguments)
    assert max(map(len, narrow.splitlines())) <= 80
    assert "A NO MEANS" not in narrow
    assert "without EPT 2-MByte pages: maps would not fit their memory\n" in narrow
    assert "A NO MEANS" in terminal_output(200, *arguments)
