package dev.concert.chronicle.verification;

import dev.concert.chronicle.content.ContentStore;
import dev.concert.chronicle.content.StoreException;
import dev.concert.chronicle.iteration.Change;
import dev.concert.chronicle.iteration.Iteration;
import dev.concert.chronicle.iteration.LiveFile;
import dev.concert.chronicle.iteration.SequenceRange;
import dev.concert.chronicle.journal.Journal;
import dev.concert.chronicle.verification.VerificationFinding.Problem;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * Looks at journals and reads every content that they name, each once however many iterations have
 * it. For one thread; blocks for as long as that takes.
 *
 * <p>May run while the workspaces are in use: what is entered after it began with one is not looked
 * at.
 */
public final class Verification {
  private static final int PAGE = 1000;

  private final Optional<ContentStore> store;
  private final Consumer<VerificationFinding> findings;
  private final Map<String, Optional<Problem>> contents = new HashMap<>();
  private long iterations;

  /**
   * @param findings gets what is found, when it is found
   */
  public Verification(ContentStore store, Consumer<VerificationFinding> findings) {
    this(Optional.of(store), findings);
  }

  private Verification(Optional<ContentStore> store, Consumer<VerificationFinding> findings) {
    this.store = store;
    this.findings = findings;
  }

  /** One that reads no contents. */
  public static Verification ofJournals(Consumer<VerificationFinding> findings) {
    return new Verification(Optional.empty(), findings);
  }

  /** Iterations that were looked at. */
  public long iterations() {
    return iterations;
  }

  /** Different contents that were read. */
  public long contents() {
    return contents.size();
  }

  /** Looks at one workspace. */
  public void verify(String workspace, Journal journal) {
    verify(workspace, journal, 0);
  }

  /** The same for what came after an iteration. */
  public void verify(String workspace, Journal journal, long after) {
    for (String damage : journal.damages()) {
      findings.accept(new VerificationFinding(workspace, Problem.JOURNAL_DAMAGED, "", 0, damage));
    }
    sequence(workspace, journal, after);
    paths(workspace, journal);
  }

  private void sequence(String workspace, Journal journal, long after) {
    long end = journal.history().latest();
    long last = after;
    List<Iteration> page = journal.history().since(last, PAGE);
    while (last < end && !page.isEmpty()) {
      for (Iteration one : page) {
        if (one.sequence() != last + 1) {
          hole(workspace, journal, new SequenceRange(last + 1, one.sequence() - 1));
        }
        last = one.sequence();
        iterations++;
        content(workspace, one);
      }
      page = journal.history().since(last, PAGE);
    }
  }

  /** Asks only now, so that a policy that is at work meanwhile has noted what it dropped. */
  private void hole(String workspace, Journal journal, SequenceRange hole) {
    for (SequenceRange lost : journal.history().lost(hole)) {
      String detail = "Iterations %d to %d are missing.".formatted(lost.first(), lost.last());
      findings.accept(
          new VerificationFinding(workspace, Problem.ITERATION_MISSING, "", lost.first(), detail));
    }
  }

  private void paths(String workspace, Journal journal) {
    Map<String, LiveFile> known = journal.history().liveBelow("");
    for (Iteration latest : journal.history().snapshot().live()) {
      LiveFile file = known.remove(latest.path());
      // An iteration that was entered between the two queries is not missing.
      if (file != null
          && file.iteration() == latest.number()
          && (!file.hash().equals(latest.hash()) || file.mode() != latest.mode())) {
        findings.accept(
            new VerificationFinding(
                workspace,
                Problem.PATH_INCONSISTENT,
                latest.path(),
                latest.sequence(),
                "The journal's state of the path is not that of its latest iteration."));
      }
    }
    known.forEach((path, file) -> withoutIteration(workspace, journal, path, file));
  }

  private void withoutIteration(String workspace, Journal journal, String path, LiveFile file) {
    // One that went away between the two questions is none of this.
    if (journal.history().live(path).filter(file::equals).isPresent()
        && journal.history().at(path, file.iteration()).isEmpty()) {
      findings.accept(
          new VerificationFinding(
              workspace,
              Problem.ITERATION_MISSING,
              path,
              0,
              "The latest iteration of the path, %d, is missing.".formatted(file.iteration())));
    }
  }

  private void content(String workspace, Iteration one) {
    if (one.change() == Change.DELETED || store.isEmpty()) {
      return;
    }
    Optional<Problem> problem =
        contents.computeIfAbsent(one.hash(), hash -> problem(hash, one.size()));
    problem.ifPresent(
        found ->
            findings.accept(
                new VerificationFinding(
                    workspace,
                    found,
                    one.path(),
                    one.sequence(),
                    "Content %s of iteration %d is %s."
                        .formatted(
                            one.hash(),
                            one.number(),
                            found == Problem.CONTENT_MISSING ? "not in the store" : "damaged"))));
  }

  private Optional<Problem> problem(String hash, long size) {
    try {
      OptionalLong found = store.orElseThrow().check(hash);
      if (found.isEmpty()) {
        return Optional.of(Problem.CONTENT_MISSING);
      }
      return found.getAsLong() == size ? Optional.empty() : Optional.of(Problem.CONTENT_DAMAGED);
    } catch (StoreException damaged) {
      return Optional.of(Problem.CONTENT_DAMAGED);
    }
  }
}
