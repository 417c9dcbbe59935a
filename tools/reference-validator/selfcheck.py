"""Proves that validate.py can say no: made-up badges, each with one fault, on a loopback server.

    selfcheck.py --contexts DIR

Run with the interpreter that setup.sh made. Each case names the verdict and, where the validator
must object, the check that has to be among its objections; so an environment in which everything
passes, or everything fails, is noticed. Prints one line per case and exits with 0 or 1.
"""

import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile

from Crypto.PublicKey import RSA

from made_up_badges import CONTEXT, EARNER, Organization, Site, png, svg

VALIDATE = pathlib.Path(__file__).with_name("validate.py")


# A case: name, input (text starting with "stdin:" goes to standard input), recipient or None,
# whether it is valid, and the check that must object when it is not.


def hosted_cases(site, school):
    valid = school.award("/valid")
    yield "valid", valid, None, True, None
    yield "valid, for its earner", valid, EARNER, True, None
    objection = "VERIFY_RECIPIENT_IDENTIFIER"
    yield "valid, for somebody else", valid, "other@badges.test", False, objection
    yield "valid, as JSON", "stdin:" + json.dumps(school.assertion("/valid")), None, True, None

    plain = {"type": "email", "hashed": False, "identity": EARNER}
    yield "plain recipient", school.award("/plain", recipient=plain), EARNER, True, None

    tombstone = {
        "@context": CONTEXT,
        "id": site.base + "/revoked",
        "type": "Assertion",
        "revoked": True,
        "revocationReason": "Awarded by mistake",
    }
    revoked = site.put("/revoked", tombstone, status=410)
    yield "revoked, gone", revoked, None, False, "VALIDATE_PROPERTY"

    expired = school.award("/expired", expires="2021-05-04T10:00:00Z")
    yield "expired", expired, None, False, "ASSERTION_TIMESTAMP_CHECKS"
    yield "without a badge", school.award("/bare", badge=None), None, False, "VALIDATE_PROPERTY"
    yield "unknown address", site.base + "/nowhere", None, False, "FETCH_HTTP_NODE"

    elsewhere = Site()
    stranger = elsewhere.put("/stray", school.assertion("/x", id=elsewhere.base + "/stray"))
    yield "hosted elsewhere", stranger, None, False, "HOSTED_ID_IN_VERIFICATION_SCOPE"


def extension_cases(school):
    context = "https://w3id.org/openbadges/extensions/applyLinkExtension/context.json"
    for name, link, valid in (("", "https://badges.test/apply", True), (" malformed", 7, False)):
        extension = {
            "@context": context,
            "type": ["Extension", "extensions:ApplyLink"],
            "url": link,
        }
        path = "/extension" + name.strip()
        address = school.award(path, **{"extensions:applyLink": extension})
        objection = None if valid else "VALIDATE_EXTENSION_NODE"
        yield "apply link extension" + name, address, None, valid, objection


def baked_cases(school, folder):
    def saved(name, content):
        (folder / name).write_bytes(content)
        return str(folder / name)

    for state, valid, objection in (
        ("valid", True, None),
        ("expired", False, "ASSERTION_TIMESTAMP_CHECKS"),
    ):
        address = school.site.base + "/" + state
        text = json.dumps(school.assertion("/" + state))
        files = {
            f"{state}.png": png(text),
            f"{state}-url.png": png(address),
            f"{state}.svg": svg(text),
            f"{state}-verify.svg": svg(text, address),
        }
        for name, content in files.items():
            yield "file " + name, saved(name, content), None, valid, objection
        served = school.site.put(f"/{state}.png", png(text), "image/png")
        yield f"served {state}.png", served, None, valid, objection

    yield "PNG with nothing baked", saved("plain.png", png()), None, False, "UNBAKE"
    yield "SVG with nothing baked", saved("plain.svg", svg()), None, False, "EXCEPTION"
    yield "truncated PNG", saved("cut.png", png("x")[:40]), None, False, "EXCEPTION"

    token = school.signed("urn:uuid:0f0e0d0c-0b0a-4908-8706-050403020100")
    yield "signed PNG", saved("signed.png", png(token)), EARNER, True, None
    yield "signed SVG", saved("signed.svg", svg(verify=token)), EARNER, True, None


def signed_cases(site, school):
    one = "urn:uuid:1f0e0d0c-0b0a-4908-8706-050403020100"
    two = "urn:uuid:2f0e0d0c-0b0a-4908-8706-050403020100"
    yield "signed", "stdin:" + school.signed(one), EARNER, True, None
    forged = school.signed(one, key=RSA.generate(2048))
    yield "signed by another key", "stdin:" + forged, None, False, "VERIFY_JWS"

    site.put(
        "/revocations",
        {
            "@context": CONTEXT,
            "id": site.base + "/revocations",
            "type": "RevocationList",
            "issuer": site.base + "/strict",
            # The validator overlooks a list with a single entry.
            "revokedAssertions": [one, "urn:uuid:3f0e0d0c-0b0a-4908-8706-050403020100"],
        },
    )
    strict = school.issuer_document("/strict", revocationList=site.base + "/revocations")
    site.put("/strict", strict)
    document = school.badge_document("/strict-badge", "/strict", site.base + "/badge.png")
    badge = site.put("/strict-badge", document)
    objection = "VERIFY_SIGNED_ASSERTION_NOT_REVOKED"
    yield "signed, listed", "stdin:" + school.signed(one, badge), None, False, objection
    yield "signed, not listed", "stdin:" + school.signed(two, badge), None, True, None


