package dev.concert.ensemble.compatible.chat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.compatible.ApiFormat;
import dev.concert.ensemble.compatible.ClientBody;
import dev.concert.ensemble.compatible.FieldNames;
import dev.concert.ensemble.compatible.OpenAiError;
import dev.concert.ensemble.compatible.UncarriedFields;
import dev.concert.ensemble.message.ClientRequest;
import dev.concert.ensemble.message.InferenceRequest;
import dev.concert.ensemble.message.Wire;
import dev.concert.error.Problem;
import io.vertx.core.http.HttpServerResponse;
import java.time.Instant;

/**
 * OpenAI's Chat Completions: {@code POST /v1/chat/completions}.
 *
 * <p>Format: https://platform.openai.com/docs/api-reference/chat
 */
public final class ChatFormat implements ApiFormat {

  @Override
  public String label() {
    return "chat";
  }

  @Override
  public ParsedRequest read(ClientBody sent) {
    ObjectNode body = sent.json();
    UncarriedFields uncarried = new UncarriedFields();
    FieldNames names = ChatRequestMapper.names(body, uncarried);
    InferenceRequest request =
        names.read().from(new ClientRequest(Wire.CHAT, body, sent.headers(), uncarried.found()));
    boolean usage = body.path("stream_options").path("include_usage").asBoolean();
    return new ParsedRequest(
        request,
        exchange -> {
          ChatResponse answer =
              new ChatResponse(
                  "chatcmpl-" + exchange.requestId(),
                  Instant.now().getEpochSecond(),
                  ChatTools.of(body));
          return body.path("stream").asBoolean()
              ? new ChatStreamSink(exchange, answer, request.model(), usage)
              : new ChatJsonSink(
                  exchange, answer, problem -> OpenAiError.refuse(exchange.response(), problem));
        },
        names);
  }

  @Override
  public void refuse(HttpServerResponse response, String requestId, Problem problem) {
    OpenAiError.refuse(response, problem);
  }
}
