"""Made-up badges on a loopback server: an issuer, a badge class, a key, awards, baked images."""

import base64
import hashlib
import http.server
import json
import struct
import threading
import zlib

from Crypto.Hash import SHA256
from Crypto.PublicKey import RSA
from Crypto.Signature import pkcs1_15

CONTEXT = "https://w3id.org/openbadges/v2"
EARNER = "earner@badges.test"
SALT = "pinch"
JSON_LD = "application/ld+json"


def png(payload=None):
    """A 1x1 grey PNG, with `payload` in an iTXt chunk after the header when given."""

    def chunk(kind, data):
        checksum = zlib.crc32(kind + data)
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", checksum)

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    # Keyword, then: not compressed, method 0, no language, no translated keyword.
    text = b"openbadges\0" + b"\0\0" + b"\0" + b"\0" + (payload or "").encode()
    badge = chunk(b"iTXt", text) if payload is not None else b""
    pixels = chunk(b"IDAT", zlib.compress(b"\0\x80"))
    return b"\x89PNG\r\n\x1a\n" + header + badge + pixels + chunk(b"IEND", b"")


def svg(payload=None, verify=None):
    """A square SVG, with `payload` as the baked content and `verify` as its attribute."""
    attribute = f' verify="{verify}"' if verify else ""
    content = f"<![CDATA[{payload}]]>" if payload is not None else ""
    baked = f"<openbadges:assertion{attribute}>{content}</openbadges:assertion>"
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:openbadges="http://openbadges.org"'
        f' viewBox="0 0 1 1">{baked if payload or verify else ""}<path d="M0 0h1v1z"/></svg>'
    ).encode()


def unpadded(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def jws(key, payload):
    """Signs `payload` as a compact JWS with RS256."""
    parts = ({"alg": "RS256", "typ": "JWT"}, payload)
    signed = ".".join(unpadded(json.dumps(part).encode()) for part in parts)
    return f"{signed}.{unpadded(pkcs1_15.new(key).sign(SHA256.new(signed.encode())))}"


class Site:
    """A loopback origin; what is put there is what it answers."""

    def __init__(self):
        pages = self.pages = {}
        self.requested = []
        requested = self.requested

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                requested.append(self.path)
                missing = (404, "text/plain", b"nothing here", {})
                status, kind, body, headers = pages.get(self.path, missing)
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_arguments):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.base = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def put(self, path, body, kind=JSON_LD, status=200, headers=None):
        """Serves `body` (a document or bytes) at `path` and returns its address."""
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.pages[path] = (status, kind, data, headers or {})
        return self.base + path

    def close(self):
        self.server.shutdown()
        self.server.server_close()


class Organization:
    """One issuer with one badge class and one key on a site, and ways to award the badge."""

    def __init__(self, site):
        self.site = site
        self.key = RSA.generate(2048)
        self.issuer = site.base + "/issuer"
        self.public_key = site.put("/key", self.public_key_document(self.key))
        site.put("/issuer", self.issuer_document())
        image = site.put("/badge.png", png(), "image/png")
        self.badge = site.put("/badge", self.badge_document("/badge", "/issuer", image))

    def public_key_document(self, key):
        return {
            "@context": CONTEXT,
            "id": self.site.base + "/key",
            "type": "CryptographicKey",
            "owner": self.issuer,
            "publicKeyPem": key.public_key().export_key().decode(),
        }

    def issuer_document(self, path="/issuer", **more):
        return {
            "@context": CONTEXT,
            "id": self.site.base + path,
            "type": "Issuer",
            "name": "A made-up school",
            "url": self.site.base,
            "email": "office@badges.test",
            "publicKey": self.public_key,
            **more,
        }

    def badge_document(self, path, issuer, image):
        return {
            "@context": CONTEXT,
            "id": self.site.base + path,
            "type": "BadgeClass",
            "name": "Knot tying",
            "description": "Ties six knots.",
            "image": image,
            "criteria": {"narrative": "Tie six knots."},
            "issuer": self.site.base + issuer,
        }

    def assertion(self, path, **changes):
        """An assertion to EARNER; a change to None takes the member away."""
        digest = hashlib.sha256((EARNER + SALT).encode()).hexdigest()
        document = {
            "@context": CONTEXT,
            "id": self.site.base + path,
            "type": "Assertion",
            "recipient": {
                "type": "email",
                "hashed": True,
                "salt": SALT,
                "identity": "sha256$" + digest,
            },
            "badge": self.badge,
            "issuedOn": "2020-05-04T10:00:00Z",
            "verification": {"type": "HostedBadge"},
        }
        document.update(changes)
        return {name: value for name, value in document.items() if value is not None}

    def award(self, path, **changes):
        """Publishes an assertion at `path` and returns its address."""
        return self.site.put(path, self.assertion(path, **changes))

    def signed(self, identifier, badge=None, key=None):
        """A signed assertion as a compact JWS."""
        document = self.assertion(
            "/unused",
            id=identifier,
            badge=badge or self.badge,
            verification={"type": "SignedBadge", "creator": self.public_key},
        )
        return jws(key or self.key, document)
