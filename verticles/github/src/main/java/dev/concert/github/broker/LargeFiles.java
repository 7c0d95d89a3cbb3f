package dev.concert.github.broker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.github.api.RepositoryName;
import dev.concert.json.Json;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.RequestOptions;
import java.io.IOException;
import java.net.URI;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Reads the files of Git LFS. The forge answers with addresses that are credentials; they stay
 * here, and git gets addresses of this broker. On one context.
 *
 * <p>Format: https://github.com/git-lfs/git-lfs/blob/main/docs/api/batch.md
 */
final class LargeFiles {
  private static final String TYPE = "application/vnd.git-lfs+json";
  private static final String SANDBOX = "http://git.concert/%s.git/info/lfs/objects/%s";
  private static final int LONGEST_BODY = 1 << 20;
  private static final int MOST_ADDRESSES = 10_000;

  private final HttpClient client;
  private final Map<Wanted, Address> addresses =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Wanted, Address> eldest) {
          return size() > MOST_ADDRESSES;
        }
      };

  private record Wanted(RepositoryName repository, String object) {}

  /** Where a file is. Both are secrets. */
  private record Address(String url, Map<String, String> headers) {
    /** Without the secrets. */
    @Override
    public String toString() {
      return "Address[]";
    }
  }

  LargeFiles(HttpClient client) {
    this.client = client;
  }

  /**
   * Answers where files are.
   *
   * @param web where repositories are, without a final slash
   * @param authorization for the forge, a secret
   */
  Future<Void> find(
      HttpServerRequest request, URI web, RepositoryName repository, String authorization) {
    return body(request)
        .compose(
            body -> {
              JsonNode wanted = tree(body);
              return wanted.path("operation").asText().equals("download")
                  ? ask(web, repository, authorization, wanted)
                      .compose(found -> answer(request, found.status(), found.body()))
                  : answer(
                      request, 403, said("Files of Git LFS can be read here, and not be written."));
            });
  }

  private static Future<Buffer> body(HttpServerRequest request) {
    Promise<Buffer> whole = Promise.promise();
    Buffer read = Buffer.buffer();
    request.handler(
        piece -> {
          read.appendBuffer(piece);
          if (read.length() > LONGEST_BODY) {
            whole.tryFail(
                new RefusedPushException(Optional.empty(), "Ask for fewer files at once."));
          }
        });
    request.exceptionHandler(whole::tryFail);
    request.endHandler(_ -> whole.tryComplete(read));
    request.resume();
    return whole.future();
  }

  private record Found(int status, JsonNode body) {}

  private Future<Found> ask(
      URI web, RepositoryName repository, String authorization, JsonNode wanted) {
    ObjectNode question = Json.MAPPER.createObjectNode().put("operation", "download");
    question.putArray("transfers").add("basic");
    wanted
        .path("objects")
        .forEach(
            one ->
                question
                    .withArray("objects")
                    .addObject()
                    .put("oid", one.path("oid").asText())
                    .put("size", one.path("size").asLong()));
    RequestOptions options =
        new RequestOptions()
            .setMethod(HttpMethod.POST)
            .setAbsoluteURI(web + "/" + repository + ".git/info/lfs/objects/batch")
            .putHeader("Authorization", authorization)
            .putHeader("Accept", TYPE)
            .putHeader("Content-Type", TYPE)
            .putHeader("User-Agent", "git-lfs/Concert");
    return client
        .request(options)
        .compose(to -> to.send(question.toString()))
        .compose(
            answer ->
                answer
                    .body()
                    .map(body -> new Found(answer.statusCode(), kept(repository, tree(body)))));
  }

  /** The answer, in which each address is one of ours. */
  private JsonNode kept(RepositoryName repository, JsonNode answer) {
    for (JsonNode one : answer.path("objects")) {
      JsonNode download = one.path("actions").path("download");
      if (one instanceof ObjectNode object && download.has("href")) {
        String id = object.path("oid").asText();
        Map<String, String> headers = new HashMap<>();
        download
            .path("header")
            .properties()
            .forEach(header -> headers.put(header.getKey(), header.getValue().asText()));
        addresses.put(
            new Wanted(repository, id), new Address(download.path("href").asText(), headers));
        object
            .putObject("actions")
            .putObject("download")
            .put("href", SANDBOX.formatted(repository, id));
      }
    }
    return answer;
  }

  /** Passes a file on whose address was asked for. */
  Future<Void> read(HttpServerRequest request, GitTarget target) {
    Optional<Address> address =
        Optional.ofNullable(addresses.get(new Wanted(target.repository(), target.object())));
    if (address.isEmpty()) {
      return answer(request, 404, said("Ask for the address of this file first."));
    }
    RequestOptions options =
        new RequestOptions().setMethod(HttpMethod.GET).setAbsoluteURI(address.get().url());
    address.get().headers().forEach(options::putHeader);
    Optional.ofNullable(request.getHeader("Range"))
        .ifPresent(range -> options.putHeader("Range", range));
    return client
        .request(options)
        .compose(HttpClientRequest::send)
        .compose(answer -> pass(request, answer));
  }

  private static Future<Void> pass(HttpServerRequest request, HttpClientResponse answer) {
    request.response().setStatusCode(answer.statusCode()).setChunked(true);
    Optional.ofNullable(answer.getHeader("Content-Range"))
        .ifPresent(range -> request.response().putHeader("Content-Range", range));
    return answer.pipeTo(request.response());
  }

  private static JsonNode tree(Buffer body) {
    try {
      return Json.MAPPER.readTree(body.getBytes());
    } catch (IOException e) {
      return Json.MAPPER.createObjectNode();
    }
  }

  private static JsonNode said(String sentence) {
    return Json.MAPPER.createObjectNode().put("message", sentence);
  }

  private static Future<Void> answer(HttpServerRequest request, int status, JsonNode body) {
    return request
        .response()
        .setStatusCode(status)
        .putHeader("Content-Type", TYPE)
        .end(body.toString());
  }
}
