package dev.concert.github.gitlab;

import static dev.concert.github.api.ForgeCalls.encode;
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

/**
 * One project of GitLab.
 *
 * @param calls below the project
 */
record GitLabRepository(ForgeCalls calls) implements ForgeRepository {
  /** Before the number of a person whose name is not known; no name begins with it. */
  static final String NUMBER = "#";

  private static final int REPORTER = 20;
  private static final int DEVELOPER = 30;

  @Override
  public Future<RepositoryState> describe() {
    return calls
        .get("")
        .map(
            found ->
                new RepositoryState(
                    found.path("default_branch").asText(""), found.path("archived").asBoolean()));
  }

  /** Members of the groups above count. */
  @Override
  public Future<Boolean> canWrite(String login) {
    return level(login).map(level -> level >= DEVELOPER);
  }

  @Override
  public Future<Boolean> canRead(String login) {
    return level(login).map(level -> level >= REPORTER);
  }

  private Future<Integer> level(String login) {
    return login.startsWith(NUMBER)
        ? calls
            .find("/members/all/" + encode(login.substring(NUMBER.length())))
            .map(GitLabRepository::level)
        : calls
            .first(
                "/members/all?query=" + encode(login),
                one -> one.path("username").asText().equals(login))
            .map(GitLabRepository::level);
  }

  private static int level(Optional<JsonNode> member) {
    return member
        .filter(one -> one.path("state").asText().equals("active"))
        .map(one -> one.path("access_level").asInt())
        .orElse(0);
  }

  @Override
  public Future<Boolean> isOpen(IssueRef about) {
    return calls
        .find(at(about))
        .map(found -> found.filter(one -> one.path("state").asText().equals("opened")).isPresent());
  }

  @Override
  public Future<Optional<String>> head(String branch) {
    return calls
        .find("/repository/branches/" + encode(branch))
        .map(found -> found.map(one -> one.path("commit").path("id").asText()));
  }

  @Override
  public Future<Optional<RepositoryFile>> file(String path) {
    return calls
        .find("/repository/files/" + encode(path) + "?ref=HEAD")
        .map(
            found ->
                found.map(
                    one ->
                        new RepositoryFile(
                            one.path("blob_id").asText(),
                            one.path("size").asLong(),
                            one.path("content").asText())));
  }

  /** Where the emoji is there already, GitLab answers with 404. */
  @Override
  public Future<Void> see(String subject) {
    return calls
        .write(HttpMethod.POST, subject + "/award_emoji", object().put("name", "eyes"))
        .mapEmpty();
  }

  private static String notes(IssueRef on) {
    return at(on) + "/notes";
  }

  private static String at(IssueRef on) {
    return (on.isChange() ? "/merge_requests/" : "/issues/") + on.number();
  }

  @Override
  public Future<String> comment(IssueRef on, String body) {
    return calls
        .write(HttpMethod.POST, notes(on), object().put("body", body))
        .map(made -> made.path("id").asText());
  }

  @Override
  public Future<Void> editComment(IssueRef on, String id, String body) {
    return calls
        .write(HttpMethod.PUT, notes(on) + "/" + encode(id), object().put("body", body))
        .mapEmpty();
  }

  @Override
  public Future<Optional<String>> findComment(IssueRef on, String bot, String mark) {
    return calls
        .first(
            notes(on),
            one ->
                one.path("author").path("username").asText().equals(bot)
                    && one.path("body").asText().contains(mark))
        .map(found -> found.map(one -> one.path("id").asText()));
  }

  @Override
  public Future<Optional<ChangeRequest>> change(int number) {
    return calls.find("/merge_requests/" + number).map(found -> found.map(GitLabRepository::read));
  }

  private static ChangeRequest read(JsonNode request) {
    return new ChangeRequest(
        request.path("iid").asInt(),
        request.path("source_branch").asText(),
        request.path("sha").asText(),
        isFork(request),
        request.path("target_branch").asText(),
        request.path("author").path("username").asText(),
        request.path("title").asText(),
        request.path("description").asText(""));
  }

  private static boolean isFork(JsonNode request) {
    return request.path("source_project_id").asLong() != request.path("target_project_id").asLong();
  }

  @Override
  public Future<Optional<Integer>> changeOf(String branch) {
    return calls
        .first(
            "/merge_requests?state=all&source_branch=" + encode(branch),
            one -> one.path("source_branch").asText().equals(branch) && !isFork(one))
        .map(found -> found.map(one -> one.path("iid").asInt()));
  }

  /** The first word makes it a draft. */
  @Override
  public Future<Integer> openDraft(String title, String head, String base, String body) {
    return calls
        .write(
            HttpMethod.POST,
            "/merge_requests",
            object()
                .put("title", "Draft: " + title)
                .put("source_branch", head)
                .put("target_branch", base)
                .put("description", body))
        .map(made -> made.path("iid").asInt());
  }

  @Override
  public Future<Void> requestReview(int change, String login, long id) {
    ObjectNode body = object();
    body.putArray("reviewer_ids").add(id);
    return calls.write(HttpMethod.PUT, "/merge_requests/" + change, body).mapEmpty();
  }

  @Override
  public CommitStatus status() {
    return new GitLabStatus(calls);
  }
}
