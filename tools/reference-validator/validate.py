"""Runs the Open Badges 2.0 reference validator on badges served from loopback, without a network.

    validate.py [--contexts DIR] [--context URL=FILE]... [--recipient EMAIL] INPUT...

INPUT is a URL, the path of a baked PNG or SVG file, or - for JSON (or a compact JWS) on standard
input. One JSON line is printed per input:

    {"input", "valid", "errorCount", "warningCount", "messages", "refused"?}

`messages` are the validator's own. `refused` lists the addresses this script would not let it
open; when it is there, a "not valid" says something about this set-up and not about the badge.

Exit codes: 0 every input is valid, 1 at least one is not, 2 called wrongly.

The validator's rules run untouched. What is adapted is what stands between a release of its time
and a current interpreter, and its way to the network:

- abstract base classes are put back where three of its dependencies import them from;
- what its unbaking library returns as bytes is handed on as text, as the validator expects;
- published contexts and extension schemas are answered from files, and any other address that is
  not on loopback is refused by name, redirects and bare sockets included;
- its cache of fetched documents is off, so a badge revoked between two runs is seen revoked.
"""

import argparse
import collections
import collections.abc
import io
import ipaddress
import json
import logging
import pathlib
import sys
import urllib.parse

# Moved to collections.abc in Python 3.3 and gone from collections since 3.10.
for _name in collections.abc.__all__:
    if not hasattr(collections, _name):
        setattr(collections, _name, getattr(collections.abc, _name))

try:
    import requests
    import requests.adapters
    import urllib3
    from openbadges.verifier import verifier
    from openbadges.verifier.tasks import input as input_tasks
except ImportError as error:
    print(f"validate.py: {error}; use the interpreter that setup.sh made", file=sys.stderr)
    sys.exit(2)

REQUEST_SECONDS = 10

# File name in the contexts folder -> the addresses its content is published at.
PUBLISHED_CONTEXTS = {
    "openbadges-v2.json": ("w3id.org/openbadges/v2", "openbadgespec.org/v2/context.json"),
    "openbadges-v1.json": ("w3id.org/openbadges/v1", "openbadgespec.org/v1/context.json"),
    "openbadges-legacy-v1.json": ("w3id.org/openbadges/legacy-v1",),
}
EXTENSION_ROOTS = ("w3id.org/openbadges/extensions", "openbadgespec.org/extensions")
OB2_CONTEXT = "https://w3id.org/openbadges/v2"


def published_documents(folder):
    """Maps each address answered by the files in `folder` and the `extensions` beside it.

    Both schemes are mapped: the published addresses answer http as well, and contexts in the
    wild use either.
    """
    documents = {}

    def publish(address, file):
        documents["https://" + address] = file
        documents["http://" + address] = file

    for name, addresses in PUBLISHED_CONTEXTS.items():
        if (folder / name).is_file():
            for address in addresses:
                publish(address, folder / name)
    for file in sorted((folder.parent / "extensions").glob("*/*.json")):
        for root in EXTENSION_ROOTS:
            publish(f"{root}/{file.parent.name}/{file.name}", file)
    return documents


def is_web_address(text):
    """Whether a text is meant as an http or https URL."""
    return text.startswith(("http://", "https://"))


def is_loopback(host):
    """Whether a host (a name or an IP literal without brackets) can only be this machine."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class Refused(requests.exceptions.ConnectionError):
    """The validator asked for an address it may not have; the message names it."""


class OfflineAdapter(requests.adapters.HTTPAdapter):
    """Answers published documents from files, passes loopback on, refuses everything else.

    `refused` collects what was refused, because the validator swallows some exceptions.
    """

    def __init__(self, documents):
        super().__init__()
        self.documents = documents
        self.refused = []

    def send(self, request, timeout=None, proxies=None, **options):
        address = urllib.parse.urldefrag(request.url).url
        file = self.documents.get(address)
        if file is not None:
            return self.build_response(
                request,
                urllib3.HTTPResponse(
                    body=io.BytesIO(file.read_bytes()),
                    headers={"Content-Type": "application/ld+json"},
                    status=200,
                    preload_content=False,
                ),
            )
        if not is_loopback(urllib.parse.urlsplit(address).hostname or ""):
            self.refused.append(address)
            raise Refused(f"refused {address}: neither a known context nor on loopback")
        # A proxy set in the environment would see loopback requests, or answer them.
        return super().send(request, timeout=timeout or REQUEST_SECONDS, proxies=None, **options)


def refuse_remote_sockets(event, arguments):
    """Audit hook: no connection leaves this machine, whatever library opens it."""
    if event == "socket.getaddrinfo":
        host = arguments[0]
    elif event in ("socket.connect", "socket.sendto") and isinstance(arguments[1], tuple):
        host = arguments[1][0]
    else:
        return
    host = host.decode() if isinstance(host, bytes) else host
    if host and not is_loopback(host):
        raise Refused(f"refused a socket to {host}: not on loopback")


def go_offline(documents):
    """Installs the adapter for every HTTP session of this process and returns it."""
    adapter = OfflineAdapter(documents)
    requests.Session.get_adapter = lambda _session, url: adapter
    sys.addaudithook(refuse_remote_sockets)
    return adapter


def unbake_as_text(unbake):
    """Wraps the bakery's reader: an SVG's `verify` comes as bytes, which no check recognises."""

    def unbaked(file):
        content = unbake(file)
        return content.decode("utf-8") if isinstance(content, bytes) else content

    return unbaked


def failure(name, explanation):
    """A report of the validator's shape for an input it raised on instead of reporting."""
    message = {"name": name, "success": False, "result": explanation, "messageLevel": "ERROR"}
    return {"valid": False, "errorCount": 1, "warningCount": 0, "messages": [message]}


