"""A real gateway on a free port, over a real database; a small HTTP server stands where Rasa would."""

import json
import shutil
import socket
import threading
from contextlib import ExitStack, closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace

import httpx
import jwt
import pytest
import uvicorn

from gateway.app import create_app
from gateway.serving import Server
from gateway.settings import Settings
from order_store import Database, beat, parse_shops, save_shops

NOW = "2026-03-02T09:00:00+00:00"
LATER = "I cannot answer right now. Your message is kept; the answer comes here by itself."
MOVED = "We go on here; please say again whose order it is."
UNAVAILABLE = "I cannot answer right now. Please try again in a few minutes."
SHOP_SECRET = "a secret of Inkwell that only its servers know"

SHOPS = {
    "shops": {
        "inkwell": {
            "name": "Inkwell & Sons",
            "programmes": ["store_policy"],
            "timezone": "Europe/Berlin",
            "country": "DE",
            "allowed_origins": ["https://www.inkwell.example"],
            "token_secret_name": "INKWELL_TOKEN_SECRET",
        },
        "lantern": {
            "name": "Lantern",
            "programmes": ["after_sales"],
            "timezone": "Asia/Shanghai",
            "country": "CN",
            "allowed_origins": ["https://lantern.example", "https://m.lantern.example"],
        },
    }
}

SHOP_PAGE = "https://www.inkwell.example"
POLICY = (
    "default-src 'none'; script-src {gateway}; connect-src {gateway}; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)
PAGE = """<!doctype html><html lang="en" {page}><head><title>Your order</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<script type="module" src="{gateway}/widget.js" data-shop="inkwell" {script}></script></head>
<body><main><h1>Your order</h1><p><a href="#more">More</a></p></main></body></html>"""


class StandInRasa:
    """Answers as it is told to; `heard` holds the body of every message, in the order they came."""

    def __init__(self, port=0):
        self.heard = []
        self.answer = lambda body: [{"recipient_id": body["sender"], "text": f"You said: {body['message']}"}]
        self.status = 200
        self.raw = None
        self.asked = threading.Semaphore(0)
        self.released = threading.Event()
        self.released.set()
        self.healthy = 200
        self.looked_at = 0
        stand_in = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                stand_in.looked_at += 1
                stand_in.released.wait(30)
                self.respond(stand_in.healthy, b"Hello")

            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                stand_in.heard.append(body)
                stand_in.asked.release()
                stand_in.released.wait(30)
                raw = stand_in.raw if stand_in.raw is not None else json.dumps(stand_in.answer(body)).encode()
                self.respond(stand_in.status, raw)

            def respond(self, status, raw):
                try:
                    self.send_response(status)
                    self.send_header("Content-Length", str(len(raw)))
                    self.end_headers()
                    self.wfile.write(raw)
                except ConnectionError:
                    pass

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def says(self, *items):
        self.answer = lambda body: list(items)

    def holds_back(self):
        self.released.clear()

    def close(self):
        self.released.set()
        self.server.shutdown()
        self.server.server_close()


class Stream:
    """An open stream of events, read one by one; `status` and `headers` are those of the answer."""

    def __init__(self, url, headers, query=""):
        self.http = httpx.Client(base_url=url, timeout=10, trust_env=False, verify=False)
        request = self.http.build_request("GET", f"/api/v1/events{query}", headers=headers)
        self.response = self.http.send(request, stream=True)
        self.status, self.headers = self.response.status_code, self.response.headers
        self.lines = self.response.iter_lines()
        self.comments = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.response.close()
        self.http.close()

    def next(self):
        """The next event as (id, data), or None at the stream's end; comments are kept on the way."""
        told = {}
        for line in self.lines:
            if line.startswith(":"):
                self.comments.append(line)
            elif line:
                name, _, value = line.partition(": ")
                told[name] = value
            elif "data" in told:
                return int(told["id"]), json.loads(told["data"])
        return None

    def take(self, count):
        return [self.next()[1] for _ in range(count)]


class Gateway:
    """A running gateway: `http` talks to it, `settings` and `app` are what it runs with."""

    def __init__(self, settings):
        self.settings = settings
        self.app = create_app(settings)
        config = uvicorn.Config(self.app, "127.0.0.1", 0, log_config=None, proxy_headers=False, lifespan="on")
        self.server = Server(self.app, config)
        self.thread = threading.Thread(target=self.server.run, daemon=True)
        self.thread.start()
        while not self.server.started and self.thread.is_alive():
            threading.Event().wait(0.005)
        port = self.server.servers[0].sockets[0].getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        self.http = httpx.Client(base_url=self.url, timeout=30, trust_env=False, verify=False)

    def session(self, shop="inkwell", **body):
        answer = self.http.post("/api/v1/sessions", json={"shop": shop, **body})
        assert answer.status_code == 201, answer.text
        return answer.json()["token"]

    def send(self, token, client_id="m1", **body):
        headers = {"Authorization": f"Bearer {token}"}
        return self.http.post("/api/v1/messages", json={"client_id": client_id, **body}, headers=headers)

    def say(self, token, text, client_id="m1"):
        answer = self.send(token, client_id, text=text)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def follow(self, token, after=None, query="", origin=None):
        """The events of a conversation, as an open `Stream`; `after` is the Last-Event-ID."""
        headers = {"Authorization": f"Bearer {token}"} | ({} if after is None else {"Last-Event-ID": str(after)})
        headers |= {} if origin is None else {"Origin": origin}
        return Stream(self.url, headers, query)

    def stop(self):
        """Tell it to end; `close` also waits for it."""
        self.http.close()
        self.server.should_exit = True

    def close(self):
        self.stop()
        self.thread.join(30)


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory):
    """A database file with today's tables and two shops, copied for every test."""
    path = tmp_path_factory.mktemp("gateway") / "template.db"
    database = Database(f"sqlite:///{path}")
    database.upgrade()
    with database.write() as session:
        save_shops(session, parse_shops(SHOPS))
    # The last connection to close folds the write-ahead log into the file.
    database.dispose()
    return path


