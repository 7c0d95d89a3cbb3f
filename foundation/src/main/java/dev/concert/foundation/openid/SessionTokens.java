package dev.concert.foundation.openid;

import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import io.vertx.core.json.JsonObject;
import java.util.Optional;

/**
 * The tokens that the provider gave for a person. {@code toString} shows none.
 *
 * @param access for requests to the server
 * @param refresh gets new tokens; empty where the provider gave none
 * @param id says who signed in, and at the sign-out who signs out
 */
public record SessionTokens(String access, Optional<String> refresh, Optional<String> id) {

  /**
   * Reads the answer of a token endpoint.
   *
   * @throws ConcertException {@code AUTH_FAILED}
   */
  public static SessionTokens of(JsonObject answer) {
    return new SessionTokens(
        text(answer, "access_token")
            .orElseThrow(
                () ->
                    new ConcertException(
                        ErrorCode.AUTH_FAILED, "The provider gave no access token.")),
        text(answer, "refresh_token"),
        text(answer, "id_token"));
  }

  private static Optional<String> text(JsonObject answer, String name) {
    return answer.getValue(name) instanceof String text && !text.isBlank()
        ? Optional.of(text)
        : Optional.empty();
  }

  /** These, with what the provider did not repeat from the earlier ones. */
  public SessionTokens after(SessionTokens earlier) {
    return new SessionTokens(access, refresh.or(earlier::refresh), id.or(earlier::id));
  }

  public JsonObject json() {
    return new JsonObject()
        .put("access_token", access)
        .put("refresh_token", refresh.orElse(null))
        .put("id_token", id.orElse(null));
  }

  @Override
  public String toString() {
    return "SessionTokens";
  }
}
