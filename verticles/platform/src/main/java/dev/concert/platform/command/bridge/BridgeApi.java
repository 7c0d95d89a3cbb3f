package dev.concert.platform.command.bridge;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.client.ClientException;
import dev.concert.client.GatewayApi;
import dev.concert.platform.server.RunningServer;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** What the commands ask about bridges of the server that runs. Blocking. */
public final class BridgeApi implements AutoCloseable {
  private static final String PATH = "/api/bridges";

  private final GatewayApi gateway;

  private BridgeApi(GatewayApi gateway) {
    this.gateway = gateway;
  }

  /**
   * @throws ClientException where no server runs
   */
  public static BridgeApi open() {
    return new BridgeApi(RunningServer.gateway());
  }

  public static ObjectNode body() {
    return JsonNodeFactory.instance.objectNode();
  }

  public JsonNode list() {
    return gateway.request("GET", PATH, null);
  }

  public JsonNode add(ObjectNode bridge) {
    return gateway.request("POST", PATH, bridge);
  }

  public JsonNode test(String id) {
    return gateway.request("POST", PATH + "/" + encoded(id) + "/test", body());
  }

  public JsonNode remove(String id) {
    return gateway.request("DELETE", PATH + "/" + encoded(id), null);
  }

  JsonNode pairingCode() {
    return gateway.request("POST", "/api/chat/pairing-codes", body());
  }

  /** The whole address of a path of this server. */
  public String address(String path) {
    return gateway.address(path);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  @Override
  public void close() {
    gateway.close();
  }
}
