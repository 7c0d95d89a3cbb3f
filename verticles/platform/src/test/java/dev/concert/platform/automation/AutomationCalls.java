package dev.concert.platform.automation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.testing.Await;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;

/** A client of a server's automations. */
record AutomationCalls(HttpClient client, String server) {

  AutomationCalls(String server) {
    this(HttpClient.newHttpClient(), server);
  }

  HttpResponse<String> call(String method, String path, JsonObject body) {
    try {
      return client.send(
          HttpRequest.newBuilder(URI.create(server + path))
              .header("Content-Type", "application/json")
              .method(
                  method,
                  body == null
                      ? HttpRequest.BodyPublishers.noBody()
                      : HttpRequest.BodyPublishers.ofString(body.encode()))
              .build(),
          HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new AssertionError(method + " " + path + " failed", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  JsonObject ok(String method, String path, JsonObject body) {
    HttpResponse<String> reply = call(method, path, body);
    assertThat(reply.statusCode())
        .as(method + " " + path + ": " + reply.body())
        .isBetween(200, 202);
    return new JsonObject(reply.body());
  }

  JsonObject get(String path) {
    return ok("GET", path, null);
  }

  static JsonObject manual() {
    return new JsonObject().put("kind", "manual");
  }

  static JsonObject task(String prompt) {
    return new JsonObject().put("prompt", prompt).put("agentType", "echo");
  }

  /** Creates an automation, once a node serves them; returns its id. */
  String create(String name, JsonObject trigger, JsonObject task, JsonObject policy) {
    return onceServed(
            "/api/automations",
            new JsonObject()
                .put("name", name)
                .put("trigger", trigger)
                .put("task", task)
                .put("policy", policy))
        .getString("automationId");
  }

  /** Starts a run; returns its id. */
  String run(String automation) {
    return ok("POST", "/api/automations/" + automation + "/runs", new JsonObject())
        .getString("runId");
  }

  /** The same once a node serves automations again; a refused call has done nothing. */
  String runOnceServed(String automation) {
    return onceServed("/api/automations/" + automation + "/runs", new JsonObject())
        .getString("runId");
  }

  private JsonObject onceServed(String path, JsonObject body) {
    AtomicReference<HttpResponse<String>> reply = new AtomicReference<>();
    Await.until(
        "a node serves automations",
        () -> {
          reply.set(call("POST", path, body));
          return reply.get().statusCode() != 503;
        });
    assertThat(reply.get().statusCode()).as(reply.get().body()).isBetween(200, 202);
    return new JsonObject(reply.get().body());
  }

  JsonArray slots(String automation) {
    return get("/api/automations/" + automation + "/runs").getJsonArray("slots");
  }

  /** The run of this id, once it looks as wanted. */
  JsonObject await(String automation, String run, Predicate<JsonObject> wanted) {
    JsonObject[] found = new JsonObject[1];
    Await.until(
        "run " + run,
        () -> {
          Optional<JsonObject> now = find(automation, run);
          now.ifPresent(one -> found[0] = one);
          return now.filter(wanted).isPresent();
        });
    return found[0];
  }

  JsonObject awaitEnd(String automation, String run) {
    return await(automation, run, one -> one.containsKey("endedAt"));
  }

  private Optional<JsonObject> find(String automation, String run) {
    return slots(automation).stream()
        .map(JsonObject.class::cast)
        .map(slot -> slot.getJsonObject("run"))
        .filter(one -> one != null && run.equals(one.getString("runId")))
        .findFirst();
  }

  JsonArray inbox(String state) {
    return get("/api/inbox?state=" + state).getJsonArray("items");
  }

  /** The item of a run. */
  JsonObject item(String run) {
    return inbox("all").stream()
        .map(JsonObject.class::cast)
        .filter(one -> run.equals(one.getString("runId")))
        .findFirst()
        .orElseThrow();
  }
}
