package dev.concert.github.broker;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.error.ConcertException;
import dev.concert.github.api.RepositoryName;
import dev.concert.github.broker.LargeFileAddresses.Address;
import dev.concert.github.broker.LargeFileAddresses.Use;
import dev.concert.json.Json;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.RequestOptions;
import java.io.IOException;
import java.util.Optional;

/**
 * Reads and writes the files of Git LFS. The forge answers with addresses that are credentials;
 * they stay here, and git gets addresses of this broker. On one context.
 *
 * <p>Format: https://github.com/git-lfs/git-lfs/blob/main/docs/api/batch.md and basic-transfers.md
 */
final class LargeFiles {
  private static final String TYPE = "application/vnd.git-lfs+json";
  private static final int LONGEST_BODY = 1 << 20;
  private static final int UNPROCESSABLE = 422;

  private final HttpClient client;
  private final LargeFileHosts hosts;
  private final LargeFileTransfer transfer;
  private final LargeFileAddresses addresses = new LargeFileAddresses();

  LargeFiles(HttpClient client, LargeFileHosts hosts) {
    this.client = client;
    this.hosts = hosts;
    this.transfer = new LargeFileTransfer(client, hosts);
  }

  /** Answers git, with a sentence that it shows where it is refused. */
  Future<Void> answer(
      HttpServerRequest request, GitGrant grant, GitTarget target, PushListener pushes) {
    Future<Void> answered =
        switch (target.kind()) {
          case LARGE_FILES -> find(request, grant, target.repository(), pushes);
          case LARGE_FILE ->
              address(grant, target, Use.DOWNLOAD).compose(from -> transfer.read(request, from));
          case LARGE_FILE_WRITE ->
              address(grant, target, Use.UPLOAD)
                  .compose(to -> pushes.beginsFiles().compose(_ -> transfer.write(request, to)));
          case LARGE_FILE_VERIFY ->
              address(grant, target, Use.VERIFY)
                  .compose(at -> transfer.verify(request, target.object(), at));
          case LARGE_FILE_LOCKS ->
              answer(request, 404, said("Locks of Git LFS are not served here."));
          case READ, WRITE -> throw new IllegalArgumentException("This is no request of LFS.");
        };
    return answered.recover(
        failure ->
            failure instanceof RefusedPushException || failure instanceof ConcertException
                ? refuse(request, failure.getMessage())
                : Future.failedFuture(failure));
  }

  private static Future<Void> refuse(HttpServerRequest request, String sentence) {
    if (!request.isEnded()) {
      request.handler(_ -> {});
      request.resume();
    }
    return answer(request, UNPROCESSABLE, said(sentence));
  }

  /** Answers where files are. */
  private Future<Void> find(
      HttpServerRequest request, GitGrant grant, RepositoryName repository, PushListener pushes) {
    return body(request)
        .compose(
            body -> {
              JsonNode asked = tree(body);
              Optional<String> refusal = refusal(grant, repository, asked);
              if (refusal.isPresent()) {
                return answer(request, 403, said(refusal.get()));
              }
              boolean isUpload = asked.path("operation").asText().equals("upload");
              LargeFileQuestion question =
                  LargeFileQuestion.of(
                      grant,
                      repository,
                      asked,
                      isUpload ? Optional.of(grant.reference()) : Optional.empty());
              return (isUpload ? pushes.beginsFiles() : Future.<Void>succeededFuture())
                  .compose(_ -> ask(grant.upstream(), question))
                  .compose(found -> answer(request, found.status(), found.body()));
            });
  }

  /** Why git gets no answer to what it asks; empty where it does. */
  private static Optional<String> refusal(
      GitGrant grant, RepositoryName repository, JsonNode asked) {
    String reference = asked.path("ref").path("name").asText(grant.reference());
    return switch (asked.path("operation").asText()) {
      case "download" -> Optional.empty();
      case "upload" ->
          !repository.equals(grant.repository())
              ? Optional.of(
                  "This run writes files of Git LFS to %s only.".formatted(grant.repository()))
              : !reference.equals(grant.reference())
                  ? Optional.of("This run may push to %s only.".formatted(grant.branch()))
                  : Optional.empty();
      default -> Optional.of("Files of Git LFS are read and written here, and nothing else.");
    };
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

  private Future<Found> ask(GitUpstream forge, LargeFileQuestion question) {
    if (question.isEmpty()) {
      return Future.succeededFuture(
          new Found(200, question.answer(Json.MAPPER.createObjectNode(), addresses, "")));
    }
    return forge
        .login(question.repository(), question.isUpload())
        .compose(
            login -> {
              RequestOptions options =
                  hosts
                      .request(
                          forge.web() + "/" + question.repository() + ".git/info/lfs/objects/batch")
                      .setMethod(HttpMethod.POST)
                      .putHeader("Authorization", login.basic())
                      .putHeader("Accept", TYPE)
                      .putHeader("Content-Type", TYPE)
                      .putHeader("User-Agent", "git-lfs/Concert");
              return client
                  .request(options)
                  .compose(to -> to.send(question.toJson().toString()))
                  .compose(
                      answer ->
                          answer
                              .body()
                              .map(body -> found(forge, question, login, answer, tree(body))));
            });
  }

  private Found found(
      GitUpstream forge,
      LargeFileQuestion question,
      GitUpstream.Login login,
      HttpClientResponse answer,
      JsonNode body) {
    if (answer.statusCode() == 401) {
      forge.refused();
    }
    return answer.statusCode() == 200
        ? new Found(200, question.answer(body, addresses, login.basic()))
        : new Found(
            LargeFileTransfer.status(answer),
            said(body.path("message").asText("The forge refused it.")));
  }

  private Future<Address> address(GitGrant grant, GitTarget target, Use use) {
    return addresses
        .find(grant.holder(), target.repository(), target.object(), use)
        .map(Future::succeededFuture)
        .orElseGet(
            () ->
                Future.failedFuture(
                    new RefusedPushException(
                        Optional.empty(), "Ask for the address of this file first.")));
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
