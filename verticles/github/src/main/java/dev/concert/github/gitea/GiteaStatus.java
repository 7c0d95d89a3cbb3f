package dev.concert.github.gitea;

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
 * Statuses of commits at Gitea. Of those with one context the newest counts, so the same can be
 * said again.
 *
 * @param calls below the repository
 */
record GiteaStatus(ForgeCalls calls) implements CommitStatus {
  private static final String CONTEXT = "Concert";
  private static final int LONGEST = 255;

  @Override
  public Future<Optional<Long>> begin(
      String commit, String key, Optional<String> link, String title, String summary) {
    return set(commit, "pending", link, title)
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
            .put("context", CONTEXT)
            .put("description", ShortText.marked(title, LONGEST));
    link.ifPresent(url -> body.put("target_url", url));
    return calls.write(HttpMethod.POST, "/statuses/" + commit, body);
  }

  @Override
  public Future<Void> progress(Shown shown, String title, String summary) {
    return set(shown.commit(), "pending", shown.link(), title).mapEmpty();
  }

  /** Gitea shows no annotations. */
  @Override
  public Future<Void> complete(
      Shown shown,
      CheckConclusion conclusion,
      String title,
      String summary,
      List<CheckAnnotation> annotations) {
    String state = conclusion == CheckConclusion.FAILURE ? "failure" : "success";
    return set(shown.commit(), state, shown.link(), title).mapEmpty();
  }
}
