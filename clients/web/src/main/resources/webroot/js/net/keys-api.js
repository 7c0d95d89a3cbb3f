// The API keys of whoever is signed in.
import { ask } from "./http.js";

const KEYS = "/api/keys";

/** The newest keys; a person has few. */
export async function listKeys() {
  return (await ask("GET", `${KEYS}?limit=500`)).keys;
}

/** The new key and its secret, which nothing shows again. */
export function createKey({ name, role, expiresAt }) {
  return ask("POST", KEYS, JSON.stringify({ name, role, ...(expiresAt === null ? {} : { expiresAt }) }));
}

export function revokeKey(keyId) {
  return ask("DELETE", `${KEYS}/${encodeURIComponent(keyId)}`);
}
