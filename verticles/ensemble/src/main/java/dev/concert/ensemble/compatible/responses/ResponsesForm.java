package dev.concert.ensemble.compatible.responses;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.compatible.Body;
import dev.concert.ensemble.compatible.ClientForm;
import dev.concert.ensemble.compatible.OpenAiError;
import dev.concert.ensemble.compatible.WholeForm;
import dev.concert.ensemble.message.InferenceRequest;
import dev.concert.ensemble.message.RequestReader;
import dev.concert.error.Problem;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.time.Instant;

/**
 * OpenAI's Responses: {@code POST /v1/responses}, without state on our side, so that a conversation
 * is sent whole with every call.
 *
 * <p>Format: https://platform.openai.com/docs/api-reference/responses
 */
public final class ResponsesForm implements ClientForm {

  @Override
  public String label() {
    return "responses";
  }

  @Override
  public Asked read(Buffer bytes) {
    ObjectNode body = Body.object(bytes);
    ResponsesBody.refuseWhatIsNotServed(body);
    InferenceRequest request = RequestReader.read(ResponsesBody.toOurs(body));
    return new Asked(
        request,
        exchange -> {
          ResponsesAnswer answer =
              new ResponsesAnswer(exchange.requestId(), Instant.now().getEpochSecond(), body);
          return body.path("stream").asBoolean()
              ? new ResponsesStream(exchange, answer)
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
