// Requests over HTTP that are answered with JSON. A browser that signed in sends its cookie by
// itself; what changes something shows the CSRF token as well, which only this page can read.
import { RequestError } from "./requests.js";

let csrfToken = null;

/** The token of the present sign-in; null for none. */
export function useCsrfToken(token) {
  csrfToken = token;
}

/** The JSON that answers; rejects with a RequestError. */
export async function ask(method, address, body, headers = {}) {
  const response = await send(method, address, body, headers);
  return response.json().catch(() => ({}));
}

/** What a GET answers, byte for byte. */
export async function bytesOf(address) {
  return (await send("GET", address)).arrayBuffer();
}

async function send(method, address, body, headers = {}) {
  let response;
  try {
    response = await fetch(address, { method, body, headers: csrfToken === null ? headers : { ...headers, "X-CSRF-Token": csrfToken } });
  } catch {
    throw new RequestError("OFFLINE", "There is no connection to the server.");
  }
  if (!response.ok) {
    const answer = await response.json().catch(() => ({}));
    throw new RequestError(answer.code ?? "INTERNAL", answer.title ?? `The server answered ${response.status}.`);
  }
  return response;
}
