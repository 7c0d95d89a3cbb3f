package dev.concert.platform.command;

import dev.concert.chronicle.localsync.ConflictPolicy;
import dev.concert.chronicle.localsync.LocalSync;
import dev.concert.chronicle.localsync.SyncOptions;
import dev.concert.chronicle.localsync.SyncPlace;
import dev.concert.chronicle.localsync.SyncStatus;
import dev.concert.chronicle.replication.replica.Conflict;
import dev.concert.client.ClientException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code concert sync}. */
@Command(
    name = "sync",
    description = "Keeps a folder equal to a session's workspace, in both directions.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Uses the server at CONCERT_URL or on port 8080. Runs until Ctrl-C; started again, it goes on.",
      "What .gitignore and .concertignore name, .git and editors' temporary files take no part.",
      "Ends with 0 when told to end, 1 when it cannot go on (or, with --once, conflicts are left), 2 on wrong usage."
    })
final class SyncCommand implements Callable<Integer> {
  private static final long LONGEST_QUIET = 60_000;

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "DIR", description = "The folder.")
  private Path folder;

  @Option(names = "--session", description = "The session whose workspace it is.")
  private Optional<String> session;

  @Option(
      names = "--on-conflict",
      paramLabel = "WHAT",
      description =
          "What becomes of a file that both sides changed: ask, keep-local, accept-upstream, keep-both"
              + " or merge (default: ask; without a terminal it waits for a later decision).")
  private Optional<String> onConflict;

  @Option(names = "--once", description = "Ends when both sides are equal.")
  private boolean once;

  @Option(names = "--status", description = "Tells what is known of the folder, and ends.")
  private boolean status;

  @Option(
      names = "--allow-deletions",
      description = "Deletes in the workspace too when most files of the folder are gone.")
  private boolean allowDeletions;

  @Option(
      names = "--quiet-time",
      paramLabel = "MS",
      defaultValue = "100",
      description =
          "How long nothing may change before changes are sent, in ms (default: ${DEFAULT-VALUE}).")
  private long quiet;

  @Option(
      names = "--state",
      paramLabel = "FOLDER",
      description = "Where is remembered what was synced (default: ~/.concert/sync/<id>).")
  private Optional<Path> state;

  @Override
  public Integer call() throws InterruptedException {
    if (quiet < 1 || quiet > LONGEST_QUIET) {
      throw new ParameterException(spec.commandLine(), "--quiet-time has to be 1 to 60000 ms.");
    }
    ConflictPolicy policy = onConflict.map(this::policy).orElse(ConflictPolicy.ASK);
    if (session.isEmpty() && !status) {
      throw new ParameterException(
          spec.commandLine(), "Missing option: --session=ID says whose workspace it is.");
    }
    SyncPlace place = SyncPlace.of(folder);
    Path remembered = state.orElseGet(() -> place.state(ofUser()));
    if (status) {
      return tell(place, remembered);
    }
    place.checkWritable();
    return sync(place, remembered, policy);
  }

  private ConflictPolicy policy(String word) {
    try {
      return ConflictPolicy.of(word);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--on-conflict: " + e.getMessage());
    }
  }

  private static Path ofUser() {
    return Path.of(System.getProperty("user.home"), ".concert");
  }

  private int tell(SyncPlace place, Path remembered) {
    Optional<SyncStatus> known = LocalSync.remembered(remembered);
    if (known.isEmpty()) {
      spec.commandLine().getOut().println(place.folder() + " was never synced.");
      return 0;
    }
    spec.commandLine()
        .getOut()
        .printf(
            "%s is synced with session %s up to iteration %d; %d changes are not sent yet.%n",
            place.folder(), known.get().session(), known.get().position(), known.get().waiting());
    list(known.get().conflicts());
    return 0;
  }

  private void list(List<Conflict> conflicts) {
    for (Conflict conflict : conflicts) {
      spec.commandLine()
          .getOut()
          .printf(
              "! %s: here %s, in the workspace %s (iteration %d)%n",
              SyncReport.printable(conflict.path()),
              ConflictDialog.text(conflict.local()),
              ConflictDialog.text(conflict.upstream()),
              conflict.upstreamSequence());
    }
    if (!conflicts.isEmpty()) {
      spec.commandLine()
          .getOut()
          .println("To decide them, run this again with --on-conflict and one of its words.");
    }
    spec.commandLine().getOut().flush();
  }

  private int sync(SyncPlace place, Path remembered, ConflictPolicy policy)
      throws InterruptedException {
    String url =
        RunningServer.find()
            .orElseThrow(
                () ->
                    new ClientException(
                        "No Concert answers at %s; start one with `concert up`, or set CONCERT_URL."
                            .formatted(RunningServer.DEFAULT_URL)));
    boolean interactive = System.console() != null && System.console().isTerminal();
    SyncReport report = new SyncReport(spec.commandLine().getOut(), interactive);
    SyncConnector connector = new SyncConnector(url, session.orElseThrow(), report::halted);
    SyncOptions options =
        new SyncOptions(
            place.folder(),
            remembered,
            session.orElseThrow(),
            policy,
            Duration.ofMillis(quiet),
            allowDeletions);
    LocalSync sync = LocalSync.open(options, connector, report);
    SyncRun run = new SyncRun(sync, report, interactive && policy == ConflictPolicy.ASK);
    Thread main = Thread.currentThread();
    try (StopAtExit _ = StopAtExit.of(() -> end(sync, main))) {
      Optional<String> trouble = run.until(once, policy);
      trouble.ifPresent(spec.commandLine().getErr()::println);
      boolean left = once && trouble.isEmpty() && !sync.conflicts().join().isEmpty();
      return trouble.isPresent() || left ? 1 : 0;
    }
  }

  /** When it is over, or the process is told to end, which is no failure. */
  private void end(LocalSync sync, Thread main) {
    list(sync.conflicts().completeOnTimeout(List.of(), 2, TimeUnit.SECONDS).join());
    sync.close();
    if (Thread.currentThread() != main) {
      Runtime.getRuntime().halt(0);
    }
  }
}
