package dev.concert.ensemble.clients;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.EnsembleClient;
import dev.concert.ensemble.RunningEnsemble;
import dev.concert.ensemble.provider.FakeVendors;
import dev.concert.testing.vendor.FakeAnswer;
import dev.concert.testing.vendor.FakeVendor;
import dev.concert.testing.vendor.VendorWire;
import dev.concert.testing.vendor.VendorWires;
import io.vertx.core.buffer.Buffer;
import java.net.http.HttpResponse;
import java.util.Map;

/** Calls in the APIs of vendors, and the played vendors behind. */
final class SameVendorCalls implements AutoCloseable {
  private static final Map<String, String> PATHS =
      Map.of(
          "messages", "/v1/messages", "chat", "/v1/chat/completions", "responses", "/v1/responses");

  /** The smallest request of each API. */
  private static final Map<String, String> REQUESTS =
      Map.of(
          "messages",
          "{'max_tokens':50,'messages':[{'role':'user','content':'hi'}]}",
          "chat",
          "{'messages':[{'role':'user','content':'hi'}]}",
          "responses",
          "{'input':[{'role':'user','content':'hi'}]}",
          "gemini",
          "{'contents':[{'role':'user','parts':[{'text':'hi'}]}]}");

  private final FakeVendors played = new FakeVendors();

  /** The server between. */
  RunningEnsemble ensemble() {
    return played.ensemble();
  }

  /** The vendor that speaks this API. */
  FakeVendor vendor(VendorWire wire) {
    return played.vendor(wire);
  }

  /** The vendor of a model. It answers "Yes.", and nobody has asked it yet. */
  FakeVendor vendor(String model) {
    VendorWire wire =
        VendorWires.all().stream()
            .filter(each -> each.type().equals(model.replace("-whole", "")))
            .findFirst()
            .orElseThrow();
    FakeVendor vendor = played.vendor(wire);
    vendor.answer(FakeAnswer.text("Yes."));
    while (vendor.askedTimes() > 0) {
      vendor.asked();
    }
    return vendor;
  }

  /**
   * Asks a model in one of the APIs.
   *
   * @param more fields of the request, as JSON with single quotes
   */
  HttpResponse<String> ask(String api, String model, String more) {
    ObjectNode body = (ObjectNode) EnsembleClient.json(REQUESTS.get(api).replace('\'', '"'));
    String path = PATHS.get(api);
    if (path == null) {
      path = "/v1beta/models/" + model + ":generateContent";
    } else {
      body.put("model", model);
    }
    body.setAll((ObjectNode) EnsembleClient.json(more.replace('\'', '"')));
    return played.ensemble().client().post(path, body.toString());
  }

  /**
   * A stream of server-sent events.
   *
   * @param data of each event, as JSON with single quotes
   */
  static Buffer events(String... data) {
    StringBuilder events = new StringBuilder();
    for (String one : data) {
      events.append("data: ").append(one.replace('\'', '"')).append("\n\n");
    }
    return Buffer.buffer(events.toString());
  }

  @Override
  public void close() {
    played.close();
  }
}
