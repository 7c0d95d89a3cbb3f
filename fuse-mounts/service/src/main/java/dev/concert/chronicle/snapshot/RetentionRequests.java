package dev.concert.chronicle.snapshot;

import dev.concert.chronicle.journal.Journal;
import dev.concert.chronicle.retention.RetentionPolicy;
import dev.concert.chronicle.workspace.Workspaces;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.workspace.RetentionMessages.ReadRetention;
import dev.concert.workspace.RetentionMessages.Retention;
import dev.concert.workspace.RetentionMessages.SetRetention;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Says and changes which iterations of a workspace are kept. Thread-safe; every method blocks.
 *
 * @param servers policy of workspaces that have none of their own
 * @param changes held while one is compared and changed
 */
public record RetentionRequests(Workspaces workspaces, RetentionPolicy servers, Lock changes) {

  public RetentionRequests(Workspaces workspaces, RetentionPolicy servers) {
    this(workspaces, servers, new ReentrantLock());
  }

  public Retention read(ReadRetention request) {
    String id = workspaces.existing(request.workspaceId());
    return workspaces.with(id, space -> wire(space.journal())).orElseThrow();
  }

  private Retention wire(Journal journal) {
    Optional<String> own = journal.retention().find();
    List<String> excluded = journal.versioning().excluded();
    return new Retention(
        own.orElseGet(servers::text),
        own.isPresent() || journal.versioning().own().isPresent(),
        excluded);
  }

  public Retention set(SetRetention request) {
    String policy = policy(request.policy());
    String id = workspaces.existing(request.workspaceId());
    changes.lock();
    try {
      return workspaces
          .with(
              id,
              space -> {
                compare(wire(space.journal()), Optional.ofNullable(request.expected()));
                set(space.journal(), policy, Optional.ofNullable(request.excluded()));
                return wire(space.journal());
              })
          .orElseThrow();
    } finally {
      changes.unlock();
    }
  }

  private static void compare(Retention now, Optional<Retention> expected) {
    if (expected.isPresent() && !expected.get().equals(now)) {
      throw new ConcertException(
          ErrorCode.PRECONDITION_FAILED, "It was changed since you read it.");
    }
  }

  private static void set(Journal journal, String policy, Optional<List<String>> excluded) {
    if (policy.isEmpty()) {
      journal.retention().clear();
      journal.versioning().clear();
    } else {
      journal.retention().set(policy);
    }
    excluded.ifPresent(journal.versioning()::set);
  }

  private static String policy(String text) {
    try {
      return text == null || text.isEmpty() ? "" : RetentionPolicy.parse(text).text();
    } catch (IllegalArgumentException wrong) {
      throw new ConcertException(ErrorCode.INVALID_MESSAGE, "policy: " + wrong.getMessage());
    }
  }
}
