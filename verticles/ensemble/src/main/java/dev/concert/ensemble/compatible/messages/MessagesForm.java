package dev.concert.ensemble.compatible.messages;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.compatible.Body;
import dev.concert.ensemble.compatible.ClientForm;
import dev.concert.ensemble.compatible.WholeForm;
import dev.concert.ensemble.message.InferenceRequest;
import dev.concert.ensemble.message.RequestReader;
import dev.concert.error.Problem;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;

/**
 * Anthropic's Messages: {@code POST /v1/messages}.
 *
 * <p>Format: https://platform.claude.com/docs/en/api/messages
 */
public final class MessagesForm implements ClientForm {

  @Override
  public String label() {
    return "messages";
  }

  @Override
  public Asked read(Buffer bytes) {
    ObjectNode body = Body.object(bytes);
    if (!body.path("max_tokens").isInt()) {
      throw Body.wrong("max_tokens", "is required");
    }
    InferenceRequest request = prompt(body);
    return new Asked(
        request,
        exchange -> {
          String id = "msg_" + exchange.requestId();
          return body.path("stream").asBoolean()
              ? new MessagesStream(exchange, id, request.model())
              : new WholeForm(
                  exchange,
                  response -> MessagesAnswer.whole(id, response),
                  problem -> refuse(exchange.response(), exchange.requestId(), problem));
        });
  }

  /** The request of a body, which for counting tokens needs no {@code max_tokens}. */
  public static InferenceRequest prompt(ObjectNode body) {
    return RequestReader.read(MessagesBody.toOurs(body));
  }

  @Override
  public void refuse(HttpServerResponse response, String requestId, Problem problem) {
    MessagesError.refuse(response, requestId, problem);
  }
}
