package dev.concert.ensemble.batch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.EnsembleClient;
import dev.concert.ensemble.RunningEnsemble;
import dev.concert.ensemble.message.MultipartForm;
import dev.concert.json.Json;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A server that plays the files and batches of OpenAI and of Anthropic. A batch is over when it is
 * asked about for the second time, unless it must not end yet. Each answer has 100 tokens in and 10
 * out.
 */
final class PlayedStore implements AutoCloseable {
  static final String KEY = "sk-played-store-0123456789";
  private static final String BATCHES = "/v1/messages/batches";

  private final Vertx vertx = Vertx.vertx();
  private final HttpServer server;
  private final AtomicInteger numbers = new AtomicInteger();
  private final Map<String, ObjectNode> objects = new ConcurrentHashMap<>();
  private final Map<String, String> contents = new ConcurrentHashMap<>();
  private final Map<String, AtomicInteger> looks = new ConcurrentHashMap<>();

  /** What came in: method and path. */
  final List<String> asked = new CopyOnWriteArrayList<>();

  volatile boolean endless;
  volatile int failing;

  PlayedStore() {
    server =
        RunningEnsemble.await(
            vertx
                .createHttpServer()
                .requestHandler(request -> request.body().onSuccess(body -> answer(request, body)))
                .listen(0, "127.0.0.1"));
  }

  String url() {
    return "http://127.0.0.1:" + server.actualPort();
  }

  /** The content of every file and batch. */
  String everything() {
    return contents.values().toString();
  }

  private void answer(HttpServerRequest request, Buffer body) {
    asked.add(request.method() + " " + request.path());
    boolean anthropic = request.path().startsWith(BATCHES);
    String proof = request.getHeader(anthropic ? "x-api-key" : "authorization");
    if (!(anthropic ? KEY : "Bearer " + KEY).equals(proof)) {
      fail(request.response(), 401, "Who?");
    } else if (failing > 0) {
      fail(request.response(), failing, "Not now.");
    } else if (anthropic) {
      anthropics(request, body);
    } else if (request.path().startsWith("/v1/files")) {
      files(request, body);
    } else {
      batches(request, body);
    }
  }

  private void files(HttpServerRequest request, Buffer body) {
    String id = request.path().replaceFirst("/v1/files/?", "").replaceFirst("/content$", "");
    if (id.isEmpty()) {
      MultipartForm form =
          MultipartForm.read(request.getHeader("content-type"), body.getBytes()).orElseThrow();
      String text = new String(form.content("file").orElseThrow(), StandardCharsets.UTF_8);
      send(request.response(), file(text, form.text("purpose").orElse("")));
    } else if (!objects.containsKey(id)) {
      fail(request.response(), 404, "No such File object: " + id);
    } else if (request.path().endsWith("/content")) {
      request
          .response()
          .putHeader("content-type", "application/octet-stream")
          .end(contents.get(id));
    } else if (request.method() == HttpMethod.DELETE) {
      objects.remove(id);
      contents.remove(id);
      send(request.response(), object(id).put("object", "file").put("deleted", true));
    } else {
      send(request.response(), objects.get(id));
    }
  }

  private ObjectNode file(String content, String purpose) {
    String id = "file-" + numbers.incrementAndGet();
    contents.put(id, content);
    ObjectNode file =
        object(id)
            .put("object", "file")
            .put("bytes", content.length())
            .put("created_at", 1)
            .put("filename", "f")
            .put("purpose", purpose);
    objects.put(id, file);
    return file;
  }

  private void batches(HttpServerRequest request, Buffer body) {
    String id = request.path().replaceFirst("/v1/batches/?", "").replaceFirst("/cancel$", "");
    if (id.isEmpty()) {
      JsonNode asked = EnsembleClient.json(body.toString());
      ObjectNode batch =
          object("batch_" + numbers.incrementAndGet())
              .put("object", "batch")
              .put("endpoint", asked.path("endpoint").asText())
              .put("input_file_id", asked.path("input_file_id").asText())
              .put("status", "validating");
      objects.put(batch.path("id").asText(), batch);
      send(request.response(), batch);
    } else if (request.path().endsWith("/cancel")) {
      send(request.response(), objects.get(id).put("status", "cancelled"));
    } else {
      send(request.response(), looked(objects.get(id)));
    }
  }