@pytest.fixture
def database(migrated_file, tmp_path):
    path = tmp_path / "aftercare.db"
    shutil.copy(migrated_file, path)
    database = Database(f"sqlite:///{path}")
    with database.write() as session:
        beat(session, "worker", datetime.now(UTC))
    yield database
    database.dispose()


@pytest.fixture
def rasa():
    with closing(StandInRasa()) as stand_in:
        yield stand_in


@pytest.fixture
def later_rasa():
    """Rasa is down, and starts when called: `later_rasa()`; `later_rasa.url` is where."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with ExitStack() as running:

        def start():
            return running.enter_context(closing(StandInRasa(port)))

        start.url = f"http://127.0.0.1:{port}"
        yield start


@pytest.fixture
def domain(tmp_path):
    path = tmp_path / "domain.yml"
    words = {"utter_unavailable": UNAVAILABLE, "utter_answer_comes_later": LATER, "utter_channel_moved": MOVED}
    path.write_text(json.dumps({"responses": {name: [{"text": text}] for name, text in words.items()}}))
    return path


@pytest.fixture
def environ(database, rasa, tmp_path):
    """The environment a gateway is started with in these tests; each test may change its own copy."""
    return {
        "AFTERCARE_ENV": "test",
        "AFTERCARE_CLOCK": NOW,
        "AFTERCARE_DATABASE_URL": str(database.engine.url),
        "AFTERCARE_SECRET": "the secret of these tests, long enough for production",
        "AFTERCARE_PICTURES": str(tmp_path / "pictures"),
        "AFTERCARE_RASA_URL": rasa.url,
        "AFTERCARE_ACTIONS_URL": f"{rasa.url}/webhook",
        "INKWELL_TOKEN_SECRET": SHOP_SECRET,
    }


@pytest.fixture(scope="session")
def ending():
    """Gateways told to stop; they take a moment that no test needs to wait for."""
    stopped = []
    yield stopped
    for gateway in stopped:
        gateway.thread.join(30)
        assert not gateway.thread.is_alive()


@pytest.fixture
def start(environ, domain, ending):
    """Starts gateways: `start()`, `start(variables={...}, turn_timeout=...)`; all are stopped afterwards."""
    with ExitStack() as running:

        def start_one(variables=None, **settings):
            read = Settings.from_environment({**environ, **(variables or {})})
            one = Gateway(replace(read, domain=domain, **settings))
            running.callback(one.stop)
            ending.append(one)
            return one

        yield start_one


@pytest.fixture
def gateway(start):
    return start()


@pytest.fixture
def patience():
    """A turn's timeout short enough to wait for and long enough for a busy machine."""
    return timedelta(seconds=1.5)


@pytest.fixture
def customer_token(gateway):
    """Makes customer tokens as a shop would: `customer_token(sub=..., exp_in=seconds)`."""

    def made(key=SHOP_SECRET, algorithm="HS256", exp_in=300, **claims):
        now = gateway.app.state.parts.clock.now()
        told = {"iss": "inkwell", "sub": "ada@example.com", "exp": int(now.timestamp()) + exp_in, **claims}
        told = {name: value for name, value in told.items() if value is not None}
        return jwt.encode(told, key, algorithm=algorithm)

    return made


@pytest.fixture
def known():
    """What these tests set up: the instant the clock stands at, the shop's secret, the words for a broken turn."""
    return SimpleNamespace(now=NOW, shop_secret=SHOP_SECRET, unavailable=UNAVAILABLE, later=LATER, shops=SHOPS)


@pytest.fixture
def shop_page(chromium, gateway):
    """Opens the shop's page: `shop_page(page=attributes, script=attributes, **context)`; complaints fail the test."""
    contexts, complaints = [], []

    def open_one(page="", script="", context=None, **options):
        if context is None:
            context = chromium.new_context(**{"reduced_motion": "reduce", "locale": "en-GB", **options})
            contexts.append(context)
            # A browser lets a page from outside call its own machine only if its user agrees.
            context.grant_permissions(["local-network-access"])
            headers = {"Content-Security-Policy": POLICY.format(gateway=gateway.url), "Content-Type": "text/html"}
            body = PAGE.format(gateway=gateway.url, page=page, script=script)
            context.route(f"{SHOP_PAGE}/**", lambda route: route.fulfill(body=body, headers=headers))
        one = context.new_page()
        one.on("pageerror", lambda error: complaints.append(str(error)))
        one.on("console", lambda said: complaints.append(said.text) if "Content Security" in said.text else None)
        one.goto(f"{SHOP_PAGE}/order")
        return one

    yield open_one
    for context in contexts:
        context.close()
    assert complaints == []
