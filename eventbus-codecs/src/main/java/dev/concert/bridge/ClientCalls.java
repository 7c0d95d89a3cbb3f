package dev.concert.bridge;

import dev.concert.workspace.WorkspaceMessages.Transfer;
import java.util.List;

/** What services ask of the gateway in the name of a member. */
public interface ClientCalls {
  /**
   * An operation of the contract table.
   *
   * @param userId the member for whom it is; what that member may do now decides
   * @param operation its name
   * @param request its fields as JSON
   */
  record CallOperation(String tenantId, String userId, String operation, String request) {}

  /**
   * @param reply as JSON
   */
  record OperationReply(String reply) {}

  /**
   * Waits for events of a session.
   *
   * @param afterSeq number of the last event that the caller has
   * @param limit most events of an answer
   * @param waitMs how long the answer may wait for an event
   */
  record AwaitEvents(
      String tenantId, String userId, String sessionId, long afterSeq, int limit, long waitMs) {}

  /**
   * Asks for a way to many files of a session's workspace. To bring files in, the member has to be
   * allowed to write.
   */
  record OpenSessionTransfer(String tenantId, String userId, String sessionId, Transfer transfer) {}

  /**
   * @param events each as JSON, in order, without a hole; none when the time was over
   * @param hasMore whether more are there already
   */
  record EventPage(List<String> events, boolean hasMore) {}
}
