package dev.concert.contract;

import static dev.concert.contract.ApiOperation.event;
import static dev.concert.contract.ApiOperation.message;
import static dev.concert.contract.Field.line;
import static dev.concert.contract.Field.string;
import static dev.concert.contract.HttpRoute.Method.POST;
import static dev.concert.protocol.Permission.THREADS_CREATE;
import static dev.concert.protocol.Permission.THREADS_WRITE;

import dev.concert.protocol.RewindMessage;
import dev.concert.protocol.ServerEvent;
import dev.concert.protocol.SessionEvent;
import java.time.Duration;

/** The rows of the contract table that go back to an earlier point of a session. */
public final class RewindOperations {
  private static final Field SESSION = string("sessionId", 128);
  private static final String OF_SESSION = "/api/sessions/{sessionId}/";

  /** A workspace of many files takes long to bring back. */
  private static final Duration LONGEST = Duration.ofMinutes(10);

  public static final ApiOperation<RewindMessage.RewindSession, SessionEvent> REWIND_SESSION =
      event("rewind_session", RewindMessage.RewindSession.class, ServerEvent.SessionRewound.class)
          .needs(THREADS_WRITE)
          .takes(SESSION, string("messageId", 128))
          .within(LONGEST)
          .alsoAt(POST, OF_SESSION + "rewind")
          .since(2);

  public static final ApiOperation<RewindMessage.ForkSession, ServerEvent.SessionCreated>
      FORK_SESSION =
          message("fork_session", RewindMessage.ForkSession.class, ServerEvent.SessionCreated.class)
              .needs(THREADS_CREATE)
              .takes(SESSION, string("messageId", 128).optional(), line("name", 200).optional())
              .within(LONGEST)
              .alsoAt(POST, OF_SESSION + "fork")
              .withStatus(201)
              .since(2);

  private RewindOperations() {}
}
