// What is asked over HTTP: the files of a session as wholes.
import { ask } from "./http.js";

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

  put(route, parameters, body) {
    return ask("PUT", this.address(route, parameters), body);
  }

  post(route, parameters, object = {}) {
    return ask("POST", this.address(route, parameters), JSON.stringify(object));
  }

  remove(route, parameters) {
    return ask("DELETE", this.address(route, parameters));
  }
}
