// The calls of the chat API. A failure is an ApiError: `status` is 0 where nothing was answered.

// Longer than a turn may take on the server, so that the server's own answer comes first.
const PATIENCE_MS = 40_000;
// The stream sends a comment now and then; without any the connection is dead.
const SILENCE_MS = 50_000;

export class ApiError extends Error {
  constructor(status, detail = "", wait = 0) {
    super(detail || `answered ${status}`);
    Object.assign(this, { status, detail, wait });
    // Worth sending the very same again, without asking anybody.
    this.passing = status === 0 || status === 408 || status === 429 || status >= 500;
  }
}

async function call(url, options, token) {
  let response;
  try {
    const headers = { ...options.headers, ...(token && { Authorization: `Bearer ${token}` }) };
    response = await fetch(url, { credentials: "omit", ...options, headers });
  } catch (error) {
    throw new ApiError(0, String(error));
  }
  if (response.ok) return response;
  const problem = await response.json().catch(() => ({}));
  throw new ApiError(response.status, problem.detail, Number(response.headers.get("Retry-After")) || 0);
}

export async function post(url, body, token) {
  const form = body instanceof FormData;
  const response = await call(url, {
    method: "POST",
    headers: form ? {} : { "Content-Type": "application/json" },
    body: form ? body : JSON.stringify(body),
    signal: AbortSignal.timeout(PATIENCE_MS),
  }, token);
  return response.json().catch((error) => { throw new ApiError(0, String(error)); });
}

/** Read server-sent events until the stream ends, the signal aborts or nothing more comes. `since`: the last id seen. */
export async function follow(url, token, since, signal, onEvent) {
  const own = new AbortController();
  const stop = () => own.abort();
  signal.addEventListener("abort", stop);
  let alarm = setTimeout(stop, SILENCE_MS);
  try {
    const headers = { Accept: "text/event-stream", "Last-Event-ID": String(since) };
    const { body } = await call(url, { headers, cache: "no-store", signal: own.signal }, token);
    const reader = body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = "";
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      clearTimeout(alarm);
      alarm = setTimeout(stop, SILENCE_MS);
      const blocks = (rest + value.replaceAll("\r", "")).split("\n\n");
      rest = blocks.pop();
      for (const block of blocks) emit(block, onEvent);
    }
  } finally {
    clearTimeout(alarm);
    signal.removeEventListener("abort", stop);
    own.abort();
  }
}

function emit(block, onEvent) {
  const event = { id: null, event: "message", data: "" };
  for (const line of block.split("\n")) {
    const [, field, value] = /^(id|event|data): ?(.*)$/.exec(line) ?? [];
    if (field) event[field] = field === "data" && event.data ? `${event.data}\n${value}` : value;
  }
  if (!event.data) return;
  try {
    onEvent(event.event, JSON.parse(event.data), Number(event.id));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
}
