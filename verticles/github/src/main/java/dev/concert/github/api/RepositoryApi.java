package dev.concert.github.api;

import static dev.concert.github.api.RepositoryCalls.encode;
import static dev.concert.github.api.RepositoryCalls.encodePath;
import static dev.concert.github.api.RepositoryCalls.isBy;
import static dev.concert.github.api.RepositoryCalls.object;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** One repository, as an App sees it. Each call has a token that can do just that. */
public final class RepositoryApi {
  private static final Set<String> WRITERS = Set.of("admin", "write");
  private static final Map<String, String> METADATA = Map.of("metadata", "read");
  private static final Map<String, String> READ_CODE = Map.of("contents", "read");
  private static final Map<String, String> ISSUES = Map.of("issues", "write");
  private static final Map<String, String> PULLS = Map.of("pull_requests", "write");

  private final RepositoryCalls calls;

  public RepositoryApi(
      GitHubClient client,
      InstallationTokens tokens,
      AppIdentity app,
      long installation,
      RepositoryName name) {
    this.calls = new RepositoryCalls(client, tokens, app, installation, name);
  }

  /** Its checks. */
  public CheckApi checks() {
    return new CheckApi(calls);
  }

  /** Its pull requests, as a reviewer sees them. */
  public ReviewApi reviews() {
    return new ReviewApi(calls);
  }

  /** The repository itself: its default branch, whether it is archived. */
  public Future<JsonNode> describe() {
    return calls.get(METADATA, "");
  }

  /** Whether a person may write here now. */
  public Future<Boolean> canWrite(String login) {
    return permission(login).map(WRITERS::contains);
  }

  /** Whether a person may read this now. */
  public Future<Boolean> canRead(String login) {
    return permission(login).map(held -> held.equals("read") || WRITERS.contains(held));
  }

  private Future<String> permission(String login) {
    return calls
        .find(METADATA, "/collaborators/" + encode(login) + "/permission")
        .map(found -> found.map(one -> one.path("permission").asText()).orElse("none"));
  }

  /** Whether an issue or a pull request is open now. */
  public Future<Boolean> isOpen(int number) {
    return calls
        .find(ISSUES, "/issues/" + number)
        .map(found -> found.filter(one -> one.path("state").asText().equals("open")).isPresent());
  }

  /** The commit that a branch is at; empty where there is no such branch. */
  public Future<Optional<String>> head(String branch) {
    return calls
        .find(READ_CODE, "/git/ref/heads/" + encodePath(branch))
        .map(found -> found.map(one -> one.path("object").path("sha").asText()));
  }

  /** A file of the default branch, as Base64 in {@code content}; empty where there is none. */
  public Future<Optional<JsonNode>> file(String path) {
    return calls.find(READ_CODE, "/contents/" + encodePath(path));
  }

  /** Shows that something was seen. The same again changes nothing. */
  public Future<Void> react(String subject, String content) {
    boolean isReview = subject.startsWith("/pulls");
    return calls
        .write(
            isReview ? PULLS : ISSUES,
            HttpMethod.POST,
            subject + "/reactions",
            object().put("content", content))
        .mapEmpty();
  }

  /** A new comment on an issue or a pull request; returns its id. */
  public Future<String> comment(int number, String body) {
    return calls
        .write(
            ISSUES, HttpMethod.POST, "/issues/" + number + "/comments", object().put("body", body))
        .map(made -> made.path("id").asText());
  }

  public Future<Void> editComment(String id, String body) {
    return calls
        .write(
            ISSUES, HttpMethod.PATCH, "/issues/comments/" + encode(id), object().put("body", body))
        .mapEmpty();
  }

  /** A comment of ours that contains a mark. */
  public Future<Optional<String>> findComment(int number, String bot, String mark) {
    return find(ISSUES, "/issues/" + number + "/comments", bot, mark);
  }

  /** Answers a review comment, in its thread; returns the id of the answer. */
  public Future<String> replyToReview(int pull, long comment, String body) {
    return calls
        .write(
            PULLS,
            HttpMethod.POST,
            "/pulls/" + pull + "/comments/" + comment + "/replies",
            object().put("body", body))
        .map(made -> made.path("id").asText());
  }

  public Future<Void> editReply(String id, String body) {
    return calls
        .write(PULLS, HttpMethod.PATCH, "/pulls/comments/" + encode(id), object().put("body", body))
        .mapEmpty();
  }

  /** A review comment of ours that contains a mark. */
  public Future<Optional<String>> findReply(int pull, String bot, String mark) {
    return find(PULLS, "/pulls/" + pull + "/comments", bot, mark);
  }

  private Future<Optional<String>> find(
      Map<String, String> permissions, String path, String bot, String mark) {
    return calls
        .first(permissions, path, one -> isBy(one, bot) && one.path("body").asText().contains(mark))
        .map(found -> found.map(one -> one.path("id").asText()));
  }

  /** The pull request of a branch of this repository, open or not. */
  public Future<Optional<Integer>> pullOf(String branch) {
    return calls
        .first(
            PULLS,
            "/pulls?state=all&head=" + encode(calls.name().owner() + ":" + branch),
            one -> one.path("head").path("ref").asText().equals(branch))
        .map(found -> found.map(one -> one.path("number").asInt()));
  }

  /** Opens a draft; returns its number. */
  public Future<Integer> openDraft(String title, String head, String base, String body) {
    return calls
        .write(
            PULLS,
            HttpMethod.POST,
            "/pulls",
            object()
                .put("title", title)
                .put("head", head)
                .put("base", base)
                .put("body", body)
                .put("draft", true))
        .map(made -> made.path("number").asInt());
  }

  public Future<Void> requestReview(int pull, String login) {
    ObjectNode body = object();
    body.putArray("reviewers").add(login);
    return calls
        .write(PULLS, HttpMethod.POST, "/pulls/" + pull + "/requested_reviewers", body)
        .mapEmpty();
  }
}
