package dev.concert.github.repository;

import dev.concert.bus.ConcertBus;
import dev.concert.bus.GitHubAddresses;
import dev.concert.foundation.lease.FencedDatabase;
import dev.concert.github.api.ForgeClient;
import dev.concert.github.api.InstallationTokens;
import dev.concert.github.connection.ForgeConnectionStore;
import dev.concert.github.forge.Forges;
import dev.concert.repository.RepositoryMessages.IssueRuns;
import dev.concert.repository.RepositoryMessages.ListIssueRuns;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Answers what members ask about repositories and runs. Who may, the gateway has checked. */
public final class RepositoryService {
  private final ForgeConnectionStore connections;
  private final Function<String, FencedDatabase> databases;
  private final RepositoryCatalog catalog;
  private final RepositoryReader reader;
  private final RepositoryWriter writer;
  private final RunList runs;

  /**
   * @param forges where the work of runs is
   * @param databases of the work of tenants
   */
  public RepositoryService(
      ForgeClient client,
      InstallationTokens tokens,
      ForgeConnectionStore connections,
      Forges forges,
      Function<String, FencedDatabase> databases) {
    ServedRepositories repositories = new ServedRepositories(client, tokens, connections);
    this.connections = connections;
    this.databases = databases;
    this.catalog = new RepositoryCatalog(client, tokens, connections);
    this.reader = new RepositoryReader(client, tokens, repositories);
    this.writer = new RepositoryWriter(client, tokens, repositories);
    this.runs = new RunList(forges);
  }

  /** Answers from now on. */
  public void serve(ConcertBus bus) {
    bus.serve(GitHubAddresses.LIST_REPOSITORIES, catalog::list);
    bus.serve(GitHubAddresses.LIST_BRANCHES, reader::branches);
    bus.serve(GitHubAddresses.LIST_PULLS, reader::pulls);
    bus.serve(GitHubAddresses.LIST_ISSUES, reader::issues);
    bus.serve(GitHubAddresses.READ_CONTENTS, reader::contents);
    bus.serve(GitHubAddresses.CREATE_PULL, writer::create);
    bus.serve(GitHubAddresses.CREATE_ISSUE, writer::create);
    bus.serve(GitHubAddresses.CREATE_COMMENT, writer::create);
    bus.serve(GitHubAddresses.LIST_RUNS, this::runs);
  }

  /** Where a tenant has no connection there is no work, and its database stays closed. */
  private Future<IssueRuns> runs(ListIssueRuns wanted) {
    return connections
        .ofTenant(wanted.tenantId())
        .compose(
            apps ->
                apps.isEmpty()
                    ? Future.succeededFuture(List.of())
                    : runs.newest(
                        apps,
                        databases.apply(wanted.tenantId()),
                        Optional.ofNullable(wanted.sessionId()),
                        wanted.limit()))
        .map(IssueRuns::new);
  }
}
