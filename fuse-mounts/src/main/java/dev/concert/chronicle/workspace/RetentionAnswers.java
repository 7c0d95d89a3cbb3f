package dev.concert.chronicle.workspace;

import dev.concert.chronicle.iteration.OwnRetention;
import dev.concert.chronicle.retention.RetentionPolicy;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.workspace.RetentionMessages.ReadRetention;
import dev.concert.workspace.RetentionMessages.Retention;
import dev.concert.workspace.RetentionMessages.SetRetention;
import java.util.Optional;

/**
 * Says and changes which iterations of a workspace are kept. Thread-safe; every method blocks.
 *
 * @param servers policy of workspaces that have none of their own
 */
record RetentionAnswers(Workspaces workspaces, RetentionPolicy servers) {

  Retention read(ReadRetention request) {
    String id = WorkspaceNames.checkId(request.workspaceId());
    return wire(workspaces.with(id, space -> space.journal().retention().find()));
  }

  private Retention wire(Optional<Optional<String>> own) {
    return own.flatMap(policy -> policy)
        .map(policy -> new Retention(policy, true))
        .orElseGet(() -> new Retention(servers.text(), false));
  }

  Retention set(SetRetention request) {
    String policy = policy(request.policy());
    String id = workspaces.existing(request.workspaceId());
    return wire(workspaces.with(id, space -> set(space.journal().retention(), policy)));
  }

  private static Optional<String> set(OwnRetention retention, String policy) {
    if (policy.isEmpty()) {
      retention.clear();
    } else {
      retention.set(policy);
    }
    return retention.find();
  }

  private static String policy(String text) {
    try {
      return text == null || text.isEmpty() ? "" : RetentionPolicy.parse(text).text();
    } catch (IllegalArgumentException wrong) {
      throw new ConcertException(ErrorCode.INVALID_MESSAGE, "policy: " + wrong.getMessage());
    }
  }
}
