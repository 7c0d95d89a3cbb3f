package dev.concert.platform.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Calls the operations of a server's {@code /openapi.json} by their names, and checks each answer
 * against what the document says.
 */
final class DescribedApi {
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final String url;
  private final String token;
  private final JsonNode document;
  private final Map<String, Route> routes = new HashMap<>();
  private final Set<String> called = new TreeSet<>();

  private record Route(String method, String path, JsonNode operation) {}

  DescribedApi(String url, String token) {
    this.url = url;
    this.token = token;
    this.document = json(send(HttpRequest.newBuilder(URI.create(url + "/openapi.json")).build()));
    document
        .path("paths")
        .properties()
        .forEach(
            path ->
                path.getValue()
                    .properties()
                    .forEach(
                        one ->
                            routes.put(
                                one.getValue().path("operationId").asText(),
                                new Route(
                                    one.getKey().toUpperCase(java.util.Locale.ROOT),
                                    path.getKey(),
                                    one.getValue()))));
    routes.remove("");
  }

  /** The names of the operations whose paths do not begin with one of these. */
  Set<String> operationsExcept(List<String> paths) {
    Set<String> names = new TreeSet<>();
    routes.forEach(
        (name, route) -> {
          if (paths.stream().noneMatch(route.path()::startsWith)) {
            names.add(name);
          }
        });
    return names;
  }

  /** Those that answered as they are described. */
  Set<String> called() {
    return called;
  }

  /**
   * Calls an operation, which has to succeed.
   *
   * @param values names and values in turn, for the path, the query and the body; {@code content}
   *     is the whole body
   * @return the JSON of its answer; missing where that is no JSON
   */
  JsonNode call(String name, Object... values) {
    Route route = routes.get(name);
    assertThat(route).as(name).isNotNull();
    Map<String, Object> left = new HashMap<>();
    for (int i = 0; i < values.length; i += 2) {
      left.put((String) values[i], values[i + 1]);
    }
    HttpResponse<String> answer = send(request(route, left));
    Map.Entry<String, JsonNode> described = described(route.operation());
    assertThat(answer.statusCode())
        .as("%s: %s", name, answer.body())
        .isEqualTo(Integer.parseInt(described.getKey()));
    JsonNode content = described.getValue().path("content");
    String type = answer.headers().firstValue("Content-Type").orElse("").split(";")[0];
    assertThat(content.has(type)).as("%s answers %s", name, type).isTrue();
    called.add(name);
    if (!type.equals("application/json")) {
      return MAPPER.missingNode();
    }
    JsonNode body = json(answer);
    assertThat(faults(body, content.path(type).path("schema"), ""))
        .as("%s %s", name, body)
        .isEmpty();
    return body;
  }

  /** The first success that is described. */
  private static Map.Entry<String, JsonNode> described(JsonNode operation) {
    return operation.path("responses").properties().stream()
        .filter(one -> one.getKey().startsWith("2"))
        .findFirst()
        .orElseThrow();
  }

  private HttpRequest request(Route route, Map<String, Object> values) {
    String path = route.path();
    List<String> query = new ArrayList<>();
    for (JsonNode parameter : route.operation().path("parameters")) {
      String name = parameter.path("name").asText();
      if (values.containsKey(name)) {
        String value =
            URLEncoder.encode(String.valueOf(values.remove(name)), StandardCharsets.UTF_8);
        switch (parameter.path("in").asText()) {
          case "path" -> path = path.replace("{" + name + "}", value);
          case "query" -> query.add(name + "=" + value);
          default -> throw new AssertionError("A parameter in " + parameter);
        }
      }
    }
    String body =
        values.containsKey("content")
            ? (String) values.get("content")
            : MAPPER.valueToTree(values).toString();
    boolean hasBody = route.operation().has("requestBody");
    assertThat(hasBody || values.isEmpty()).as("%s has no %s", route, values).isTrue();
    return HttpRequest.newBuilder(
            URI.create(url + path + (query.isEmpty() ? "" : "?" + String.join("&", query))))
        .method(route.method(), hasBody ? BodyPublishers.ofString(body) : BodyPublishers.noBody())
        .header("Authorization", "Bearer " + token)
        .build();
  }

  /** What of a value is not as its schema says. */
  private List<String> faults(JsonNode value, JsonNode schema, String at) {
    if (schema.has("$ref")) {
      return faults(value, document.at(schema.path("$ref").asText().substring(1)), at);
    }
    if (schema.has("oneOf")) {
      for (JsonNode choice : schema.path("oneOf")) {
        if (faults(value, choice, at).isEmpty()) {
          return List.of();
        }
      }
      return List.of(at + " is none of its choices");
    }
    List<String> faults = new ArrayList<>();
    if (!isOfType(value, schema.path("type").asText())) {
      faults.add(at + " is no " + schema.path("type"));
    }
    if (schema.has("enum") && !schema.path("enum").toString().contains(value.toString())) {
      faults.add(at + " is none of " + schema.path("enum"));
    }
    schema
        .path("required")
        .forEach(
            name -> {
              if (!value.has(name.asText())) {
                faults.add(at + " has no " + name);
              }
            });
    if (value instanceof ObjectNode fields && schema.has("properties")) {
      fields
          .properties()
          .forEach(
              field ->
                  faults.addAll(
                      faults(
                          field.getValue(),
                          schema.path("properties").path(field.getKey()),
                          at + "/" + field.getKey())));
    }
    if (schema.has("items")) {
      value.forEach(item -> faults.addAll(faults(item, schema.path("items"), at + "/*")));
    }
    return faults;
  }

  private static boolean isOfType(JsonNode value, String type) {
    return switch (type) {
      case "object" -> value.isObject();
      case "array" -> value.isArray();
      case "string" -> value.isTextual();
      case "integer" -> value.isIntegralNumber();
      case "number" -> value.isNumber();
      case "boolean" -> value.isBoolean();
      default -> true;
    };
  }

  private static HttpResponse<String> send(HttpRequest request) {
    try {
      return HTTP.send(request, BodyHandlers.ofString());
    } catch (IOException e) {
      throw new AssertionError(request.toString(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  private static JsonNode json(HttpResponse<String> answer) {
    try {
      return MAPPER.readTree(answer.body());
    } catch (IOException e) {
      throw new AssertionError(answer.body(), e);
    }
  }
}
