// Repositories on GitHub, and the work on their issues.
import { ask } from "./http.js";

/** All of them; `broken` are the connections that GitHub refuses. */
export async function listRepositories() {
  const all = { repositories: [], broken: [] };
  let cursor = "";
  do {
    const page = await ask("GET", `/api/github/repositories${cursor && `?cursor=${encodeURIComponent(cursor)}`}`);
    all.repositories.push(...page.repositories);
    all.broken.push(...page.broken);
    cursor = page.nextCursor ?? "";
  } while (cursor !== "");
  return all;
}

export const listRuns = async () => (await ask("GET", "/api/github/runs")).runs;

/** The run in a session; undefined if there is none. */
export const runIn = async (sessionId) => (await ask("GET", `/api/github/runs?limit=1&session=${encodeURIComponent(sessionId)}`)).runs[0];
