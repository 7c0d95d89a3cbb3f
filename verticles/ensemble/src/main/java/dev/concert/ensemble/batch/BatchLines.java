package dev.concert.ensemble.batch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.access.Caller;
import dev.concert.ensemble.admission.Admission;
import dev.concert.ensemble.block.ExactJson;
import dev.concert.ensemble.compatible.ApiFormat;
import dev.concert.ensemble.compatible.ClientBody;
import dev.concert.ensemble.compatible.VendorJson;
import dev.concert.ensemble.compatible.chat.ChatFormat;
import dev.concert.ensemble.compatible.messages.MessagesFormat;
import dev.concert.ensemble.compatible.passthrough.PassThroughFormat;
import dev.concert.ensemble.compatible.responses.ResponsesFormat;
import dev.concert.ensemble.message.Wire;
import dev.concert.ensemble.provider.VendorStore;
import dev.concert.ensemble.routing.ModelRegistry;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import io.vertx.core.buffer.Buffer;
import java.util.Map;
import java.util.Optional;

/**
 * Checks each line of a batch as if it were a call of its own: its form, its model, and what needs
 * the operator's permission. Thread-safe; reads all lines, so do not call it on an event loop.
 *
 * @param admission empty without a keys file
 * @param guarded whether guardrails check calls: they cannot check what a vendor does by itself
 */
record BatchLines(ModelRegistry models, Optional<Admission> admission, boolean guarded) {
  /** The operations that OpenAI has in batches. */
  private static final Map<String, ApiFormat> FORMS =
      Map.of(
          "/v1/chat/completions", new ChatFormat(),
          "/v1/responses", new ResponsesFormat(),
          "/v1/embeddings", new PassThroughFormat(Wire.EMBEDDINGS),
          "/v1/completions", new PassThroughFormat(Wire.COMPLETIONS),
          "/v1/moderations", new PassThroughFormat(Wire.MODERATIONS));

  private static final ApiFormat MESSAGES = new MessagesFormat();

  /**
   * Lines that may be passed on.
   *
   * @param body with the vendor's names of the models
   */
  record Checked(Buffer body, BatchPlan plan) {}

  /** A file of lines for OpenAI. */
  Checked ofFile(Caller caller, byte[] file) {
    refuseGuarded();
    BatchPlanner planner = new BatchPlanner(this, caller, VendorStore.Api.OPENAI);
    Buffer theirs = Buffer.buffer(file.length);
    int number = 0;
    for (String text :
        (Iterable<String>)
            new String(file, java.nio.charset.StandardCharsets.UTF_8).lines()::iterator) {
      number++;
      if (!text.isBlank()) {
        try {
          theirs.appendString(line(planner, text)).appendString("\n");
        } catch (ConcertException wrong) {
          throw at("line " + number, wrong);
        }
      }
    }
    return new Checked(theirs, planner.plan());
  }

  private static String line(BatchPlanner planner, String text) {
    ObjectNode line = VendorJson.object(Buffer.buffer(text));
    String url = line.path("url").asText();
    ApiFormat form = FORMS.get(url);
    if (form == null) {
      throw VendorJson.wrong("url", "must be one of " + String.join(", ", FORMS.keySet()));
    }
    if (!"POST".equals(line.path("method").asText())) {
      throw VendorJson.wrong("method", "must be POST");
    }
    if (!(line.path("body") instanceof ObjectNode body)) {
      throw VendorJson.wrong("body", "must be an object");
    }
    planner.add(line.path("custom_id"), form, body);
    return ExactJson.text(line);
  }

  /** The requests of a batch for Anthropic. */
  Checked ofRequests(Caller caller, ObjectNode body) {
    refuseGuarded();
    if (!(body.path("requests") instanceof ArrayNode requests)) {
      throw VendorJson.wrong("requests", "must be an array");
    }
    BatchPlanner planner = new BatchPlanner(this, caller, VendorStore.Api.ANTHROPIC);
    for (int i = 0; i < requests.size(); i++) {
      JsonNode request = requests.path(i);
      try {
        if (!(request.path("params") instanceof ObjectNode parameters)) {
          throw VendorJson.wrong("params", "must be an object");
        }
        planner.add(request.path("custom_id"), MESSAGES, parameters);
      } catch (ConcertException wrong) {
        throw at("requests[" + i + "]", wrong);
      }
    }
    return new Checked(ExactJson.bytes(body), planner.plan());
  }

  private void refuseGuarded() {
    if (guarded) {
      throw new ConcertException(
          ErrorCode.FORBIDDEN,
          "Guardrails check calls here, and cannot check those of a batch. Make single calls.");
    }
  }

  /** Refuses models that a key may not use any more. */
  void permit(Caller caller, BatchPlan plan) {
    if (admission.isPresent() && caller instanceof Caller.IssuedKey key) {
      plan.shares().forEach(share -> admission.get().permit(key, share.model()));
    }
  }

  /** A request of a line as its operation reads it. */
  static ApiFormat.ParsedRequest read(ApiFormat form, ObjectNode body) {
    return form.read(new ClientBody(ExactJson.bytes(body), "application/json", Map.of()));
  }

  private static ConcertException at(String place, ConcertException wrong) {
    return wrong.code() == ErrorCode.AUTH_FAILED
        ? wrong
        : new ConcertException(wrong.code(), place + ": " + wrong.getMessage());
  }
}
