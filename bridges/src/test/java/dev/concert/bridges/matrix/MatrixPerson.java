package dev.concert.bridges.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;

/** A person at a homeserver, with a client of her own. */
public final class MatrixPerson {
  private static final String CLIENT = "/_matrix/client/v3";

  private final HttpClient http = HttpClient.newHttpClient();
  private final String homeserver;
  private final String token;

  public MatrixPerson(String homeserver, String name) {
    this.homeserver = homeserver;
    JsonObject wanted =
        new JsonObject()
            .put("username", name)
            .put("password", "a-played-password")
            .put("auth", new JsonObject().put("type", "m.login.dummy"));
    token = call("POST", CLIENT + "/register", "", wanted).getString("access_token");
  }

  private JsonObject call(String method, String path, String authorization, JsonObject body) {
    HttpRequest.BodyPublisher sent =
        body.isEmpty() && method.equals("GET")
            ? HttpRequest.BodyPublishers.noBody()
            : HttpRequest.BodyPublishers.ofString(body.encode());
    HttpResponse<String> reply = call(method, path, authorization, sent);
    return new JsonObject(reply.body());
  }

  private HttpResponse<String> call(
      String method, String path, String authorization, HttpRequest.BodyPublisher body) {
    try {
      HttpRequest.Builder request =
          HttpRequest.newBuilder(URI.create(homeserver + path)).method(method, body);
      if (!authorization.isEmpty()) {
        request.header("Authorization", authorization);
      }
      HttpResponse<String> reply = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
      assertThat(reply.statusCode()).as(reply.body()).isEqualTo(200);
      return reply;
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private JsonObject call(String method, String path, JsonObject body) {
    return call(method, CLIENT + path, "Bearer " + token, body);
  }

  private static String encoded(String part) {
    return URLEncoder.encode(part, StandardCharsets.UTF_8);
  }

  /** Makes a room and invites these. */
  public String createRoom(boolean isDirect, String... invited) {
    JsonObject wanted =
        new JsonObject()
            .put("is_direct", isDirect)
            .put("preset", "private_chat")
            .put("invite", new JsonArray(List.of(invited)));
    return call("POST", "/createRoom", wanted).getString("room_id");
  }

  public void join(String room) {
    call("POST", "/rooms/%s/join".formatted(encoded(room)), new JsonObject());
  }

  /** Whether somebody is in a room. */
  public boolean sees(String room, String user) {
    return call("GET", "/rooms/%s/joined_members".formatted(encoded(room)), new JsonObject())
        .getJsonObject("joined")
        .containsKey(user);
  }

  /** Does something in a room; returns the id of the event. */
  public String send(String room, String type, JsonObject content) {
    String path = "/rooms/%s/send/%s/%s".formatted(encoded(room), type, UUID.randomUUID());
    return call("PUT", path, content).getString("event_id");
  }

  public String say(String room, String text) {
    return send(
        room, "m.room.message", new JsonObject().put("msgtype", "m.text").put("body", text));
  }

  /** What happened in a room, the oldest first, each as the homeserver gives it. */
  public List<JsonObject> events(String room) {
    String path = "/rooms/%s/messages?dir=b&limit=100".formatted(encoded(room));
    return call("GET", path, new JsonObject()).getJsonArray("chunk").stream()
        .map(JsonObject.class::cast)
        .toList()
        .reversed();
  }

  /** Gives the homeserver a file; its address. */
  public String upload(String content) {
    return new JsonObject(
            call(
                    "POST",
                    "/_matrix/media/v3/upload",
                    "Bearer " + token,
                    HttpRequest.BodyPublishers.ofString(content))
                .body())
        .getString("content_uri");
  }

  /** The content of a file. */
  public String download(String address) {
    return call(
            "GET",
            "/_matrix/client/v1/media/download/" + address.substring("mxc://".length()),
            "Bearer " + token,
            HttpRequest.BodyPublishers.noBody())
        .body();
  }
}
