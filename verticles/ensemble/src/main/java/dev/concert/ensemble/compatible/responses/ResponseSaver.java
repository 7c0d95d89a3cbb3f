package dev.concert.ensemble.compatible.responses;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Future;
import java.util.Optional;

/** Stores a response that its client can refer to in a later request. */
public interface ResponseSaver {
  /** The response before this one, if the request has named it. */
  Optional<String> previous();

  /**
   * Lets a response be found while it is made, on every node.
   *
   * @param input the input of the request
   * @param begun the response without items
   * @return completes when it can be found; never fails
   */
  Future<Void> begin(JsonNode input, ObjectNode begun);

  /** Nothing came of a response that has begun. */
  void drop(String id);

  /**
   * Stores a response.
   *
   * @param input the input of the request
   * @param response the whole response as it is sent
   * @return completes when it can be found; never fails
   */
  Future<Void> save(JsonNode input, ObjectNode response);
}
