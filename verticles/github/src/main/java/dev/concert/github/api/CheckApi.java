package dev.concert.github.api;

import static dev.concert.github.api.ForgeCalls.object;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.text.ShortText;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The checks of an App on commits. Each step can be repeated.
 *
 * <p>Source: https://docs.github.com/rest/checks/runs
 */
final class CheckApi implements CommitStatus {
  /** GitHub takes so many annotations in one call. */
  static final int ANNOTATIONS = 50;

  private static final Map<String, String> CHECKS = Map.of("checks", "write");
  private static final String NAME = "Concert";
  private static final int LONGEST = 65_000;

  private final RepositoryCalls calls;

  CheckApi(RepositoryCalls calls) {
    this.calls = calls;
  }

  @Override
  public Future<Optional<Long>> begin(
      String commit, String key, Optional<String> link, String title, String summary) {
    return calls
        .get(CHECKS, "/commits/" + commit + "/check-runs?check_name=" + NAME + "&filter=all")
        .compose(
            found -> {
              for (JsonNode check : found.path("check_runs")) {
                if (check.path("external_id").asText().equals(key)) {
                  return Future.succeededFuture(check);
                }
              }
              ObjectNode body =
                  object()
                      .put("name", NAME)
                      .put("head_sha", commit)
                      .put("external_id", key)
                      .put("status", "in_progress");
              link.ifPresent(url -> body.put("details_url", url));
              body.set("output", output(title, summary));
              return calls.write(CHECKS, HttpMethod.POST, "/check-runs", body);
            })
        .map(check -> Optional.of(check.path("id").asLong()))
        .recover(
            failure ->
                isForbidden(failure)
                    ? Future.succeededFuture(Optional.empty())
                    : Future.failedFuture(failure));
  }

  /** An App that was registered before Concert had checks has no permission for them. */
  private static boolean isForbidden(Throwable failure) {
    return ForgeException.is(failure, 403) || ForgeException.is(failure, 422);
  }

  private static ObjectNode output(String title, String summary) {
    return object().put("title", title).put("summary", ShortText.of(summary, LONGEST));
  }

  @Override
  public Future<Void> progress(Shown shown, String title, String summary) {
    ObjectNode body = object().put("status", "in_progress");
    body.set("output", output(title, summary));
    return change(shown.id(), body);
  }

  private Future<Void> change(long id, ObjectNode body) {
    return calls.write(CHECKS, HttpMethod.PATCH, "/check-runs/" + id, body).mapEmpty();
  }

  /** What was said of lines before a crash is not said again. */
  @Override
  public Future<Void> complete(
      Shown shown,
      CheckConclusion conclusion,
      String title,
      String summary,
      List<CheckAnnotation> annotations) {
    long id = shown.id();
    return calls
        .get(CHECKS, "/check-runs/" + id)
        .compose(
            check ->
                annotate(
                    id,
                    title,
                    summary,
                    annotations,
                    check.path("output").path("annotations_count").asInt()))
        .compose(
            _ -> {
              ObjectNode body =
                  object()
                      .put("status", "completed")
                      .put("conclusion", conclusion.name().toLowerCase(Locale.ROOT));
              body.set("output", output(title, summary));
              return change(id, body);
            });
  }

  private Future<Void> annotate(
      long id, String title, String summary, List<CheckAnnotation> all, int from) {
    if (from >= all.size()) {
      return Future.succeededFuture();
    }
    int to = Math.min(all.size(), from + ANNOTATIONS);
    ObjectNode output = output(title, summary);
    ArrayNode array = output.putArray("annotations");
    for (CheckAnnotation one : all.subList(from, to)) {
      array
          .addObject()
          .put("path", one.path())
          .put("start_line", one.line())
          .put("end_line", one.line())
          .put("annotation_level", one.level())
          .put("message", one.message());
    }
    ObjectNode body = object();
    body.set("output", output);
    return change(id, body).compose(_ -> annotate(id, title, summary, all, to));
  }
}
