package dev.concert.ensemble.clients;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The page of {@code docs} that says which client passes at which provider. */
final class ClientTable {
  private static final Path DOCS = Path.of("..", "..", "docs");
  private static final String COMMAND =
      "mvn -pl verticles/ensemble -am test -Dtest=ClientCampaignTest"
          + " -Dsurefire.failIfNoSpecifiedTests=false -Dconcert.clients.campaign=true";

  private final ClientVersions versions;
  private final List<String> providers;

  /** Results by provider, and by client. */
  private final Map<String, Map<String, String>> rows = new LinkedHashMap<>();

  private final List<String> failed = new ArrayList<>();

  ClientTable(ClientVersions versions, List<String> providers) {
    this.versions = versions;
    this.providers = providers;
  }

  /**
   * Writes the page anew: a run that is stopped leaves what it has found.
   *
   * @param client with its version
   * @param said what it said, for who reads why it failed
   */
  void add(String client, String provider, boolean passed, String said) throws IOException {
    if (!passed) {
      failed.add(client + " at " + provider + ": " + said);
      System.out.println(failed.getLast());
    }
    rows.computeIfAbsent(client, first -> new LinkedHashMap<>())
        .put(provider, passed ? "yes" : "no");
    switch (versions) {
      case PINNED -> Files.writeString(DOCS.resolve("clients.md"), pinned() + table());
      case NEWEST -> Files.writeString(DOCS.resolve("clients-newest.md"), newest() + table());
    }
  }

  /** What failed, and what the client said. */
  List<String> failed() {
    return failed;
  }

  private String pinned() {
    return """
    # Clients that run through Ensemble

    `ClientCampaignTest` writes this page. It installs each client from npm or PyPI in the version that is named, and
    asks it, unmodified, at each provider: a streamed turn with tool calls, their results, and a second answer. The
    providers are played by test servers that speak the vendors' APIs. Run it again with
    `%s`.
    `./concert test` runs each client on its own API and at another vendor, and writes nothing here. A client that is
    missing below, or a pair that was "not run", is one that the last campaign did not reach. The versions are those that
    the tests pin; [clients-newest.md](clients-newest.md) has the same of the versions that were the newest on a day.

    """
        .formatted(COMMAND);
  }

  private String newest() {
    return """
    # The newest clients through Ensemble

    `ClientCampaignTest` wrote this page on %s, with the versions that npm and PyPI offered that day. What each cell
    means is said in [clients.md](clients.md). Run it again with
    `%s -Dconcert.clients.newest=true`.
    It is not part of `./concert test`: a client that is published tomorrow must not fail today's build.

    """
        .formatted(LocalDate.now(), COMMAND);
  }

  private String table() {
    StringBuilder table = new StringBuilder();
    table.append("| client | ").append(String.join(" | ", providers)).append(" |\n");
    table.append("|---".repeat(providers.size() + 1)).append("|\n");
    rows.forEach(
        (client, row) -> {
          table.append("| ").append(client);
          providers.forEach(
              provider -> table.append(" | ").append(row.getOrDefault(provider, "not run")));
          table.append(" |\n");
        });
    return table.toString();
  }
}
