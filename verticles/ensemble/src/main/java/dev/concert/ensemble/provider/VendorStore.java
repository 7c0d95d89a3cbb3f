package dev.concert.ensemble.provider;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.message.ClientRequest;
import dev.concert.ensemble.model.TokenCount;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import java.util.Map;

/** The files and batches that a vendor keeps. Thread-safe; never blocks. */
public interface VendorStore {
  /** Whose paths and objects they are. */
  enum Api {
    OPENAI,
    ANTHROPIC
  }

  /**
   * A request.
   *
   * @param path below the vendor's version, for example {@code /files}
   * @param headers names in lower case; with the media type of the body
   * @param body empty without one
   */
  record Request(HttpMethod method, String path, Map<String, String> headers, Buffer body) {
    public static Request get(String path) {
      return new Request(HttpMethod.GET, path, Map.of(), Buffer.buffer());
    }

    public static Request delete(String path) {
      return new Request(HttpMethod.DELETE, path, Map.of(), Buffer.buffer());
    }

    public static Request post(String path, Map<String, String> headers, Buffer body) {
      return new Request(HttpMethod.POST, path, headers, body);
    }
  }

  Api api();

  /** Whether the answers of a batch cost half of what calls cost. */
  boolean isHalfPrice();

  /** Refuses what a batch as a whole may not ask for without the operator's permission. */
  void check(JsonNode body);

  /** The same for a line of it. */
  void checkLine(ClientRequest line);

  /** Fails with a {@code ConcertException} for everything but a JSON object. */
  Future<ObjectNode> ask(Request request);

  /** The same for a content, whose response is paused. */
  Future<HttpClientResponse> read(Request request);

  /** The tokens of an answer in a batch; none if it has none. */
  TokenCount count(JsonNode answer);
}
