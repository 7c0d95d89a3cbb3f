package dev.concert.contract;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.error.ErrorCode;
import dev.concert.json.Json;
import dev.concert.protocol.ServerProtocol;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The HTTP routes as an OpenAPI 3.1 document, made from the contract table: what {@code GET
 * /openapi.json} answers and {@code docs/openapi.json} holds. Planned operations are not in it.
 */
public final class OpenApiDocument {
  private static final String PROBLEM = "application/problem+json";
  private static final String BYTES = "application/octet-stream";

  /** The only streams of bytes that are answered. */
  private static final List<String> ARCHIVES = List.of("application/gzip", "application/zip");

  private static final String JSON = "application/json";
  private static final String IDEMPOTENCY = "IdempotencyKey";
  private static final String IF_MATCH = "IfMatch";
  private static final String IF_NONE_MATCH = "IfNoneMatch";
  private static final String LAST_EVENT = "LastEventId";
  private static final String PROTOCOL = "Protocol";

  private final ObjectNode document = Json.MAPPER.createObjectNode();
  private final ObjectNode paths;
  private final JsonSchemas schemas;

  private OpenApiDocument() {
    document.put("openapi", "3.1.0");
    document
        .putObject("info")
        .put("title", "Concert gateway")
        .put("version", Integer.toString(WireProtocol.VERSION))
        .put(
            "description",
            "Sessions, their turns and their files over HTTP. The WebSocket /ws has the same"
                + " operations.");
    document.putArray("servers").addObject().put("url", "/");
    paths = document.putObject("paths");
    ObjectNode components = document.putObject("components");
    ObjectNode named = components.putObject("schemas");
    schemas = new JsonSchemas(named);
    schemas.ofEvents();
    describeHeaders(components.putObject("parameters"));
    describeProblem(named);
    components
        .putObject("responses")
        .putObject("Problem")
        .put("description", "What went wrong, as RFC 9457 says it.")
        .putObject("content")
        .putObject(PROBLEM)
        .putObject("schema")
        .put("$ref", "#/components/schemas/Problem");
    components
        .putObject("securitySchemes")
        .putObject("bearer")
        .put("type", "http")
        .put("scheme", "bearer");
    document.putArray("security").addObject().putArray("bearer");
  }

  /** The document for every served operation that has a route. */
  public static ObjectNode create() {
    OpenApiDocument result = new OpenApiDocument();
    ContractTable.rows().stream()
        .filter(row -> !row.planned())
        .forEach(row -> row.http().ifPresent(route -> result.describe(row, route)));
    return result.document;
  }

  private static void describeProblem(ObjectNode named) {
    ObjectNode problem = named.putObject("Problem").put("type", "object");
    ObjectNode properties = problem.putObject("properties");
    properties.putObject("status").put("type", "integer");
    ArrayNode codes = properties.putObject("code").put("type", "string").putArray("enum");
    List.of(ErrorCode.values()).forEach(code -> codes.add(code.name()));
    properties.putObject("title").put("type", "string");
    properties.putObject("detail").put("type", "string");
    properties.putObject("requestId").put("type", "string");
    problem.putArray("required").add("status").add("code").add("title").add("detail");
  }

  /** The headers that requests of several operations have, as named parameters. */
  private static void describeHeaders(ObjectNode named) {
    header(
            named,
            IDEMPOTENCY,
            "Idempotency-Key",
            "Runs the request once: a repetition with the same key gets the same reply for 24"
                + " hours.")
        .put("minLength", 1)
        .put("maxLength", 255)
        .put("pattern", "^[!-~]+$");
    header(
        named,
        IF_MATCH,
        "If-Match",
        "The ETag that you read: the change is refused where the thing has changed since.");
    header(
        named,
        IF_NONE_MATCH,
        "If-None-Match",
        "The ETag that you have: answered with 304 where it is still the same.");
    named
        .putObject(LAST_EVENT)
        .put("name", "Last-Event-ID")
        .put("in", "header")
        .put(
            "description",
            "Of a stream: number of the last event that you have. It goes before afterSeq.")
        .putObject("schema")
        .put("type", "integer")
        .put("format", "int64")
        .put("minimum", 0);
    named
        .putObject(PROTOCOL)
        .put("name", "protocol")
        .put("in", "query")
        .put("description", "Version of the client protocol; version 2 has more events.")
        .putObject("schema")
        .put("type", "integer")
        .put("default", WireProtocol.VERSION)
        .putArray("enum")
        .add(1)
        .add(2);
  }

  /** The schema of the header, a string. */
  private static ObjectNode header(ObjectNode named, String key, String name, String description) {
    return named
        .putObject(key)
        .put("name", name)
        .put("in", "header")
        .put("description", description)
        .putObject("schema")
        .put("type", "string");
  }

  private static void refer(ArrayNode parameters, String name) {
    parameters.addObject().put("$ref", "#/components/parameters/" + name);
  }

  /** What the headers of a request may say. */
  private static void describeHeaders(
      ApiOperation<?, ?> row, HttpRoute route, ArrayNode parameters) {
    if (ContractTable.hasEventStream(row)) {
      refer(parameters, PROTOCOL);
      refer(parameters, LAST_EVENT);
    }
    if (route.method() != HttpRoute.Method.GET) {
      refer(parameters, IDEMPOTENCY);
    }
    if (ContractTable.isVersioned(row)) {
      refer(parameters, route.method() == HttpRoute.Method.GET ? IF_NONE_MATCH : IF_MATCH);
    }
  }

