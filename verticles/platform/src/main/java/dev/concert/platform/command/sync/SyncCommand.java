package dev.concert.platform.command.sync;

import dev.concert.chronicle.localsync.ConflictPolicy;
import dev.concert.chronicle.localsync.LocalSync;
import dev.concert.chronicle.localsync.SyncOptions;
import dev.concert.chronicle.localsync.SyncPlace;
import dev.concert.chronicle.localsync.SyncStatus;
import dev.concert.chronicle.replication.replica.state.PathProblems;
import dev.concert.platform.server.RunningServer;
import dev.concert.platform.server.StopAtExit;
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
    description = "Keeps a folder and a session's workspace equal, in both directions.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Uses the server at CONCERT_URL or on port PORT (8080). Runs until Ctrl-C; run it again to"
          + " continue.",
      "Leaves out .git, editors' temporary files, and what .gitignore and .concertignore name.",
      "Exit codes: 0 stopped, 1 cannot continue (or, with --once, something is left to do), 2 wrong"
          + " usage."
    })
public final class SyncCommand implements Callable<Integer> {
  private static final long LONGEST_QUIET = 60_000;

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "DIR", description = "The folder on this machine.")
  private Path folder;

  @Option(names = "--session", description = "The session whose workspace to sync.")
  private Optional<String> session;

  @Option(
      names = "--on-conflict",
      paramLabel = "WHAT",
      description =
          "How to resolve a file that both sides changed: ask, keep-local, accept-upstream,"
              + " keep-both or merge (default: ask; without a terminal the conflict stays open).")
  private Optional<String> onConflict;

  @Option(names = "--once", description = "Stop when both sides are equal.")
  private boolean once;

  @Option(names = "--status", description = "Show the state of the folder and stop.")
  private boolean status;

  @Option(
      names = "--allow-deletions",
      description = "Delete in the workspace, too, if most files of the folder are gone.")
  private boolean allowDeletions;

  @Option(
      names = "--quiet-time",
      paramLabel = "MS",
      defaultValue = "100",
      description =
          "Milliseconds without a change before changes are sent (default: ${DEFAULT-VALUE}).")
  private long quiet;

  @Option(
      names = "--state",
      paramLabel = "FOLDER",
      description = "Where the sync state is stored (default: ~/.concert/sync/<id>).")
  private Optional<Path> state;

  @Option(
      names = "--key-file",
      paramLabel = "FILE",
      description = "File with an API key of the server (default: the key in CONCERT_KEY).")
  private Optional<Path> keyFile;

  @Override
  public Integer call() throws InterruptedException {
    if (quiet < 1 || quiet > LONGEST_QUIET) {
      throw new ParameterException(
          spec.commandLine(), "--quiet-time must be between 1 and 60000 ms.");
    }
    ConflictPolicy policy = onConflict.map(this::policy).orElse(ConflictPolicy.ASK);
    if (session.isEmpty() && !status) {
      throw new ParameterException(
          spec.commandLine(),
          "Missing option: --session=ID names the session whose workspace to sync.");
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
      spec.commandLine().getOut().println(place.folder() + " has never been synced.");
      return 0;
    }
    spec.commandLine()
        .getOut()
        .printf(
            "%s is synced with session %s up to iteration %d; %d changes wait to be sent.%n",
            place.folder(), known.get().session(), known.get().position(), known.get().waiting());
    StatusReport open = new StatusReport(place.folder(), spec.commandLine().getOut());
    open.conflicts(known.get().conflicts());
    open.undelivered(known.get().problems());
    open.leftOut(known.get().problems());
    return 0;
  }

  private int sync(SyncPlace place, Path remembered, ConflictPolicy policy)
      throws InterruptedException {
    String url = RunningServer.require();
    boolean interactive = System.console() != null && System.console().isTerminal();
    SyncReport report = new SyncReport(spec.commandLine().getOut(), interactive);
    SyncConnector connector =
        new SyncConnector(
            url, session.orElseThrow(), RunningServer.token(url, keyFile), report::halted);
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
    StatusReport open = new StatusReport(place.folder(), spec.commandLine().getOut());
    try (StopAtExit _ = StopAtExit.of(() -> end(sync, open, main))) {
      Optional<String> trouble = run.until(once, policy);
      trouble.ifPresent(spec.commandLine().getErr()::println);
      return trouble.isPresent() || once && isLeft(sync) ? 1 : 0;
    }
  }

  /** Whether the two sides differ although nothing is on its way. */
  private static boolean isLeft(LocalSync sync) {
    return !sync.conflicts().join().isEmpty()
        || !sync.problems().join().undelivered().isEmpty()
        || sync.status().join().waiting() > 0;
  }

  /** When it is over, or the process is told to end, which is no failure. */
  private void end(LocalSync sync, StatusReport open, Thread main) {
    open.conflicts(sync.conflicts().completeOnTimeout(List.of(), 2, TimeUnit.SECONDS).join());
    open.undelivered(
        sync.problems().completeOnTimeout(PathProblems.NONE, 2, TimeUnit.SECONDS).join());
    sync.close();
    if (Thread.currentThread() != main) {
      Runtime.getRuntime().halt(0);
    }
  }
}
