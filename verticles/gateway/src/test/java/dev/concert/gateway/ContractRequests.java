package dev.concert.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.contract.ApiOperation;
import dev.concert.contract.Field;
import dev.concert.contract.HttpRoute;
import dev.concert.json.Json;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Requests of the rows of the contract table, made from their fields. */
final class ContractRequests {
  private ContractRequests() {}

  static boolean isAboutSessions(ApiOperation<?, ?> row) {
    return row.fields().stream()
        .filter(Field::required)
        .anyMatch(field -> Set.of("sessionId", "agentId").contains(field.name()));
  }

  /** A valid request that changes nothing where it is admitted. */
  static ObjectNode example(ApiOperation<?, ?> row, String sessionId) {
    ObjectNode request = Json.MAPPER.createObjectNode();
    for (Field field : row.fields()) {
      if (field.required()) {
        request.set(field.name(), value(field, sessionId));
      }
    }
    switch (row.name()) {
      case "answer_question" -> request.put("approved", true);
      case "preview_automation" -> request.putObject("trigger").put("kind", "manual");
      case "restore" -> request.put("at", "5");
      case "invite_member" -> request.put("email", "owner@example.com");
      case "create_session" -> request.put("agentType", "no-such-type");
      case "manage_members" -> request.put("action", "list");
      default -> {
        // The required fields are enough.
      }
    }
    return request;
  }

  private static JsonNode value(Field field, String sessionId) {
    return switch (field.name()) {
      case "sessionId" -> Json.MAPPER.getNodeFactory().textNode(sessionId);
      case "agentId" -> Json.MAPPER.getNodeFactory().textNode("agent_" + sessionId);
      default ->
          switch (field.kind()) {
            case STRING ->
                Json.MAPPER
                    .getNodeFactory()
                    .textNode(field.choices().stream().findFirst().orElse("x"));
            case INTEGER -> Json.MAPPER.getNodeFactory().numberNode(Math.max(1, field.min()));
            case BOOLEAN -> Json.MAPPER.getNodeFactory().booleanNode(true);
            case OBJECT -> Json.MAPPER.createObjectNode();
            case ARRAY -> Json.MAPPER.createArrayNode();
            case BYTES -> Json.MAPPER.getNodeFactory().binaryNode(new byte[] {1});
          };
    };
  }

  /** The row over HTTP, with these fields in its path, query and body. */
  static HttpResponse<String> overHttp(
      int port, ApiOperation<?, ?> row, ObjectNode example, String token) {
    return withHeaders(port, row, example, "Authorization", "Bearer " + token);
  }

  /** The same for a caller who is known by these headers: names and values. */
  static HttpResponse<String> withHeaders(
      int port, ApiOperation<?, ?> row, ObjectNode example, String... headers) {
    HttpRoute route = row.http().orElseThrow();
    String path = route.path();
    for (String parameter : route.parameters()) {
      path = path.replaceAll("\\{" + parameter + "\\+?}", encoded(example.get(parameter).asText()));
    }
    List<String> query = new ArrayList<>();
    row.queryFields().stream()
        .filter(field -> example.has(field.name()))
        .forEach(
            field -> query.add(field.name() + "=" + encoded(example.get(field.name()).asText())));
    ObjectNode body = Json.MAPPER.createObjectNode();
    boolean hasBody = row.maxBody() > 0;
    if (hasBody && row.bodyField().isEmpty()) {
      row.jsonFields().stream()
          .filter(field -> example.has(field.name()))
          .forEach(field -> body.set(field.name(), example.get(field.name())));
    }
    return new ApiClient(port)
        .send(
            route.method().name(),
            path + (query.isEmpty() ? "" : "?" + String.join("&", query)),
            hasBody ? body.toString() : "",
            headers);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  /** Without what belongs to one request. */
  static String anonymous(String body) {
    return body.replaceAll("\"(requestId|instance)\":\"[^\"]*\"", "");
  }

  /** The same without the id of what was asked for. */
  static String anonymous(String body, String id) {
    return anonymous(body.replace(id, "ID"));
  }
}
