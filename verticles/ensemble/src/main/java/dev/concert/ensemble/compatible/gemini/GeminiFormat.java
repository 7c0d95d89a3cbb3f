package dev.concert.ensemble.compatible.gemini;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.call.ResponseSink;
import dev.concert.ensemble.compatible.ApiFormat;
import dev.concert.ensemble.compatible.ClientBody;
import dev.concert.ensemble.compatible.FieldNames;
import dev.concert.ensemble.compatible.HttpExchange;
import dev.concert.ensemble.compatible.UncarriedFields;
import dev.concert.ensemble.compatible.VendorJson;
import dev.concert.ensemble.message.ClientRequest;
import dev.concert.ensemble.message.InferenceRequest;
import dev.concert.ensemble.message.Wire;
import dev.concert.error.Problem;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;

/**
 * Google's Gemini API: {@code POST /v1beta/models/{model}:generateContent} and {@code
 * :streamGenerateContent}. The model and the form of the response are in the URL, so there is one
 * format for each request.
 *
 * <p>Format: https://ai.google.dev/api/generate-content
 *
 * @param model the name in the URL
 */
public record GeminiFormat(String model, Delivery delivery) implements ApiFormat {
  /** How the response is sent. */
  public enum Delivery {
    WHOLE,
    /** Server-sent events: {@code streamGenerateContent?alt=sse}. */
    EVENTS,
    /** One JSON array: {@code streamGenerateContent} without {@code alt}. */
    ARRAY
  }

  @Override
  public String label() {
    return "gemini";
  }

  @Override
  public ParsedRequest read(ClientBody sent) {
    ObjectNode body = VendorJson.object(sent.bytes());
    UncarriedFields uncarried = new UncarriedFields();
    FieldNames names = GeminiRequestMapper.names(model, body, uncarried);
    InferenceRequest request =
        names.read().from(new ClientRequest(Wire.GEMINI, body, sent.headers(), uncarried.found()));
    boolean thoughts = GeminiRequestMapper.showsThoughts(body);
    return new ParsedRequest(request, exchange -> sink(exchange, thoughts), names);
  }

  /** The prompt of {@code countTokens}: contents, or a whole request with all that counts. */
  public InferenceRequest prompt(Buffer bytes) {
    ObjectNode body = VendorJson.object(bytes);
    ObjectNode prompt = GeminiFields.object(body, "generateContentRequest", "").orElse(body);
    return GeminiRequestMapper.names(model, prompt, new UncarriedFields()).read();
  }

  private ResponseSink sink(HttpExchange exchange, boolean thoughts) {
    GeminiResponse answer = new GeminiResponse(exchange.requestId(), model, thoughts);
    return switch (delivery) {
      case WHOLE -> new GeminiJsonSink(exchange, answer);
      case EVENTS ->
          new GeminiStreamSink(exchange, answer, new GeminiStream.Events(exchange.events()));
      case ARRAY ->
          new GeminiStreamSink(exchange, answer, new GeminiStream.Elements(exchange.response()));
    };
  }

  @Override
  public void refuse(HttpServerResponse response, String requestId, Problem problem) {
    GeminiError.refuse(response, problem);
  }
}