  private ObjectNode looked(ObjectNode batch) {
    if (isOver(batch, "status")) {
      StringBuilder output = new StringBuilder();
      contents
          .get(batch.path("input_file_id").asText())
          .lines()
          .map(EnsembleClient::json)
          .forEach(line -> output.append(openAisAnswer(line)).append('\n'));
      ObjectNode file = file(output.toString(), "batch_output");
      batch.put("status", "completed").put("output_file_id", file.path("id").asText());
    }
    return batch;
  }

  private boolean isOver(ObjectNode batch, String field) {
    boolean open = List.of("validating", "in_progress").contains(batch.path(field).asText());
    int times =
        looks
            .computeIfAbsent(batch.path("id").asText(), _ -> new AtomicInteger())
            .incrementAndGet();
    return open && !endless && times > 1;
  }

  private static String openAisAnswer(JsonNode line) {
    ObjectNode answer = Json.MAPPER.createObjectNode();
    answer.set("custom_id", line.path("custom_id"));
    ObjectNode body = answer.putObject("response").put("status_code", 200).putObject("body");
    body.set("model", line.path("body").path("model"));
    body.putObject("usage").put("prompt_tokens", 100).put("completion_tokens", 10);
    return answer.toString();
  }

  private void anthropics(HttpServerRequest request, Buffer body) {
    String rest = request.path().substring(BATCHES.length()).replaceFirst("^/", "");
    String id = rest.replaceFirst("/.*", "");
    HttpServerResponse to = request.response();
    if (id.isEmpty()) {
      ObjectNode batch =
          object("msgbatch_" + numbers.incrementAndGet())
              .put("type", "message_batch")
              .put("processing_status", "in_progress")
              .putNull("results_url");
      objects.put(batch.path("id").asText(), batch);
      contents.put(batch.path("id").asText(), body.toString());
      send(to, batch);
    } else if (!objects.containsKey(id)) {
      fail(to, 404, "No such batch");
    } else if (rest.endsWith("/results")) {
      StringBuilder results = new StringBuilder();
      EnsembleClient.json(contents.get(id))
          .path("requests")
          .forEach(line -> results.append(anthropicsAnswer(line)).append('\n'));
      to.putHeader("content-type", "application/x-jsonl").end(results.toString());
    } else if (rest.endsWith("/cancel")) {
      send(to, objects.get(id).put("processing_status", "canceling"));
    } else if (request.method() == HttpMethod.DELETE) {
      objects.remove(id);
      send(to, object(id).put("type", "message_batch_deleted"));
    } else {
      ObjectNode batch = objects.get(id);
      if (isOver(batch, "processing_status")) {
        batch
            .put("processing_status", "ended")
            .put("results_url", "https://api.anthropic.com/v1/messages/batches/" + id + "/results");
      }
      send(to, batch);
    }
  }

  private static String anthropicsAnswer(JsonNode line) {
    ObjectNode answer = Json.MAPPER.createObjectNode();
    answer.set("custom_id", line.path("custom_id"));
    ObjectNode message = answer.putObject("result").put("type", "succeeded").putObject("message");
    message.set("model", line.path("params").path("model"));
    message.putArray("content").addObject().put("type", "text").put("text", "Yes.");
    message.putObject("usage").put("input_tokens", 100).put("output_tokens", 10);
    return answer.toString();
  }

  private static ObjectNode object(String id) {
    return Json.MAPPER.createObjectNode().put("id", id);
  }

  private static void send(HttpServerResponse to, JsonNode body) {
    to.putHeader("content-type", "application/json").end(body.toString());
  }

  private static void fail(HttpServerResponse to, int status, String message) {
    ObjectNode body = Json.MAPPER.createObjectNode();
    body.putObject("error").put("message", message).put("type", "invalid_request_error");
    to.setStatusCode(status).putHeader("content-type", "application/json").end(body.toString());
  }

  @Override
  public void close() {
    RunningEnsemble.await(vertx.close());
  }
}