def offline_cases(site, school):
    """Cases that must end in a refusal; the verdict is about this set-up, so it must say so."""
    unknown = [CONTEXT, "https://context.badges.test/v1"]
    yield "unknown context", school.award("/foreign", **{"@context": unknown}), unknown[1]

    far = "https://badges.test/away"
    site.put("/moved", b"", "text/plain", 302, {"Location": far})
    yield "redirect away", site.base + "/moved", far
    yield "another machine", "http://192.0.2.1/assertion", "http://192.0.2.1/assertion"
    yield "proxy bait", "http://localhost.badges.test/", "http://localhost.badges.test/"


def run(command, text="", environment=None):
    """Runs a command with `text` on its standard input and `environment` added to ours."""
    return subprocess.run(
        command,
        input=text,
        env={**os.environ, **(environment or {})},
        capture_output=True,
        text=True,
        timeout=120,
    )


class Runner:
    """Runs validate.py as its users do and remembers what did not turn out as it should."""

    def __init__(self, contexts):
        self.command = [sys.executable, str(VALIDATE), "--contexts", str(contexts)]
        self.passed = 0
        self.failed = 0

    def run(self, arguments, text="", environment=None):
        return run(self.command + arguments, text, environment)

    def tell(self, name, fault):
        if fault:
            self.failed += 1
            print(f"not ok  {name}: {fault}")
        else:
            self.passed += 1
            print(f"ok      {name}")

    def judge(self, cases):
        """Runs cases that share a recipient in one process, stdin cases one by one."""
        batches = {}
        for case in cases:
            _name, source, recipient, _valid, _objection = case
            alone = case if source.startswith("stdin:") else recipient
            batches.setdefault(alone, []).append(case)
        for batch in batches.values():
            recipient = batch[0][2]
            text = batch[0][1][len("stdin:") :] if batch[0][1].startswith("stdin:") else ""
            sources = ["-" if text else case[1] for case in batch]
            options = ["--recipient", recipient] if recipient else []
            result = self.run(options + sources, text)
            lines = [json.loads(line) for line in result.stdout.splitlines()]
            wanted = 0 if all(case[3] for case in batch) else 1
            if result.returncode != wanted or len(lines) != len(batch):
                self.tell("exit code", f"{result.returncode}, not {wanted}: {result.stderr}")
            for case, line in zip(batch, lines):
                self.tell(case[0], self.fault(line, case[3], case[4]))

    @staticmethod
    def fault(line, valid, objection):
        """What is wrong with an output line, or None."""
        if "refused" in line:
            return f"refused {line['refused']}"
        if line["valid"] is not valid:
            return f"valid is {line['valid']}: {json.dumps(line['messages'])}"
        errors = {m["name"] for m in line["messages"] if m["messageLevel"] == "ERROR"}
        if objection and objection not in errors:
            return f"objections are {sorted(errors)}, not {objection}"
        return None

    def judge_refusals(self, cases):
        for name, source, refused in cases:
            result = self.run([source])
            line = json.loads(result.stdout)
            wanted = result.returncode == 1 and line["valid"] is False
            good = wanted and refused in line.get("refused", [])
            self.tell(name, None if good else result.stdout)

    def judge_usage(self, folder):
        for name, arguments in (
            ("no input", []),
            ("missing file", [str(folder / "absent.png")]),
            ("context without a file", ["--context", "https://badges.test/", "-"]),
        ):
            code = self.run(arguments).returncode
            self.tell(name, None if code == 2 else f"exit code {code}")
        code = run([sys.executable, str(VALIDATE), "-"], "{}").returncode
        self.tell("no contexts at all", None if code == 2 else f"exit code {code}")

    def judge_isolation(self, school):
        """What a badge's verdict must not depend on, or reach."""
        address = school.award("/fresh")
        before = school.site.requested.count("/fresh")
        self.run([address, address])
        fetched = school.site.requested.count("/fresh") - before
        self.tell("nothing cached", None if fetched == 2 else f"fetched {fetched} times, not 2")

        nobody = "http://127.0.0.1:1"
        proxies = {"http_proxy": nobody, "https_proxy": nobody, "no_proxy": ""}
        result = self.run([address], environment=proxies)
        self.tell("proxy ignored", None if result.returncode == 0 else result.stdout)

        attempt = (
            "import socket, sys; sys.path.insert(0, sys.argv[1]); import validate\n"
            "validate.go_offline({})\n"
            "try: socket.create_connection(('192.0.2.1', 80), 1)\n"
            "except validate.Refused: sys.exit(0)\n"
            "sys.exit(1)"
        )
        result = run([sys.executable, "-c", attempt, str(VALIDATE.parent)])
        self.tell("bare socket refused", result.stderr if result.returncode else None)


def main():
    parser = argparse.ArgumentParser(prog="selfcheck.py")
    parser.add_argument("--contexts", type=pathlib.Path, required=True, metavar="DIR")
    runner = Runner(parser.parse_args().contexts)

    site = Site()
    school = Organization(site)
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        runner.judge(
            [
                *hosted_cases(site, school),
                *extension_cases(school),
                *baked_cases(school, folder),
                *signed_cases(site, school),
            ]
        )
        runner.judge_refusals(offline_cases(site, school))
        runner.judge_usage(folder)
        runner.judge_isolation(school)
    site.close()
    print(f"{runner.passed} passed, {runner.failed} failed")
    return 1 if runner.failed else 0


if __name__ == "__main__":
    sys.exit(main())
