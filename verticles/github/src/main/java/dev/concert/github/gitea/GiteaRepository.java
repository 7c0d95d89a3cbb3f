package dev.concert.github.gitea;

import static dev.concert.github.api.ForgeCalls.encode;
import static dev.concert.github.api.ForgeCalls.encodePath;
import static dev.concert.github.api.ForgeCalls.object;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.github.api.ChangeRequest;
import dev.concert.github.api.CommitStatus;
import dev.concert.github.api.ForgeCalls;
import dev.concert.github.api.ForgeRepository;
import dev.concert.github.api.IssueRef;
import dev.concert.github.api.RepositoryFile;
import dev.concert.github.api.RepositoryState;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import java.util.Optional;
import java.util.Set;
import java.util.stream.StreamSupport;

/**
 * One repository of Gitea.
 *
 * @param calls below the repository
 */
record GiteaRepository(ForgeCalls calls) implements ForgeRepository {
  private static final Set<String> WRITERS = Set.of("owner", "admin", "write");

  @Override
  public Future<RepositoryState> describe() {
    return calls
        .get("")
        .map(
            found ->
                new RepositoryState(
                    found.path("default_branch").asText(""), found.path("archived").asBoolean()));
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
        .find("/collaborators/" + encode(login) + "/permission")
        .map(found -> found.map(one -> one.path("permission").asText()).orElse("none"));
  }

  @Override
  public Future<Boolean> isOpen(IssueRef about) {
    return calls
        .find("/issues/" + about.number())
        .map(found -> found.filter(one -> one.path("state").asText().equals("open")).isPresent());
  }

  @Override
  public Future<Optional<String>> head(String branch) {
    return calls
        .find("/branches/" + encodePath(branch))
        .map(found -> found.map(one -> one.path("commit").path("id").asText()));
  }

  @Override
  public Future<Optional<RepositoryFile>> file(String path) {
    return calls
        .find("/contents/" + encodePath(path))
        .map(
            found ->
                found
                    .filter(one -> one.path("type").asText().equals("file"))
                    .map(
                        one ->
                            new RepositoryFile(
                                one.path("sha").asText(),
                                one.path("size").asLong(),
                                one.path("content").asText(""))));
  }

  @Override
  public Future<Void> see(String subject) {
    return calls
        .write(HttpMethod.POST, subject + "/reactions", object().put("content", "eyes"))
        .mapEmpty();
  }

  /** Issues and pull requests are counted together. */
  private static String comments(IssueRef on) {
    return "/issues/" + on.number() + "/comments";
  }

  @Override
  public Future<String> comment(IssueRef on, String body) {
    return calls
        .write(HttpMethod.POST, comments(on), object().put("body", body))
        .map(made -> made.path("id").asText());
  }

  @Override
  public Future<Void> editComment(IssueRef on, String id, String body) {
    return calls
        .write(HttpMethod.PATCH, "/issues/comments/" + encode(id), object().put("body", body))
        .mapEmpty();
  }

  /** Gitea gives all comments of an issue at once. */
  @Override
  public Future<Optional<String>> findComment(IssueRef on, String bot, String mark) {
    return calls
        .get(comments(on))
        .map(
            all ->
                StreamSupport.stream(all.spliterator(), false)
                    .filter(
                        one ->
                            one.path("user").path("login").asText().equals(bot)
                                && one.path("body").asText().contains(mark))
                    .findFirst()
                    .map(one -> one.path("id").asText()));
  }

  @Override
  public Future<Optional<ChangeRequest>> change(int number) {
    return calls.find("/pulls/" + number).map(found -> found.map(GiteaRepository::read));
  }

  private static ChangeRequest read(JsonNode pull) {
    JsonNode head = pull.path("head");
    return new ChangeRequest(
        pull.path("number").asInt(),
        head.path("ref").asText(),
        head.path("sha").asText(),
        isFork(pull),
        pull.path("base").path("ref").asText(),
        pull.path("user").path("login").asText(),
        pull.path("title").asText(),
        pull.path("body").asText(""));
  }

  private static boolean isFork(JsonNode pull) {
    return pull.path("head").path("repo_id").asLong() != pull.path("base").path("repo_id").asLong();
  }

  /** It is looked for where it was just opened, so among the newest. */
  @Override
  public Future<Optional<Integer>> changeOf(String branch) {
    return calls
        .get("/pulls?state=all&sort=recentupdate&limit=50")
        .map(
            pulls ->
                StreamSupport.stream(pulls.spliterator(), false)
                    .filter(
                        one -> one.path("head").path("ref").asText().equals(branch) && !isFork(one))
                    .findFirst()
                    .map(one -> one.path("number").asInt()));
  }

  /** The first word makes it a draft. */
  @Override
  public Future<Integer> openDraft(String title, String head, String base, String body) {
    return calls
        .write(
            HttpMethod.POST,
            "/pulls",
            object()
                .put("title", "WIP: " + title)
                .put("head", head)
                .put("base", base)
                .put("body", body))
        .map(made -> made.path("number").asInt());
  }

  @Override
  public Future<Void> requestReview(int change, String login, long id) {
    ObjectNode body = object();
    body.putArray("reviewers").add(login);
    return calls
        .write(HttpMethod.POST, "/pulls/" + change + "/requested_reviewers", body)
        .mapEmpty();
  }

  @Override
  public CommitStatus status() {
    return new GiteaStatus(calls);
  }
}
