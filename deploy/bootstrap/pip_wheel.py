"""The last source of pip: the one locked wheel, fetched from the index that the machine is set up with."""

import base64
import hashlib
import html
import re
import ssl
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit, urlunsplit


def fetch(index: str, lock: Path, target: Path, env: Mapping[str, str]) -> Path:
    """Fetch the pip wheel that `lock` names into folder `target`; return the pip inside it, ready to run.

    OSError: the index cannot be reached. LookupError: it lacks the wheel. ValueError: the hash differs.
    """
    text = lock.read_text(encoding="utf-8")
    version = re.search(r"^pip==(\S+)", text, re.MULTILINE)
    if version is None:
        raise LookupError(f"{lock.name} noemt geen pip")
    name = f"pip-{version[1]}-py3-none-any.whl"
    page_url = index.rstrip("/") + "/pip/"
    page = _get(page_url, env).decode("utf-8", errors="replace")
    link = re.search(rf"""href=["']([^"']*{re.escape(name)}[^"']*)["']""", page)
    if link is None:
        raise LookupError(f"de index heeft {name} niet")
    body = _get(_with_same_login(urljoin(page_url, html.unescape(link[1])), page_url), env)
    if hashlib.sha256(body).hexdigest() not in re.findall(r"sha256:([0-9a-f]{64})", text):
        raise ValueError(f"hash mismatch: {name}")
    target.mkdir(parents=True, exist_ok=True)
    (target / name).write_bytes(body)
    return target / name / "pip"


def _with_same_login(url: str, page_url: str) -> str:
    """Give a link on the same host the login of the page it stood on, as pip does."""
    link, page = urlsplit(url), urlsplit(page_url)
    if link.username is None and page.username is not None and link.hostname == page.hostname:
        return urlunsplit(link._replace(netloc=page.netloc))
    return url


def _get(url: str, env: Mapping[str, str]) -> bytes:
    parts = urlsplit(url)
    if parts.scheme not in ("https", "http"):
        raise OSError("het adres van de index begint niet met https://")
    request = urllib.request.Request(urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2], fragment="")))
    request.add_header("Accept", "text/html, */*;q=0.1")
    if parts.username is not None:
        login = f"{unquote(parts.username)}:{unquote(parts.password or '')}".encode()
        # Unredirected: a redirect to another host must not carry the login along.
        request.add_unredirected_header("Authorization", "Basic " + base64.b64encode(login).decode())
    context = ssl.create_default_context(cafile=env.get("SSL_CERT_FILE") or None)
    proxies = {
        scheme: address
        for scheme in ("http", "https")
        if (address := env.get(f"{scheme}_proxy") or env.get(f"{scheme.upper()}_PROXY"))
    }
    opener = urllib.request.build_opener(
        urllib.request.ProxyHandler(proxies), urllib.request.HTTPSHandler(context=context)
    )
    with opener.open(request, timeout=30) as response:
        body: bytes = response.read()
    return body
