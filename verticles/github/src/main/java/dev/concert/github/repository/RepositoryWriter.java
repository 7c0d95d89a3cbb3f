package dev.concert.github.repository;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.github.api.ForgeClient;
import dev.concert.github.api.InstallationTokens;
import dev.concert.json.Json;
import dev.concert.repository.RepositoryMessages.CreateComment;
import dev.concert.repository.RepositoryMessages.CreateIssue;
import dev.concert.repository.RepositoryMessages.CreatePull;
import dev.concert.repository.RepositoryMessages.Issue;
import dev.concert.repository.RepositoryMessages.IssueComment;
import dev.concert.repository.RepositoryMessages.PullRequest;
import dev.concert.repository.RepositoryMessages.RepositoryKey;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import java.util.Optional;

/**
 * Writes to repositories as the App. It sends a write once, because a write without an answer may
 * have taken effect.
 */
final class RepositoryWriter {
  private final ForgeClient client;
  private final InstallationTokens tokens;
  private final ServedRepositories repositories;

  RepositoryWriter(ForgeClient client, InstallationTokens tokens, ServedRepositories repositories) {
    this.client = client;
    this.tokens = tokens;
    this.repositories = repositories;
  }

  Future<PullRequest> create(CreatePull wanted) {
    ObjectNode body =
        Json.MAPPER
            .createObjectNode()
            .put("title", wanted.title())
            .put("head", wanted.head())
            .put("base", wanted.base())
            .put("draft", wanted.draft());
    Optional.ofNullable(wanted.body()).ifPresent(text -> body.put("body", text));
    return write(wanted.in(), "pull_requests", "/pulls", body, absent(wanted.in()))
        .map(RepositoryViews::pull);
  }

  Future<Issue> create(CreateIssue wanted) {
    ObjectNode body = Json.MAPPER.createObjectNode().put("title", wanted.title());
    Optional.ofNullable(wanted.body()).ifPresent(text -> body.put("body", text));
    Optional.ofNullable(wanted.labels())
        .ifPresent(labels -> labels.forEach(body.putArray("labels")::add));
    return write(wanted.in(), "issues", "/issues", body, absent(wanted.in()))
        .map(RepositoryViews::issue);
  }

  Future<IssueComment> create(CreateComment wanted) {
    ConcertException absent =
        new ConcertException(
            ErrorCode.ISSUE_NOT_FOUND,
            "There is no issue or pull request %d in %s/%s."
                .formatted(wanted.number(), wanted.in().owner(), wanted.in().repo()));
    return write(
            wanted.in(),
            "issues",
            "/issues/" + wanted.number() + "/comments",
            Json.MAPPER.createObjectNode().put("body", wanted.body()),
            absent)
        .map(
            made ->
                new IssueComment(
                    made.path("id").asText(), wanted.number(), made.path("html_url").asText()));
  }

  private static ConcertException absent(RepositoryKey in) {
    return RepositoryFailure.notServed(in.owner(), in.repo());
  }

  private Future<JsonNode> write(
      RepositoryKey in, String permission, String path, ObjectNode body, ConcertException absent) {
    return repositories
        .find(in)
        .compose(
            served ->
                client
                    .write(
                        served.caller(tokens, permission, "write"),
                        HttpMethod.POST,
                        served.name().path() + path,
                        body)
                    .recover(
                        failure ->
                            Future.failedFuture(
                                RepositoryFailure.of(
                                    failure, served, permission + ": write", absent))));
  }
}