  private void describe(ApiOperation<?, ?> row, HttpRoute route) {
    ObjectNode path =
        Optional.ofNullable((ObjectNode) paths.get(route.template()))
            .orElseGet(() -> paths.putObject(route.template()));
    ObjectNode out = path.putObject(route.method().name().toLowerCase(Locale.ROOT));
    out.put("operationId", row.name());
    out.put("summary", sentence(row.name()));
    out.putArray("tags").add(tag(route));
    row.permission()
        .ifPresent(
            permission ->
                out.put("description", "Needs the permission " + permission.wireName() + "."));
    ArrayNode parameters = Json.MAPPER.createArrayNode();
    row.fields().stream()
        .filter(field -> route.parameters().contains(field.name()))
        .forEach(field -> describe(field, "path", parameters.addObject()));
    row.queryFields().forEach(field -> describe(field, "query", parameters.addObject()));
    describeHeaders(row, route, parameters);
    if (!parameters.isEmpty()) {
      out.set("parameters", parameters);
    }
    describeBody(row, out);
    ObjectNode responses = out.putObject("responses");
    describeReply(row, responses.putObject(Integer.toString(route.status())));
    if (ContractTable.isVersioned(row) && route.method() == HttpRoute.Method.GET) {
      responses.putObject("304").put("description", "It is as you know it.");
    }
    if (row == ContractTable.RUN_TURN) {
      responses.putObject("200").put("description", "The events of the turn, to its end.");
      describeStream((ObjectNode) responses.get("200"));
      responses.putObject("204").put("description", "You have all events of the turn.");
    }
    responses.putObject("default").put("$ref", "#/components/responses/Problem");
  }

  /** {@code create_session} as "Create session". */
  private static String sentence(String name) {
    String words = name.replace('_', ' ');
    return Character.toUpperCase(words.charAt(0)) + words.substring(1);
  }

  /** Routes are grouped by the first of their nouns that is not the session itself. */
  private static String tag(HttpRoute route) {
    String[] parts = route.path().split("/");
    boolean isOfSession = parts.length > 4 && parts[2].equals("sessions");
    return isOfSession ? parts[4] : parts[1].equals("api") ? parts[2] : "files";
  }

  private static void describeStream(ObjectNode response) {
    ObjectNode content =
        Optional.ofNullable((ObjectNode) response.get("content"))
            .orElseGet(() -> response.putObject("content"));
    content
        .putObject("text/event-stream")
        .putObject("schema")
        .put("type", "string")
        .put(
            "description",
            "One SessionEvent in each 'data', its number as 'id', its type as 'event'.");
  }

  private static void describe(Field field, String place, ObjectNode out) {
    out.put("name", field.name()).put("in", place);
    if (place.equals("path") || field.required()) {
      out.put("required", true);
    }
    out.set("schema", JsonSchemas.of(field));
  }

  private static void describeBody(ApiOperation<?, ?> row, ObjectNode out) {
    row.bodyField()
        .ifPresent(
            bytes ->
                out.putObject("requestBody")
                    .put("required", true)
                    .put("description", "At most " + bytes.max() + " bytes.")
                    .putObject("content")
                    .putObject(BYTES)
                    .set("schema", JsonSchemas.of(bytes)));
    if (row.maxBody() > 0 && !row.jsonFields().isEmpty()) {
      ObjectNode schema =
          out.putObject("requestBody")
              .putObject("content")
              .putObject(JSON)
              .putObject("schema")
              .put("type", "object");
      ObjectNode properties = schema.putObject("properties");
      ArrayNode required = Json.MAPPER.createArrayNode();
      for (Field field : row.jsonFields()) {
        properties.set(field.name(), JsonSchemas.of(field));
        if (field.required()) {
          required.add(field.name());
        }
      }
      if (!required.isEmpty()) {
        schema.set("required", required);
      }
    }
  }

  private void describeReply(ApiOperation<?, ?> row, ObjectNode out) {
    out.put("description", "Done.");
    ObjectNode content = out.putObject("content");
    Class<? extends Record> first = row.replies().getFirst();
    if (first == FileBytes.class || first == ByteStream.class) {
      for (String type : first == FileBytes.class ? List.of(BYTES) : ARCHIVES) {
        content.putObject(type).putObject("schema").put("type", "string").put("format", "binary");
      }
      return;
    }
    ObjectNode media = content.putObject(JSON);
    if (row.replies().size() == 1) {
      media.set("schema", schema(first));
    } else {
      ArrayNode either = media.putObject("schema").putArray("anyOf");
      row.replies().forEach(reply -> either.add(schema(reply)));
    }
    if (row == ContractTable.GET_EVENTS) {
      describeStream(out);
    }
  }

  /** An event of a session comes with its place in the session. */
  private ObjectNode schema(Class<? extends Record> reply) {
    return ServerProtocol.rows().stream()
        .filter(row -> row.event() == reply && row.durable())
        .findFirst()
        .map(schemas::ofEvent)
        .orElseGet(() -> schemas.of(reply));
  }
}
