// The calls of the chat API. Every failure is an ApiError whose `sentence` can be shown to the customer.

// Longer than a turn may take on the server, so that the server's own answer comes first.
const PATIENCE_MS = 40_000;

export class ApiError extends Error {
  constructor(sentence, { status = 0 } = {}) {
    super(sentence);
    this.sentence = sentence;
    this.status = status;
  }
}

async function post(path, body, token) {
  const headers = body instanceof FormData ? {} : { "Content-Type": "application/json" };
  if (token) headers.Authorization = `Bearer ${token}`;
  let response;
  try {
    response = await fetch(path, {
      method: "POST",
      headers,
      body: body instanceof FormData ? body : JSON.stringify(body),
      credentials: "omit",
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
  } catch {
    throw new ApiError("Not sent: the connection failed.");
  }
  if (!response.ok) throw new ApiError(sentenceFor(response), { status: response.status });
  try {
    return await response.json();
  } catch {
    throw new ApiError("The answer broke off on its way.");
  }
}

function sentenceFor(response) {
  switch (response.status) {
    case 401: return "This conversation has ended.";
    case 410: return "This link was used already or is too old: ask for a new one where you were.";
    case 413: return "Not sent: this is too large.";
    case 415: return "Not sent: please choose a photo (JPEG, PNG or WebP).";
    case 429: {
      const seconds = Number(response.headers.get("Retry-After")) || 10;
      return `Not sent: that was a lot at once. Try again in ${seconds} s.`;
    }
    default: return "Not sent: something went wrong on our side.";
  }
}

/** Open a conversation with a shop: {token, expires_at}. */
export function openSession(shop) {
  return post("/api/v1/sessions", { shop });
}

/** Go on with a conversation had elsewhere, by the code of its link: {token, shop, replies}. Good once. */
export function takeOver(code) {
  return post("/api/v1/handovers/take", { code });
}

/** Add a picture, to be sent with a message: {attachment_id}. */
export function addPicture(token, file) {
  const form = new FormData();
  form.append("picture", file);
  return post("/api/v1/attachments", form, token);
}

/** Send {client_id, text, attachments} or {client_id, choice}: {replies, last_seq}. The same client_id never acts twice. */
export function sendMessage(token, message) {
  return post("/api/v1/messages", message, token);
}
