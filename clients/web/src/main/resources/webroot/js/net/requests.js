// Requests that wait for their direct reply, found by requestId.

const MOST_RETRIES = 3;

/** Why a request was not answered: the server's code, or OFFLINE. */
export class RequestError extends Error {
  constructor(code, message) {
    super(message);
    this.code = code;
  }
}

export class Requests {
  #send;
  #waiting = new Map();
  #count = 0;

  constructor(send) {
    this.#send = send;
  }

  make(message, online) {
    if (!online) {
      return Promise.reject(new RequestError("OFFLINE", "There is no connection to the server."));
    }
    const requestId = `page-${(this.#count += 1)}`;
    const whole = { ...message, requestId };
    return new Promise((resolve, reject) => {
      this.#waiting.set(requestId, { whole, resolve, reject, retries: 0 });
      this.#send(whole);
    });
  }

  settle(message) {
    const request = this.#waiting.get(message.requestId);
    if (!request) {
      return;
    }
    if (message.type === "error" && message.code === "RATE_LIMITED" && request.retries < MOST_RETRIES) {
      request.retries += 1;
      setTimeout(() => this.#again(message.requestId), message.retryAfterMs ?? 1_000);
      return;
    }
    this.#waiting.delete(message.requestId);
    if (message.type === "error") {
      request.reject(new RequestError(message.code, message.message));
    } else {
      request.resolve(message);
    }
  }

  failAll() {
    const lost = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { reject } of lost) {
      reject(new RequestError("OFFLINE", "The connection was lost before the server answered."));
    }
  }

  #again(requestId) {
    const request = this.#waiting.get(requestId);
    if (request) {
      this.#send(request.whole);
    }
  }
}
