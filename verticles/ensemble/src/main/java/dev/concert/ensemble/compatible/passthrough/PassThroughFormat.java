package dev.concert.ensemble.compatible.passthrough;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.block.ExactJson;
import dev.concert.ensemble.compatible.ApiFormat;
import dev.concert.ensemble.compatible.ClientBody;
import dev.concert.ensemble.compatible.OpenAiError;
import dev.concert.ensemble.compatible.VendorJson;
import dev.concert.ensemble.message.ClientRequest;
import dev.concert.ensemble.message.MultipartForm;
import dev.concert.ensemble.message.RequestReader;
import dev.concert.ensemble.message.Wire;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.error.Problem;
import io.vertx.core.http.HttpServerResponse;
import java.util.List;
import java.util.Locale;

/**
 * An operation of OpenAI's API, or one that other vendors have in its form, that is passed through.
 * Its text is read only to estimate its tokens.
 *
 * <p>Format: https://platform.openai.com/docs/api-reference/embeddings and its neighbours
 */
public record PassThroughFormat(Wire wire) implements ApiFormat {
  /** The most tokens of a text completion that does not say how many. */
  private static final int DEFAULT_COMPLETION = 16;

  /** As the vendors have it; each of them costs. */
  private static final int MOST_CHOICES = 128;

  private static final String DEFAULT_MODERATION = "omni-moderation-latest";

  @Override
  public String label() {
    return wire.name().toLowerCase(Locale.ROOT);
  }

  @Override
  public ParsedRequest read(ClientBody sent) {
    ObjectNode body = wire.isForm() ? form(sent) : sent.json();
    String model = model(body);
    if (wire == Wire.COMPLETIONS || wire == Wire.IMAGES) {
      VendorJson.checkCount(body.path("n"), MOST_CHOICES, "n");
      VendorJson.checkCount(body.path("best_of"), MOST_CHOICES, "best_of");
    }
    ObjectNode ours = VendorJson.newObject().put("model", model);
    ours.putArray("messages").addObject().put("role", "user").put("content", text(body));
    if (wire != Wire.IMAGES) {
      ours.put("max_tokens", mostTokens(body));
    }
    if (wire.isBytes()) {
      return new ParsedRequest(
          RequestReader.read(ours).from(new ClientRequest(wire, body, sent.headers(), List.of())),
          BytesSink::new);
    }
    boolean streamed = wire == Wire.COMPLETIONS || wire == Wire.IMAGES;
    boolean stream = streamed && body.path("stream").asBoolean();
    return new ParsedRequest(
        RequestReader.read(ours).from(new ClientRequest(wire, body, sent.headers(), List.of())),
        exchange -> new PassThroughSink(exchange, model, stream));
  }

  /** The texts of a form as fields, and the whole form beside them. */
  private static ObjectNode form(ClientBody sent) {
    byte[] bytes = sent.bytes().getBytes();
    MultipartForm form =
        MultipartForm.read(sent.contentType(), bytes)
            .orElseThrow(
                () ->
                    new ConcertException(
                        ErrorCode.INVALID_MESSAGE,
                        "The body must be multipart/form-data, with one name for each part."));
    if (form.file("model").isPresent()) {
      throw VendorJson.wrong("model", "must be a text");
    }
    if (form.file("file").isEmpty()) {
      throw VendorJson.wrong("file", "is required");
    }
    ObjectNode body = VendorJson.newObject();
    form.names().forEach(name -> form.text(name).ifPresent(text -> body.put(name, text)));
    sent.model().ifPresent(model -> body.put("model", model));
    body.put(ClientRequest.CONTENT_TYPE, sent.contentType());
    return body.put(ClientRequest.FORM, bytes);
  }

  private String model(ObjectNode body) {
    JsonNode model = body.path("model");
    if (model.isMissingNode() && wire == Wire.MODERATIONS) {
      return DEFAULT_MODERATION;
    }
    if (!model.isTextual()) {
      throw VendorJson.wrong("model", "must be the name of a model");
    }
    return model.asText();
  }

  private String text(ObjectNode body) {
    String field =
        switch (wire) {
          case COMPLETIONS, IMAGES, TRANSCRIPTIONS, TRANSLATIONS -> "prompt";
          case RERANK -> "query";
          default -> "input";
        };
    JsonNode text = body.path(field);
    if (wire.isForm()) {
      return text.asText("");
    }
    if (text.isMissingNode() || text.isNull()) {
      throw VendorJson.wrong(field, "is required");
    }
    String all = text.isTextual() ? text.asText() : ExactJson.text(text);
    return wire == Wire.RERANK ? all + "\n" + ExactJson.text(body.path("documents")) : all;
  }

  /** What one answer may have at most. */
  private int mostTokens(ObjectNode body) {
    if (wire != Wire.COMPLETIONS) {
      return 1;
    }
    JsonNode most = body.path("max_tokens");
    if (!most.isMissingNode() && !most.isNull() && !(most.isInt() && most.asInt() >= 1)) {
      throw VendorJson.wrong("max_tokens", "must be a whole number of at least 1");
    }
    return most.asInt(DEFAULT_COMPLETION);
  }

  @Override
  public void refuse(HttpServerResponse response, String requestId, Problem problem) {
    OpenAiError.refuse(response, problem);
  }
}
