package dev.concert.ensemble.compatible.chat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.compatible.Body;
import dev.concert.ensemble.compatible.ClientForm;
import dev.concert.ensemble.compatible.OpenAiError;
import dev.concert.ensemble.compatible.WholeForm;
import dev.concert.ensemble.message.RequestReader;
import dev.concert.error.Problem;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.time.Instant;

/**
 * OpenAI's Chat Completions: {@code POST /v1/chat/completions}.
 *
 * <p>Format: https://platform.openai.com/docs/api-reference/chat
 */
public final class ChatForm implements ClientForm {

  @Override
  public String label() {
    return "chat";
  }

  @Override
  public Asked read(Buffer bytes) {
    ObjectNode body = Body.object(bytes);
    ChatBody.refuseWhatIsNotServed(body);
    var request = RequestReader.read(ChatBody.toOurs(body));
    boolean usage = body.path("stream_options").path("include_usage").asBoolean();
    return new Asked(
        request,
        exchange -> {
          ChatAnswer answer =
              new ChatAnswer("chatcmpl-" + exchange.requestId(), Instant.now().getEpochSecond());
          return body.path("stream").asBoolean()
              ? new ChatStream(exchange, answer, request.model(), usage)
              : new WholeForm(
                  exchange,
                  answer::whole,
                  problem -> OpenAiError.refuse(exchange.response(), problem));
        });
  }

  @Override
  public void refuse(HttpServerResponse response, String requestId, Problem problem) {
    OpenAiError.refuse(response, problem);
  }
}
