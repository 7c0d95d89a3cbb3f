// What is asked over HTTP: the files of a session as wholes.
import { RequestError } from "./requests.js";

export class FilesApi {
  #base;

  constructor(sessionId) {
    this.#base = `/api/sessions/${encodeURIComponent(sessionId)}/`;
  }

  address(route, parameters = {}) {
    const query = new URLSearchParams(parameters).toString();
    return this.#base + route + (query === "" ? "" : `?${query}`);
  }

  get(route, parameters) {
    return this.#ask("GET", this.address(route, parameters));
  }

  put(route, parameters, body) {
    return this.#ask("PUT", this.address(route, parameters), body);
  }

  post(route, parameters, object = {}) {
    return this.#ask("POST", this.address(route, parameters), JSON.stringify(object));
  }

  remove(route, parameters) {
    return this.#ask("DELETE", this.address(route, parameters));
  }

  async #ask(method, address, body) {
    let response;
    try {
      response = await fetch(address, { method, body });
    } catch {
      throw new RequestError("OFFLINE", "There is no connection to the server.");
    }
    const answer = await response.json().catch(() => ({}));
    if (!response.ok) {
      throw new RequestError(answer.code ?? "INTERNAL", answer.title ?? `The server answered ${response.status}.`);
    }
    return answer;
  }
}
