package dev.concert.ensemble.compatible.responses;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.compatible.ApiFormat;
import dev.concert.ensemble.compatible.ClientBody;
import dev.concert.ensemble.compatible.FieldNames;
import dev.concert.ensemble.compatible.OpenAiError;
import dev.concert.ensemble.compatible.UncarriedFields;
import dev.concert.ensemble.compatible.VendorJson;
import dev.concert.ensemble.message.ClientRequest;
import dev.concert.ensemble.message.InferenceRequest;
import dev.concert.ensemble.message.Wire;
import dev.concert.error.Problem;
import io.vertx.core.http.HttpServerResponse;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * OpenAI's Responses: {@code POST /v1/responses}. What a request refers to is in it by the time it
 * is read here.
 *
 * <p>Format: https://platform.openai.com/docs/api-reference/responses
 */
public final class ResponsesFormat implements ApiFormat {

  private final Optional<ResponseSaver> saver;

  /** Stores nothing. */
  public ResponsesFormat() {
    this.saver = Optional.empty();
  }

  /**
   * For one request.
   *
   * @param saver stores the response, unless the client does not want it
   */
  public ResponsesFormat(ResponseSaver saver) {
    this.saver = Optional.of(saver);
  }

  @Override
  public String label() {
    return "responses";
  }

  @Override
  public ParsedRequest read(ClientBody sent) {
    return read(VendorJson.object(sent.bytes()), sent.headers());
  }

  ParsedRequest read(ObjectNode body, Map<String, String> headers) {
    ResponsesRequestMapper.refuseWhatIsNotServed(body);
    UncarriedFields uncarried = new UncarriedFields();
    DeclaredTools tools = new DeclaredTools(uncarried);
    ObjectNode ours = new ResponsesRequestMapper(tools, uncarried).toOurs(body);
    FieldNames names = ResponsesRequestMapper.names(body);
    InferenceRequest request =
        names.read(ours).from(new ClientRequest(Wire.RESPONSES, body, headers, uncarried.found()));
    return new ParsedRequest(
        request,
        exchange -> {
          ResponseObject answer =
              new ResponseObject(
                  exchange.requestId(), Instant.now().getEpochSecond(), body, tools, saver);
          return body.path("stream").asBoolean()
              ? new ResponsesStreamSink(exchange, answer)
              : new ResponsesJsonSink(exchange, answer);
        },
        names);
  }

  @Override
  public void refuse(HttpServerResponse response, String requestId, Problem problem) {
    OpenAiError.refuse(response, problem);
  }
}
