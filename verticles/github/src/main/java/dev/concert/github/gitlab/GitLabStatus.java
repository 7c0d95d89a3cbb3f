package dev.concert.github.gitlab;

import static dev.concert.github.api.ForgeCalls.encode;
import static dev.concert.github.api.ForgeCalls.object;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.github.api.CheckAnnotation;
import dev.concert.github.api.CheckConclusion;
import dev.concert.github.api.CommitStatus;
import dev.concert.github.api.ForgeCalls;
import dev.concert.github.api.ForgeException;
import dev.concert.text.ShortText;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import java.util.List;
import java.util.Optional;

/**
 * Statuses of commits at GitLab. A status has a state, which cannot become what it is already.
 *
 * <p>Source: https://docs.gitlab.com/api/commits/#set-commit-pipeline-status
 *
 * @param calls below the project
 */
record GitLabStatus(ForgeCalls calls) implements CommitStatus {
  private static final String NAME = "Concert";
  private static final int LONGEST = 255;

  @Override
  public Future<Optional<Long>> begin(
      String commit, String key, Optional<String> link, String title, String summary) {
    return calls
        .all("/repository/commits/" + encode(commit) + "/statuses?name=" + NAME)
        .compose(
            found ->
                found.isEmpty()
                    ? set(commit, "running", link, title)
                    : Future.succeededFuture(found.getFirst()))
        .map(status -> Optional.of(status.path("id").asLong()))
        .recover(
            failure ->
                ForgeException.is(failure, 403)
                    ? Future.succeededFuture(Optional.empty())
                    : Future.failedFuture(failure));
  }

  private Future<JsonNode> set(String commit, String state, Optional<String> link, String title) {
    ObjectNode body =
        object()
            .put("state", state)
            .put("name", NAME)
            .put("description", ShortText.marked(title, LONGEST));
    link.ifPresent(url -> body.put("target_url", url));
    return calls.write(HttpMethod.POST, "/statuses/" + encode(commit), body);
  }

  /** It runs already: GitLab takes no other words for that. */
  @Override
  public Future<Void> progress(Shown shown, String title, String summary) {
    return Future.succeededFuture();
  }

  /** GitLab shows no annotations, and has nothing between success and failure. */
  @Override
  public Future<Void> complete(
      Shown shown,
      CheckConclusion conclusion,
      String title,
      String summary,
      List<CheckAnnotation> annotations) {
    String state = conclusion == CheckConclusion.FAILURE ? "failed" : "success";
    return set(shown.commit(), state, shown.link(), title)
        .<Void>mapEmpty()
        .recover(
            failure -> isDone(failure) ? Future.succeededFuture() : Future.failedFuture(failure));
  }

  private static boolean isDone(Throwable failure) {
    return ForgeException.is(failure, 400)
        && failure.getMessage().contains("Cannot transition status");
  }
}
