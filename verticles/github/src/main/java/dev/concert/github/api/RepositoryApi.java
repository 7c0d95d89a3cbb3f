package dev.concert.github.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.github.api.InstallationTokens.Purpose;
import dev.concert.json.Json;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** One repository, as an App sees it. Each call has a token that can do just that. */
public final class RepositoryApi {
  private static final int PAGE = 100;
  private static final int MAX_PAGES = 10;
  private static final Set<String> WRITERS = Set.of("admin", "write");
  private static final Map<String, String> READ_CODE = Map.of("contents", "read");
  private static final Map<String, String> ISSUES = Map.of("issues", "write");
  private static final Map<String, String> PULLS = Map.of("pull_requests", "write");

  private final GitHubClient client;
  private final InstallationTokens tokens;
  private final AppIdentity app;
  private final long installation;
  private final RepositoryName name;

  public RepositoryApi(
      GitHubClient client,
      InstallationTokens tokens,
      AppIdentity app,
      long installation,
      RepositoryName name) {
    this.client = client;
    this.tokens = tokens;
    this.app = app;
    this.installation = installation;
    this.name = name;
  }

  private ApiCaller caller(Map<String, String> permissions) {
    return tokens.installation(
        app, new Purpose(app.connectionId(), installation, name, permissions));
  }

  /** The repository itself: its default branch, whether it is archived. */
  public Future<JsonNode> describe() {
    return client.get(caller(Map.of("metadata", "read")), name.path());
  }

  /** Whether a person may write here now. */
  public Future<Boolean> canWrite(String login) {
    return client
        .get(
            caller(Map.of("metadata", "read")),
            name.path() + "/collaborators/" + encode(login) + "/permission")
        .map(found -> WRITERS.contains(found.path("permission").asText()))
        .recover(
            failure ->
                GitHubException.is(failure, 404)
                    ? Future.succeededFuture(false)
                    : Future.failedFuture(failure));
  }

  /** The commit that a branch is at; empty where there is no such branch. */
  public Future<Optional<String>> head(String branch) {
    return client
        .get(caller(READ_CODE), name.path() + "/git/ref/heads/" + encodePath(branch))
        .map(found -> Optional.of(found.path("object").path("sha").asText()))
        .recover(
            failure ->
                GitHubException.is(failure, 404)
                    ? Future.succeededFuture(Optional.empty())
                    : Future.failedFuture(failure));
  }

  /** A file of the default branch, as Base64 in {@code content}; empty where there is none. */
  public Future<Optional<JsonNode>> file(String path) {
    return client
        .get(caller(READ_CODE), name.path() + "/contents/" + encodePath(path))
        .map(Optional::of)
        .recover(
            failure ->
                GitHubException.is(failure, 404)
                    ? Future.succeededFuture(Optional.empty())
                    : Future.failedFuture(failure));
  }

  /** Shows that something was seen. The same again changes nothing. */
  public Future<Void> react(String subject, String content) {
    boolean isReview = subject.startsWith("/pulls");
    return client
        .write(
            caller(isReview ? PULLS : ISSUES),
            HttpMethod.POST,
            name.path() + subject + "/reactions",
            object().put("content", content))
        .mapEmpty();
  }

  /** A new comment on an issue or a pull request; returns its id. */
  public Future<String> comment(int number, String body) {
    return client
        .write(
            caller(ISSUES),
            HttpMethod.POST,
            name.path() + "/issues/" + number + "/comments",
            object().put("body", body))
        .map(made -> made.path("id").asText());
  }

  public Future<Void> editComment(String id, String body) {
    return client
        .write(
            caller(ISSUES),
            HttpMethod.PATCH,
            name.path() + "/issues/comments/" + encode(id),
            object().put("body", body))
        .mapEmpty();
  }

  /** A comment of ours that contains a mark. */
  public Future<Optional<String>> findComment(int number, String bot, String mark) {
    return find(
            ISSUES,
            name.path() + "/issues/" + number + "/comments",
            one -> isBy(one, bot) && one.path("body").asText().contains(mark))
        .map(found -> found.map(one -> one.path("id").asText()));
  }

  /** Answers a review comment, in its thread; returns the id of the answer. */
  public Future<String> replyToReview(int pull, long comment, String body) {
    return client
        .write(
            caller(PULLS),
            HttpMethod.POST,
            name.path() + "/pulls/" + pull + "/comments/" + comment + "/replies",
            object().put("body", body))
        .map(made -> made.path("id").asText());
  }

  public Future<Void> editReply(String id, String body) {
    return client
        .write(
            caller(PULLS),
            HttpMethod.PATCH,
            name.path() + "/pulls/comments/" + encode(id),
            object().put("body", body))
        .mapEmpty();
  }

  /** A review comment of ours that contains a mark. */
  public Future<Optional<String>> findReply(int pull, String bot, String mark) {
    return find(
            PULLS,
            name.path() + "/pulls/" + pull + "/comments",
            one -> isBy(one, bot) && one.path("body").asText().contains(mark))
        .map(found -> found.map(one -> one.path("id").asText()));
  }

  /** The pull request of a branch of this repository, open or not. */
  public Future<Optional<Integer>> pullOf(String branch) {
    return find(
            PULLS,
            name.path() + "/pulls?state=all&head=" + encode(name.owner() + ":" + branch),
            one -> one.path("head").path("ref").asText().equals(branch))
        .map(found -> found.map(one -> one.path("number").asInt()));
  }

  /** Opens a draft; returns its number. */
  public Future<Integer> openDraft(String title, String head, String base, String body) {
    return client
        .write(
            caller(PULLS),
            HttpMethod.POST,
            name.path() + "/pulls",
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
    return client
        .write(
            caller(PULLS),
            HttpMethod.POST,
            name.path() + "/pulls/" + pull + "/requested_reviewers",
            body)
        .mapEmpty();
  }

  /** Anybody can write a mark. */
  private static boolean isBy(JsonNode comment, String login) {
    return comment.path("user").path("login").asText().equals(login);
  }

  private Future<Optional<JsonNode>> find(
      Map<String, String> permissions, String path, Predicate<JsonNode> wanted) {
    return page(permissions, path, 1, new ArrayList<>())
        .map(all -> all.stream().filter(wanted).findFirst());
  }

  private Future<List<JsonNode>> page(
      Map<String, String> permissions, String path, int number, List<JsonNode> all) {
    String separator = path.contains("?") ? "&" : "?";
    return client
        .get(
            caller(permissions), "%s%sper_page=%d&page=%d".formatted(path, separator, PAGE, number))
        .compose(
            page -> {
              page.forEach(all::add);
              return page.size() < PAGE || number >= MAX_PAGES
                  ? Future.succeededFuture(all)
                  : page(permissions, path, number + 1, all);
            });
  }

  private static ObjectNode object() {
    return Json.MAPPER.createObjectNode();
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private static String encodePath(String path) {
    return encode(path).replace("%2F", "/");
  }
}
