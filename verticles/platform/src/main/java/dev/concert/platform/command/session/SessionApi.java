package dev.concert.platform.command.session;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.client.GatewayApi;
import dev.concert.platform.server.CommandServer;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** What the commands ask about one session. Blocking. */
final class SessionApi implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final GatewayApi gateway;
  private final CommandServer server;
  private final String session;

  private SessionApi(CommandServer server, String sessionId) {
    this.server = server;
    this.gateway = new GatewayApi(server.url(), server.token());
    this.session = "/api/sessions/" + encoded(sessionId);
  }

  static SessionApi open(String sessionId) {
    return new SessionApi(CommandServer.open(), sessionId);
  }

  static ObjectNode body() {
    return JSON.createObjectNode();
  }

  JsonNode get(String what) {
    return gateway.request("GET", session + "/" + what, null);
  }

  JsonNode post(String what, ObjectNode body) {
    return gateway.request("POST", session + "/" + what, body);
  }

  JsonNode put(String what, ObjectNode body) {
    return gateway.request("PUT", session + "/" + what, body);
  }

  JsonNode delete(String what) {
    return gateway.request("DELETE", session + "/" + what, null);
  }

  /** Deletes the session itself. */
  void deleteAll() {
    gateway.request("DELETE", session, null);
  }

  JsonNode delete(String what, String id) {
    return gateway.request("DELETE", session + "/" + what + "/" + encoded(id), null);
  }

  /** The whole address of a path that the server answered with. */
  String address(String serverPath) {
    return gateway.address(serverPath);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  @Override
  public void close() {
    gateway.close();
    server.close();
  }
}
