package dev.concert.platform.command.automation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.client.ClientException;
import dev.concert.client.GatewayApi;
import dev.concert.platform.server.RunningServer;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** What the commands ask about automations of the server that runs. Blocking. */
final class AutomationApi implements AutoCloseable {
  private static final String ALL = "/api/automations";
  private static final String INBOX = "/api/inbox";
  private static final String RULES = "/api/inbox-rules";
  private static final String DELIVERY = INBOX + "/delivery";
  private static final String BLUEPRINTS = "/api/blueprints";

  private final GatewayApi gateway;

  private AutomationApi(GatewayApi gateway) {
    this.gateway = gateway;
  }

  /**
   * @throws ClientException where no server runs
   */
  static AutomationApi open() {
    return new AutomationApi(RunningServer.gateway());
  }

  static ObjectNode body() {
    return JsonNodeFactory.instance.objectNode();
  }

  /**
   * @param cursor of the page before; empty for the first page
   */
  JsonNode list(String cursor) {
    String after = cursor.isEmpty() ? "" : "?cursor=" + encoded(cursor);
    return gateway.request("GET", ALL + after, null);
  }

  JsonNode create(ObjectNode automation) {
    return gateway.request("POST", ALL, automation);
  }

  JsonNode blueprints() {
    return gateway.request("GET", BLUEPRINTS, null);
  }

  JsonNode useBlueprint(String blueprint, ObjectNode automation) {
    return gateway.request(
        "POST", BLUEPRINTS + "/" + encoded(blueprint) + "/automations", automation);
  }

  JsonNode changes(String id, String run) {
    return gateway.request("GET", run(id, run) + "/changes", null);
  }

  JsonNode accept(String id, String run) {
    return gateway.request("POST", run(id, run) + "/accept", body());
  }

  JsonNode branch(String id, String run) {
    return gateway.request("POST", run(id, run) + "/branch", body());
  }

  private static String run(String id, String run) {
    return one(id) + "/runs/" + encoded(run);
  }

  JsonNode preview(ObjectNode trigger) {
    ObjectNode body = body();
    body.set("trigger", trigger);
    return gateway.request("POST", ALL + "/preview", body);
  }

  /** What a model makes of words. */
  JsonNode propose(String words, String zone) {
    return gateway.request("POST", ALL + "/preview", body().put("words", words).put("zone", zone));
  }

  JsonNode webhook(String id) {
    return gateway.request("POST", one(id) + "/webhook", body());
  }

  JsonNode get(String id) {
    return gateway.request("GET", one(id), null);
  }

  JsonNode update(String id, ObjectNode changes) {
    return gateway.request("PUT", one(id), changes);
  }

  void delete(String id) {
    gateway.request("DELETE", one(id), null);
  }

  JsonNode pause(String id) {
    return gateway.request("PUT", one(id) + "/paused", body());
  }

  JsonNode resume(String id) {
    return gateway.request("DELETE", one(id) + "/paused", null);
  }

  JsonNode run(String id) {
    return gateway.request("POST", one(id) + "/runs", body());
  }

  JsonNode test(String id, JsonNode payload) {
    ObjectNode body = body();
    body.set("payload", payload);
    return gateway.request("POST", one(id) + "/runs", body);
  }

  JsonNode history(String id, int limit) {
    return gateway.request("GET", one(id) + "/runs?limit=" + limit, null);
  }

  JsonNode why(String id, String at) {
    return gateway.request("GET", one(id) + "/why?at=" + encoded(at), null);
  }

  JsonNode inbox(String state) {
    return gateway.request("GET", INBOX + "?state=" + encoded(state), null);
  }

  JsonNode setState(String item, String state, Optional<Instant> until) {
    ObjectNode body = body().put("state", state);
    until.ifPresent(at -> body.put("until", at.toEpochMilli()));
    return gateway.request("PUT", INBOX + "/" + encoded(item), body);
  }

  JsonNode reply(String item, String text) {
    return gateway.request(
        "POST", INBOX + "/" + encoded(item) + "/replies", body().put("text", text));
  }

  JsonNode itemHistory(String item) {
    return gateway.request("GET", INBOX + "/" + encoded(item) + "/history", null);
  }

  JsonNode undo(String item) {
    return gateway.request("POST", INBOX + "/" + encoded(item) + "/undo", body());
  }

  JsonNode rules() {
    return gateway.request("GET", RULES, null);
  }

  JsonNode createRule(ObjectNode rule) {
    return gateway.request("POST", RULES, rule);
  }

  JsonNode updateRule(String id, ObjectNode changes) {
    return gateway.request("PUT", rule(id), changes);
  }

  JsonNode decisions(String rule) {
    return gateway.request("GET", rule(rule) + "/decisions", null);
  }

  void deleteRule(String id) {
    gateway.request("DELETE", rule(id), null);
  }

  private static String rule(String id) {
    return RULES + "/" + encoded(id);
  }

  JsonNode delivery() {
    return gateway.request("GET", DELIVERY, null);
  }

  JsonNode setDelivery(String channel, String from, Optional<String> url, boolean newSecret) {
    ObjectNode body = body().put("from", from).put("newSecret", newSecret);
    url.ifPresent(one -> body.put("url", one));
    return gateway.request("PUT", DELIVERY + "/" + encoded(channel), body);
  }

  JsonNode testDelivery(String channel) {
    return gateway.request("POST", DELIVERY + "/" + encoded(channel) + "/test", body());
  }

  /** An instant in the zone of this machine; a dash if there is none. */
  static String shown(JsonNode millis) {
    return millis.isNumber()
        ? DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(
            Instant.ofEpochMilli(millis.asLong())
                .truncatedTo(ChronoUnit.SECONDS)
                .atZone(ZoneId.systemDefault()))
        : "-";
  }

  private static String one(String id) {
    return ALL + "/" + encoded(id);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  @Override
  public void close() {
    gateway.close();
  }
}
