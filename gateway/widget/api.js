// The calls of the chat API. A failure is an ApiError: `status` is 0 where nothing was answered.

// Longer than a turn may take on the server, so that the server's own answer comes first.
const PATIENCE_MS = 40_000;
// The stream says at least every 15 seconds that it is alive.
const SILENCE_MS = 60_000;

export class ApiError extends Error {
  constructor(status, wait = 0) {
    super(status);
    Object.assign(this, { status, wait });
    // Worth sending the very same again, without asking anybody.
    this.passing = !status || status === 408 || status === 429 || status >= 500;
  }
}

async function call(url, token, options) {
  const headers = { ...options.headers, ...(token && { Authorization: `Bearer ${token}` }) };
  const response = await fetch(url, { credentials: "omit", ...options, headers }).catch(() => { throw new ApiError(0); });
  if (!response.ok) throw new ApiError(response.status, Number(response.headers.get("Retry-After")) || 0);
  return response;
}

export async function post(url, token, body) {
  const isForm = body instanceof FormData;
  const response = await call(url, token, {
    method: "POST",
    headers: isForm ? {} : { "Content-Type": "application/json" },
    body: isForm ? body : JSON.stringify(body),
    signal: AbortSignal.timeout(PATIENCE_MS),
  });
  return response.json().catch(() => { throw new ApiError(0); });
}

/** Read the messages of an event stream until it ends, breaks, falls silent or is aborted. `last`: the last id seen. */
export async function follow(url, token, last, stream, onMessage) {
  let alarm;
  const awake = () => {
    clearTimeout(alarm);
    alarm = setTimeout(() => stream.abort(), SILENCE_MS);
  };
  awake();
  try {
    const { body } = await call(url, token, { headers: { "Last-Event-ID": last }, signal: stream.signal });
    const reader = body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = "";
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      awake();
      const blocks = (rest + value).split("\n\n");
      rest = blocks.pop();
      for (const block of blocks) {
        const data = /^data: (.*)$/m.exec(block);
        if (data) onMessage(JSON.parse(data[1]));
      }
    }
  } finally {
    clearTimeout(alarm);
  }
}
