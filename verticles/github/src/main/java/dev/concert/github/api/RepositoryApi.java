package dev.concert.github.api;

import static dev.concert.github.api.ForgeCalls.encode;
import static dev.concert.github.api.ForgeCalls.encodePath;
import static dev.concert.github.api.ForgeCalls.object;
import static dev.concert.github.api.RepositoryCalls.isBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** One repository, as an App sees it. Each call has a token that can do just that. */
public final class RepositoryApi implements ForgeRepository {
  private static final Set<String> WRITERS = Set.of("admin", "write");
  private static final Map<String, String> METADATA = Map.of("metadata", "read");
  private static final Map<String, String> READ_CODE = Map.of("contents", "read");
  private static final Map<String, String> ISSUES = Map.of("issues", "write");
  private static final Map<String, String> READ_PULLS = Map.of("pull_requests", "read");
  private static final Map<String, String> PULLS = Map.of("pull_requests", "write");

  private final RepositoryCalls calls;

  public RepositoryApi(
      ForgeClient client,
      InstallationTokens tokens,
      AppIdentity app,
      long installation,
      RepositoryName name) {
    this.calls = new RepositoryCalls(client, tokens, app, installation, name);
  }

  @Override
  public CommitStatus status() {
    return new CheckApi(calls);
  }

  @Override
  public Optional<PullReviews> reviews() {
    return Optional.of(new ReviewApi(calls));
  }

  @Override
  public Future<RepositoryState> describe() {
    return calls
        .get(METADATA, "")
        .map(
            found ->
                new RepositoryState(
                    found.path("default_branch").asText(), found.path("archived").asBoolean()));
  }

  @Override
  public Future<Boolean> canWrite(String login) {
    return permission(login).map(WRITERS::contains);
  }

  @Override
  public Future<Boolean> canRead(String login) {
    return permission(login).map(held -> held.equals("read") || WRITERS.contains(held));
  }

  private Future<String> permission(String login) {
    return calls
        .find(METADATA, "/collaborators/" + encode(login) + "/permission")
        .map(found -> found.map(one -> one.path("permission").asText()).orElse("none"));
  }

  @Override
  public Future<Boolean> isOpen(IssueRef about) {
    return calls
        .find(ISSUES, "/issues/" + about.number())
        .map(found -> found.filter(one -> one.path("state").asText().equals("open")).isPresent());
  }

  @Override
  public Future<Optional<String>> head(String branch) {
    return calls
        .find(READ_CODE, "/git/ref/heads/" + encodePath(branch))
        .map(found -> found.map(one -> one.path("object").path("sha").asText()));
  }

  @Override
  public Future<Optional<RepositoryFile>> file(String path) {
    return calls
        .find(READ_CODE, "/contents/" + encodePath(path))
        .map(
            found ->
                found
                    .filter(one -> one.path("type").asText().equals("file"))
                    .map(
                        one ->
                            new RepositoryFile(
                                one.path("sha").asText(),
                                one.path("size").asLong(),
                                one.path("content").asText())));
  }

  @Override
  public Future<Void> see(String subject) {
    boolean isReview = subject.startsWith("/pulls");
    return calls
        .write(
            isReview ? PULLS : ISSUES,
            HttpMethod.POST,
            subject + "/reactions",
            object().put("content", "eyes"))
        .mapEmpty();
  }

  @Override
  public Future<String> comment(IssueRef on, String body) {
    return calls
        .write(ISSUES, HttpMethod.POST, comments(on), object().put("body", body))
        .map(made -> made.path("id").asText());
  }

  /** GitHub counts issues and pull requests together. */
  private static String comments(IssueRef on) {
    return "/issues/" + on.number() + "/comments";
  }

  @Override
  public Future<Void> editComment(IssueRef on, String id, String body) {
    return calls
        .write(
            ISSUES, HttpMethod.PATCH, "/issues/comments/" + encode(id), object().put("body", body))
        .mapEmpty();
  }

  @Override
  public Future<Optional<String>> findComment(IssueRef on, String bot, String mark) {
    return calls
        .first(
            ISSUES, comments(on), one -> isBy(one, bot) && one.path("body").asText().contains(mark))
        .map(found -> found.map(one -> one.path("id").asText()));
  }

  @Override
  public Future<Optional<ChangeRequest>> change(int number) {
    return calls.find(READ_PULLS, "/pulls/" + number).map(found -> found.map(RepositoryApi::read));
  }

  private static ChangeRequest read(JsonNode pull) {
    JsonNode head = pull.path("head");
    JsonNode base = pull.path("base");
    return new ChangeRequest(
        pull.path("number").asInt(),
        head.path("ref").asText(),
        head.path("sha").asText(),
        head.path("repo").path("id").asLong() != base.path("repo").path("id").asLong(),
        base.path("ref").asText(),
        pull.path("user").path("login").asText(),
        pull.path("title").asText(),
        pull.path("body").asText(""));
  }

  @Override
  public Future<Optional<Integer>> changeOf(String branch) {
    return calls
        .first(
            PULLS,
            "/pulls?state=all&head=" + encode(calls.name().owner() + ":" + branch),
            one -> one.path("head").path("ref").asText().equals(branch))
        .map(found -> found.map(one -> one.path("number").asInt()));
  }

  @Override
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

  @Override
  public Future<Void> requestReview(int pull, String login, long id) {
    ObjectNode body = object();
    body.putArray("reviewers").add(login);
    return calls
        .write(PULLS, HttpMethod.POST, "/pulls/" + pull + "/requested_reviewers", body)
        .mapEmpty();
  }
}
