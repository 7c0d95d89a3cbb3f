package dev.concert.bridges.matrix;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.concert.bridges.http.ChatFiles;
import dev.concert.bridges.http.ChatHttp;
import dev.concert.bridges.http.ChatReply;
import dev.concert.bridges.platform.ChatConnection;
import dev.concert.bridges.platform.OutboundFile;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Calls of the client-server API, once each, as the bot of a connection. */
final class MatrixApi {
  private static final String CLIENT = "/_matrix/client/v3";
  private static final Pattern CONTENT = Pattern.compile("mxc://([^/?#]+)/([A-Za-z0-9_-]+)");

  private final ChatHttp http;
  private final ChatFiles files;

  MatrixApi(ChatHttp http, ChatFiles files) {
    this.http = http;
    this.files = files;
  }

  private static String authorization(String token) {
    return "Bearer " + token;
  }

  private static String homeserver(ChatConnection connection) {
    return MatrixOptions.withoutSlash(connection.secret(MatrixPlatform.HOMESERVER));
  }

  private static String token(ChatConnection connection) {
    return connection.secret(MatrixPlatform.AS_TOKEN);
  }

  /** A part of an address. */
  static String encoded(String part) {
    return URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /** Below {@code /rooms/}. */
  static String room(String roomId, String path) {
    return "/rooms/%s%s".formatted(encoded(roomId), path);
  }

  Future<ChatReply> whoAmI(String homeserver, String token) {
    return http.call(
        HttpMethod.GET,
        homeserver + CLIENT + "/account/whoami",
        authorization(token),
        MissingNode.getInstance());
  }

  Future<ChatReply> get(ChatConnection connection, String path) {
    return call(connection, HttpMethod.GET, path, MissingNode.getInstance());
  }

  Future<ChatReply> put(ChatConnection connection, String path, JsonNode body) {
    return call(connection, HttpMethod.PUT, path, body);
  }

  Future<ChatReply> post(ChatConnection connection, String path, JsonNode body) {
    return call(connection, HttpMethod.POST, path, body);
  }

  private Future<ChatReply> call(
      ChatConnection connection, HttpMethod method, String path, JsonNode body) {
    return http.call(
        method, homeserver(connection) + CLIENT + path, authorization(token(connection)), body);
  }

  /** The newest events that belong to the thread of an event, the newest first. */
  Future<ChatReply> thread(ChatConnection connection, String roomId, String root, int max) {
    String path =
        "/_matrix/client/v1/rooms/%s/relations/%s/m.thread?dir=b&limit=%d"
            .formatted(encoded(roomId), encoded(root), max);
    return http.call(
        HttpMethod.GET,
        homeserver(connection) + path,
        authorization(token(connection)),
        MissingNode.getInstance());
  }

  /** Gives the homeserver a file; the reply has its address. */
  Future<ChatReply> upload(ChatConnection connection, OutboundFile file) {
    String url =
        "%s/_matrix/media/v3/upload?filename=%s"
            .formatted(homeserver(connection), encoded(file.name()));
    return http.upload(
        url, authorization(token(connection)), "application/octet-stream", file.content());
  }

  /**
   * A file that somebody gave a homeserver.
   *
   * @param address such as {@code mxc://example.org/abc}
   */
  Future<Buffer> download(ChatConnection connection, String address, int maxBytes) {
    Matcher content = CONTENT.matcher(address);
    if (!content.matches()) {
      return Future.failedFuture("'%s' is no address of a file".formatted(address));
    }
    String url =
        "%s/_matrix/client/v1/media/download/%s/%s"
            .formatted(
                homeserver(connection), encoded(content.group(1)), encoded(content.group(2)));
    return files.fetch(url, authorization(token(connection)), maxBytes);
  }
}
