package dev.concert.ensemble.compatible.responses;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.compatible.ApiFormat;
import dev.concert.ensemble.compatible.ClientBody;
import dev.concert.ensemble.compatible.OpenAiError;
import dev.concert.ensemble.compatible.VendorJson;
import dev.concert.ensemble.message.ClientRequest;
import dev.concert.ensemble.message.Wire;
import dev.concert.error.Problem;
import io.vertx.core.http.HttpServerResponse;

/**
 * The compaction of OpenAI's Responses: {@code POST /v1/responses/compact}. It goes to OpenAI as it
 * came; the model of another vendor is asked for a summary.
 *
 * <p>Format: https://platform.openai.com/docs/api-reference/responses/compact
 */
public final class CompactFormat implements ApiFormat {
  private static final String OPERATION = "/compact";

  private final ResponsesFormat responses = new ResponsesFormat();

  @Override
  public String label() {
    return responses.label();
  }

  @Override
  public ParsedRequest read(ClientBody sent) {
    ObjectNode body = VendorJson.object(sent.bytes());
    ResponsesRequestMapper.refuseWhatIsNotServed(body);
    ObjectNode asked = VendorJson.newObject();
    asked.setAll(body);
    // It is no stream, whatever the client says.
    asked.remove("stream");
    Compaction.ask(asked);
    ParsedRequest parsed = responses.read(asked, sent.headers());
    ClientRequest own =
        new ClientRequest(
            Wire.RESPONSES, OPERATION, body, sent.headers(), parsed.request().client().uncarried());
    return new ParsedRequest(
        parsed.request().from(own),
        exchange -> new CompactSink(exchange, body, parsed.request().model()),
        parsed.names());
  }

  @Override
  public void refuse(HttpServerResponse response, String requestId, Problem problem) {
    OpenAiError.refuse(response, problem);
  }
}
