package dev.concert.repository;

import java.util.List;

/**
 * What members ask about repositories, and what the repository host answers. Times are Unix ms;
 * pages are numbered from 1.
 */
public interface RepositoryMessages {

  /**
   * Which repository.
   *
   * @param tenantId whose connections are looked at; no other tenant's repository is found
   */
  record RepositoryKey(String tenantId, String owner, String repo) {}

  /**
   * @param cursor the reply's {@code nextCursor} of the page before; null for the first page
   */
  record ListRepositories(String tenantId, int limit, String cursor) {}

  /**
   * A repository that a connection serves.
   *
   * @param url of its page at the host
   */
  record Repository(
      String connectionId,
      String owner,
      String repo,
      String description,
      String defaultBranch,
      boolean isPrivate,
      boolean isArchived,
      String url) {}

  /**
   * A connection that cannot say which repositories it has.
   *
   * @param message what to do, one or two sentences
   */
  record BrokenConnection(String connectionId, String name, String message) {}

  /**
   * @param nextCursor null after the last page
   */
  record Repositories(
      List<Repository> repositories, List<BrokenConnection> broken, String nextCursor) {}

  record ListBranches(RepositoryKey in, int limit, int page) {}

  record Branch(String name, String commit, boolean isProtected) {}

  /**
   * @param nextPage null after the last page
   */
  record Branches(List<Branch> branches, Integer nextPage) {}

  /**
   * @param state {@code open}, {@code closed} or {@code all}
   */
  record ListPulls(RepositoryKey in, String state, int limit, int page) {}

  /**
   * A pull request.
   *
   * @param state {@code open} or {@code closed}
   * @param head name of the branch with the changes
   * @param base name of the branch that is to get them
   */
  record PullRequest(
      int number,
      String title,
      String state,
      boolean isDraft,
      String author,
      String head,
      String base,
      String url,
      long createdAt,
      long updatedAt) {}

  /**
   * @param nextPage null after the last page
   */
  record PullRequests(List<PullRequest> pulls, Integer nextPage) {}

  /**
   * @param state {@code open}, {@code closed} or {@code all}
   */
  record ListIssues(RepositoryKey in, String state, int limit, int page) {}

  record Issue(
      int number,
      String title,
      String state,
      String author,
      List<String> labels,
      int comments,
      String url,
      long createdAt,
      long updatedAt) {}

  /**
   * Issues without the pull requests, which the host counts as issues: a page may be short.
   *
   * @param nextPage null after the last page
   */
  record Issues(List<Issue> issues, Integer nextPage) {}

  /**
   * @param path below the repository; empty for its root
   * @param ref branch, tag or commit; null for the default branch
   */
  record ReadContents(RepositoryKey in, String path, String ref) {}

  /**
   * @param kind {@code file}, {@code directory}, {@code symlink} or {@code submodule}
   * @param size bytes
   * @param id the hash that git gives it
   */
  record ContentEntry(String name, String path, String kind, long size, String id) {}

  /**
   * A file, or what a directory holds.
   *
   * @param encoding {@code utf-8} or {@code base64}; null for what is no file
   * @param content in that encoding; null for what is no file
   * @param entries null for what is no directory
   */
  record Contents(
      String path,
      String kind,
      long size,
      String id,
      String encoding,
      String content,
      List<ContentEntry> entries) {}

  /**
   * @param body null for none
   */
  record CreatePull(
      RepositoryKey in, String title, String head, String base, String body, boolean draft) {}

  /**
   * Puts commits on a new branch, and opens a draft of a pull request. The same again changes
   * nothing, and answers as before.
   *
   * @param url of the repository, as it was cloned
   * @param ref branch that is to get the commits; null or a tag for the default branch
   * @param branch of these commits alone, {@code concert/SESSION}
   * @param bundle of git with the commits that the repository does not have, in Base64
   */
  record PublishBranch(
      String tenantId,
      String url,
      String ref,
      String branch,
      String bundle,
      String title,
      String body) {}

  record PublishedPull(int number, String url) {}

  /**
   * @param body null for none
   * @param labels null for none
   */
  record CreateIssue(RepositoryKey in, String title, String body, List<String> labels) {}

  /**
   * @param number of an issue or a pull request
   */
  record CreateComment(RepositoryKey in, int number, String body) {}

  /** A comment that was written. */
  record IssueComment(String commentId, int number, String url) {}

  /**
   * @param sessionId only the runs in this session; null for all
   */
  record ListIssueRuns(String tenantId, String sessionId, int limit) {}

  /**
   * Work on an issue.
   *
   * @param state of its last turn: {@code waiting}, {@code running}, {@code publishing}, {@code
   *     done}, {@code failed} or {@code stopped}
   * @param isOpen whether more may come
   * @param requester login of who asked first
   * @param sessionId null before there is one
   * @param issueUrl null if its forge is not known any more
   * @param pull number of its pull request; null if there is none
   * @param pullUrl null if there is none, or its forge is not known any more
   */
  record IssueRun(
      String runId,
      String connectionId,
      String repository,
      int number,
      String title,
      String requester,
      String state,
      boolean isOpen,
      String sessionId,
      String branch,
      String issueUrl,
      Integer pull,
      String pullUrl,
      long createdAt) {}

  /** The newest first. */
  record IssueRuns(List<IssueRun> runs) {}

  /**
   * Something happened in a repository of a tenant.
   *
   * @param type of the event, such as {@code github.push}
   * @param event the event's JSON, as clients get it
   */
  record RepositoryNews(String tenantId, String type, String event) {}
}
