package dev.concert.ensemble.compatible.messages;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.compatible.ApiFormat;
import dev.concert.ensemble.compatible.ClientBody;
import dev.concert.ensemble.compatible.FieldNames;
import dev.concert.ensemble.compatible.UncarriedFields;
import dev.concert.ensemble.compatible.VendorJson;
import dev.concert.ensemble.message.ClientRequest;
import dev.concert.ensemble.message.InferenceRequest;
import dev.concert.ensemble.message.Wire;
import dev.concert.error.Problem;
import io.vertx.core.http.HttpServerResponse;

/**
 * Anthropic's Messages: {@code POST /v1/messages}.
 *
 * <p>Format: https://platform.claude.com/docs/en/api/messages
 */
public final class MessagesFormat implements ApiFormat {

  @Override
  public String label() {
    return "messages";
  }

  @Override
  public ParsedRequest read(ClientBody sent) {
    ObjectNode body = VendorJson.object(sent.bytes());
    if (!VendorJson.has(body, "max_tokens")) {
      throw VendorJson.wrong("max_tokens", "is required");
    }
    UncarriedFields uncarried = new UncarriedFields();
    FieldNames names = MessagesRequestMapper.names(body, uncarried);
    InferenceRequest request =
        names
            .read()
            .from(new ClientRequest(Wire.MESSAGES, body, sent.headers(), uncarried.found()));
    return new ParsedRequest(
        request,
        exchange -> {
          String id = "msg_" + exchange.requestId();
          return body.path("stream").asBoolean()
              ? new MessagesStreamSink(exchange, id, request.model())
              : new MessagesJsonSink(exchange, id, request.model());
        },
        names);
  }

  /** Reads a request; to count tokens it needs no {@code max_tokens}. */
  public static InferenceRequest prompt(ClientBody sent) {
    ObjectNode body = VendorJson.object(sent.bytes());
    UncarriedFields uncarried = new UncarriedFields();
    return MessagesRequestMapper.names(body, uncarried)
        .read()
        .from(new ClientRequest(Wire.MESSAGES, body, sent.headers(), uncarried.found()));
  }

  @Override
  public void refuse(HttpServerResponse response, String requestId, Problem problem) {
    MessagesError.refuse(response, requestId, problem);
  }
}
