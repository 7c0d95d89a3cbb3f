package dev.concert.github.repository;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.github.api.ForgeClient;
import dev.concert.github.api.InstallationTokens;
import dev.concert.repository.RepositoryMessages.Branches;
import dev.concert.repository.RepositoryMessages.Contents;
import dev.concert.repository.RepositoryMessages.Issue;
import dev.concert.repository.RepositoryMessages.Issues;
import dev.concert.repository.RepositoryMessages.ListBranches;
import dev.concert.repository.RepositoryMessages.ListIssues;
import dev.concert.repository.RepositoryMessages.ListPulls;
import dev.concert.repository.RepositoryMessages.PullRequests;
import dev.concert.repository.RepositoryMessages.ReadContents;
import dev.concert.repository.RepositoryMessages.RepositoryKey;
import io.vertx.core.Future;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.StreamSupport;

/**
 * Reads repositories. What did not change since it was read costs nothing of GitHub's limit, since
 * the client asks with the tag of what it has.
 */
final class RepositoryReader {
  private static final Set<String> ODD_PARTS = Set.of("", ".", "..");

  private final ForgeClient client;
  private final InstallationTokens tokens;
  private final ServedRepositories repositories;

  RepositoryReader(ForgeClient client, InstallationTokens tokens, ServedRepositories repositories) {
    this.client = client;
    this.tokens = tokens;
    this.repositories = repositories;
  }

  Future<Branches> branches(ListBranches wanted) {
    return page(wanted.in(), "contents", "/branches?", wanted.limit(), wanted.page())
        .map(
            found ->
                new Branches(
                    RepositoryViews.each(found, RepositoryViews::branch),
                    next(found, wanted.limit(), wanted.page())));
  }

  Future<PullRequests> pulls(ListPulls wanted) {
    String path = "/pulls?state=" + wanted.state() + "&";
    return page(wanted.in(), "pull_requests", path, wanted.limit(), wanted.page())
        .map(
            found ->
                new PullRequests(
                    RepositoryViews.each(found, RepositoryViews::pull),
                    next(found, wanted.limit(), wanted.page())));
  }

  Future<Issues> issues(ListIssues wanted) {
    String path = "/issues?state=" + wanted.state() + "&";
    return page(wanted.in(), "issues", path, wanted.limit(), wanted.page())
        .map(
            found -> {
              List<Issue> issues =
                  StreamSupport.stream(found.spliterator(), false)
                      .filter(one -> !one.has("pull_request"))
                      .map(RepositoryViews::issue)
                      .toList();
              return new Issues(issues, next(found, wanted.limit(), wanted.page()));
            });
  }

  Future<Contents> contents(ReadContents wanted) {
    if (!wanted.path().isEmpty()
        && Arrays.stream(wanted.path().split("/", -1)).anyMatch(ODD_PARTS::contains)) {
      return Future.failedFuture(
          new ConcertException(
              ErrorCode.PATH_INVALID,
              "The path must be relative to the repository, such as src/main.py."));
    }
    String at = wanted.path().isEmpty() ? "" : "/" + encoded(wanted.path()).replace("%2F", "/");
    String ref = wanted.ref() == null ? "" : "?ref=" + encoded(wanted.ref());
    ConcertException absent =
        new ConcertException(
            ErrorCode.FILE_NOT_FOUND,
            "There is no such file%s in %s/%s."
                .formatted(
                    wanted.ref() == null ? "" : " at " + wanted.ref(),
                    wanted.in().owner(),
                    wanted.in().repo()));
    return read(wanted.in(), "contents", "/contents" + at + ref, absent)
        .map(found -> RepositoryViews.contents(wanted.path(), found));
  }

  private Future<JsonNode> page(
      RepositoryKey in, String permission, String path, int limit, int page) {
    return read(
        in,
        permission,
        "%sper_page=%d&page=%d".formatted(path, limit, page),
        RepositoryFailure.notServed(in.owner(), in.repo()));
  }

  private Future<JsonNode> read(
      RepositoryKey in, String permission, String path, ConcertException absent) {
    return repositories
        .find(in)
        .compose(
            served ->
                client
                    .get(served.caller(tokens, permission, "read"), served.name().path() + path)
                    .recover(
                        failure ->
                            Future.failedFuture(
                                RepositoryFailure.of(
                                    failure, served, permission + ": read", absent))));
  }

  private static Integer next(JsonNode found, int limit, int page) {
    return found.size() < limit ? null : page + 1;
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
