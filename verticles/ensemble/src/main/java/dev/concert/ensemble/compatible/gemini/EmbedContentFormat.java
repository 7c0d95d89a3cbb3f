package dev.concert.ensemble.compatible.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.block.ExactJson;
import dev.concert.ensemble.compatible.ApiFormat;
import dev.concert.ensemble.compatible.ClientBody;
import dev.concert.ensemble.compatible.VendorJson;
import dev.concert.ensemble.message.ClientRequest;
import dev.concert.ensemble.message.RequestReader;
import dev.concert.ensemble.message.Wire;
import dev.concert.error.Problem;
import io.vertx.core.http.HttpServerResponse;
import java.util.List;
import java.util.Locale;

/**
 * Google's embeddings of one text or of several, which are passed through. The text is read only to
 * estimate its tokens.
 *
 * <p>Format: https://ai.google.dev/api/embeddings
 *
 * @param model the client's name of it, from the path
 */
public record EmbedContentFormat(String model, Wire wire) implements ApiFormat {
  @Override
  public String label() {
    return wire.name().toLowerCase(Locale.ROOT);
  }

  @Override
  public ParsedRequest read(ClientBody sent) {
    ObjectNode body = VendorJson.object(sent.bytes());
    String field = wire == Wire.EMBED_CONTENT ? "content" : "requests";
    JsonNode text = body.path(field);
    if (text.isEmpty()) {
      throw VendorJson.wrong(field, "is required");
    }
    ObjectNode ours = VendorJson.newObject().put("model", model).put("max_tokens", 1);
    ours.putArray("messages").addObject().put("role", "user").put("content", ExactJson.text(text));
    return new ParsedRequest(
        RequestReader.read(ours).from(new ClientRequest(wire, body, sent.headers(), List.of())),
        EmbedContentSink::new);
  }

  @Override
  public void refuse(HttpServerResponse response, String requestId, Problem problem) {
    GeminiError.refuse(response, problem);
  }
}