def report_on(badge, recipient):
    """The validator's report on one badge: a URL, JSON or JWS text, or an open image."""
    profile = {"email": recipient} if recipient else None
    return verifier.verify(badge, profile, use_cache=False, cache_backend=None)["report"]


def report_on_input(source, recipient):
    """The validator's report on one command-line input: `-`, an http(s) URL or a file path."""
    if source == "-":
        return report_on(sys.stdin.read().strip(), recipient)
    if is_web_address(source):
        return report_on(source, recipient)
    with open(source, "rb") as image:
        if not verifier.unbake(image):
            return failure("UNBAKE", "no baked badge in this file, or neither a PNG nor an SVG")
        return report_on(image, recipient)


def validate(source, recipient, adapter):
    """The output line for one input. The validator raises on some inputs instead of reporting."""
    adapter.refused = []
    try:
        report = report_on_input(source, recipient)
    except Exception as error:
        report = failure("EXCEPTION", f"{type(error).__name__}: {error}")
    line = {"input": source}
    line.update({key: report[key] for key in ("valid", "errorCount", "warningCount", "messages")})
    if adapter.refused:
        line["refused"] = adapter.refused
    return line


def command_line(arguments):
    """Reads the arguments; a wrong one prints what to do and exits with 2."""
    parser = argparse.ArgumentParser(
        prog="validate.py", description="Validates Open Badges 2.0 served from loopback, offline."
    )
    parser.add_argument("inputs", nargs="+", metavar="INPUT", help="URL, PNG or SVG file, or -")
    parser.add_argument("--recipient", metavar="EMAIL", help="must be whom each badge is for")
    parser.add_argument(
        "--contexts", type=pathlib.Path, metavar="DIR", help="folder with openbadges-v2.json"
    )
    parser.add_argument(
        "--context", action="append", default=[], metavar="URL=FILE", help="answer URL from FILE"
    )
    parser.add_argument(
        "--verbose", action="store_true", help="the validator's own log on standard error"
    )
    options = parser.parse_args(arguments)

    if options.contexts and not options.contexts.is_dir():
        parser.error(f"--contexts: {options.contexts} is not a folder")
    options.documents = published_documents(options.contexts) if options.contexts else {}
    for pair in options.context:
        address, separator, name = pair.rpartition("=")
        if not separator or not is_web_address(address):
            parser.error(f"--context: {pair} is not URL=FILE")
        if not pathlib.Path(name).is_file():
            parser.error(f"--context: there is no file {name}")
        options.documents[address] = pathlib.Path(name)
    # Without this one every badge would be called invalid for a reason of ours.
    if OB2_CONTEXT not in options.documents:
        parser.error(f"no file answers {OB2_CONTEXT}; give --contexts or --context")
    if options.inputs.count("-") > 1:
        parser.error("standard input can be read once only")
    for source in options.inputs:
        if source != "-" and not is_web_address(source) and not pathlib.Path(source).is_file():
            parser.error(f"{source} is neither a URL nor a file")
    return options


def main(arguments):
    options = command_line(arguments)
    if not options.verbose:
        logging.getLogger("openbadges.verifier").setLevel(logging.CRITICAL)
    verifier.unbake = unbake_as_text(verifier.unbake)
    input_tasks.unbake = verifier.unbake
    adapter = go_offline(options.documents)

    all_valid = True
    for source in options.inputs:
        line = validate(source, options.recipient, adapter)
        print(json.dumps(line), flush=True)
        all_valid = all_valid and line["valid"]
    return 0 if all_valid else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
