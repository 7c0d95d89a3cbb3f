package dev.concert.ensemble.message;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;

/**
 * A request as the client sent it. A provider with the same API starts from it, so that fields
 * which Ensemble does not know arrive there too.
 *
 * @param operation the rest of the path, if the client asked for something else than an answer, for
 *     example {@code /compact}; else empty
 * @param body the client's JSON; never changed: whoever needs another one copies it
 * @param headers headers that the provider may receive, with names in lower case; never the
 *     client's credentials
 * @param uncarried what providers with another API do not receive
 */
public record ClientRequest(
    Wire wire,
    String operation,
    ObjectNode body,
    Map<String, String> headers,
    List<UncarriedField> uncarried) {

  /** In the body of a form: all its bytes. */
  public static final String FORM = "ensemble.form";

  /** In the body of a form: its media type. */
  public static final String CONTENT_TYPE = "ensemble.content-type";

  /** A request for an answer. */
  public ClientRequest(
      Wire wire, ObjectNode body, Map<String, String> headers, List<UncarriedField> uncarried) {
    this(wire, "", body, headers, uncarried);
  }

  public ClientRequest {
    headers = Map.copyOf(headers);
    uncarried = List.copyOf(uncarried);
  }

  /** What the client wants beside one answer in text. */
  public AnswerForm form() {
    return AnswerForm.of(wire, body);
  }

  @Override
  public String toString() {
    return "ClientRequest[wire=" + wire + "]";
  }
}
