package dev.concert.ensemble.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.compatible.VendorJson;
import dev.concert.ensemble.compatible.VendorReply;
import dev.concert.ensemble.compatible.responses.CompactFormat;
import dev.concert.ensemble.compatible.responses.ResponsesFormat;
import dev.concert.ensemble.http.AuthenticationHandler;
import dev.concert.ensemble.http.RequestBodyHandler;
import dev.concert.ensemble.response.StoredConversations;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** OpenAI's Responses: makes them, and reads and deletes those that are stored. */
final class ResponsesRoutes {
  private static final String ID = "id";
  private static final int USUAL_LIMIT = 20;
  private static final int MOST = 100;

  private final InferenceRoutes inference;
  private final StoredConversations stored;

  ResponsesRoutes(InferenceRoutes inference, StoredConversations stored) {
    this.inference = inference;
    this.stored = stored;
  }

  void add(Router router) {
    router.post("/v1/responses").handler(this::create);
    router.post("/v1/responses/compact").handler(this::compact);
    router.get("/v1/responses/:id").handler(this::read);
    router.delete("/v1/responses/:id").handler(this::delete);
    router.get("/v1/responses/:id/input_items").handler(this::inputItems);
    router.post("/v1/responses/:id/cancel").handler(this::cancel);
  }

  private void create(RoutingContext context) {
    stored
        .complete(AuthenticationHandler.caller(context), RequestBodyHandler.body(context))
        .onSuccess(
            completed ->
                inference.handle(context, new ResponsesFormat(completed.saver()), completed.body()))
        .onFailure(context::fail);
  }

  private void compact(RoutingContext context) {
    stored
        .complete(AuthenticationHandler.caller(context), RequestBodyHandler.body(context))
        .onSuccess(completed -> inference.handle(context, new CompactFormat(), completed.body()))
        .onFailure(context::fail);
  }

  private void read(RoutingContext context) {
    if ("true".equals(context.request().getParam("stream"))) {
      throw VendorJson.wrong(
          "stream", "only a response in the background has a stream to go on with");
    }
    stored
        .find(AuthenticationHandler.caller(context), context.pathParam(ID))
        .onSuccess(found -> VendorReply.send(context.response(), 200, found.response()))
        .onFailure(context::fail);
  }

  private void delete(RoutingContext context) {
    String id = context.pathParam(ID);
    stored
        .delete(AuthenticationHandler.caller(context), id)
        .onSuccess(
            gone ->
                VendorReply.send(
                    context.response(),
                    200,
                    VendorJson.newObject()
                        .put("id", id)
                        .put("object", "response")
                        .put("deleted", true)))
        .onFailure(context::fail);
  }

  /** Responses are made while their client waits, so a stored one has ended. */
  private void cancel(RoutingContext context) {
    stored
        .find(AuthenticationHandler.caller(context), context.pathParam(ID))
        .onSuccess(
            found ->
                context.fail(
                    VendorJson.wrong("id", "only a response in the background can be cancelled")))
        .onFailure(context::fail);
  }

  private void inputItems(RoutingContext context) {
    String id = context.pathParam(ID);
    stored
        .input(AuthenticationHandler.caller(context), id)
        .map(items -> page(context, named(items, id)))
        .onSuccess(page -> VendorReply.send(context.response(), 200, page))
        .onFailure(context::fail);
  }

  /** Clients need not name their items. */
  private static List<JsonNode> named(ArrayNode items, String response) {
    List<JsonNode> named = new ArrayList<>();
    for (JsonNode item : items) {
      boolean nameless = !item.path("id").isTextual() && item instanceof ObjectNode;
      named.add(
          nameless
              ? ((ObjectNode) item.deepCopy()).put("id", "item_" + named.size() + "_" + response)
              : item);
    }
    return named;
  }

  private static ObjectNode page(RoutingContext context, List<JsonNode> items) {
    if (!"asc".equals(context.request().getParam("order"))) {
      Collections.reverse(items);
    }
    int from = place(items, context.request().getParam("after"));
    int to = Math.min(items.size(), from + limit(context.request().getParam("limit")));
    ObjectNode page = VendorJson.newObject().put("object", "list");
    ArrayNode data = page.putArray("data");
    items.subList(from, to).forEach(data::add);
    page.set("first_id", data.path(0).path("id"));
    page.set("last_id", data.path(data.size() - 1).path("id"));
    return page.put("has_more", to < items.size());
  }

  /** Where a page begins; after an item that is not there nothing comes, as in other lists. */
  private static int place(List<JsonNode> items, String after) {
    if (after == null) {
      return 0;
    }
    for (int i = 0; i < items.size(); i++) {
      if (items.get(i).path("id").asText().equals(after)) {
        return i + 1;
      }
    }
    return items.size();
  }

  private static int limit(String asked) {
    if (asked == null) {
      return USUAL_LIMIT;
    }
    try {
      int limit = Integer.parseInt(asked);
      if (limit >= 1 && limit <= MOST) {
        return limit;
      }
    } catch (NumberFormatException e) {
      // Refused below, like a number out of range.
    }
    throw VendorJson.wrong("limit", "must be 1 to " + MOST);
  }
}
