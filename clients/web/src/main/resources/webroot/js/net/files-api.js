// What is asked over HTTP: the files of a session as wholes.
import { ask, bytesOf } from "./http.js";

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
    return ask("GET", this.address(route, parameters));
  }

  bytes(route, parameters) {
    return bytesOf(this.address(route, parameters));
  }

  put(route, parameters, body, headers) {
    return ask("PUT", this.address(route, parameters), body, headers);
  }

  post(route, parameters, object = {}) {
    return ask("POST", this.address(route, parameters), JSON.stringify(object));
  }

  remove(route, parameters, headers) {
    return ask("DELETE", this.address(route, parameters), undefined, headers);
  }
}
